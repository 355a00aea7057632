// The layout of bit_packing.h spelled out bit by bit: slow and obvious.
#include "common/codec/bit_packing_widths.h"
#include "common/codec/kernel_parts.h"

namespace ibid::kernels {
namespace {

constexpr unsigned kValues = 128;

// The bit of the block at which bit `bit` of value `index` lies.
constexpr unsigned PlaceOf(unsigned width, unsigned index, unsigned bit) {
  const unsigned lane = index % 4;
  const unsigned bit_of_lane = index / 4 * width + bit;
  const unsigned word = bit_of_lane / 32 * 4 + lane;
  return word * 32 + bit_of_lane % 32;
}

struct Scalar {
  template <unsigned kWidth>
  static void Pack(const uint32_t* values, uint8_t* out) {
    for (unsigned i = 0; i < 16 * kWidth; ++i) out[i] = 0;
    for (unsigned i = 0; i < kValues; ++i) {
      for (unsigned bit = 0; bit < kWidth; ++bit) {
        const unsigned place = PlaceOf(kWidth, i, bit);
        out[place / 8] = static_cast<uint8_t>(out[place / 8] | (values[i] >> bit & 1) << place % 8);
      }
    }
  }

  template <unsigned kWidth>
  static void Unpack(const uint8_t* in, uint32_t* values) {
    for (unsigned i = 0; i < kValues; ++i) {
      uint32_t value = 0;
      for (unsigned bit = 0; bit < kWidth; ++bit) {
        const unsigned place = PlaceOf(kWidth, i, bit);
        value |= static_cast<uint32_t>(in[place / 8] >> place % 8 & 1) << bit;
      }
      values[i] = value;
    }
  }
};

}  // namespace

constexpr BlockRoutines kBlocksScalar = MakeBlockRoutines<Scalar>();

void PrefixSumScalar(uint32_t base, uint32_t* values) {
  for (unsigned i = 0; i < kValues; ++i) {
    base += values[i];
    values[i] = base;
  }
}

}  // namespace ibid::kernels
