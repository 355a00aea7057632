// Merges segments into one, leaving out deleted documents.
//
//   std::vector<MergeInput> inputs = {{.segment = a, .live = &live_a}, ...};
//   ASSIGN_OR_RETURN(SegmentMeta meta, MergeSegments(inputs, options));
//
// The documents of the new segment are the live ones of the inputs in their order, and every byte
// of it is what a segment written from those documents afresh would have: postings are decoded and
// encoded again, stems are gathered anew. Memory: a few bytes a document, the section buffers;
// never a whole input, nor the words or the values of a column. Words and stems, the new numbers of
// a column's texts, and the reals of one may go through temporary files. With another order of
// documents, stored text and pairs go through temporary files as large as they are uncompressed.
//
// Inputs are immutable and may be read by others meanwhile.
#ifndef IBID_INDEXER_SEGMENT_MERGE_H_
#define IBID_INDEXER_SEGMENT_MERGE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/format/live_docs.h"
#include "common/format/manifest.h"
#include "common/format/segment_reader.h"
#include "ibid/env.h"
#include "ibid/index_options.h"
#include "ibid/types.h"
#include "indexer/column_values.h"

namespace ibid {

struct MergeInput {
  std::shared_ptr<const SegmentReader> segment;
  const LiveDocs* live = nullptr;  // null: all live; must outlive the merge
};

struct MergeOptions {
  Env* env = nullptr;
  std::string dir;
  uint64_t segment_id = 0;  // of the new segment
  IndexOptions index;
  ColumnList columns;  // the types that the columns have by now
  bool sync = true;
  // kPassing: the segment will be merged again and never published. It has no lists of pairs.
  SegmentUse use = SegmentUse::kKept;
  int threads = 1;  // above 1, stored documents and postings are merged side by side

  // Another order of documents: live document i of the inputs becomes (*order)[i]. Null: their own.
  // Must outlive the merge.
  const std::vector<DocId>* order = nullptr;
  // For putting things in another order, and for the columns.
  uint64_t memory_bytes = uint64_t{256} << 20;
  std::function<void(double)> progress;  // may be null; called by the calling thread
};

// At least one document of the inputs must be live. ResourceExhausted where memory runs out.
absl::StatusOr<SegmentMeta> MergeSegments(const std::vector<MergeInput>& inputs,
                                          const MergeOptions& options);

}  // namespace ibid

#endif  // IBID_INDEXER_SEGMENT_MERGE_H_
