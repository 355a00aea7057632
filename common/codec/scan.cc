#include "common/codec/scan.h"

#include "common/codec/kernels.h"

namespace ibid {

void ScorePostings(const uint32_t* docs, const uint32_t* freqs, uint32_t size, const uint8_t* norms,
                   const float* lengths, float weight, float* scores) {
  Kernels().scans->score_postings(docs, freqs, size, norms, lengths, weight, scores);
}

uint32_t SelectByBound(const uint32_t* docs, uint32_t size, uint32_t shift, const float* sums,
                       float threshold, uint32_t* indexes, float* bounds) {
  return Kernels().scans->select_by_bound(docs, size, shift, sums, threshold, indexes, bounds);
}

uint32_t SelectByScore(const float* scores, uint32_t size, float rest, float threshold,
                       uint32_t* indexes) {
  return Kernels().scans->select_by_score(scores, size, rest, threshold, indexes);
}

void AddScaledBytes(const uint8_t* bytes, uint32_t size, float scale, float* sums) {
  Kernels().scans->add_scaled_bytes(bytes, size, scale, sums);
}

void SelectByCodes(const uint8_t* const* codes, const uint8_t* values, size_t num_words,
                   const uint32_t* ranges, size_t num_ranges, uint8_t least, uint64_t* masks) {
  Kernels().scans->select_by_codes(codes, values, num_words, ranges, num_ranges, least, masks);
}

uint32_t ExpandBits(const uint8_t* bits, uint32_t num_bytes, uint32_t base, uint32_t most,
                    uint32_t* numbers) {
  return Kernels().scans->expand_bits(bits, num_bytes, base, most, numbers);
}

uint32_t IntersectSorted(const uint32_t* a, uint32_t a_size, const uint32_t* b, uint32_t b_size,
                         uint32_t* a_indexes, uint32_t* b_indexes) {
  return Kernels().scans->intersect_sorted(a, a_size, b, b_size, a_indexes, b_indexes);
}

uint32_t LowerBound(const uint32_t* values, uint32_t size, uint32_t target) {
  return Kernels().scans->lower_bound(values, size, target);
}

uint64_t CountCommonBits(const uint64_t* const* arrays, size_t num_arrays, size_t num_words) {
  return Kernels().scans->count_common_bits(arrays, num_arrays, num_words);
}

}  // namespace ibid
