#include "indexer/merge_policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace ibid {
namespace {

using ::testing::ElementsAre;

constexpr uint64_t kMegabyte = uint64_t{1} << 20;

TEST(PlanMerges, LeavesFewSegmentsAlone) {
  const std::vector<uint64_t> sizes(kSegmentsPerTier - 1, 1000);
  const auto plan = PlanMerges(sizes);
  ASSERT_EQ(plan.size(), sizes.size());
  for (size_t i = 0; i < plan.size(); ++i) EXPECT_THAT(plan[i], ElementsAre(i));
}

TEST(PlanMerges, MergesAFullTierAndKeepsOtherSegmentsInPlace) {
  std::vector<uint64_t> sizes = {5 * kMegabyte, 1, 2, 3, 100 * kMegabyte, 4, 5, 6, 7, 8};
  const auto plan = PlanMerges(sizes);
  ASSERT_EQ(plan.size(), 3u);
  EXPECT_THAT(plan[0], ElementsAre(0));
  EXPECT_THAT(plan[1], ElementsAre(1, 2, 3, 5, 6, 7, 8, 9));
  EXPECT_THAT(plan[2], ElementsAre(4));
}

TEST(PlanMerges, GoesOnWhereAMergeFillsTheNextTier) {
  std::vector<uint64_t> sizes(7, 4 * kMegabyte);
  sizes.insert(sizes.end(), 8, kMegabyte - 1);
  EXPECT_EQ(PlanMerges(sizes).size(), 1u);
}

TEST(PlanMerges, KeepsTheNumberOfSegmentsSmallOverManyCommits) {
  std::vector<uint64_t> sizes;
  uint64_t written = 0;
  for (int commit = 0; commit < 5000; ++commit) {
    sizes.push_back(50000);
    std::vector<uint64_t> next;
    for (const auto& group : PlanMerges(sizes)) {
      uint64_t sum = 0;
      for (const size_t member : group) sum += sizes[member];
      if (group.size() > 1) written += sum;
      next.push_back(sum);
    }
    sizes = next;
    ASSERT_LE(sizes.size(), 7u * 4u);
  }
  // 250 MB in all; each byte is merged at most once a tier, and in the first a few times.
  EXPECT_LE(written, uint64_t{5000} * 50000 * 6);
}

TEST(PlanMerges, OfNothingIsNothing) { EXPECT_TRUE(PlanMerges({}).empty()); }

TEST(WorthRewriting, BeginsAboveThirtyPercent) {
  EXPECT_FALSE(WorthRewriting(30, 100));
  EXPECT_TRUE(WorthRewriting(31, 100));
  EXPECT_FALSE(WorthRewriting(0, 1));
}

}  // namespace
}  // namespace ibid
