// Builds a JSON text front to back.
//
//   JsonWriter json;
//   json.BeginObject();
//   json.Key("mean_us").Number(12.5);
//   json.Key("classes").BeginArray().String("union").EndArray();
//   json.EndObject();
//   WriteTextFile(path, json.Take());
//
// Commas and line ends are put in as needed; that begins and ends pair is the caller's business.
// Not thread-safe.
#ifndef IBID_BENCH_SUPPORT_JSON_WRITER_H_
#define IBID_BENCH_SUPPORT_JSON_WRITER_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ibid::bench {

class JsonWriter {
 public:
  JsonWriter& BeginObject() { return Begin('{'); }
  JsonWriter& EndObject() { return End('}'); }
  JsonWriter& BeginArray() { return Begin('['); }
  JsonWriter& EndArray() { return End(']'); }
  JsonWriter& Key(std::string_view key);
  // Any bytes; those that are not UTF-8 are kept as they are.
  JsonWriter& String(std::string_view text);
  // Six significant digits; null for what is not finite.
  JsonWriter& Number(double number);
  JsonWriter& Integer(uint64_t number);
  JsonWriter& Bool(bool value);

  // The text, ending with a newline. Empties the writer.
  std::string Take();

 private:
  JsonWriter& Begin(char bracket);
  JsonWriter& End(char bracket);
  void BeforeValue();
  void AppendQuoted(std::string_view text);

  std::string text_;
  std::vector<bool> has_members_;  // of each open object or array
  bool after_key_ = false;
};

}  // namespace ibid::bench

#endif  // IBID_BENCH_SUPPORT_JSON_WRITER_H_
