#include "indexer/term_merger.h"

#include <algorithm>
#include <utility>

#include "common/base/status_macros.h"

namespace ibid {

absl::StatusOr<TermMerger> TermMerger::Open(const std::vector<MergeInput>& inputs) {
  TermMerger merger;
  merger.cursors_.reserve(inputs.size());
  for (const MergeInput& input : inputs) {
    ASSIGN_OR_RETURN(TermCursor cursor, input.segment->terms().SeekOrdinal(0));
    merger.cursors_.push_back(std::move(cursor));
  }
  for (uint32_t i = 0; i < merger.cursors_.size(); ++i) merger.Push(i);
  return merger;
}

absl::StatusOr<bool> TermMerger::Next() {
  for (const uint32_t input : holders_) {
    RETURN_IF_ERROR(cursors_[input].Next());
    Push(input);
  }
  holders_.clear();
  if (heap_.empty()) return false;
  term_.assign(cursors_[heap_.front()].term());
  while (!heap_.empty() && cursors_[heap_.front()].term() == term_) {
    std::pop_heap(heap_.begin(), heap_.end(),
                  [this](uint32_t a, uint32_t b) { return Later(a, b); });
    holders_.push_back(heap_.back());
    heap_.pop_back();
  }
  return true;
}

bool TermMerger::Later(uint32_t a, uint32_t b) const {
  const int order = cursors_[a].term().compare(cursors_[b].term());
  return order != 0 ? order > 0 : a > b;
}

void TermMerger::Push(uint32_t input) {
  if (cursors_[input].at_end()) return;
  heap_.push_back(input);
  std::push_heap(heap_.begin(), heap_.end(),
                 [this](uint32_t a, uint32_t b) { return Later(a, b); });
}

}  // namespace ibid
