// What becomes of a segment: whether it is worth the time to make it small and fast to search.
#ifndef IBID_COMMON_FORMAT_SEGMENT_USE_H_
#define IBID_COMMON_FORMAT_SEGMENT_USE_H_

#include <cstdint>

namespace ibid {

enum class SegmentUse : uint8_t {
  kKept,
  // Read once, by a merge that follows: text is compressed lightly, postings are packed in the
  // first way that holds them, and their bounds say nothing.
  kPassing,
};

}  // namespace ibid

#endif  // IBID_COMMON_FORMAT_SEGMENT_USE_H_
