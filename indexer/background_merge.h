// One merge of committed segments in a thread of its own, while the writer goes on.
//
//   ASSIGN_OR_RETURN(auto merge,
//                    BackgroundMerge::Start(std::move(sources), options, /*bytes_per_second=*/0));
//   ... documents are added, commits are made ...
//   if (merge->done()) RETURN_IF_ERROR(merge->TakeOver(&committed.segments()));
//
// The sources are those of one commit, with the deletions of that commit. What is deleted later is
// carried over when the next commit takes the result over. All calls come from one thread.
#ifndef IBID_INDEXER_BACKGROUND_MERGE_H_
#define IBID_INDEXER_BACKGROUND_MERGE_H_

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/format/live_docs.h"
#include "common/format/manifest.h"
#include "common/format/segment_reader.h"
#include "ibid/env.h"
#include "indexer/paced_env.h"
#include "indexer/segment_merge.h"
#include "indexer/writer_segments.h"

namespace ibid {

struct MergeSource {
  uint64_t id = 0;
  std::shared_ptr<const SegmentReader> reader;
  LiveDocs live;  // as committed when the merge began
};

class BackgroundMerge {
 public:
  // `options` as of MergeSegments, its env the one that the result is written to at that many bytes
  // a second (0: as fast as it goes). ResourceExhausted where there is no further thread.
  static absl::StatusOr<std::unique_ptr<BackgroundMerge>> Start(std::vector<MergeSource> sources,
                                                                MergeOptions options,
                                                                uint64_t bytes_per_second);
  // Stops the merge at its next write, waits for that, and removes what it wrote if it was not
  // done.
  ~BackgroundMerge();
  BackgroundMerge(const BackgroundMerge&) = delete;
  BackgroundMerge& operator=(const BackgroundMerge&) = delete;

  uint64_t segment_id() const { return options_.segment_id; }  // of the result
  bool done() const;
  // Why it failed, once it is done; else OK.
  absl::Status status() const;
  // Without sparing the disk any longer.
  void Hurry() { pace_.Lift(); }
  // Hurries, and waits until it is done.
  void Wait();

  // Puts the result in place of the first of its sources that `segments` still has, with what was
  // deleted meanwhile as deletions not yet saved, and takes the sources away. REQUIRES: done().
  absl::Status TakeOver(std::vector<WriterSegment>* segments) const;

 private:
  BackgroundMerge(std::vector<MergeSource> sources, MergeOptions options,
                  uint64_t bytes_per_second);
  void Run();

  const std::vector<MergeSource> sources_;
  Env* const env_;  // as given, for reading the result
  Pace pace_;
  PacedEnv paced_;
  MergeOptions options_;

  mutable std::mutex mutex_;
  std::condition_variable finished_;
  std::optional<absl::StatusOr<SegmentMeta>> result_;
  std::jthread thread_;  // last: it uses all of the above
};

}  // namespace ibid

#endif  // IBID_INDEXER_BACKGROUND_MERGE_H_
