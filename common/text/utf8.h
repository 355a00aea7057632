// UTF-8 read one code point at a time, any bytes allowed.
//
//   for (size_t i = 0; i < text.size();) {
//     const CodePoint c = DecodeUtf8(text, i);
//     i += c.num_bytes;
//   }
//
// A malformed sequence reads as U+FFFD over its maximal subpart (the Unicode Standard 15.0, section
// 3.9, "U+FFFD Substitution of Maximal Subparts"). No state; any thread.
#ifndef IBID_COMMON_TEXT_UTF8_H_
#define IBID_COMMON_TEXT_UTF8_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace ibid {

inline constexpr char32_t kReplacementCharacter = 0xfffd;

struct CodePoint {
  char32_t value = 0;
  uint8_t num_bytes = 0;  // 1 to 4
  bool malformed = false;
};

// The code point whose bytes begin at text[at] where that byte is 0x80 or above; at < text.size().
CodePoint DecodeNonAscii(std::string_view text, size_t at);

// The code point whose bytes begin at text[at]; at < text.size().
inline CodePoint DecodeUtf8(std::string_view text, size_t at) {
  const auto byte = static_cast<uint8_t>(text[at]);
  if (byte < 0x80) return {byte, 1, false};
  return DecodeNonAscii(text, at);
}

// Appends `c`, which is a code point and not a surrogate.
void AppendUtf8(char32_t c, std::string* out);

// Malformed sequences in `text`, each maximal subpart counted once.
uint64_t CountMalformedUtf8(std::string_view text);

// The largest length <= max_bytes at which `text` can be cut without cutting a code point.
size_t CutLength(std::string_view text, size_t max_bytes);

}  // namespace ibid

#endif  // IBID_COMMON_TEXT_UTF8_H_
