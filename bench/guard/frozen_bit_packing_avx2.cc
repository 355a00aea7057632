#include <immintrin.h>

#include "bench/guard/frozen_parts.h"  // a copy: freeze.py

namespace ibid::frozen {

// As the portable one, eight values at a time.
void PrefixSumAvx2(uint32_t base, uint32_t* values) {
  const __m256i last = _mm256_set1_epi32(7);
  __m256i carry = _mm256_set1_epi32(static_cast<int>(base));
  for (unsigned i = 0; i < 128; i += 8) {
    __m256i* at = reinterpret_cast<__m256i*>(values + i);
    __m256i row = _mm256_loadu_si256(at);
    row = _mm256_add_epi32(row, _mm256_slli_si256(row, 4));
    row = _mm256_add_epi32(row, _mm256_slli_si256(row, 8));
    // The lower half's total goes to every value of the upper half.
    const __m256i low = _mm256_permute2x128_si256(row, row, 0x08);
    row = _mm256_add_epi32(row, _mm256_shuffle_epi32(low, 0xff));
    _mm256_storeu_si256(at, _mm256_add_epi32(row, carry));
    carry = _mm256_add_epi32(carry, _mm256_permutevar8x32_epi32(row, last));
  }
}

}  // namespace ibid::frozen
