// Segments of random content, for the second reader of the format.
#ifndef IBID_TESTS_DOCS_RANDOM_SEGMENT_H_
#define IBID_TESTS_DOCS_RANDOM_SEGMENT_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "common/format/manifest.h"
#include "ibid/env.h"

namespace ibid {

struct RandomSegmentOptions {
  uint32_t seed = 1;
  uint32_t num_docs = 300;
  uint32_t num_terms = 200;
  bool store_text = true;
};

// Writes <dir>/seg_0000000001.ibid with every structure in it.
absl::StatusOr<SegmentMeta> WriteRandomSegment(Env* env, const std::string& dir,
                                               const RandomSegmentOptions& options);

}  // namespace ibid

#endif  // IBID_TESTS_DOCS_RANDOM_SEGMENT_H_
