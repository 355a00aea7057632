#include "searcher/rank/bm25.h"

#include <gtest/gtest.h>

#include <cfloat>
#include <cmath>
#include <cstdint>

namespace ibid {
namespace {

TEST(Idf, IsTheFormulaForAnyDocumentFrequency) {
  for (const uint64_t n : {1u, 2u, 10u, 64000u, 1000000000u}) {
    for (uint64_t df = 0; df <= n; df = df * 3 + 1) {
      const double nn = static_cast<double>(n), d = static_cast<double>(df);
      const double expected = std::log(1.0 + (nn - d + 0.5) / (d + 0.5));
      EXPECT_NEAR(Idf(n, df), expected, expected * 4 * DBL_EPSILON) << n << " " << df;
      EXPECT_GT(Idf(n, df), 0.0);
    }
  }
}

TEST(Idf, RarerWordsWeighMore) {
  for (uint64_t df = 1; df < 1000; ++df) EXPECT_GT(Idf(1000, df), Idf(1000, df + 1));
}

TEST(Bm25, IsWeightTimesFreqOverFreqPlusLengthNorm) {
  const LengthTable table = MakeLengthTable({.k1 = 1.2f, .b = 0.75f}, 10.0);
  const float k = table[LengthToNorm(20)];
  EXPECT_FLOAT_EQ(k, 1.2f * (0.25f + 0.75f * 2.0f));
  EXPECT_FLOAT_EQ(Bm25(3.0f, 2.0f, k), 3.0f * 2.0f / (2.0f + k));
  EXPECT_EQ(Bm25(3.0f, 0.0f, k), 0.0f);
}

TEST(Bm25, WithoutK1EveryOccurrenceIsWorthTheWeight) {
  const LengthTable table = MakeLengthTable({.k1 = 0.0f, .b = 0.75f}, 10.0);
  EXPECT_EQ(Bm25(2.5f, 7.0f, table[LengthToNorm(20)]), 2.5f);
}

TEST(ProximityKernel, FallsWithTheGapAndAddsUp) {
  EXPECT_EQ(ProximityKernel(0), 1.0f);
  EXPECT_EQ(ProximityKernel(1), 0.5f);
  EXPECT_EQ(ProximityKernel(3), 0.25f);
  const uint32_t gaps[] = {0, 1, 3};
  EXPECT_EQ(SumKernels(gaps), 1.75f);
  EXPECT_EQ(SumKernels({}), 0.0f);
}

TEST(ClauseWeight, IsNothingWhereSinglePrecisionWouldLoseItsDigits) {
  EXPECT_EQ(ClauseWeight(1.0, 1e-31), 0.0f);
  EXPECT_EQ(ClauseWeight(4.0, 1e-40), 0.0f);
  EXPECT_GT(ClauseWeight(4.0, 1e-30), 0.0f);
}

TEST(ClauseWeight, MultipliesBeforeItRounds) {
  EXPECT_EQ(ClauseWeight(1.0 / 3.0, 3.0), static_cast<float>(1.0 / 3.0 * 3.0));
}

}  // namespace
}  // namespace ibid
