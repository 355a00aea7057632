#include "searcher/match/dense_lists.h"

#include <cstdint>

#include "gtest/gtest.h"

namespace ibid {
namespace {

TEST(DenseListsTest, TheFrequentWordsOfASegmentOfAnySizeFitTogether) {
  for (const uint32_t docs : {1000u, 1'000'000u, 10'000'000u, 100'000'000u}) {
    const size_t list = DenseList(docs).words().size() * sizeof(uint64_t);
    EXPECT_GE(MaxDenseBytes(docs) / list, 127u) << docs;
  }
}

TEST(DenseListsTest, MemoryIsBoundedByTheDocuments) {
  EXPECT_EQ(MaxDenseBytes(1000), size_t{32} << 20);
  EXPECT_EQ(MaxDenseBytes(10'000'000), 160'000'000u);
}

}  // namespace
}  // namespace ibid
