// Notes as a compiler shows them.
#include <algorithm>
#include <string>
#include <string_view>

#include "common/base/strings.h"
#include "ibid/query.h"
#include "searcher/query/chars.h"

namespace ibid {
namespace {

constexpr std::string_view kIndent = "      ";
constexpr size_t kMaxColumns = 160;  // of a query's line; a longer one is cut around the caret
constexpr size_t kColumnsBefore = 40;

std::string_view SeverityName(NoteSeverity severity) {
  switch (severity) {
    case NoteSeverity::kNote:
      return "note: ";
    case NoteSeverity::kWarning:
      return "warning: ";
  }
  return "";
}

// Characters that a terminal obeys instead of showing: controls and marks of direction.
bool IsUnprintable(char32_t c) {
  return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x61c || (c >= 0x200b && c <= 0x200f) ||
         (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff ||
         c == kNotUtf8;
}

bool IsCombining(char32_t c) {
  return (c >= 0x300 && c <= 0x36f) || (c >= 0x1ab0 && c <= 0x1aff) ||
         (c >= 0x20d0 && c <= 0x20ff) || (c >= 0xfe00 && c <= 0xfe0f) ||
         (c >= 0xfe20 && c <= 0xfe2f);
}

// The wide blocks of UAX #11, roughly.
bool IsWide(char32_t c) {
  return (c >= 0x1100 && c <= 0x115f) || (c >= 0x2e80 && c <= 0xa4cf) ||
         (c >= 0xac00 && c <= 0xd7a3) || (c >= 0xf900 && c <= 0xfaff) ||
         (c >= 0xfe30 && c <= 0xfe6f) || (c >= 0xff00 && c <= 0xff60) ||
         (c >= 0xffe0 && c <= 0xffe6) || (c >= 0x1f300 && c <= 0x1faff) ||
         (c >= 0x20000 && c <= 0x3fffd);
}

size_t ColumnsOf(char32_t c) {
  if (IsUnprintable(c)) return 1;
  if (IsCombining(c)) return 0;
  return IsWide(c) ? 2 : 1;
}

struct Shown {
  std::string text;
  size_t columns = 0;
};

Shown Show(std::string_view text) {
  Shown shown;
  for (size_t at = 0; at < text.size();) {
    const Char c = CharAt(text, at);
    const bool hidden = IsUnprintable(c.code);
    shown.text += hidden ? std::string_view("?") : text.substr(at, c.bytes);
    shown.columns += ColumnsOf(c.code);
    at += c.bytes;
  }
  return shown;
}

bool IsContinuationByte(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

// The place at most `back` bytes before `at` where a character begins.
size_t StepBack(std::string_view text, size_t at, size_t back) {
  size_t begin = at - std::min(at, back);
  while (begin < at && IsContinuationByte(text[begin])) ++begin;
  return begin;
}

std::string_view CutTo(std::string_view text, size_t columns) {
  size_t used = 0;
  for (size_t at = 0; at < text.size();) {
    const Char c = CharAt(text, at);
    used += ColumnsOf(c.code);
    if (used > columns) return text.substr(0, at);
    at += c.bytes;
  }
  return text;
}

}  // namespace

std::string FormatNote(std::string_view query_text, const QueryNote& note) {
  const size_t begin = std::min(note.byte_begin, query_text.size());
  const size_t end = std::clamp(note.byte_end, begin, query_text.size());
  const bool fits = query_text.size() <= kMaxColumns;
  const size_t line_begin = fits ? 0 : StepBack(query_text, begin, kColumnsBefore);
  const std::string_view line = CutTo(query_text.substr(line_begin), kMaxColumns);
  const size_t line_end = line_begin + line.size();
  const Shown before = Show(query_text.substr(line_begin, begin - line_begin));
  const Shown marked = Show(query_text.substr(begin, std::min(end, line_end) - begin));
  const std::string_view cut_before = line_begin > 0 ? "..." : "";
  const std::string_view cut_after = line_end < query_text.size() ? "..." : "";
  const size_t tildes = std::max<size_t>(marked.columns, 1) - 1;
  return StrCat(SeverityName(note.severity), Show(CutTo(note.message, 4 * kMaxColumns)).text, "\n",
                kIndent, cut_before, Show(line).text, cut_after, "\n", kIndent,
                std::string(cut_before.size() + before.columns, ' '), "^", std::string(tildes, '~'),
                "\n");
}

}  // namespace ibid
