// Short runs of numbers in Rice codes: the quotient by 2^k in unary (zeros ended by a one), then k
// low bits, all lowest bits first. After R. F. Rice, "Some practical universal noiseless coding
// techniques", JPL 79-22, 1979.
//
// Thread-safe (functions); BitScanner is not.
#ifndef IBID_COMMON_FORMAT_RICE_H_
#define IBID_COMMON_FORMAT_RICE_H_

#include <algorithm>
#include <bit>
#include <cstdint>
#include <numeric>
#include <span>

#include "common/format/packed.h"

namespace ibid {

inline constexpr unsigned kMaxRiceParameter = 30;

// Bits of `values` with parameter k.
inline uint64_t RiceBits(std::span<const uint32_t> values, unsigned k) {
  uint64_t bits = 0;
  for (const uint32_t value : values) bits += (value >> k) + 1 + k;
  return bits;
}

// The parameter that needs the fewest bits; of several the largest.
inline unsigned ChooseRiceParameter(std::span<const uint32_t> values) {
  // One more bit of remainder costs n bits and saves sum(ceil((v >> k) / 2)), which is at least
  // (sum / 2^k - n) / 2: it pays while 2^k is less than a third of the mean.
  const uint64_t sum = std::accumulate(values.begin(), values.end(), uint64_t{0});
  const uint64_t third = values.empty() ? 0 : sum / (3 * values.size());
  const unsigned first = third == 0 ? 0 : static_cast<unsigned>(std::bit_width(third)) - 1;
  unsigned best = std::min(first, kMaxRiceParameter);
  uint64_t best_bits = UINT64_MAX;
  for (unsigned k = best; k <= kMaxRiceParameter; ++k) {
    const uint64_t bits = RiceBits(values, k);
    if (bits > best_bits) break;  // the cost is convex in k
    best = k;
    best_bits = bits;
  }
  return best;
}

inline void AppendRice(std::span<const uint32_t> values, unsigned k, PackedAppender* out) {
  const uint32_t low_bits = (uint32_t{1} << k) - 1;
  for (const uint32_t value : values) {
    uint32_t quotient = value >> k;
    const uint64_t low = value & low_bits;
    if (quotient + k < 32) {
      out->AddBits((low << 1 | 1) << quotient, quotient + 1 + k);
      continue;
    }
    for (; quotient >= 32; quotient -= 32) out->AddBits(0, 32);
    out->AddBits(uint64_t{1} << quotient, quotient + 1);
    out->AddBits(low, k);
  }
}

// Reads bits of [begin, end); kSectionPadding more bytes must be readable. A failure is remembered.
class BitScanner {
 public:
  BitScanner(const uint8_t* begin, const uint8_t* end)
      : begin_(begin), end_bit_(8 * static_cast<uint64_t>(end - begin)) {}

  bool ok() const { return bit_ <= end_bit_; }
  // Whether all was read, but for bits that fill up the last byte.
  bool AtEnd() const { return ok() && end_bit_ - bit_ < 8; }

  // width <= 32.
  uint32_t Bits(unsigned width) {
    if (width == 0) return 0;
    const uint64_t window = Window();
    bit_ += width;
    return static_cast<uint32_t>(window & ((uint64_t{1} << width) - 1));
  }
  // k <= kMaxRiceParameter. Past the end the number is unspecified and ok() false.
  uint64_t Rice(unsigned k) {
    uint64_t quotient = 0;
    uint64_t window = Window() & kWindowMask;
    while (window == 0) {
      bit_ += kWindowBits;
      quotient += kWindowBits;
      if (bit_ >= end_bit_) return Fail();
      window = Window() & kWindowMask;
    }
    const unsigned zeros = static_cast<unsigned>(std::countr_zero(window));
    bit_ += zeros + 1;
    return (quotient + zeros) << k | Bits(k);
  }

 private:
  static constexpr unsigned kWindowBits = 56;
  static constexpr uint64_t kWindowMask = (uint64_t{1} << kWindowBits) - 1;

  uint64_t Window() {
    if (bit_ >= end_bit_) return Fail();
    return LoadU64(begin_ + (bit_ >> 3)) >> (bit_ & 7);
  }
  uint64_t Fail() {
    bit_ = end_bit_ + 1;
    return 1;
  }

  const uint8_t* begin_;
  uint64_t end_bit_;
  uint64_t bit_ = 0;
};

}  // namespace ibid

#endif  // IBID_COMMON_FORMAT_RICE_H_
