// Eight lanes at a time. A selection writes a whole vector and moves on by what was selected, so
// the output arrays need kScanSlack more places.
#include <immintrin.h>

#include "bench/guard/frozen_parts.h"  // a copy: freeze.py
#include "common/codec/scan.h"

namespace ibid::frozen {
namespace {

// For each mask of eight lanes, the numbers of its lanes one after another.
struct LaneOrders {
  alignas(32) uint32_t lanes[256][8];
};

constexpr LaneOrders MakeLaneOrders() {
  LaneOrders orders = {};
  for (uint32_t mask = 0; mask < 256; ++mask) {
    uint32_t count = 0;
    for (uint32_t lane = 0; lane < 8; ++lane) {
      if ((mask >> lane & 1) != 0) orders.lanes[mask][count++] = lane;
    }
  }
  return orders;
}

constexpr LaneOrders kLaneOrders = MakeLaneOrders();

inline __m256i Order(uint32_t mask) {
  return _mm256_load_si256(reinterpret_cast<const __m256i*>(kLaneOrders.lanes[mask]));
}

inline __m256i Load(const uint32_t* p) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
}

inline void Store(uint32_t* p, __m256i v) { _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), v); }

void ScorePostings(const uint32_t* docs, const uint32_t* freqs, uint32_t size, const uint8_t* norms,
                   const float* lengths, float weight, float* scores) {
  const __m256 weights = _mm256_set1_ps(weight);
  uint32_t i = 0;
  for (; i + 8 <= size; i += 8) {
    // Loads one by one: a gather of bytes is slower, and the misses are what counts.
    alignas(32) float k[8];
    for (uint32_t j = 0; j < 8; ++j) k[j] = lengths[norms[docs[i + j]]];
    const __m256 freq = _mm256_cvtepi32_ps(Load(freqs + i));
    const __m256 share = _mm256_div_ps(freq, _mm256_add_ps(freq, _mm256_load_ps(k)));
    _mm256_storeu_ps(scores + i, _mm256_mul_ps(weights, share));
  }
  for (; i < size; ++i) {
    const float freq = static_cast<float>(freqs[i]);
    scores[i] = weight * (freq / (freq + lengths[norms[docs[i]]]));
  }
}

uint32_t SelectByBound(const uint32_t* docs, uint32_t size, uint32_t shift, const float* sums,
                       float threshold, uint32_t* indexes, float* bounds) {
  const __m128i count = _mm_cvtsi32_si128(static_cast<int>(shift));
  const __m256 thresholds = _mm256_set1_ps(threshold);
  uint32_t kept = 0, i = 0;
  for (; i + 8 <= size; i += 8) {
    const __m256i ranges = _mm256_srl_epi32(Load(docs + i), count);
    const __m256 sum = _mm256_i32gather_ps(sums, ranges, 4);
    const uint32_t mask =
        static_cast<uint32_t>(_mm256_movemask_ps(_mm256_cmp_ps(sum, thresholds, _CMP_GE_OQ)));
    if (mask == 0) continue;
    const __m256i order = Order(mask);
    Store(indexes + kept, _mm256_add_epi32(order, _mm256_set1_epi32(static_cast<int>(i))));
    _mm256_storeu_ps(bounds + kept, _mm256_permutevar8x32_ps(sum, order));
    kept += static_cast<uint32_t>(__builtin_popcount(mask));
  }
  for (; i < size; ++i) {
    const float sum = sums[docs[i] >> shift];
    indexes[kept] = i;
    bounds[kept] = sum;
    kept += sum >= threshold ? 1 : 0;
  }
  return kept;
}

uint32_t SelectByScore(const float* scores, uint32_t size, float rest, float threshold,
                       uint32_t* indexes) {
  const __m256 rests = _mm256_set1_ps(rest), thresholds = _mm256_set1_ps(threshold);
  uint32_t kept = 0, i = 0;
  for (; i + 8 <= size; i += 8) {
    const __m256 sum = _mm256_add_ps(_mm256_loadu_ps(scores + i), rests);
    const uint32_t mask =
        static_cast<uint32_t>(_mm256_movemask_ps(_mm256_cmp_ps(sum, thresholds, _CMP_GE_OQ)));
    Store(indexes + kept, _mm256_add_epi32(Order(mask), _mm256_set1_epi32(static_cast<int>(i))));
    kept += static_cast<uint32_t>(__builtin_popcount(mask));
  }
  for (; i < size; ++i) {
    indexes[kept] = i;
    kept += scores[i] + rest >= threshold ? 1 : 0;
  }
  return kept;
}

void AddScaledBytes(const uint8_t* bytes, uint32_t size, float scale, float* sums) {
  const __m256 scales = _mm256_set1_ps(scale);
  for (uint32_t i = 0; i + 8 <= size; i += 8) {
    const __m128i eight = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(bytes + i));
    const __m256 values = _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(eight));
    _mm256_storeu_ps(sums + i,
                     _mm256_add_ps(_mm256_loadu_ps(sums + i), _mm256_mul_ps(scales, values)));
  }
}

// The bits of the lanes that are at least so much.
inline uint32_t AtLeast(__m256i sums, __m256i least) {
  const __m256i reached = _mm256_cmpeq_epi8(_mm256_max_epu8(sums, least), sums);
  return static_cast<uint32_t>(_mm256_movemask_epi8(reached));
}

void SelectByCodes(const uint8_t* const* codes, const uint8_t* values, size_t num_words,
                   const uint32_t* ranges, size_t num_ranges, uint8_t least, uint64_t* masks) {
  const __m256i low_bits = _mm256_set1_epi8(15);
  const __m256i wanted = _mm256_set1_epi8(static_cast<char>(least));
  for (size_t r = 0; r < num_ranges; ++r) {
    __m256i low_sums = _mm256_setzero_si256(), high_sums = low_sums;
    for (size_t w = 0; w < num_words; ++w) {
      const __m256i bytes = _mm256_loadu_si256(
          reinterpret_cast<const __m256i*>(codes[w] + size_t{ranges[r]} * kCodeBytesPerRange));
      const __m256i table = _mm256_broadcastsi128_si256(
          _mm_loadu_si128(reinterpret_cast<const __m128i*>(values + 16 * w)));
      const __m256i low = _mm256_and_si256(bytes, low_bits);
      const __m256i high = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), low_bits);
      low_sums = _mm256_adds_epu8(low_sums, _mm256_shuffle_epi8(table, low));
      high_sums = _mm256_adds_epu8(high_sums, _mm256_shuffle_epi8(table, high));
    }
    masks[r] = uint64_t{AtLeast(high_sums, wanted)} << 32 | AtLeast(low_sums, wanted);
  }
}

uint32_t ExpandBits(const uint8_t* bits, uint32_t num_bytes, uint32_t base, uint32_t most,
                    uint32_t* numbers) {
  uint32_t count = 0, at = 0;
  for (; at < num_bytes && count + 8 <= most; ++at) {
    const __m256i first = _mm256_set1_epi32(static_cast<int>(base + 8 * at));
    Store(numbers + count, _mm256_add_epi32(Order(bits[at]), first));
    count += static_cast<uint32_t>(__builtin_popcount(bits[at]));
  }
  for (; at < num_bytes; ++at) {
    for (uint32_t byte = bits[at]; byte != 0; byte &= byte - 1) {
      if (count == most) return most + 1;
      numbers[count++] = base + 8 * at + static_cast<uint32_t>(__builtin_ctz(byte));
    }
  }
  return count;
}

// The first `count` values, and above them what no value is.
inline __m256i LoadSome(const uint32_t* values, uint32_t count) {
  const __m256i lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  const __m256i wanted = _mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(count)), lanes);
  const __m256i loaded = _mm256_maskload_epi32(reinterpret_cast<const int*>(values), wanted);
  return _mm256_or_si256(loaded, _mm256_andnot_si256(wanted, _mm256_set1_epi32(-1)));
}

// The lanes of b that equal the lane of a they are rotated onto, for each of the eight rotations.
inline uint32_t MatchedLanes(__m256i a, __m256i b, uint32_t* b_mask) {
  const __m256i next = _mm256_setr_epi32(1, 2, 3, 4, 5, 6, 7, 0);
  __m256i rotated = b, any = _mm256_cmpeq_epi32(a, b);
  for (int r = 1; r < 8; ++r) {
    rotated = _mm256_permutevar8x32_epi32(rotated, next);
    any = _mm256_or_si256(any, _mm256_cmpeq_epi32(a, rotated));
  }
  const uint32_t a_mask = static_cast<uint32_t>(_mm256_movemask_ps(_mm256_castsi256_ps(any)));
  *b_mask = 0;
  if (a_mask == 0) return 0;
  rotated = a;
  any = _mm256_cmpeq_epi32(a, b);
  for (int r = 1; r < 8; ++r) {
    rotated = _mm256_permutevar8x32_epi32(rotated, next);
    any = _mm256_or_si256(any, _mm256_cmpeq_epi32(b, rotated));
  }
  *b_mask = static_cast<uint32_t>(_mm256_movemask_ps(_mm256_castsi256_ps(any)));
  return a_mask;
}

// The places of the lanes in the mask, the first lane's being `first`; returns their number.
inline uint32_t StorePlaces(uint32_t mask, uint32_t first, uint32_t* places) {
  Store(places, _mm256_add_epi32(Order(mask), _mm256_set1_epi32(static_cast<int>(first))));
  return static_cast<uint32_t>(__builtin_popcount(mask));
}

// All pairs of eight by eight (D. Lemire, L. Boytsov and N. Kurz, "SIMD compression and the
// intersection of sorted integers", Software: Practice and Experience 46, 2016, section 5).
uint32_t IntersectSorted(const uint32_t* a, uint32_t a_size, const uint32_t* b, uint32_t b_size,
                         uint32_t* a_indexes, uint32_t* b_indexes) {
  uint32_t count = 0, i = 0, j = 0;
  while (i + 8 <= a_size && j + 8 <= b_size) {
    const uint32_t a_last = a[i + 7], b_last = b[j + 7];
    uint32_t b_mask;
    const uint32_t a_mask = MatchedLanes(Load(a + i), Load(b + j), &b_mask);
    if (a_mask != 0) {
      StorePlaces(a_mask, i, a_indexes + count);
      count += StorePlaces(b_mask, j, b_indexes + count);
    }
    i += a_last <= b_last ? 8 : 0;
    j += b_last <= a_last ? 8 : 0;
  }
  // Few are left of one, of the other more.
  while (i < a_size && j < b_size && (i + 8 <= a_size || j + 8 <= b_size)) {
    const uint32_t a_count = i + 8 <= a_size ? 8 : a_size - i;
    const uint32_t b_count = j + 8 <= b_size ? 8 : b_size - j;
    const uint32_t a_last = a[i + a_count - 1], b_last = b[j + b_count - 1];
    uint32_t b_mask;
    const uint32_t a_mask =
        MatchedLanes(LoadSome(a + i, a_count), LoadSome(b + j, b_count), &b_mask);
    if (a_mask != 0) {
      StorePlaces(a_mask, i, a_indexes + count);
      count += StorePlaces(b_mask, j, b_indexes + count);
    }
    i += a_last <= b_last ? a_count : 0;
    j += b_last <= a_last ? b_count : 0;
  }
  while (i < a_size && j < b_size) {
    const uint32_t x = a[i], y = b[j];
    a_indexes[count] = i;
    b_indexes[count] = j;
    count += x == y ? 1 : 0;
    i += x <= y ? 1 : 0;
    j += y <= x ? 1 : 0;
  }
  return count;
}

// Counts the values below the target, eight at a time. Values and target are below 2^31 (documents
// and kNoMoreDocs are compared as unsigned by flipping the top bit).
uint32_t LowerBound(const uint32_t* values, uint32_t size, uint32_t target) {
  const __m256i flip = _mm256_set1_epi32(static_cast<int>(0x80000000u));
  const __m256i wanted = _mm256_xor_si256(_mm256_set1_epi32(static_cast<int>(target)), flip);
  uint32_t i = 0;
  for (; i + 8 <= size; i += 8) {
    const __m256i below = _mm256_cmpgt_epi32(wanted, _mm256_xor_si256(Load(values + i), flip));
    const uint32_t mask = static_cast<uint32_t>(_mm256_movemask_ps(_mm256_castsi256_ps(below)));
    if (mask != 255) return i + static_cast<uint32_t>(__builtin_popcount(mask));
  }
  while (i < size && values[i] < target) ++i;
  return i;
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

const ScanRoutines kScansAvx2 = {ScorePostings,   SelectByBound, SelectByScore,
                                 AddScaledBytes,  SelectByCodes, ExpandBits,
                                 IntersectSorted, LowerBound,    CountCommonBits};

}  // namespace ibid::frozen
