// ibid get KEY
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "cli/json_writer.h"
#include "cli/opened_index.h"
#include "cli/text_escape.h"
#include "cli/verbs.h"
#include "common/base/strings.h"
#include "ibid/snippet.h"

namespace ibid::cli {
namespace {

void WriteValue(const FieldValue& value, JsonWriter& json) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    json.String(*text);
  } else if (const auto* integer = std::get_if<int64_t>(&value)) {
    json.Number(*integer);
  } else {
    json.Number(std::get<double>(value));
  }
}

std::string DocumentAsJson(const Document& document) {
  JsonWriter json;
  json.BeginObject();
  json.Key("key").String(document.key).Key("title").String(document.title);
  json.Key("date").String(document.date).Key("source").String(document.source);
  json.Key("text").String(document.text).Key("fields").BeginObject();
  for (const Field& field : document.fields) {
    json.Key(field.name).BeginArray();
    for (const FieldValue& value : field.values) WriteValue(value, json);
    json.EndArray();
  }
  json.EndObject().EndObject();
  return json.TakeLine();
}

std::string ValueAsText(const FieldValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  JsonWriter json;
  WriteValue(value, json);
  std::string line = json.TakeLine();
  line.pop_back();
  return line;
}

// A head of `name: value` lines, an empty line, the text: the form that `ibid index` reads.
std::string DocumentAsText(const Document& document, bool raw) {
  const auto shown = [raw](std::string_view text) {
    return raw ? std::string(text) : OneLine(text);
  };
  std::string text;
  const auto head = [&](std::string_view name, std::string_view value) {
    if (!value.empty()) text += StrCat(name, ": ", shown(value), "\n");
  };
  head("key", document.key);
  head("title", document.title);
  head("date", document.date);
  head("source", document.source);
  for (const Field& field : document.fields) {
    for (const FieldValue& value : field.values) head(shown(field.name), ValueAsText(value));
  }
  text += "\n";
  text += raw ? document.text : SafeForTerminal(document.text);
  if (text.back() != '\n') text += "\n";
  return text;
}

}  // namespace

ExitCode RunGet(const Command& command, Console& console) {
  const OpenedIndex index = OpenIndex(command);
  if (!index.status.ok()) return FailOn(index.directory, index.status, console);
  const std::string& key = command.arguments[0];
  const absl::StatusOr<std::optional<Document>> document = index.reader->GetDocument(key);
  if (!document.ok()) return FailOn(index.directory, document.status(), console);
  if (!*document) {
    console.Say(StrCat("no document has the key ", VisibleKey(key)));
    return kNothingFound;
  }
  console.out().Write(command.json ? DocumentAsJson(**document)
                                   : DocumentAsText(**document, command.get.raw));
  return kFound;
}

}  // namespace ibid::cli
