// Two routines timed side by side in one process, so that what else the machine does meets both.
//
//   double ratio = PairedRatio(today, frozen, {});  // 1.0: as fast
//
// The least thread-processor time of many rounds of each, taken in turns. The least time of a loop
// is what the machine needs when nothing disturbs it; on a busy machine its ratio wanders by a
// hundredth where the ratio of medians wanders by a tenth.
#ifndef IBID_BENCH_GUARD_PAIRED_H_
#define IBID_BENCH_GUARD_PAIRED_H_

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/guard/spoil.h"
#include "bench/support/process.h"

namespace ibid::bench {

inline constexpr double kPairedGate = 1.10;

struct PairedOptions {
  int rounds = 41;
  double round_seconds = 100e-6;  // calls are repeated until a round takes this long
  // While the ratio is above `gate`, the rounds are taken again: a disturbance passes, a slower
  // loop does not.
  int attempts = 10;
  double gate = kPairedGate;
  std::function<double()> clock = ThreadCpuSeconds;  // in seconds; tests have their own
};

// The least time of `now` over that of `frozen`.
double PairedRatio(const std::function<void()>& now, const std::function<void()>& frozen,
                   const PairedOptions& options);

struct PairedResult {
  std::string name;  // "avx2 unpack 7"
  double ratio = 1;
};

// Each kernel of the sets named, "portable" and "avx2", against its frozen copy.
std::vector<PairedResult> PairKernels(const std::vector<std::string>& sets, Spoil spoil,
                                      const PairedOptions& options);

}  // namespace ibid::bench

#endif  // IBID_BENCH_GUARD_PAIRED_H_
