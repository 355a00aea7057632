// The loops over arrays of documents that ranking and intersecting spend their time in.
//
//   ScorePostings(docs, freqs, n, norms, lengths, weight, scores);
//   uint32_t kept = SelectByBound(docs, n, kRangeShift, sums, threshold, indexes, bounds);
//
// Every instruction set gives the same bits: only single operations of IEEE 754 in one order.
// Arrays of documents strictly increase. Thread-safe.
#ifndef IBID_COMMON_CODEC_SCAN_H_
#define IBID_COMMON_CODEC_SCAN_H_

#include <cstddef>
#include <cstdint>

namespace ibid {

// Output arrays must have room for this many elements more than are written.
inline constexpr uint32_t kScanSlack = 8;

// scores[i] = weight * (freqs[i] / (freqs[i] + lengths[norms[docs[i]]])), frequencies below 2^31.
void ScorePostings(const uint32_t* docs, const uint32_t* freqs, uint32_t size, const uint8_t* norms,
                   const float* lengths, float weight, float* scores);

// Writes the places i with sums[docs[i] >> shift] >= threshold to `indexes`, those sums to
// `bounds`, and returns how many they are.
uint32_t SelectByBound(const uint32_t* docs, uint32_t size, uint32_t shift, const float* sums,
                       float threshold, uint32_t* indexes, float* bounds);

// Writes the places i with scores[i] + rest >= threshold; returns their number.
uint32_t SelectByScore(const float* scores, uint32_t size, float rest, float threshold,
                       uint32_t* indexes);

// sums[i] += scale * bytes[i]; `size` is a multiple of 8.
void AddScaledBytes(const uint8_t* bytes, uint32_t size, float scale, float* sums);

// Codes of a word: 4 bits a document, 32 bytes for each range of 64 documents. Byte j of a range
// has the code of its document j in its low bits, that of document j + 32 in its high ones.
inline constexpr uint32_t kCodesPerRange = 64;
inline constexpr uint32_t kCodeBytesPerRange = 32;
// So many values of 1 can be told from one fewer.
inline constexpr size_t kMostSummedCodes = 255;

// masks[i]: those of the 64 documents of ranges[i] whose codes stand for values that add up to at
// least `least` (1 or more; sums end at 255). codes[w] are all codes of word w, values[16 * w + c]
// is what its code c stands for.
void SelectByCodes(const uint8_t* const* codes, const uint8_t* values, size_t num_words,
                   const uint32_t* ranges, size_t num_ranges, uint8_t least, uint64_t* masks);

// Writes base + i for each set bit i; bit 0 is the lowest of the first byte. Returns their number;
// a number above `most` where they are more, of which only `most` have been written.
uint32_t ExpandBits(const uint8_t* bits, uint32_t num_bytes, uint32_t base, uint32_t most,
                    uint32_t* numbers);

// The common elements of two increasing arrays of values below 2^32 - 1, as places in both; returns
// their number.
uint32_t IntersectSorted(const uint32_t* a, uint32_t a_size, const uint32_t* b, uint32_t b_size,
                         uint32_t* a_indexes, uint32_t* b_indexes);

// The place of the first value >= target; `size` where there is none. For small arrays.
uint32_t LowerBound(const uint32_t* values, uint32_t size, uint32_t target);

// The bits that are set in all of the arrays at once; at least one array.
uint64_t CountCommonBits(const uint64_t* const* arrays, size_t num_arrays, size_t num_words);

}  // namespace ibid

#endif  // IBID_COMMON_CODEC_SCAN_H_
