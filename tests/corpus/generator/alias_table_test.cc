#include "corpus/generator/alias_table.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace ibid::corpus {
namespace {

std::vector<uint32_t> CountDraws(const std::vector<uint64_t>& weights, uint32_t draws) {
  const AliasTable table(weights);
  Random random(17);
  std::vector<uint32_t> counts(weights.size());
  for (uint32_t i = 0; i < draws; ++i) ++counts[table.Draw(random)];
  return counts;
}

TEST(Random, GivesThePublishedNumbersOfItsAlgorithm) {
  // SplitMix64 of seed 0 begins with e220a8397b1dcdaf (its reference implementation).
  EXPECT_EQ(Mix(0x9e3779b97f4a7c15u), 0xe220a8397b1dcdafu);
  Random random(1);
  const uint64_t first = random.Next();
  EXPECT_EQ(first, Random(1).Next());
  EXPECT_NE(first, Random(2).Next());
}

TEST(Random, BelowStaysBelowItsBound) {
  Random random(3);
  for (uint32_t bound : {1u, 2u, 7u, 0xffffffffu}) {
    for (int i = 0; i < 100; ++i) EXPECT_LT(random.Below(bound), bound);
  }
}

TEST(AliasTable, DrawsEachIndexAsOftenAsItsWeightSays) {
  const std::vector<uint64_t> weights = {700, 200, 90, 10};
  const std::vector<uint32_t> counts = CountDraws(weights, 100000);
  for (size_t i = 0; i < weights.size(); ++i) {
    EXPECT_NEAR(counts[i], static_cast<double>(weights[i]) * 100, 600) << i;
  }
}

TEST(AliasTable, NeverDrawsAWeightOfZero) {
  const std::vector<uint32_t> counts = CountDraws({0, 5, 0, 1}, 10000);
  EXPECT_EQ(counts[0], 0u);
  EXPECT_EQ(counts[2], 0u);
  EXPECT_GT(counts[3], 0u);
}

TEST(AliasTable, DrawsTheOnlyIndexThereIs) {
  EXPECT_EQ(CountDraws({1}, 10), std::vector<uint32_t>{10});
}

TEST(AliasTable, KeepsProportionsOfTheGreatestWeights) {
  const std::vector<uint32_t> counts =
      CountDraws({kMaxAliasWeight / 2, kMaxAliasWeight / 2}, 20000);
  EXPECT_NEAR(counts[0], 10000, 300);
}

}  // namespace
}  // namespace ibid::corpus
