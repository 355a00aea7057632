#include "indexer/distinct_reals.h"

#include <algorithm>
#include <cstring>
#include <span>
#include <string_view>

#include "common/base/release.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"

namespace ibid {
namespace {

constexpr size_t kMinPending = 64;

double RealAt(std::span<const uint8_t> bytes, uint64_t i) {
  double real;
  std::memcpy(&real, bytes.data() + i * sizeof(real), sizeof(real));
  return real;
}

// A run on the way through the merge.
struct Run {
  double real;  // the next one
  uint64_t at;
  uint64_t end;
};

}  // namespace

DistinctReals::DistinctReals(Env* env, const std::string& temporary, size_t memory_bytes)
    : max_pending_(std::max(memory_bytes / 2 / sizeof(double), kMinPending)),
      runs_(env, StrCat(temporary, "_runs.tmp"), memory_bytes / 4),
      sorted_(env, StrCat(temporary, "_reals.tmp"), memory_bytes / 4) {}

absl::Status DistinctReals::Add(double real) {
  pending_.push_back(real == 0 ? 0.0 : real);
  if (pending_.size() < max_pending_) return absl::OkStatus();
  SortPending();
  return pending_.size() > max_pending_ / 2 ? WriteRun() : absl::OkStatus();
}

void DistinctReals::SortPending() {
  std::sort(pending_.begin(), pending_.end());
  pending_.erase(std::unique(pending_.begin(), pending_.end()), pending_.end());
}

absl::Status DistinctReals::WriteRun() {
  const size_t bytes = pending_.size() * sizeof(double);
  RETURN_IF_ERROR(runs_.Append({reinterpret_cast<const char*>(pending_.data()), bytes}));
  run_ends_.push_back(runs_.size() / sizeof(double));
  pending_.clear();
  return absl::OkStatus();
}

absl::Status DistinctReals::AddSorted(double real) {
  return sorted_.Append({reinterpret_cast<const char*>(&real), sizeof(real)});
}

absl::Status DistinctReals::Finish() {
  SortPending();
  if (run_ends_.empty()) {
    for (const double real : pending_) RETURN_IF_ERROR(AddSorted(real));
  } else {
    RETURN_IF_ERROR(WriteRun());
    Release(&pending_);
    RETURN_IF_ERROR(runs_.Finish());
    RETURN_IF_ERROR(MergeRuns());
  }
  Release(&pending_);
  return sorted_.Finish();
}

absl::Status DistinctReals::MergeRuns() {
  const std::span<const uint8_t> bytes = runs_.view();
  std::vector<Run> heap;
  for (size_t i = 0; i < run_ends_.size(); ++i) {
    const uint64_t begin = i == 0 ? 0 : run_ends_[i - 1];
    if (begin < run_ends_[i]) heap.push_back({RealAt(bytes, begin), begin, run_ends_[i]});
  }
  const auto later = [](const Run& a, const Run& b) { return a.real > b.real; };
  std::make_heap(heap.begin(), heap.end(), later);
  bool first = true;
  double last = 0;
  while (!heap.empty()) {
    std::pop_heap(heap.begin(), heap.end(), later);
    Run& run = heap.back();
    if (first || run.real != last) RETURN_IF_ERROR(AddSorted(run.real));
    first = false;
    last = run.real;
    if (++run.at == run.end) {
      heap.pop_back();
      continue;
    }
    run.real = RealAt(bytes, run.at);
    std::push_heap(heap.begin(), heap.end(), later);
  }
  return absl::OkStatus();
}

double DistinctReals::Get(uint64_t i) const { return RealAt(sorted_.view(), i); }

uint64_t DistinctReals::Find(double real) const {
  uint64_t low = 0, high = size();
  while (low < high) {
    const uint64_t middle = low + (high - low) / 2;
    if (Get(middle) < real) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

}  // namespace ibid
