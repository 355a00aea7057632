// ASCII as the analysers see it: one table look-up a byte, or eight bytes of a word at a time.
// No state; any thread.
#ifndef IBID_COMMON_TEXT_ASCII_H_
#define IBID_COMMON_TEXT_ASCII_H_

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace ibid {

enum class ByteClass : uint8_t {
  kSeparator,  // parts words whatever stands around it
  kLetter,
  kDigit,
  kJoiner,  // ' . , & + # ": may belong to a word, by its neighbours
  kHigh,    // part of a non-ASCII character
};

inline constexpr std::array<ByteClass, 256> kByteClass = [] {
  std::array<ByteClass, 256> table{};
  for (size_t c = '0'; c <= '9'; ++c) table[c] = ByteClass::kDigit;
  for (size_t c = 'a'; c <= 'z'; ++c) table[c] = ByteClass::kLetter;
  for (size_t c = 'A'; c <= 'Z'; ++c) table[c] = ByteClass::kLetter;
  for (const char c : std::string_view("'.,&+#\"")) {
    table[static_cast<uint8_t>(c)] = ByteClass::kJoiner;
  }
  for (size_t c = 0x80; c < 256; ++c) table[c] = ByteClass::kHigh;
  return table;
}();

// The lower-case byte of an ASCII letter or digit; 0 for every other byte.
inline constexpr std::array<uint8_t, 256> kAlnumLower = [] {
  std::array<uint8_t, 256> table{};
  for (uint8_t c = '0'; c <= '9'; ++c) table[c] = c;
  for (uint8_t c = 'a'; c <= 'z'; ++c) table[c] = c;
  for (uint8_t c = 'A'; c <= 'Z'; ++c) table[c] = static_cast<uint8_t>(c + 32);
  return table;
}();

inline ByteClass ByteClassOf(char c) { return kByteClass[static_cast<uint8_t>(c)]; }
inline bool IsAsciiAlnum(char c) { return kAlnumLower[static_cast<uint8_t>(c)] != 0; }
inline bool IsAsciiDigit(char c) { return c >= '0' && c <= '9'; }
inline char AsciiLower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
// Space, tab, line feed, vertical tab, form feed, carriage return.
inline bool IsAsciiSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// Copies the run of ASCII letters and digits at text[at] to `to`, in lower case, and returns its
// length. Copies no more than `room` bytes, and may write up to `room` whatever the length: a
// longer run is measured, not copied.
inline size_t CopyLowerRun(std::string_view text, size_t at, char* to, size_t room) {
  constexpr uint64_t kHigh = 0x8080808080808080u;
  constexpr uint64_t kOnes = 0x0101010101010101u;
  size_t length = 0;
  if constexpr (std::endian::native == std::endian::little) {
    while (at + length + 8 <= text.size()) {
      uint64_t word;
      std::memcpy(&word, text.data() + at + length, sizeof(word));
      const uint64_t low = word & ~kHigh;
      const uint64_t folded = low | (kOnes * 0x20);
      // A byte's high bit is set where it lies between the bounds.
      const uint64_t letters =
          (folded + kOnes * (0x80 - 'a')) & ~(folded + kOnes * (0x7f - 'z')) & ~word & kHigh;
      const uint64_t digits = (low + kOnes * (0x80 - '0')) & ~(low + kOnes * (0x7f - '9')) & ~word;
      if (length + 8 <= room) {
        const uint64_t lower = word | (letters >> 2);
        std::memcpy(to + length, &lower, sizeof(lower));
      }
      const uint64_t others = ~(letters | digits) & kHigh;
      if (others != 0) return length + static_cast<size_t>(std::countr_zero(others)) / 8;
      length += 8;
    }
  }
  for (; at + length < text.size(); ++length) {
    const uint8_t lower = kAlnumLower[static_cast<uint8_t>(text[at + length])];
    if (lower == 0) break;
    if (length < room) to[length] = static_cast<char>(lower);
  }
  return length;
}

}  // namespace ibid

#endif  // IBID_COMMON_TEXT_ASCII_H_
