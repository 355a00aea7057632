#include "searcher/match/dense_lists.h"

#include <cstdint>

#include "gtest/gtest.h"

namespace ibid {
namespace {

TEST(DenseListsTest, TheFrequentWordsOfASegmentOfAnySizeFitTogether) {
  for (const uint32_t docs : {1000u, 1'000'000u, 10'000'000u, 100'000'000u}) {
    DenseList list(docs);
    list.Finish();
    EXPECT_GE(MaxDenseBytes(docs) / list.bytes(), 127u) << docs;
  }
}

TEST(DenseListsTest, ADocumentsPlaceIsTheNumberOfThoseBeforeIt) {
  constexpr uint32_t kNumDocs = 3000;
  for (const uint32_t every : {1u, 3u, 64u, 257u}) {
    DenseList list(kNumDocs);
    for (DocId doc = every - 1; doc < kNumDocs; doc += every) list.Add(doc);
    list.Finish();
    for (DocId doc = 0; doc < kNumDocs; ++doc) {
      ASSERT_EQ(list.Holds(doc), doc % every == every - 1) << every << ' ' << doc;
      ASSERT_TRUE(!list.Holds(doc) || list.PlaceOf(doc) == doc / every) << every << ' ' << doc;
    }
  }
}

TEST(DenseListsTest, MemoryIsBoundedByTheDocuments) {
  EXPECT_EQ(MaxDenseBytes(1000), size_t{32} << 20);
  EXPECT_EQ(MaxDenseBytes(10'000'000), 240'000'000u);
}

}  // namespace
}  // namespace ibid
