#include "bench/support/latency.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace ibid::bench {

double Percentile(std::span<const double> sorted, double share) {
  if (sorted.empty()) return 0;
  const double rank = std::ceil(share * static_cast<double>(sorted.size()));
  const size_t place = rank < 1 ? 0 : static_cast<size_t>(rank) - 1;
  return sorted[std::min(place, sorted.size() - 1)];
}

LatencySummary Summarise(std::vector<double> values) {
  if (values.empty()) return {};
  std::sort(values.begin(), values.end());
  const double sum = std::accumulate(values.begin(), values.end(), 0.0);
  return {.count = values.size(),
          .mean = sum / static_cast<double>(values.size()),
          .min = values.front(),
          .p50 = Percentile(values, 0.50),
          .p95 = Percentile(values, 0.95),
          .p99 = Percentile(values, 0.99),
          .max = values.back()};
}

std::vector<std::pair<double, double>> Distribution(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  std::vector<std::pair<double, double>> points;
  for (size_t i = 0; i < values.size(); ++i) {
    if (i + 1 < values.size() && values[i + 1] == values[i]) continue;
    points.emplace_back(values[i], static_cast<double>(i + 1) / static_cast<double>(values.size()));
  }
  return points;
}

}  // namespace ibid::bench
