// The vertical layout through the compilers' vector extensions: SSE2, NEON or plain words, as the
// target has them.
#include "bench/guard/frozen_parts.h"  // a copy: freeze.py
#include "common/codec/bit_packing_widths.h"

namespace ibid::frozen {
namespace {

typedef uint32_t Vector __attribute__((vector_size(16)));

inline Vector Load(const void* from) {
  Vector vector;
  __builtin_memcpy(&vector, from, sizeof(vector));
  return vector;
}

inline void Store(Vector vector, void* to) { __builtin_memcpy(to, &vector, sizeof(vector)); }

template <unsigned kWidth>
constexpr uint32_t kMask = kWidth == 32 ? 0xffffffffu : (1u << kWidth) - 1;

// The four values of row `kRow` (of 32), from the one or two words that hold them.
template <unsigned kWidth, unsigned kRow>
inline Vector Row(const uint8_t* in) {
  constexpr unsigned kBit = kRow * kWidth;
  constexpr unsigned kWord = kBit / 32;
  constexpr unsigned kShift = kBit % 32;
  Vector row = Load(in + 16 * kWord) >> kShift;
  if constexpr (kShift + kWidth > 32) row |= Load(in + 16 * (kWord + 1)) << (32 - kShift);
  if constexpr (kShift + kWidth != 32) row &= kMask<kWidth>;
  return row;
}

// The packed word `kWord` (of kWidth): every row that has bits in it.
template <unsigned kWidth, unsigned kWord, unsigned kRow>
inline Vector Word(const uint32_t* values, Vector word) {
  if constexpr (kRow < 32 && kRow * kWidth < 32 * (kWord + 1)) {
    constexpr int kShift = static_cast<int>(kRow * kWidth) - static_cast<int>(32 * kWord);
    const Vector row = Load(values + 4 * kRow) & kMask<kWidth>;
    if constexpr (kShift >= 0) {
      word |= row << kShift;
    } else {
      word |= row >> -kShift;
    }
    return Word<kWidth, kWord, kRow + 1>(values, word);
  }
  return word;
}

struct Portable {
  template <unsigned kWidth>
  static void Pack(const uint32_t* values, uint8_t* out) {
    [=]<unsigned... kWords>(std::integer_sequence<unsigned, kWords...>) {
      (Store(Word<kWidth, kWords, 32 * kWords / kWidth>(values, Vector{}), out + 16 * kWords), ...);
    }
    (std::make_integer_sequence<unsigned, kWidth>());
  }

  template <unsigned kWidth>
  static void Unpack(const uint8_t* __restrict in, uint32_t* __restrict values) {
    [=]<unsigned... kRows>(std::integer_sequence<unsigned, kRows...>) {
      (Store(Row<kWidth, kRows>(in), values + 4 * kRows), ...);
    }
    (std::make_integer_sequence<unsigned, 32>());
  }
};

template <>
void Portable::Pack<0>(const uint32_t*, uint8_t*) {}

template <>
void Portable::Unpack<0>(const uint8_t*, uint32_t* values) {
  __builtin_memset(values, 0, 128 * sizeof(uint32_t));
}

}  // namespace

constexpr BlockRoutines kBlocksPortable = MakeBlockRoutines<Portable>();

// Rows are summed on their own; only one addition a row waits for the row before.
void PrefixSumPortable(uint32_t base, uint32_t* values) {
  const Vector zero = {};
  Vector carry = zero + base;
  for (unsigned i = 0; i < 128; i += 4) {
    Vector row = Load(values + i);
#if defined(__clang__)
    row += __builtin_shufflevector(zero, row, 0, 4, 5, 6);
    row += __builtin_shufflevector(zero, row, 0, 1, 4, 5);
    const Vector total = __builtin_shufflevector(row, row, 3, 3, 3, 3);
#else
    row += __builtin_shuffle(zero, row, Vector{0, 4, 5, 6});
    row += __builtin_shuffle(zero, row, Vector{0, 1, 4, 5});
    const Vector total = __builtin_shuffle(row, Vector{3, 3, 3, 3});
#endif
    Store(row + carry, values + i);
    carry += total;
  }
}

}  // namespace ibid::frozen
