// The two sides of the comparison; each indexes in one thread into a new directory, then answers.
#ifndef IBID_BENCH_COMPARE_XAPIAN_ENGINES_H_
#define IBID_BENCH_COMPARE_XAPIAN_ENGINES_H_

#include <string>

#include "absl/status/statusor.h"
#include "bench/compare_xapian/workload.h"

namespace ibid::bench {

// Runs of a query whose fastest is kept.
inline constexpr int kRuns = 5;

absl::StatusOr<Measured> RunIbid(const Workload& workload, const std::string& directory);
// TermGenerator without a stemmer; the database is compacted before its size is taken and queries
// run. Time of the compaction is left out.
absl::StatusOr<Measured> RunXapian(const Workload& workload, const std::string& directory);

std::string XapianVersion();

// Seconds of processor time of this process, and of the wall clock.
double CpuSeconds();
double WallSeconds();
// Bytes of all files in `directory`.
uint64_t DirectoryBytes(const std::string& directory);

}  // namespace ibid::bench

#endif  // IBID_BENCH_COMPARE_XAPIAN_ENGINES_H_
