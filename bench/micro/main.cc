// ibid-micro: every kernel and hot loop with Google Benchmark, beside what the machine can do.
//
//   ibid-micro --benchmark_filter='unpack|cursor' --benchmark_min_time=0.2
#include <benchmark/benchmark.h>

#include <string>

#include "bench/micro/benches.h"
#include "bench/micro/machine_limits.h"
#include "common/codec/kernels.h"

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  ibid::bench::RegisterKernelBenches();
  ibid::bench::RegisterScanBenches();
  ibid::bench::RegisterPostingsBenches();
  ibid::bench::RegisterTextBenches();
  const ibid::bench::MachineLimits& limits = ibid::bench::Limits();
  benchmark::AddCustomContext("kernels", ibid::Kernels().name);
  benchmark::AddCustomContext("memory_bytes_a_second",
                              std::to_string(limits.memory_bytes_a_second));
  benchmark::AddCustomContext("cache_bytes_a_second", std::to_string(limits.cache_bytes_a_second));
  benchmark::AddCustomContext("unpacked_a_second", std::to_string(limits.unpacked_a_second));
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
