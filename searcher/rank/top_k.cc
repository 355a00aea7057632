#include "searcher/rank/top_k.h"

#include <algorithm>
#include <utility>

namespace ibid {
namespace {

bool IsBetter(const RankedDoc& a, const RankedDoc& b) { return a.sort_value > b.sort_value; }

}  // namespace

// Equal documents, by the rank of their keys.
void TopK::SortByKey(std::vector<RankedDoc>::iterator begin, std::vector<RankedDoc>::iterator end) {
  std::vector<std::pair<uint32_t, RankedDoc>> ranked;
  ranked.reserve(static_cast<size_t>(end - begin));
  for (auto it = begin; it != end; ++it) {
    const absl::StatusOr<uint32_t> rank = keys_->Rank(it->doc);
    if (!rank.ok()) status_.Update(rank.status());
    ranked.emplace_back(rank.ok() ? *rank : it->doc, *it);
  }
  std::sort(ranked.begin(), ranked.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  for (const auto& [rank, doc] : ranked) *begin++ = doc;
}

// Keeps the best k, of those equal to the last of them the ones with the smallest keys.
void TopK::Cut() {
  if (docs_.size() <= k_) return;
  const auto last = docs_.begin() + static_cast<ptrdiff_t>(k_ - 1);
  std::nth_element(docs_.begin(), last, docs_.end(), IsBetter);
  const double value = last->sort_value;
  const auto is_better = [value](const RankedDoc& doc) { return doc.sort_value > value; };
  const auto is_equal = [value](const RankedDoc& doc) { return doc.sort_value == value; };
  const auto ties = std::partition(docs_.begin(), docs_.end(), is_better);
  const auto rest = std::partition(ties, docs_.end(), is_equal);
  if (rest - docs_.begin() > static_cast<ptrdiff_t>(k_)) SortByKey(ties, rest);
  docs_.resize(k_);
  threshold_ = std::max(threshold_, value);
}

std::vector<RankedDoc> TopK::Take() {
  Cut();
  std::sort(docs_.begin(), docs_.end(), IsBetter);
  for (auto begin = docs_.begin(); begin != docs_.end();) {
    const auto end = std::find_if(begin, docs_.end(), [begin](const RankedDoc& doc) {
      return doc.sort_value != begin->sort_value;
    });
    if (end - begin > 1) SortByKey(begin, end);
    begin = end;
  }
  return std::exchange(docs_, {});
}

}  // namespace ibid
