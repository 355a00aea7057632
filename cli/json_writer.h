// JSON text, one value after another.
//
//   JsonWriter json;
//   json.BeginObject().Key("rank").Number(1).Key("title").String(title).EndObject();
//   out.Write(json.TakeLine());
//
// Strings may hold any bytes: malformed UTF-8 becomes U+FFFD, and whatever could drive a terminal
// is escaped. The caller pairs Begin and End. Not thread-safe.
#ifndef IBID_CLI_JSON_WRITER_H_
#define IBID_CLI_JSON_WRITER_H_

#include <concepts>
#include <string>
#include <string_view>

namespace ibid::cli {

class JsonWriter {
 public:
  JsonWriter& BeginObject() { return Open('{'); }
  JsonWriter& EndObject() { return Close('}'); }
  JsonWriter& BeginArray() { return Open('['); }
  JsonWriter& EndArray() { return Close(']'); }
  JsonWriter& Key(std::string_view name);
  JsonWriter& String(std::string_view text);
  JsonWriter& Bool(bool value) { return Raw(value ? "true" : "false"); }
  JsonWriter& Number(std::integral auto value) { return Raw(std::to_string(value)); }
  JsonWriter& Number(float value);   // the shortest text that reads back as the same float
  JsonWriter& Number(double value);  // likewise; null where it is not finite

  // What was written, with a newline; the writer starts anew.
  std::string TakeLine();

 private:
  JsonWriter& Raw(std::string_view text);
  JsonWriter& Open(char bracket);
  JsonWriter& Close(char bracket);
  void AppendString(std::string_view text);

  std::string out_;
  bool comma_ = false;  // a value stands before this one in its object or array
};

}  // namespace ibid::cli

#endif  // IBID_CLI_JSON_WRITER_H_
