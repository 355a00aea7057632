// ASCII as the analysers see it: one table look-up a byte. Constants only.
#ifndef IBID_COMMON_TEXT_ASCII_H_
#define IBID_COMMON_TEXT_ASCII_H_

#include <array>
#include <cstddef>
#include <cstdint>
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

}  // namespace ibid

#endif  // IBID_COMMON_TEXT_ASCII_H_
