// What this machine can do at best, measured in the same run as what is compared with it.
//
//   const double share = bytes_a_second / Limits().memory_bytes_a_second;
//
// Measured once, at the first call (half a second), by the processor time of one thread.
#ifndef IBID_BENCH_MICRO_MACHINE_LIMITS_H_
#define IBID_BENCH_MICRO_MACHINE_LIMITS_H_

#include <benchmark/benchmark.h>

namespace ibid::bench {

struct MachineLimits {
  double memory_bytes_a_second = 0;  // read in order from far more than any cache holds
  double cache_bytes_a_second = 0;   // read in order from 16 KiB
  // Blocks of 128 integers of 8 bits unpacked from and to the first cache by the fastest kernels:
  // what every loop over postings is measured against.
  double unpacked_a_second = 0;
};

const MachineLimits& Limits();

// Counters of one benchmark: rates by this thread's processor time, and shares of the limits.
//
//   Meter meter(state);
//   for (auto _ : state) { ... }
//   meter.CountItems("postings", postings_an_iteration);
class Meter {
 public:
  explicit Meter(benchmark::State& state);

  // Sets `<what>/s` and `of_unpack` (share of unpacked_a_second).
  void CountItems(const char* what, double an_iteration);
  // Sets `bytes/s` and `of_memory` (share of memory_bytes_a_second; above 1 for what stays in a
  // cache).
  void CountBytes(double an_iteration);

 private:
  double Rate(double an_iteration);

  benchmark::State& state_;
  double started_;
  double seconds_ = 0;  // 0 until the first count
};

}  // namespace ibid::bench

#endif  // IBID_BENCH_MICRO_MACHINE_LIMITS_H_
