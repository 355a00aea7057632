// What something cost when it was last accepted, and how it differs now.
//
//   ASSIGN_OR_RETURN(const Baseline kept, ReadBaseline(path));
//   for (const Change& change : Compare(kept, measured, 0.01)) std::cout << Describe(change);
//
// A file is JSON: {"alnum COUNT a b": {"doc_blocks": 12, "probes": 3}, ...}, an entry a line,
// counters that are 0 left out. Thread-safe.
#ifndef IBID_BENCH_GUARD_BASELINE_H_
#define IBID_BENCH_GUARD_BASELINE_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace ibid::bench {

using Counters = std::map<std::string, uint64_t, std::less<>>;
using Baseline = std::map<std::string, Counters, std::less<>>;  // by name of what was measured

// NotFound, DataLoss (not such a file).
absl::StatusOr<Baseline> ReadBaseline(const std::string& path);
std::string FormatBaseline(const Baseline& baseline);

struct Change {
  enum class Kind { kRise, kFall, kNew, kGone };
  Kind kind = Kind::kRise;
  std::string name, counter;  // counter: empty for kNew and kGone
  uint64_t kept = 0, now = 0;
};

// Counters that differ by more than `tolerance` of what was kept, and names that only one side has.
// A counter that was 0 may not rise at all.
std::vector<Change> Compare(const Baseline& kept, const Baseline& measured, double tolerance);

// "rise: alnum COUNT a b: doc_blocks 12 -> 14 (+16.7 %)\n".
std::string Describe(const Change& change);

}  // namespace ibid::bench

#endif  // IBID_BENCH_GUARD_BASELINE_H_
