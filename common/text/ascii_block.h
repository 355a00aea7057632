// Up to 64 bytes of a text at a time: which of them are ASCII letters and digits, which are not
// ASCII, and all of them in lower case.
//
//   AsciiBlock block;
//   block.Load(text, at);
//   for (uint64_t left = block.alnum(); left != 0;) {
//     const WordInBlock word = FirstWord(left);   // block.lower() + word.begin, word.length
//     left = WithoutFirst(left, word.end());
//   }
//
// Eight bytes at a time in one register (after H. S. Warren, "Hacker's Delight", 2nd ed., 2-20).
// Not thread-safe.
#ifndef IBID_COMMON_TEXT_ASCII_BLOCK_H_
#define IBID_COMMON_TEXT_ASCII_BLOCK_H_

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "common/text/ascii.h"

namespace ibid {

class AsciiBlock {
 public:
  static constexpr size_t kBytes = 64;

  // From text[at] on; what lies behind the text's end counts as zero bytes.
  void Load(std::string_view text, size_t at) {
    size_ = std::min(text.size() - at, kBytes);
    if (size_ == kBytes) return Classify(text.data() + at, kBytes);
    std::array<char, kBytes> rest = {};
    std::memcpy(rest.data(), text.data() + at, size_);
    Classify(rest.data(), size_);
  }

  // Bytes of the text in the block.
  size_t size() const { return size_; }

  // A bit for each byte, the lowest for the first.
  uint64_t alnum() const { return alnum_; }
  uint64_t high() const { return high_; }
  // Those bytes with ASCII capitals in lower case; 64 more are readable.
  const char* lower() const { return lower_.data(); }

 private:
  static constexpr uint64_t kHigh = 0x8080808080808080u;
  static constexpr uint64_t kOnes = 0x0101010101010101u;

  // The top bits of the eight bytes side by side.
  static uint64_t TopBits(uint64_t bytes) {
    return ((bytes & kHigh) >> 7) * 0x0102040810204080u >> 56;
  }

  void Classify(const char* from, size_t size) {
    alnum_ = 0;
    high_ = 0;
    if constexpr (std::endian::native == std::endian::little) {
      for (size_t i = 0; i < size; i += 8) {
        uint64_t word;
        std::memcpy(&word, from + i, sizeof(word));
        const uint64_t low = word & ~kHigh;
        const uint64_t folded = low | (kOnes * 0x20);
        // A byte's high bit is set where it lies between the bounds.
        const uint64_t letters =
            (folded + kOnes * (0x80 - 'a')) & ~(folded + kOnes * (0x7f - 'z')) & ~word & kHigh;
        const uint64_t digits =
            (low + kOnes * (0x80 - '0')) & ~(low + kOnes * (0x7f - '9')) & ~word;
        const uint64_t lower = word | (letters >> 2);
        std::memcpy(lower_.data() + i, &lower, sizeof(lower));
        alnum_ |= TopBits(letters | digits) << i;
        high_ |= TopBits(word) << i;
      }
    } else {
      for (size_t i = 0; i < size; ++i) {
        lower_[i] = AsciiLower(from[i]);
        alnum_ |= uint64_t{IsAsciiAlnum(from[i])} << i;
        high_ |= uint64_t{ByteClassOf(from[i]) == ByteClass::kHigh} << i;
      }
    }
  }

  size_t size_ = 0;
  uint64_t alnum_ = 0;
  uint64_t high_ = 0;
  std::array<char, 2 * kBytes> lower_ = {};
};

// A run of ones in a block's bits.
struct WordInBlock {
  unsigned begin = 0;
  unsigned length = 0;

  unsigned end() const { return begin + length; }
  // More of it may follow the block.
  bool reaches_end() const { return end() == AsciiBlock::kBytes; }
};

// The run of ones in `bits` that begins with its lowest one; `bits` is not 0.
inline WordInBlock FirstWord(uint64_t bits) {
  const auto begin = static_cast<unsigned>(std::countr_zero(bits));
  const auto length = static_cast<unsigned>(std::countr_one(bits >> begin));
  return {begin, length};
}

// `bits` but for those below `end`, which is less than 64.
inline uint64_t WithoutFirst(uint64_t bits, unsigned end) { return bits & ~uint64_t{0} << end; }

}  // namespace ibid

#endif  // IBID_COMMON_TEXT_ASCII_BLOCK_H_
