#include "searcher/query/escape.h"

#include <optional>

#include "ibid/query.h"
#include "searcher/query/chars.h"
#include "searcher/query/fields.h"
#include "searcher/query/lexer.h"
#include "searcher/query/values.h"

namespace ibid {
namespace {

// Copies `text` with a backslash before white space and each character of `marks`; before every
// double quotation mark too when `quotes`.
std::string EscapeMarks(std::string_view text, std::string_view marks, bool quotes) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    const Char c = CharAt(text, at);
    const bool mark = c.bytes == 1 && Contains(marks, text[at]);
    if (mark || IsSeparator(c.code) || (quotes && IsQuoteMark(c.code))) out += '\\';
    out += text.substr(at, c.bytes);
    at += c.bytes;
  }
  return out;
}

bool IsOperatorText(std::string_view text) {
  return ReadOperator(text).has_value() || LooksLikeNear(text);
}

bool IsRegexText(std::string_view text) {
  return text.size() > 2 && text.front() == '/' && text.back() == '/';
}

bool ReadsAsDates(std::string_view escaped) {
  const std::optional<RawRange> range = ReadRange(escaped);
  return range && LooksLikeDates(*range);
}

// A backslash before each dot that another one follows.
std::string EscapeDots(std::string_view escaped) {
  std::string out;
  for (size_t at = 0; at < escaped.size(); ++at) {
    if (escaped.substr(at, 2) == "..") out += '\\';
    out += escaped[at];
  }
  return out;
}

bool NeedsLeadingEscape(std::string_view text) {
  return Contains("+-!=<>[{", text.front()) || text.substr(0, 2) == "//" || IsOperatorText(text) ||
         IsRegexText(text);
}

// What the first character and the colon of a field need, on top of `escaped`, made from `text`.
std::string EscapeStart(std::string_view text, std::string escaped) {
  const size_t names_bytes = FieldNamesBytes(text);  // names hold no character that is escaped
  if (names_bytes != std::string_view::npos) escaped.insert(names_bytes, 1, '\\');
  if (NeedsLeadingEscape(text)) escaped.insert(0, 1, '\\');
  return ReadsAsDates(escaped) ? EscapeDots(escaped) : escaped;
}

// In an address the marks of a wildcard would mean nothing: its colon is escaped.
std::string EscapeAddress(std::string escaped) {
  const size_t colon = escaped.find("://");
  if (colon != std::string::npos) escaped.insert(colon, 1, '\\');
  return escaped;
}

constexpr std::string_view kWordMarks = "\\()|^~";
constexpr std::string_view kPatternMarks = "\\()|~\"";

}  // namespace

std::string EscapeWord(std::string_view text) {
  if (text.empty()) return "";
  return EscapeStart(text, EscapeMarks(text, "\\()|^~*?", true));
}

std::string EscapeWildcard(std::string_view text) {
  if (text.empty()) return "";
  return EscapeStart(text, EscapeAddress(EscapeMarks(text, kWordMarks, true)));
}

std::string EscapeQuoted(std::string_view text) { return EscapeMarks(text, "\\\"", false); }

std::string EscapePatternWord(std::string_view text) {
  return EscapeMarks(text, "\\()|~\"*?", false);
}

std::string EscapePatternWildcard(std::string_view text) {
  return EscapeAddress(EscapeMarks(text, kPatternMarks, false));
}

bool IsPlainValue(std::string_view text) {
  if (text.empty() || Contains(text, "..") || text.back() == '.') return false;
  for (char c : text) {
    if (!IsAsciiAlnum(c) && c != '_' && c != '-' && c != '.') return false;
  }
  return IsAsciiAlnum(text.front());
}

bool IsPlainBound(std::string_view text) {
  return IsPlainValue(text) || ReadDate(text).has_value() || ReadNumber(text) == text;
}

std::string QuoteValue(std::string_view text) {
  if (IsPlainValue(text)) return std::string(text);
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string QuoteQueryText(std::string_view text) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    size_t end = at;
    while (end < text.size() && !IsSeparator(CharAt(text, end).code))
      end += CharAt(text, end).bytes;
    const std::string_view word = text.substr(at, end - at);
    if (!HasOnlyPunctuation(word)) {
      if (!out.empty()) out += ' ';
      out += EscapeWord(word);
    }
    at = end < text.size() ? end + CharAt(text, end).bytes : end;
  }
  return out;
}

}  // namespace ibid
