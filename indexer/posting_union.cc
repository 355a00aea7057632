#include "indexer/posting_union.h"

#include <cstddef>
#include <utility>

namespace ibid {
namespace {

std::vector<DocFreq> Merge(const std::vector<DocFreq>& a, const std::vector<DocFreq>& b) {
  std::vector<DocFreq> merged;
  merged.reserve(a.size() + b.size());
  size_t i = 0;
  size_t j = 0;
  while (i < a.size() && j < b.size()) {
    if (a[i].doc == b[j].doc) {
      merged.push_back({.doc = a[i].doc, .freq = a[i].freq + b[j].freq});
      ++i;
      ++j;
    } else {
      merged.push_back(a[i].doc < b[j].doc ? a[i++] : b[j++]);
    }
  }
  merged.insert(merged.end(), a.begin() + static_cast<std::ptrdiff_t>(i), a.end());
  merged.insert(merged.end(), b.begin() + static_cast<std::ptrdiff_t>(j), b.end());
  return merged;
}

}  // namespace

void PostingUnion::Add(std::vector<DocFreq> list) {
  levels_.push_back({.list = std::move(list), .num_lists = 1});
  while (levels_.size() > 1 && levels_[levels_.size() - 2].num_lists <= levels_.back().num_lists) {
    MergeLastTwo();
  }
}

std::vector<DocFreq> PostingUnion::Take() {
  if (levels_.empty()) return {};
  while (levels_.size() > 1) MergeLastTwo();
  std::vector<DocFreq> list = std::move(levels_.back().list);
  levels_.clear();
  return list;
}

void PostingUnion::MergeLastTwo() {
  const Level last = std::move(levels_.back());
  levels_.pop_back();
  levels_.back() = {.list = Merge(levels_.back().list, last.list),
                    .num_lists = levels_.back().num_lists + last.num_lists};
}

}  // namespace ibid
