// TREC text: <DOC> <DOCNO>id</DOCNO> ... </DOC>, many a file, the other elements as each collection
// has them.
#include <algorithm>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/text/column_name.h"
#include "indexer/source/ascii.h"
#include "indexer/source/dates.h"
#include "indexer/source/html_page.h"
#include "indexer/source/markup.h"
#include "indexer/source/readers.h"
#include "indexer/source/record_reader.h"

namespace ibid {
namespace {

// Further elements are read as running text; so are those that are not closed.
constexpr size_t kMaxElements = 256;
constexpr size_t kMaxUnclosed = 16;
// A longer element is text, not a column.
constexpr size_t kMaxColumnBytes = 1000;

// A stretch of a record: an element, or what lies between elements (no name).
struct Part {
  std::string name;  // lower case
  std::string_view content;
};

bool IsInline(std::string_view name) {
  return IsBlockElement(name) ? name != "title" && name != "header" && name != "section"
                              : IsLineElement(name) || name.size() == 1;
}

std::vector<Part> CutParts(std::string_view record) {
  std::vector<Part> parts;
  size_t num_unclosed = 0;
  size_t loose = 0;  // where the text that is in no element begins
  size_t at = 0;
  while (parts.size() < kMaxElements && num_unclosed < kMaxUnclosed) {
    const std::optional<Tag> tag = FindTag(record, at);
    if (!tag.has_value()) break;
    at = tag->end;
    std::string name = ascii::Lower(tag->name);
    if (IsInline(name)) continue;
    const size_t close = FindClosingTag(record, name, tag->end);
    if (close == std::string_view::npos) {
      ++num_unclosed;
      continue;
    }
    if (tag->begin > loose) parts.push_back({"", record.substr(loose, tag->begin - loose)});
    parts.push_back({std::move(name), record.substr(tag->end, close - tag->end)});
    at = std::min(record.find('>', close), record.size() - 1) + 1;
    loose = at;
  }
  if (loose < record.size()) parts.push_back({"", record.substr(loose)});
  return parts;
}

bool IsOneOf(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string OneLine(std::string_view markup) {
  const std::string text = StripMarkup(markup);
  std::string line;
  bool blank = false;
  for (const char c : text) {
    if (ascii::IsSpace(c)) {
      blank = true;
      continue;
    }
    if (blank) line += ' ';
    blank = false;
    line += c;
  }
  return line;
}

class StoryBuilder {
 public:
  // `has_text`: the record has <TEXT>, so that other short elements are columns.
  explicit StoryBuilder(bool has_text) : has_text_(has_text) {}

  void Take(const Part& part) {
    if (IsOneOf(part.name, {"docid", "docoldno", "dochdr"})) return;
    if (part.name == "docno") return SetIfEmpty(&document_.key, part);
    if (IsOneOf(part.name, {"title", "headline", "head", "hl", "ti"})) {
      return AppendTo(&document_.title, OneLine(part.content), " ");
    }
    if (IsOneOf(part.name, {"date", "date1", "pubdate"})) return SetIfEmpty(&document_.date, part);
    if (IsOneOf(part.name, {"source", "pub", "so"})) return SetIfEmpty(&document_.source, part);
    if (part.name == "html") return TakePage(part.content);
    if (has_text_ && !part.name.empty() && part.name != "text" && TakeColumn(part)) return;
    AppendTo(&document_.text, StripMarkup(part.content), "\n\n");
  }
  Document Finish() {
    document_.date = NormalizeDate(document_.date);
    return std::move(document_);
  }

 private:
  static void SetIfEmpty(std::string* value, const Part& part) {
    if (value->empty()) *value = OneLine(part.content);
  }
  static void AppendTo(std::string* text, const std::string& more, std::string_view separator) {
    if (more.empty()) return;
    if (!text->empty()) text->append(separator);
    text->append(more);
  }
  void TakePage(std::string_view content) {
    const HtmlPage page = ExtractPage(content);
    AppendTo(&document_.title, page.title, " ");
    AppendTo(&document_.text, page.text, "\n\n");
  }
  bool TakeColumn(const Part& part) {
    if (!IsColumnName(part.name)) return false;
    std::string value = OneLine(part.content);
    if (value.empty()) return true;
    if (value.size() > kMaxColumnBytes) return false;
    std::vector<Field>& fields = document_.fields;
    auto field = std::find_if(fields.begin(), fields.end(),
                              [&](const Field& f) { return f.name == part.name; });
    if (field == fields.end()) field = fields.insert(fields.end(), {part.name, {}});
    field->values.emplace_back(std::move(value));
    return true;
  }

  bool has_text_;
  Document document_;
};

absl::Status TakeStory(const Record& record, DocumentSink* sink) {
  const std::string text = sink->Decode(record.content);
  const std::vector<Part> parts = CutParts(text);
  const bool has_text =
      std::any_of(parts.begin(), parts.end(), [](const Part& part) { return part.name == "text"; });
  StoryBuilder builder(has_text);
  for (const Part& part : parts) builder.Take(part);
  Document document = builder.Finish();
  if (document.key.empty()) return sink->SkipUnknown(record.line, "no <DOCNO>");
  return sink->Emit(std::move(document), record.line);
}

}  // namespace

absl::Status ReadTrec(InputBuffer* input, DocumentSink* sink) {
  return ReadRecords(input, "doc", sink,
                     [sink](const Record& record) { return TakeStory(record, sink); });
}

}  // namespace ibid
