#include "indexer/posting_union.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <vector>

namespace ibid {
namespace {

TEST(PostingUnion, AddsUpTheFrequenciesOfADocument) {
  PostingUnion sum;
  sum.Add({{1, 2}, {3, 1}});
  sum.Add({{0, 1}, {3, 4}});
  EXPECT_EQ(sum.Take(), (std::vector<DocFreq>{{0, 1}, {1, 2}, {3, 5}}));
  EXPECT_TRUE(sum.Take().empty());
}

TEST(PostingUnion, AgreesWithAMapForAnyNumberOfLists) {
  const uint32_t seed = 99;
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  for (size_t num_lists = 0; num_lists < 40; ++num_lists) {
    PostingUnion sum;
    std::map<DocId, uint32_t> expected;
    for (size_t i = 0; i < num_lists; ++i) {
      std::vector<DocFreq> list;
      for (DocId doc = random() % 5; doc < 100; doc += 1 + random() % 20) {
        list.push_back({.doc = doc, .freq = 1 + static_cast<uint32_t>(random() % 3)});
        expected[doc] += list.back().freq;
      }
      sum.Add(list);
    }
    std::map<DocId, uint32_t> found;
    DocId last = 0;
    for (const DocFreq& posting : sum.Take()) {
      EXPECT_TRUE(found.empty() || posting.doc > last);
      last = posting.doc;
      found[posting.doc] = posting.freq;
    }
    EXPECT_EQ(found, expected);
  }
}

}  // namespace
}  // namespace ibid
