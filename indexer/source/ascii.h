// ASCII's view of text: white space, letters, digits, comparison without regard to case. (Debian's
// Abseil does not take std::string_view.)
#ifndef IBID_INDEXER_SOURCE_ASCII_H_
#define IBID_INDEXER_SOURCE_ASCII_H_

#include <algorithm>
#include <string>
#include <string_view>

#include "absl/strings/ascii.h"

namespace ibid::ascii {

inline bool IsSpace(char c) { return absl::ascii_isspace(static_cast<unsigned char>(c)); }
inline bool IsDigit(char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); }
inline bool IsHexDigit(char c) { return absl::ascii_isxdigit(static_cast<unsigned char>(c)); }
inline bool IsAlpha(char c) { return absl::ascii_isalpha(static_cast<unsigned char>(c)); }
inline bool IsAlnum(char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)); }
inline bool IsAscii(char c) { return absl::ascii_isascii(static_cast<unsigned char>(c)); }
inline char Lower(char c) { return absl::ascii_tolower(static_cast<unsigned char>(c)); }

inline std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = Lower(c);
  return lower;
}

inline std::string Upper(std::string_view text) {
  std::string upper(text);
  for (char& c : upper) c = absl::ascii_toupper(static_cast<unsigned char>(c));
  return upper;
}

inline std::string_view StripLeading(std::string_view text) {
  size_t begin = 0;
  while (begin < text.size() && IsSpace(text[begin])) ++begin;
  return text.substr(begin);
}

inline std::string_view StripTrailing(std::string_view text) {
  size_t end = text.size();
  while (end > 0 && IsSpace(text[end - 1])) --end;
  return text.substr(0, end);
}

inline std::string_view Strip(std::string_view text) { return StripTrailing(StripLeading(text)); }

inline bool EqualsIgnoreCase(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                            [](char x, char y) { return Lower(x) == Lower(y); });
}

inline bool StartsWithIgnoreCase(std::string_view text, std::string_view start) {
  return EqualsIgnoreCase(text.substr(0, start.size()), start);
}

// Removes `start` from the front; false where it is not there.
inline bool ConsumePrefix(std::string_view* text, std::string_view start) {
  if (!text->starts_with(start)) return false;
  text->remove_prefix(start.size());
  return true;
}

}  // namespace ibid::ascii

#endif  // IBID_INDEXER_SOURCE_ASCII_H_
