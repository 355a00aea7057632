#include "bench/support/latency.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace ibid::bench {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

TEST(Latency, PercentilesAreValuesThatWereMeasured) {
  std::vector<double> values;
  for (int i = 1; i <= 200; ++i) values.push_back(i);
  EXPECT_EQ(Percentile(values, 0.50), 100);
  EXPECT_EQ(Percentile(values, 0.95), 190);
  EXPECT_EQ(Percentile(values, 0.99), 198);
  EXPECT_EQ(Percentile(values, 0), 1);
  EXPECT_EQ(Percentile(values, 1), 200);
}

TEST(Latency, SummarisesInAnyOrder) {
  const LatencySummary s = Summarise({30, 10, 20, 1000});
  EXPECT_EQ(s.count, 4u);
  EXPECT_EQ(s.mean, 265);
  EXPECT_EQ(s.min, 10);
  EXPECT_EQ(s.p50, 20);
  EXPECT_EQ(s.p95, 1000);
  EXPECT_EQ(s.max, 1000);
}

TEST(Latency, ASingleValueIsEveryPercentile) {
  const LatencySummary s = Summarise({7});
  EXPECT_EQ(s.mean, 7);
  EXPECT_EQ(s.p50, 7);
  EXPECT_EQ(s.p99, 7);
}

TEST(Latency, NothingMeasuredIsZeroEverywhere) {
  const LatencySummary s = Summarise({});
  EXPECT_EQ(s.count, 0u);
  EXPECT_EQ(s.mean, 0);
  EXPECT_EQ(Percentile({}, 0.5), 0);
  EXPECT_TRUE(Distribution({}).empty());
}

TEST(Latency, DistributionsEndAtOneAndJoinEqualValues) {
  EXPECT_THAT(Distribution({4, 2, 2, 8}), ElementsAre(Pair(2, 0.5), Pair(4, 0.75), Pair(8, 1)));
}

}  // namespace
}  // namespace ibid::bench
