// Instructions that kernels and queries take, counted by Valgrind's callgrind: the same in every
// run, however busy the machine.
//
//   ASSIGN_OR_RETURN(Baseline counts, CountInstructions(program, SetsToCount(), "nothing"));
//
// The program is started again under Valgrind, for each set of kernels; there it runs
// MeasureForInstructions, which passes through one function that callgrind counts and reports at
// each return.
#ifndef IBID_BENCH_GUARD_INSTRUCTIONS_H_
#define IBID_BENCH_GUARD_INSTRUCTIONS_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bench/guard/baseline.h"
#include "bench/guard/spoil.h"

namespace ibid::bench {

inline constexpr double kInstructionTolerance = 0.02;

// "gcc-12-x86_64-O3-DNDEBUG": counts are compared only with those of the same compiler and options.
std::string BuildName();

// The sets of kernels that are counted, "portable" and "avx2", less what this processor lacks.
std::vector<std::string> SetsToCount();

// Entries "avx2 kernel unpack 7", "portable TOP_10 union", ... of one counter, "instructions".
// Unavailable where there is no valgrind; `program` is this program's path, and `spoil_name` is
// handed on to it.
absl::StatusOr<Baseline> CountInstructions(const std::string& program,
                                           const std::vector<std::string>& sets,
                                           const std::string& spoil_name);

// What runs under Valgrind: the kernels chosen by IBID_KERNELS, then the queries of each kind under
// TOP_10 and COUNT, on the index in `directory`, where the names of what was measured are left.
absl::Status MeasureForInstructions(const std::string& directory, Spoil spoil);

// The instructions of each part of a callgrind file, in order.
absl::StatusOr<std::vector<uint64_t>> ReadCallgrindTotals(const std::string& path);

}  // namespace ibid::bench

#endif  // IBID_BENCH_GUARD_INSTRUCTIONS_H_
