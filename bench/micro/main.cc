// ibid-micro: every kernel and hot loop with Google Benchmark, beside what the machine can do.
//
//   ibid-micro --benchmark_filter='unpack|cursor' --benchmark_min_time=0.2
#include <benchmark/benchmark.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "bench/micro/benches.h"
#include "bench/micro/machine_limits.h"
#include "common/codec/kernels.h"

namespace {

void ShowLimits() {
  const ibid::bench::MachineLimits& limits = ibid::bench::Limits();
  benchmark::AddCustomContext("kernels", ibid::Kernels().name);
  benchmark::AddCustomContext("memory_bytes_a_second",
                              std::to_string(limits.memory_bytes_a_second));
  benchmark::AddCustomContext("cache_bytes_a_second", std::to_string(limits.cache_bytes_a_second));
  benchmark::AddCustomContext("unpacked_a_second", std::to_string(limits.unpacked_a_second));
}

}  // namespace

int main(int argc, char** argv) {
  const bool only_lists = std::any_of(argv + 1, argv + argc, [](std::string_view argument) {
    return argument.starts_with("--benchmark_list_tests");
  });
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  ibid::bench::RegisterKernelBenches();
  ibid::bench::RegisterScanBenches();
  ibid::bench::RegisterPostingsBenches();
  ibid::bench::RegisterTextBenches();
  if (!only_lists) ShowLimits();
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
