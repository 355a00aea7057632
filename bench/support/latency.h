// What a list of measured times comes to.
//
//   const LatencySummary s = Summarise(microseconds);
//   std::printf("%.1f %.1f\n", s.mean, s.p99);
//
// Pure functions; thread-safe.
#ifndef IBID_BENCH_SUPPORT_LATENCY_H_
#define IBID_BENCH_SUPPORT_LATENCY_H_

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace ibid::bench {

// In the unit of what was summarised; all 0 for an empty list.
struct LatencySummary {
  size_t count = 0;
  double mean = 0, min = 0, p50 = 0, p95 = 0, p99 = 0, max = 0;
};

LatencySummary Summarise(std::vector<double> values);

// The least of `sorted` that at least `share` (0 to 1) of the values do not exceed (nearest rank).
// 0 for an empty list.
double Percentile(std::span<const double> sorted, double share);

// The empirical distribution: each value with the share of values that do not exceed it, in order,
// one point for equal values.
std::vector<std::pair<double, double>> Distribution(std::vector<double> values);

}  // namespace ibid::bench

#endif  // IBID_BENCH_SUPPORT_LATENCY_H_
