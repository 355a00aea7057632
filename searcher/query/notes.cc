#include "searcher/query/notes.h"

#include <algorithm>
#include <utility>

#include "common/base/strings.h"
#include "searcher/query/chars.h"

namespace ibid {

void NoteList::Add(QueryNote note, bool read_as) {
  if (!wanted()) {
    ++num_left_out_;
    worst_left_out_ = std::max(worst_left_out_, note.severity);
    return;
  }
  note.fixit.assign(read_as ? 1 : 0, '?');  // replaced in Finish
  notes_.push_back(std::move(note));
}

void NoteList::Note(Span span, std::string_view code, std::string message) {
  Add({NoteSeverity::kNote, span.begin, span.end, std::string(code), std::move(message), ""},
      false);
}

void NoteList::Warning(Span span, std::string_view code, std::string message) {
  Add({NoteSeverity::kWarning, span.begin, span.end, std::string(code), std::move(message), ""},
      false);
}

void NoteList::NoteReadAs(Span span, std::string_view code, std::string message) {
  Add({NoteSeverity::kNote, span.begin, span.end, std::string(code), std::move(message), ""}, true);
}

void NoteList::WarningReadAs(Span span, std::string_view code, std::string message) {
  Add({NoteSeverity::kWarning, span.begin, span.end, std::string(code), std::move(message), ""},
      true);
}

std::vector<QueryNote> NoteList::Finish(std::string_view canonical) && {
  for (QueryNote& note : notes_) {
    if (note.fixit.empty()) continue;
    note.fixit = std::string(canonical);
    note.message += StrCat("; read as  ", canonical);
  }
  std::stable_sort(notes_.begin(), notes_.end(), [](const QueryNote& a, const QueryNote& b) {
    return a.byte_begin < b.byte_begin;
  });
  if (num_left_out_ > 0) {
    const size_t end = notes_.back().byte_end;
    notes_.push_back({worst_left_out_, end, end, "more-notes",
                      StrCat(WithCommas(num_left_out_), " more of this kind"), ""});
  }
  return std::move(notes_);
}

absl::Status StrictStatus(std::string_view text, const std::vector<QueryNote>& notes) {
  for (const QueryNote& note : notes) {
    if (note.severity == NoteSeverity::kNote) continue;
    const size_t column = CountChars(text.substr(0, note.byte_begin)) + 1;
    return absl::InvalidArgumentError(
        StrCat("query: column ", WithCommas(column), ": ", note.message));
  }
  return absl::OkStatus();
}

absl::Status LimitError(size_t value, std::string_view what, size_t limit, std::string_view flag) {
  return absl::InvalidArgumentError(StrCat("query: ", WithCommas(value), " ", what, ", limit ",
                                           WithCommas(limit), " (", flag, ")"));
}

}  // namespace ibid
