// The postings of terms that several inputs of a merge hold, as those of one.
//
//   PostingMerger merger(inputs, maps, {.reorder = true, .memory_bytes = bytes});
//   ASSIGN_OR_RETURN(TermInfo info, merger.Merge(sources, /*with_positions=*/true, &writer));
//
// Where the maps keep the order of documents, postings are streamed. Where they do not, those of a
// term are put in order in memory; a term that needs more than the memory given is gone through
// once for each part of the documents that does not. Not thread-safe.
#ifndef IBID_INDEXER_POSTING_MERGE_H_
#define IBID_INDEXER_POSTING_MERGE_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "common/format/postings_writer.h"
#include "indexer/merge_documents.h"
#include "indexer/posting_shuffle.h"
#include "indexer/segment_merge.h"

namespace ibid {

// What the dictionary of one input says of the term.
struct PostingSource {
  uint32_t input = 0;
  const TermInfo* info = nullptr;
};

struct PostingMergeOptions {
  bool reorder = false;  // the maps change the order of documents
  uint64_t memory_bytes = 0;
  std::function<void(double)> progress;  // may be null; given the share of all postings read
};

class PostingMerger {
 public:
  // All must outlive the merger.
  PostingMerger(const std::vector<MergeInput>& inputs, const std::vector<DocMap>& maps,
                PostingMergeOptions options);

  // doc_freq 0 where all documents are deleted. Inputs increase.
  absl::StatusOr<TermInfo> Merge(std::span<const PostingSource> sources, bool with_positions,
                                 PostingsWriter* out);

  // Postings and positions of the inputs that were read elsewhere: now and then, pages are let go.
  void CountRead(uint64_t bytes);

 private:
  struct DocRange {
    DocId begin = 0;
    DocId end = kNoMoreDocs;
  };

  std::vector<DocRange> PlanPasses(std::span<const PostingSource> sources, bool with_positions,
                                   absl::Status* status);
  absl::Status WeighBuckets(const PostingSource& source, bool with_positions,
                            std::vector<uint64_t>* buckets) const;
  DocId BucketBegin(size_t bucket) const;
  template <typename Sink>
  absl::Status Read(const PostingSource& source, DocRange range, bool with_positions, Sink* sink);

  template <typename Sink>
  void AddPostings(const DocMap& map, DocRange range, bool with_positions,
                   std::span<const DocId> docs, std::span<const uint32_t> freqs, Sink* sink);

  const std::vector<MergeInput>& inputs_;
  const std::vector<DocMap>& maps_;
  PostingMergeOptions options_;
  uint32_t num_docs_;
  std::optional<PostingShuffle> shuffle_;
  std::vector<DocId> docs_;
  std::vector<uint32_t> freqs_;
  std::vector<uint32_t> gaps_;
  uint64_t bytes_read_ = 0;  // since pages were last let go
  uint32_t terms_read_ = 0;
  uint64_t bytes_done_ = 0;
  uint64_t bytes_in_all_ = 1;
};

}  // namespace ibid

#endif  // IBID_INDEXER_POSTING_MERGE_H_
