// Reuters-21578: <REUTERS NEWID="1"> with <DATE>, <TOPICS><D>..</D></TOPICS>, <TITLE>, <BODY> (the
// collection's README, version 1.2).
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "common/base/status_macros.h"
#include "indexer/source/ascii.h"
#include "indexer/source/dates.h"
#include "indexer/source/markup.h"
#include "indexer/source/readers.h"
#include "indexer/source/record_reader.h"

namespace ibid {
namespace {

constexpr std::array<std::string_view, 6> kLists = {"topics", "places",    "people",
                                                    "orgs",   "exchanges", "companies"};
constexpr std::array<std::string_view, 2> kLines = {"author", "dateline"};

std::string Plain(std::string_view markup) {
  const std::string text = DecodeEntities(markup);
  return std::string(ascii::Strip(text));
}

// The <D> elements of one list.
Field ReadList(std::string_view name, std::string_view content) {
  Field field{.name = std::string(name), .values = {}};
  for (size_t at = 0;;) {
    const std::optional<Element> item = FindElement(content, "d", at);
    if (!item.has_value()) return field;
    std::string value = Plain(item->content);
    if (!value.empty()) field.values.emplace_back(std::move(value));
    at = item->end;
  }
}

std::string ReadBody(std::string_view record) {
  if (const auto body = FindElement(record, "body", 0)) return Plain(body->content);
  // Stories of a line or without the usual parts have their words in <TEXT> itself.
  const auto text = FindElement(record, "text", 0);
  if (!text.has_value()) return "";
  std::string rest(text->content);
  for (const std::string_view part : {"title", "author", "dateline"}) {
    if (const auto element = FindElement(rest, part, 0)) {
      rest.erase(element->tag.begin, element->end - element->tag.begin);
    }
  }
  return StripMarkup(rest);
}

absl::Status TakeStory(const Record& record, DocumentSink* sink) {
  const std::string text = sink->Decode(record.content);
  Document document;
  document.key = std::string(Attribute(record.attributes, "newid"));
  if (document.key.empty()) document.key = sink->LineKey(record.line);
  if (const auto title = FindElement(text, "title", 0)) document.title = Plain(title->content);
  if (const auto date = FindElement(text, "date", 0)) {
    document.date = NormalizeDate(Plain(date->content));
  }
  document.source = "Reuters";
  document.text = ReadBody(text);
  for (const std::string_view name : kLists) {
    const auto list = FindElement(text, name, 0);
    if (!list.has_value()) continue;
    Field field = ReadList(name, list->content);
    if (!field.values.empty()) document.fields.push_back(std::move(field));
  }
  for (const std::string_view name : kLines) {
    const auto line = FindElement(text, name, 0);
    if (!line.has_value()) continue;
    std::string value = Plain(line->content);
    if (value.empty()) continue;
    document.fields.push_back({.name = std::string(name), .values = {}});
    document.fields.back().values.emplace_back(std::move(value));
  }
  return sink->Emit(std::move(document), record.line);
}

}  // namespace

absl::Status ReadReuters(InputBuffer* input, DocumentSink* sink) {
  return ReadRecords(input, "reuters", sink,
                     [sink](const Record& record) { return TakeStory(record, sink); });
}

}  // namespace ibid
