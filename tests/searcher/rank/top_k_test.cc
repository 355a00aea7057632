#include "searcher/rank/top_k.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "ibid/index_reader.h"
#include "searcher/match/snapshot.h"
#include "tests/oracle/test_index.h"

namespace ibid {
namespace {

class TopKTest : public testing::Test {
 protected:
  // Documents whose keys are in another order than their numbers.
  void SetUp() override {
    std::vector<Document> documents;
    for (int i = 0; i < 50; ++i) {
      documents.push_back({.key = "key" + std::to_string(i * 37 % 50), .text = "x"});
    }
    reader_ = IndexOf(documents, &index_);
    ASSERT_EQ(reader_->impl().segments.size(), 1u);
  }

  const KeysReader& keys() const { return reader_->impl().segments[0].reader->keys(); }

  std::vector<DocId> Best(size_t k, const std::vector<RankedDoc>& offered) {
    TopK top(k, &keys());
    for (const RankedDoc& doc : offered) top.Offer(doc);
    std::vector<DocId> docs;
    for (const RankedDoc& doc : top.Take()) docs.push_back(doc.doc);
    EXPECT_TRUE(top.status().ok());
    return docs;
  }

  TestIndex index_;
  std::shared_ptr<const IndexReader> reader_;
};

TEST_F(TopKTest, KeepsTheBestInAnyOrderOfOfferingAndBreaksTiesByKey) {
  const uint32_t seed = 5;
  std::mt19937 random(seed);
  for (int round = 0; round < 200; ++round) {
    std::vector<RankedDoc> offered;
    for (DocId doc = 0; doc < 50; ++doc) {
      const auto value = static_cast<float>(random() % 5);
      offered.push_back({value, value, doc});
    }
    std::vector<RankedDoc> sorted = offered;
    std::sort(sorted.begin(), sorted.end(), [&](const RankedDoc& a, const RankedDoc& b) {
      if (a.sort_value != b.sort_value) return a.sort_value > b.sort_value;
      return *keys().Key(a.doc) < *keys().Key(b.doc);
    });
    std::shuffle(offered.begin(), offered.end(), random);
    const size_t k = random() % 60;
    std::vector<DocId> expected;
    for (size_t i = 0; i < std::min(k, sorted.size()); ++i) expected.push_back(sorted[i].doc);
    ASSERT_EQ(Best(k, offered), expected) << "seed " << seed << " round " << round;
  }
}

TEST_F(TopKTest, NoneAreKeptOfNone) {
  EXPECT_TRUE(Best(0, {{1.0, 1.0f, 3}}).empty());
  EXPECT_TRUE(Best(5, {}).empty());
}

TEST_F(TopKTest, TakingEmptiesIt) {
  TopK top(2, &keys());
  top.Offer({1.0, 1.0f, 3});
  EXPECT_EQ(top.Take().size(), 1u);
  EXPECT_TRUE(top.Take().empty());
}

}  // namespace
}  // namespace ibid
