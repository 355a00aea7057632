// The different ones of many real numbers in increasing order, in bounded memory.
//
//   DistinctReals reals(env, temporary_path, memory_bytes);
//   RETURN_IF_ERROR(reals.Add(2.5));                     // any order, any number of times
//   RETURN_IF_ERROR(reals.Finish());
//   for (uint64_t i = 0; i < reals.size(); ++i) Use(reals.Get(i));
//   const uint64_t ordinal = reals.Find(2.5);
//
// Numbers are gathered up to the memory given; past it they go to a temporary file in sorted runs,
// which are merged into another one. Not thread-safe.
#ifndef IBID_INDEXER_DISTINCT_REALS_H_
#define IBID_INDEXER_DISTINCT_REALS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "ibid/env.h"
#include "indexer/spilled_bytes.h"

namespace ibid {

class DistinctReals {
 public:
  // The files, <temporary>_runs.tmp and <temporary>_reals.tmp, are removed by the destructor.
  DistinctReals(Env* env, const std::string& temporary, size_t memory_bytes);

  absl::Status Add(double real);  // finite; -0 is 0
  absl::Status Finish();          // once
  uint64_t size() const { return sorted_.size() / sizeof(double); }
  double Get(uint64_t i) const;  // i < size()
  // The number of those that are less.
  uint64_t Find(double real) const;

 private:
  void SortPending();
  absl::Status WriteRun();
  absl::Status MergeRuns();
  absl::Status AddSorted(double real);

  size_t max_pending_;
  std::vector<double> pending_;
  std::vector<uint64_t> run_ends_;  // in numbers
  SpilledBytes runs_;
  SpilledBytes sorted_;
};

}  // namespace ibid

#endif  // IBID_INDEXER_DISTINCT_REALS_H_
