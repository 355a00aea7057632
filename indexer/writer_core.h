// The work behind IndexWriter: decides what a document is to the index, gathers units, commits.
//
// The calls are those of IndexWriter (ibid/index_writer.h), which adds what concerns failure: these
// may let std::bad_alloc through, and know nothing of a writer that has stopped. Not thread-safe.
#ifndef IBID_INDEXER_WRITER_CORE_H_
#define IBID_INDEXER_WRITER_CORE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ibid/index_writer.h"
#include "indexer/background_merge.h"
#include "indexer/column_values.h"
#include "indexer/document_unit.h"
#include "indexer/locked_env.h"
#include "indexer/open_index.h"
#include "indexer/pending_documents.h"
#include "indexer/segment_merge.h"
#include "indexer/unit_queue.h"
#include "indexer/writer_segments.h"

namespace ibid {

// From so many segments on a commit waits for the merge in the background, and merges itself where
// there is none, for want of a thread.
inline constexpr size_t kSegmentsToWait = 64;

class WriterCore {
 public:
  static absl::StatusOr<std::unique_ptr<WriterCore>> Open(Env* env, const std::string& dir,
                                                          const WriterOptions& options);
  // Removes the files of what was not committed, and the index itself where that is all of it. In
  // a fork of the process that opened it nothing, not even its threads, which are not there.
  ~WriterCore();

  // InvalidArgument: the document is refused and nothing has changed. After any other error of
  // these calls the writer must not be used but for the accessors.
  absl::StatusOr<AddOutcome> Add(Document document, std::string_view origin);
  absl::StatusOr<bool> Delete(std::string_view key);
  absl::Status ForEachKey(std::string_view prefix,
                          const std::function<void(std::string_view)>& visit) const;
  absl::Status ForEachCommitted(
      std::string_view prefix,
      const std::function<void(std::string_view, std::string_view)>& visit) const;
  absl::StatusOr<CommitInfo> Commit();
  absl::Status Rollback();
  bool merging() const { return merge_ != nullptr; }
  absl::Status WaitForMerge();
  void MergeToOne(DocumentOrder order) {
    merge_to_one_ = true;
    order_ = order;
  }

  // Why the merge in the background failed, if it did.
  absl::Status MergeStatus() const { return merge_ ? merge_->status() : absl::OkStatus(); }

  uint64_t text_bytes() const { return text_bytes_; }
  const std::string& dir() const { return dir_; }
  int64_t process() const { return process_; }  // that opened it
  const Manifest& manifest() const { return manifest_; }
  uint32_t num_committed() const;  // live documents of the last commit
  uint32_t num_pending() const { return pending_.num_live() + spilled_.num_live(); }
  size_t buffer_bytes() const { return buffer_bytes_; }
  // Whether an Add since ClearRefusal refused its document, so that nothing has changed.
  bool refused() const { return refused_; }
  void ClearRefusal() { refused_ = false; }

 private:
  // A unit that has been handed to the queue: its documents' numbers among the pending ones.
  struct FlushedUnit {
    uint64_t segment_id = 0;
    std::vector<uint32_t> numbers;
  };
  // A flushed unit as a segment, with the documents that were replaced or deleted since.
  struct UnitSegment {
    std::shared_ptr<const SegmentReader> reader;
    LiveDocs live;
  };
  struct NextCommit;

  WriterCore(Env* env, std::string dir, const WriterOptions& options, OpenedIndex opened,
             WriterSegments committed);

  absl::StatusOr<AddOutcome> AddChecked(Document document, uint64_t fingerprint,
                                        std::string_view origin);
  absl::StatusOr<bool> IsUnchanged(WriterSegments* segments, const WriterSegments::Place& place,
                                   const Document& document, uint64_t fingerprint,
                                   std::string_view origin, bool origin_counts);
  void Append(Document document, std::vector<DocumentColumn> columns, uint64_t fingerprint,
              std::string_view origin);
  size_t UnitTarget() const;
  size_t BufferLeft() const;
  DocumentUnit TakeUnit(std::vector<uint32_t>* numbers);
  absl::Status FlushUnit();
  bool ShouldSpill() const;
  absl::Status Spill();
  absl::StatusOr<WriterSegment> MergeAside(const std::vector<MergeInput>& inputs);
  absl::Status MergeSpilled();
  void RemoveAside(const std::vector<uint64_t>& ids);

  bool NothingToCommit() const;
  bool reorder() const { return merge_to_one_ && order_ != DocumentOrder::kKept; }
  bool IsAsMergedToOne(const WriterSegment& segment) const;
  CommitInfo TakeInfo();
  absl::StatusOr<NextCommit> Plan();
  absl::Status WriteNewSegments(NextCommit* next);
  absl::StatusOr<WriterSegment> WriteOnlyUnit(NextCommit* next);
  absl::StatusOr<std::vector<UnitSegment>> CollectUnits();
  bool ToBeRewritten(const WriterSegment& segment) const;
  absl::StatusOr<WriterSegment> BuildSegment(const std::vector<size_t>& members, NextCommit* next);
  absl::StatusOr<SegmentMeta> Merge(const std::vector<MergeInput>& inputs, uint64_t segment_id);
  MergeOptions MergeOptionsFor(uint64_t segment_id) const;
  std::function<void(double)> ProgressOf(std::string_view what) const;
  std::vector<uint64_t> LiveBytes() const;
  std::vector<size_t> ChooseMerge() const;
  void StartMerge();
  absl::Status TakeOverMerge();
  void RemoveLeftovers();
  void Reset();

  const int64_t process_;
  std::string dir_;
  size_t buffer_bytes_;
  int threads_;
  std::function<void(std::string_view, double)> on_merge_progress_;
  std::unique_ptr<FileLock> lock_;
  LockedEnv locked_env_;
  Env* const env_;
  NewFiles made_;
  Manifest manifest_;
  WriterSegments committed_;
  ColumnSchema schema_;
  std::unique_ptr<UnitQueue> queue_;

  // Since the last commit. What was spilled comes before the pending documents.
  WriterSegments spilled_;
  std::vector<uint32_t> spilled_tiers_;  // of each segment of spilled_
  PendingDocuments pending_;
  DocumentUnit unit_;                   // being filled
  std::vector<uint32_t> unit_numbers_;  // of its documents
  std::vector<FlushedUnit> flushed_;    // since what was spilled
  uint64_t pending_bytes_ = 0;          // of all documents appended
  CommitInfo info_;                     // its counts
  bool merge_to_one_ = false;
  DocumentOrder order_ = DocumentOrder::kKept;
  bool took_over_ = false;  // the result of a merge: the segments are not those of the last commit

  bool refused_ = false;
  uint64_t next_unit_id_;
  uint64_t text_bytes_ = 0;
  bool outcome_unknown_ = false;  // of the last commit: then no file is removed

  bool background_merges_;
  uint64_t merge_bytes_per_second_;
  std::unique_ptr<BackgroundMerge> merge_;  // at work, or done and not yet taken over
};

}  // namespace ibid

#endif  // IBID_INDEXER_WRITER_CORE_H_
