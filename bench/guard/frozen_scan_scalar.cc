// The reference for scan_avx2.cc, and what runs elsewhere. Written so that a compiler can do
// without branches in the selections.
#include "bench/guard/frozen_parts.h"  // a copy: freeze.py

namespace ibid::frozen {
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

const ScanRoutines kScansScalar = {ScorePostings,   SelectByBound, SelectByScore,  AddScaledBytes,
                                   IntersectSorted, LowerBound,    CountCommonBits};

}  // namespace ibid::frozen
