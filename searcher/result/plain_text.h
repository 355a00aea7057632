// Text from a document, made fit to be shown: valid UTF-8 without anything that drives a terminal.
//
//   for (size_t at = 0; at < text.size();) {
//     const plain::CodePoint c = plain::DecodeCodePoint(text, at);
//     if (plain::IsShown(c.value)) plain::AppendUtf8(c.value, out);
//     at += c.length;
//   }
//
// No state, safe to share by threads. All lookups are O(1).
#ifndef IBID_SEARCHER_RESULT_PLAIN_TEXT_H_
#define IBID_SEARCHER_RESULT_PLAIN_TEXT_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace ibid::plain {

inline constexpr char32_t kReplacementCharacter = 0xfffd;

// One decoded character: U+FFFD for a malformed sequence, of which `length` bytes are passed over.
struct CodePoint {
  char32_t value = kReplacementCharacter;
  size_t length = 1;  // 1 to 4
};

// The character that starts at text[at]; at < text.size(). A malformed sequence is the longest
// piece that could have begun a character (the Unicode Standard 15, section 3.9, U+FFFD
// substitution of maximal subparts).
CodePoint DecodeCodePoint(std::string_view text, size_t at);

// The last start of a character at or before `at`, looking back at most three bytes.
size_t CodePointStart(std::string_view text, size_t at);

void AppendUtf8(char32_t value, std::string& out);

// Space, tab, line and paragraph ends, and Unicode's spaces.
bool IsBlank(char32_t value);

// False for control characters (C0 with tab and newline, DEL, C1) and for the marks that turn the
// direction of text around (U+202A..U+202E, U+2066..U+2069).
bool IsShown(char32_t value);

// Whether the character is a word by itself: Han, kana, Hangul, where words have no spaces.
bool IsIdeographic(char32_t value);

}  // namespace ibid::plain

#endif  // IBID_SEARCHER_RESULT_PLAIN_TEXT_H_
