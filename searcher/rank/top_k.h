// The best hits of one segment.
#ifndef IBID_SEARCHER_RANK_TOP_K_H_
#define IBID_SEARCHER_RANK_TOP_K_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "absl/status/status.h"
#include "common/format/keys.h"
#include "ibid/types.h"

namespace ibid {

// A document with what it is sorted by: more is better, equal ones by the smaller key rank.
struct RankedDoc {
  double sort_value = 0;  // the score, or a date with its sign set by the order
  float score = 0;
  DocId doc = 0;
};

// Keeps the k best of the documents offered. Equal documents are told apart by the rank of their
// keys, looked up only then. Documents are gathered and cut to the best k now and then, which for a
// large k costs less than a heap. Not thread-safe.
class TopK {
 public:
  // `keys` must outlive the collector. Documents that are worse than `floor` need not be kept.
  TopK(size_t k, const KeysReader* keys, double floor = -std::numeric_limits<double>::infinity())
      : k_(k), capacity_(k + std::max<size_t>(8, k / 2)), keys_(keys), threshold_(floor) {}

  void Offer(const RankedDoc& candidate) {
    if (k_ == 0 || candidate.sort_value < threshold_) return;
    docs_.push_back(candidate);
    if (docs_.size() == capacity_) Cut();
  }
  // What is worse than this will not be kept.
  double threshold() const { return threshold_; }
  size_t k() const { return k_; }
  // The kept documents, best first. Empties the collector.
  std::vector<RankedDoc> Take();
  // The first error of a key look-up.
  const absl::Status& status() const { return status_; }

 private:
  void Cut();
  void SortByKey(std::vector<RankedDoc>::iterator begin, std::vector<RankedDoc>::iterator end);

  size_t k_;
  size_t capacity_;
  const KeysReader* keys_;
  double threshold_;
  std::vector<RankedDoc> docs_;
  absl::Status status_;
};

}  // namespace ibid

#endif  // IBID_SEARCHER_RANK_TOP_K_H_
