// The last postings of a term (fewer than 128 of them), and the last values of its positions: small
// runs that are not worth a packed block. Each takes whichever of two codes is smaller for it,
// varints or Rice codes; in a passing segment varints, which are faster.
//
// Thread-safe.
#ifndef IBID_COMMON_FORMAT_TAIL_CODEC_H_
#define IBID_COMMON_FORMAT_TAIL_CODEC_H_

#include <cstdint>
#include <span>
#include <string>

#include "common/format/segment_use.h"

namespace ibid {

// Runs shorter than this are varints, without a byte that says so.
inline constexpr uint32_t kMinCodedTail = 4;
// In the place of a Rice parameter: varints follow from the next byte on.
inline constexpr uint32_t kTailVarints = 31;
// No tail is longer: 127 pairs of varints and a header.
inline constexpr uint64_t kMaxTailBytes = 127 * 10 + 8;

// `gaps[i]` is the distance from the previous document (or from -1) less one.
void AppendTailPostings(std::span<const uint32_t> gaps, std::span<const uint32_t> freqs,
                        std::string* out, SegmentUse use = SegmentUse::kKept);
// Fills docs[0, n) and freqs[0, n). False where the bytes are not n postings that increase from
// `previous` (-1 before the first) and stay below `num_docs`.
bool ReadTailPostings(std::span<const uint8_t> bytes, uint32_t n, int64_t previous,
                      uint32_t num_docs, uint32_t* docs, uint32_t* freqs);

void AppendTailValues(std::span<const uint32_t> values, std::string* out,
                      SegmentUse use = SegmentUse::kKept);
bool ReadTailValues(std::span<const uint8_t> bytes, uint32_t n, uint32_t* values);

}  // namespace ibid

#endif  // IBID_COMMON_FORMAT_TAIL_CODEC_H_
