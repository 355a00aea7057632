// The groups of micro benchmarks, registered by main before they are run.
#ifndef IBID_BENCH_MICRO_BENCHES_H_
#define IBID_BENCH_MICRO_BENCHES_H_

namespace ibid::bench {

void RegisterKernelBenches();
void RegisterScanBenches();
void RegisterPostingsBenches();
void RegisterTextBenches();

}  // namespace ibid::bench

#endif  // IBID_BENCH_MICRO_BENCHES_H_
