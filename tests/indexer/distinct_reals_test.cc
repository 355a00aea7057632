#include "indexer/distinct_reals.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <set>
#include <vector>

namespace ibid {
namespace {

void AddAndFind(uint32_t seed, uint32_t num_different, size_t memory_bytes, bool expect_file) {
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  const auto env = NewMemoryEnv();
  {
    DistinctReals reals(env.get(), "column", memory_bytes);
    std::set<double> expected;
    for (int i = 0; i < 20'000; ++i) {
      const double real =
          0.25 * (static_cast<double>(random() % num_different) - num_different / 2);
      expected.insert(real);
      ASSERT_TRUE(reals.Add(real).ok());
    }
    ASSERT_TRUE(reals.Finish().ok());
    EXPECT_EQ(env->Stat("column_runs.tmp").ok(), expect_file);
    EXPECT_EQ(env->Stat("column_reals.tmp").ok(), expect_file);
    ASSERT_EQ(reals.size(), expected.size());
    uint64_t i = 0;
    for (const double real : expected) {
      EXPECT_EQ(reals.Get(i), real);
      EXPECT_EQ(reals.Find(real), i++);
    }
  }
  EXPECT_FALSE(env->Stat("column_runs.tmp").ok());
  EXPECT_FALSE(env->Stat("column_reals.tmp").ok());
}

TEST(DistinctReals, AreSortedInMemoryWhereTheyFit) {
  AddAndFind(1, 1u << 30, size_t{1} << 20, /*expect_file=*/false);
  AddAndFind(2, 30, 4000, /*expect_file=*/false);  // few, however often they come
}

TEST(DistinctReals, AreMergedFromRunsWhereTheyDoNot) {
  AddAndFind(3, 1u << 30, 0, /*expect_file=*/true);
  AddAndFind(4, 5000, 8000, /*expect_file=*/true);
}

TEST(DistinctReals, MinusZeroIsZero) {
  const auto env = NewMemoryEnv();
  DistinctReals reals(env.get(), "column", 1000);
  for (const double real : {-0.0, 0.0, 1.0, -0.0}) ASSERT_TRUE(reals.Add(real).ok());
  ASSERT_TRUE(reals.Finish().ok());
  ASSERT_EQ(reals.size(), 2u);
  EXPECT_FALSE(std::signbit(reals.Get(0)));
}

}  // namespace
}  // namespace ibid
