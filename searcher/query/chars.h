// Characters as the query language sees them. Any bytes are allowed: a byte that is not part of
// well-formed UTF-8 is a character of its own, and never one with a meaning.
#ifndef IBID_SEARCHER_QUERY_CHARS_H_
#define IBID_SEARCHER_QUERY_CHARS_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace ibid {

struct Char {
  char32_t code = 0;  // kNotUtf8 for a stray byte
  size_t bytes = 1;
};

inline constexpr char32_t kNotUtf8 = 0xffffffff;

// The character that begins at text[at]; at < text.size().
Char CharAt(std::string_view text, size_t at);

// White space and control characters: both separate words.
bool IsSeparator(char32_t code);

// Double quotation marks and guillemets: they end a word, and those that may open a phrase do.
bool IsQuoteMark(char32_t code);

// Letters, digits and everything else that is not punctuation in the plain sense.
bool IsPunctuation(char32_t code);

// True when no character of `text` could be part of an indexed word. Also true for "".
bool HasOnlyPunctuation(std::string_view text);

// Characters of `text`, stray bytes counted as one each.
size_t CountChars(std::string_view text);

bool IsAsciiDigit(char c);
bool IsAsciiAlnum(char c);

// ASCII letters in the other case; ASCII white space off both ends.
std::string LowerAscii(std::string_view text);
std::string UpperAscii(std::string_view text);
std::string_view TrimAscii(std::string_view text);

bool Contains(std::string_view text, std::string_view part);
bool Contains(std::string_view text, char part);

}  // namespace ibid

#endif  // IBID_SEARCHER_QUERY_CHARS_H_
