#include "searcher/rank/top_k.h"

#include <algorithm>
#include <utility>

namespace ibid {

bool TopK::Better(const RankedDoc& a, const RankedDoc& b) {
  if (a.sort_value != b.sort_value) return a.sort_value > b.sort_value;
  const absl::StatusOr<uint32_t> rank_a = keys_->Rank(a.doc);
  const absl::StatusOr<uint32_t> rank_b = keys_->Rank(b.doc);
  if (!rank_a.ok()) status_.Update(rank_a.status());
  if (!rank_b.ok()) status_.Update(rank_b.status());
  if (!status_.ok()) return a.doc < b.doc;
  return *rank_a < *rank_b;
}

void TopK::Offer(const RankedDoc& candidate) {
  const auto better = [this](const RankedDoc& a, const RankedDoc& b) { return Better(a, b); };
  if (heap_.size() < k_) {
    heap_.push_back(candidate);
    std::push_heap(heap_.begin(), heap_.end(), better);
    return;
  }
  if (k_ == 0 || !Better(candidate, heap_.front())) return;
  std::pop_heap(heap_.begin(), heap_.end(), better);
  heap_.back() = candidate;
  std::push_heap(heap_.begin(), heap_.end(), better);
}

std::vector<RankedDoc> TopK::Take() {
  std::sort_heap(heap_.begin(), heap_.end(),
                 [this](const RankedDoc& a, const RankedDoc& b) { return Better(a, b); });
  return std::exchange(heap_, {});
}

}  // namespace ibid
