// Norms and impacts: the one-byte forms of a document's length and of a posting's share of its
// term's weight, and the length normalisation both stand on.
#ifndef IBID_COMMON_FORMAT_IMPACTS_H_
#define IBID_COMMON_FORMAT_IMPACTS_H_

#include <array>
#include <cstdint>

namespace ibid {

// BM25's parameters (Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and
// Beyond", 2009, section 3.1). The defaults are those the index keeps impacts for.
struct Bm25Parameters {
  float k1 = 1.2f;  // >= 0
  float b = 0.75f;  // 0 to 1

  bool operator==(const Bm25Parameters&) const = default;
};

// A document's length in one byte: Lucene's SmallFloat.intToByte4 code, exact to 40 tokens, then
// rounded down by at most 1/8. Monotone.
uint8_t LengthToNorm(uint32_t length);
uint32_t NormToLength(uint8_t norm);

// K(norm) = k1 * (1 - b + b * length / average_length), computed in double, rounded once.
// average_length 0 (an empty index) counts as 1.
using LengthTable = std::array<float, 256>;
LengthTable MakeLengthTable(const Bm25Parameters& parameters, double average_length);

// The share of a term's weight: freq / (freq + k), in single precision. The only place that
// computes it for scores as well as for bounds.
inline float TermFrequencyShare(float freq, float k) { return freq / (freq + k); }

// `share` times 255 rounded up (an upper bound), or down (a lower bound).
uint8_t ImpactUp(float share);
uint8_t ImpactDown(float share);
// An upper bound of every share whose ImpactUp is `impact`.
inline float ImpactToShare(uint8_t impact) { return static_cast<float>(impact) / 255.0f; }

}  // namespace ibid

#endif  // IBID_COMMON_FORMAT_IMPACTS_H_
