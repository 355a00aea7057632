// JSON Lines, and files that hold one JSON object or one array of them.
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "indexer/source/ascii.h"
#include "indexer/source/json_document.h"
#include "indexer/source/json_scanner.h"
#include "indexer/source/readers.h"

namespace ibid {
namespace {

enum class Shape { kLines, kValues, kArray };

// Told from the first bytes that are not blank. Where lines are promised only a bracket alone on
// the first line says otherwise.
Shape DetectShape(std::string_view head, bool name_says_lines) {
  head = ascii::StripLeading(head);
  const std::string_view line = head.substr(0, head.find('\n'));
  const std::string_view trimmed = ascii::StripTrailing(line);
  const bool whole_line = line.size() < head.size();
  if (head.starts_with("[")) {
    return trimmed == "[" || !name_says_lines ? Shape::kArray : Shape::kLines;
  }
  if (!head.starts_with("{") || !whole_line) return Shape::kLines;
  if (name_says_lines) return trimmed == "{" ? Shape::kValues : Shape::kLines;
  JsonScanner scanner;
  scanner.Scan(line);
  return scanner.depth() > 0 && !scanner.in_string() ? Shape::kValues : Shape::kLines;
}

class JsonReader {
 public:
  JsonReader(InputBuffer* input, DocumentSink* sink) : input_(input), sink_(sink) {}

  // `one_is_whole`: a file of a single object has the file's key, not "key#1".
  absl::Status ReadLines(bool one_is_whole);
  absl::Status ReadValues();
  absl::Status ReadArray();

 private:
  // Reads `piece` and emits it, with `key` where it has no id.
  absl::Status Take(const Piece& piece, std::string key);
  absl::StatusOr<JsonDocument> Parse(std::string_view json);
  absl::Status Stopped(const absl::Status& fault) { return sink_->Stop(input_->line(), fault); }
  // Whether nothing but white space is left.
  bool NothingLeft() {
    const absl::StatusOr<bool> end = input_->SkipSpace();
    return end.ok() && *end;
  }

  InputBuffer* input_;
  DocumentSink* sink_;
  JsonDocumentParser parser_;
};

absl::StatusOr<JsonDocument> JsonReader::Parse(std::string_view json) {
  absl::StatusOr<JsonDocument> read = parser_.Parse(json);
  if (read.ok() || MessageOf(read.status()) != JsonDocumentParser::kMalformedUtf8) return read;
  std::string repaired = sink_->Decode(json);
  const size_t length = repaired.size();
  repaired.append(InputBuffer::kPadding, '\0');
  return parser_.Parse(std::string_view(repaired).substr(0, length));
}

absl::Status JsonReader::Take(const Piece& piece, std::string key) {
  if (piece.too_long) return sink_->SkipUnknown(piece.line, TooLarge());
  absl::StatusOr<JsonDocument> read = Parse(piece.bytes);
  if (absl::IsResourceExhausted(read.status())) return sink_->Stop(piece.line, read.status());
  if (!read.ok()) {
    return sink_->SkipUnknown(piece.line, StrCat("bad JSON (", MessageOf(read.status()), ")"));
  }
  sink_->CountReplaced(read->num_replaced);
  sink_->CountBadNames(read->num_bad_names);
  sink_->CountIgnoredValues(read->num_ignored_values);
  if (read->document.key.empty()) read->document.key = std::move(key);
  return sink_->Emit(std::move(read->document), piece.line);
}

absl::Status JsonReader::ReadLines(bool one_is_whole) {
  bool first = true;
  while (true) {
    const absl::StatusOr<std::optional<Piece>> line = input_->ReadLine();
    if (!line.ok()) return Stopped(line.status());
    if (!line->has_value()) return absl::OkStatus();
    const Piece& piece = **line;
    if (!piece.too_long && ascii::Strip(piece.bytes).empty()) continue;
    std::string key = sink_->LineKey(piece.line);
    if (first && one_is_whole && !piece.too_long) {
      // Looking ahead moves the buffer: the line is kept apart.
      std::string kept(piece.bytes);
      const size_t length = kept.size();
      kept.append(InputBuffer::kPadding, '\0');
      if (NothingLeft()) key = sink_->file().key;
      const Piece copy{.bytes = std::string_view(kept).substr(0, length), .line = piece.line};
      RETURN_IF_ERROR(Take(copy, std::move(key)));
    } else {
      RETURN_IF_ERROR(Take(piece, std::move(key)));
    }
    first = false;
  }
}

absl::Status JsonReader::ReadValues() {
  for (uint64_t number = 1;; ++number) {
    const absl::StatusOr<bool> end = input_->SkipSpace();
    if (!end.ok()) return Stopped(end.status());
    if (*end) return absl::OkStatus();
    const absl::StatusOr<std::optional<Piece>> value = input_->ReadJsonValue();
    if (!value.ok()) return Stopped(value.status());
    if (!value->has_value()) return absl::OkStatus();
    std::string kept((*value)->bytes);
    const size_t length = kept.size();
    kept.append(InputBuffer::kPadding, '\0');
    Piece piece = **value;
    piece.bytes = std::string_view(kept).substr(0, length);
    const bool alone = number == 1 && NothingLeft();
    RETURN_IF_ERROR(Take(piece, alone ? sink_->file().key : sink_->LineKey(piece.line)));
  }
}

absl::Status JsonReader::ReadArray() {
  for (uint64_t number = 0;; ++number) {
    // Passes over '[' before the first value and ',' before the others.
    absl::StatusOr<bool> end = input_->SkipSpace();
    if (!end.ok()) return Stopped(end.status());
    const std::string_view mark = *end ? std::string_view() : input_->Peek(1);
    if (mark.empty()) return sink_->Stop(input_->line(), "the JSON array is not closed");
    const bool opens = number == 0 && mark == "[";
    if (!opens && mark != "," && mark != "]") {
      return sink_->Stop(input_->line(), "a comma is missing in the JSON array");
    }
    if (mark != "]") input_->Skip(1);
    end = input_->SkipSpace();
    if (!end.ok()) return Stopped(end.status());
    if (input_->Peek(1) == "]") {
      input_->Skip(1);
      if (NothingLeft()) return absl::OkStatus();
      return sink_->Stop(input_->line(), "something follows the JSON array");
    }
    const absl::StatusOr<std::optional<Piece>> value = input_->ReadJsonValue();
    if (!value.ok()) return Stopped(value.status());
    if (!value->has_value()) continue;
    RETURN_IF_ERROR(Take(**value, sink_->LineKey(number + 1)));
  }
}

}  // namespace

absl::Status ReadJson(InputBuffer* input, bool name_says_lines, DocumentSink* sink) {
  const std::string_view head = input->Peek(InputBuffer::kMaxPeekBytes);
  const std::string_view start = ascii::StripLeading(head);
  const size_t nul = head.find('\0');
  if (nul != std::string_view::npos && !start.starts_with("{")) {
    return sink->SkipUnknown(0, StrCat("not text (NUL at byte ", nul, ")"));
  }
  const bool blank = start.empty();
  if (blank && !input->fault().ok()) return sink->Stop(0, input->fault());
  if (blank && head.size() < InputBuffer::kMaxPeekBytes) return sink->SkipEmptyFile();
  JsonReader reader(input, sink);
  if (blank) return reader.ReadLines(!name_says_lines);  // whatever follows so much white space
  switch (DetectShape(head, name_says_lines)) {
    case Shape::kLines:
      return reader.ReadLines(!name_says_lines);
    case Shape::kValues:
      return reader.ReadValues();
    case Shape::kArray:
      return reader.ReadArray();
  }
  return absl::OkStatus();
}

}  // namespace ibid
