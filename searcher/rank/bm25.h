// BM25 as ibid computes it, and the only place that does: the engine, its explanations and the
// tests' brute-force engine call the same functions, so that equal input gives equal bits.
//
// Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), section
// 3.1, in the form Lucene has used since 8.0 (without the factor k1 + 1):
//   idf(t) = ln(1 + (N - df + 0.5) / (df + 0.5))
//   score  = idf * freq / (freq + k1 * (1 - b + b * length / average length))
// Single precision, no contraction, own logarithm: the bits do not depend on compiler or machine.
#ifndef IBID_SEARCHER_RANK_BM25_H_
#define IBID_SEARCHER_RANK_BM25_H_

#include <algorithm>
#include <cstdint>
#include <span>

#include "common/format/impacts.h"

namespace ibid {

// ln(1 + (num_docs - doc_freq + 0.5) / (doc_freq + 0.5)); doc_freq is at most num_docs.
double Idf(uint64_t num_docs, uint64_t doc_freq);

// Boosts multiply to no more than this: sums of scores stay finite.
inline constexpr double kLargestBoost = 1e30;
// A clause of less weight scores 0: products of anything smaller lose digits to the least number
// that single precision can say, and bounds would no longer bound.
inline constexpr double kSmallestWeight = 1e-30;

// The factor of one scoring clause: the sum of its members' idfs times the boost, rounded once.
inline float ClauseWeight(double idf_sum, double boost) {
  if (boost * idf_sum < kSmallestWeight) return 0;
  return static_cast<float>(idf_sum * std::min(boost, kLargestBoost));
}

// `freq` is a count, or a sum of kernel values; `k` comes from MakeLengthTable.
inline float Bm25(float weight, float freq, float k) {
  return weight * TermFrequencyShare(freq, k);
}

// What one match with `gap` words between its operands (or a displacement of so much) counts.
inline float ProximityKernel(uint32_t gap) { return 1.0f / (1.0f + static_cast<float>(gap)); }

// The frequency of a proximity operator: its matches' kernel values, added in order.
float SumKernels(std::span<const uint32_t> gaps);

}  // namespace ibid

#endif  // IBID_SEARCHER_RANK_BM25_H_
