#include "indexer/source/record_reader.h"

#include <algorithm>
#include <optional>
#include <string>

#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "indexer/source/ascii.h"
#include "indexer/source/markup.h"
#include "indexer/source/readers.h"

namespace ibid {
namespace {

uint64_t CountLines(std::string_view text) {
  return static_cast<uint64_t>(std::count(text.begin(), text.end(), '\n'));
}

// Takes the records of one piece, which ends with the closing tag where piece.closed.
absl::Status TakePiece(const Piece& piece, std::string_view name, DocumentSink* sink,
                       const std::function<absl::Status(const Record&)>& take) {
  const std::string not_closed = StrCat("<", ascii::Upper(name), "> is not closed");
  std::optional<Tag> tag = FindTag(piece.bytes, 0, name);
  if (!tag.has_value()) {
    if (ascii::Strip(piece.bytes).empty()) return absl::OkStatus();
    return sink->SkipUnknown(piece.line, StrCat("no <", ascii::Upper(name), ">"));
  }
  uint64_t line = piece.line;
  size_t counted = 0;
  while (true) {
    line += CountLines(piece.bytes.substr(counted, tag->begin - counted));
    counted = tag->begin;
    const std::optional<Tag> next = FindTag(piece.bytes, tag->end, name);
    if (!next.has_value()) break;
    RETURN_IF_ERROR(sink->SkipUnknown(line, not_closed));
    tag = next;
  }
  if (!piece.closed) return sink->SkipUnknown(line, not_closed);
  const size_t closing_bytes = name.size() + 3;
  const size_t end = std::max(piece.bytes.size() - closing_bytes, tag->end);
  return take({.attributes = tag->attributes,
               .content = piece.bytes.substr(tag->end, end - tag->end),
               .line = line});
}

}  // namespace

absl::Status ReadRecords(InputBuffer* input, std::string_view name, DocumentSink* sink,
                         const std::function<absl::Status(const Record&)>& take) {
  const std::string closing_tag = StrCat("</", name, ">");
  while (true) {
    const absl::StatusOr<std::optional<Piece>> piece = input->ReadThroughTag(closing_tag);
    if (!piece.ok()) return sink->Stop(input->line(), piece.status());
    if (!piece->has_value()) return absl::OkStatus();
    if ((*piece)->too_long) {
      RETURN_IF_ERROR(sink->SkipUnknown((*piece)->line, TooLarge()));
      continue;
    }
    RETURN_IF_ERROR(TakePiece(**piece, name, sink, take));
  }
}

}  // namespace ibid
