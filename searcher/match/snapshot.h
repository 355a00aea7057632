// What an IndexReader holds: the open segments of one generation. For the library's own use.
#ifndef IBID_SEARCHER_MATCH_SNAPSHOT_H_
#define IBID_SEARCHER_MATCH_SNAPSHOT_H_

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/format/impacts.h"
#include "common/format/live_docs.h"
#include "common/format/manifest.h"
#include "common/format/segment_reader.h"
#include "common/text/analyzer.h"
#include "ibid/index_reader.h"
#include "searcher/match/dense_lists.h"
#include "searcher/match/range_impacts.h"

namespace ibid {

struct SnapshotSegment {
  SegmentMeta meta;
  std::shared_ptr<const SegmentReader> reader;
  std::shared_ptr<const LiveDocs> live_docs;  // null: all live
  std::shared_ptr<DenseLists> dense_lists;    // never null, nor
  std::shared_ptr<RangeImpactsOfLists> range_impacts;

  bool IsLive(DocId doc) const { return live_docs == nullptr || live_docs->IsLive(doc); }
};

struct IndexReader::Impl {
  uint64_t serial = 0;  // another one for each snapshot opened in this process, from 1 on
  Env* env = nullptr;
  std::string directory;
  Manifest manifest;
  std::vector<SnapshotSegment> segments;
  // Sums over the segments, deleted documents included: what BM25 is computed from.
  uint64_t num_docs = 0;
  uint64_t num_tokens = 0;
  uint32_t num_live = 0;
  // Of the default parameters and average_length().
  LengthTable default_lengths = {};

  double average_length() const {
    return num_docs == 0 ? 0.0 : static_cast<double>(num_tokens) / static_cast<double>(num_docs);
  }

  // Analyzers are not thread-safe and not free to make: borrowed, and given back when dropped.
  class BorrowedAnalyzer {
   public:
    BorrowedAnalyzer(const Impl* impl, std::unique_ptr<Analyzer> analyzer)
        : impl_(impl), analyzer_(std::move(analyzer)) {}
    BorrowedAnalyzer(BorrowedAnalyzer&&) = default;
    BorrowedAnalyzer& operator=(BorrowedAnalyzer&&) = delete;
    ~BorrowedAnalyzer();
    Analyzer& operator*() const { return *analyzer_; }
    Analyzer* operator->() const { return analyzer_.get(); }
    Analyzer* get() const { return analyzer_.get(); }

   private:
    const Impl* impl_;
    std::unique_ptr<Analyzer> analyzer_;
  };
  absl::StatusOr<BorrowedAnalyzer> BorrowAnalyzer() const;

 private:
  mutable std::mutex mutex_;
  mutable std::vector<std::unique_ptr<Analyzer>> idle_analyzers_;
  mutable size_t num_analyzers_ = 0;  // made
};

}  // namespace ibid

#endif  // IBID_SEARCHER_MATCH_SNAPSHOT_H_
