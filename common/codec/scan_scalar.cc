// The reference for scan_avx2.cc, and what runs elsewhere. Written so that a compiler can do
// without branches in the selections.
#include <algorithm>
#include <bit>
#include <cstring>

#include "common/codec/kernel_parts.h"
#include "common/codec/scan.h"

namespace ibid::kernels {
namespace {

void ScorePostings(const uint32_t* docs, const uint32_t* freqs, uint32_t size, const uint8_t* norms,
                   const float* lengths, float weight, float* scores) {
  for (uint32_t i = 0; i < size; ++i) {
    const float freq = static_cast<float>(freqs[i]);
    scores[i] = weight * (freq / (freq + lengths[norms[docs[i]]]));
  }
}

uint32_t SelectByBound(const uint32_t* docs, uint32_t size, uint32_t shift, const float* sums,
                       float threshold, uint32_t* indexes, float* bounds) {
  uint32_t kept = 0;
  for (uint32_t i = 0; i < size; ++i) {
    const float sum = sums[docs[i] >> shift];
    indexes[kept] = i;
    bounds[kept] = sum;
    kept += sum >= threshold ? 1 : 0;
  }
  return kept;
}

uint32_t SelectByScore(const float* scores, uint32_t size, float rest, float threshold,
                       uint32_t* indexes) {
  uint32_t kept = 0;
  for (uint32_t i = 0; i < size; ++i) {
    indexes[kept] = i;
    kept += scores[i] + rest >= threshold ? 1 : 0;
  }
  return kept;
}

void AddScaledBytes(const uint8_t* bytes, uint32_t size, float scale, float* sums) {
  for (uint32_t i = 0; i < size; ++i) sums[i] += scale * static_cast<float>(bytes[i]);
}

void SelectByCodes(const uint8_t* const* codes, const uint8_t* values, size_t num_words,
                   const uint32_t* ranges, size_t num_ranges, uint8_t least, uint64_t* masks) {
  for (size_t r = 0; r < num_ranges; ++r) {
    uint32_t sums[kCodesPerRange] = {};
    for (size_t w = 0; w < num_words; ++w) {
      const uint8_t* bytes = codes[w] + size_t{ranges[r]} * kCodeBytesPerRange;
      for (uint32_t j = 0; j < kCodeBytesPerRange; ++j) {
        sums[j] += values[16 * w + (bytes[j] & 15)];
        sums[j + kCodeBytesPerRange] += values[16 * w + (bytes[j] >> 4)];
      }
    }
    masks[r] = 0;
    for (uint32_t j = 0; j < kCodesPerRange; ++j) {
      masks[r] |= static_cast<uint64_t>(sums[j] >= least ? 1 : 0) << j;
    }
  }
}

uint32_t ExpandBits(const uint8_t* bits, uint32_t num_bytes, uint32_t base, uint32_t most,
                    uint32_t* numbers) {
  uint32_t count = 0;
  for (uint32_t at = 0; at < num_bytes; at += 8, base += 64) {
    uint64_t word = 0;
    std::memcpy(&word, bits + at, std::min<uint32_t>(8, num_bytes - at));
    if constexpr (std::endian::native == std::endian::big) word = __builtin_bswap64(word);
    for (; word != 0; word &= word - 1) {
      if (count == most) return most + 1;
      numbers[count++] = base + static_cast<uint32_t>(std::countr_zero(word));
    }
  }
  return count;
}

uint32_t IntersectSorted(const uint32_t* a, uint32_t a_size, const uint32_t* b, uint32_t b_size,
                         uint32_t* a_indexes, uint32_t* b_indexes) {
  uint32_t count = 0;
  for (uint32_t i = 0, j = 0; i < a_size && j < b_size;) {
    const uint32_t x = a[i], y = b[j];
    a_indexes[count] = i;
    b_indexes[count] = j;
    count += x == y ? 1 : 0;
    i += x <= y ? 1 : 0;
    j += y <= x ? 1 : 0;
  }
  return count;
}

uint32_t LowerBound(const uint32_t* values, uint32_t size, uint32_t target) {
  if (size == 0) return 0;
  const uint32_t* base = values;
  for (uint32_t length = size; length > 1;) {
    const uint32_t half = length / 2;
    base += base[half - 1] < target ? half : 0;
    length -= half;
  }
  return static_cast<uint32_t>(base - values) + (*base < target ? 1 : 0);
}

uint64_t CountCommonBits(const uint64_t* const* arrays, size_t num_arrays, size_t num_words) {
  uint64_t count = 0;
  for (size_t w = 0; w < num_words; ++w) {
    uint64_t word = arrays[0][w];
    for (size_t i = 1; i < num_arrays; ++i) word &= arrays[i][w];
    count += static_cast<uint64_t>(__builtin_popcountll(word));
  }
  return count;
}

}  // namespace

const ScanRoutines kScansScalar = {ScorePostings,   SelectByBound, SelectByScore,
                                   AddScaledBytes,  SelectByCodes, ExpandBits,
                                   IntersectSorted, LowerBound,    CountCommonBits};

}  // namespace ibid::kernels
