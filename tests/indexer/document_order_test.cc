#include "indexer/document_order.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <set>
#include <vector>

namespace ibid {
namespace {

ForwardIndex MakeIndex(const std::vector<std::vector<uint16_t>>& documents, uint32_t num_terms) {
  ForwardIndex index;
  index.num_terms = num_terms;
  index.begins.push_back(0);
  for (const std::vector<uint16_t>& terms : documents) {
    index.terms.insert(index.terms.end(), terms.begin(), terms.end());
    index.begins.push_back(static_cast<uint32_t>(index.terms.size()));
  }
  return index;
}

// Each document has some of the ten terms of one of `num_topics` topics, and one of any.
std::vector<std::vector<uint16_t>> TopicalDocuments(uint32_t seed, size_t count,
                                                    uint32_t num_topics) {
  std::mt19937 random(seed);
  std::vector<std::vector<uint16_t>> documents;
  for (size_t i = 0; i < count; ++i) {
    const auto topic = static_cast<uint32_t>(random() % num_topics);
    std::set<uint16_t> terms;
    for (int n = 0; n < 5; ++n) terms.insert(static_cast<uint16_t>(topic * 10 + random() % 10));
    terms.insert(static_cast<uint16_t>(random() % (num_topics * 10)));
    documents.emplace_back(terms.begin(), terms.end());
  }
  return documents;
}

std::vector<DocId> Order(const ForwardIndex& index, const OrderOptions& options) {
  const auto order = OrderDocuments(index, options);
  EXPECT_TRUE(order.ok()) << order.status();
  return order.ok() ? *order : std::vector<DocId>();
}

// Bits of all gaps between the documents of each term: the sum of their logarithms.
double GapBits(const std::vector<std::vector<uint16_t>>& documents, uint32_t num_terms,
               const std::vector<DocId>& order) {
  std::vector<double> last(num_terms, -1);
  double bits = 0;
  for (size_t place = 0; place < order.size(); ++place) {
    for (const uint16_t term : documents[order[place]]) {
      bits += std::log2(1 + static_cast<double>(place) - last[term]);
      last[term] = static_cast<double>(place);
    }
  }
  return bits;
}

void ExpectPermutation(std::vector<DocId> order, size_t size) {
  std::vector<DocId> all(size);
  std::iota(all.begin(), all.end(), DocId{0});
  std::sort(order.begin(), order.end());
  EXPECT_EQ(order, all);
}

TEST(DocumentOrder, IsAPermutationOfAnyNumberOfDocuments) {
  for (const size_t size : {0u, 1u, 2u, 3u, 7u, 64u, 65u, 127u, 1000u, 5001u}) {
    const auto documents = TopicalDocuments(static_cast<uint32_t>(size), size, 20);
    const ForwardIndex index = MakeIndex(documents, 200);
    for (const uint32_t leaf : {1u, 2u, 16u, 512u}) {
      ExpectPermutation(Order(index, {.leaf_docs = leaf}), size);
    }
  }
}

TEST(DocumentOrder, BringsDocumentsOfOneTopicTogether) {
  const uint32_t seed = 4;
  SCOPED_TRACE(seed);
  const auto documents = TopicalDocuments(seed, 6000, 50);
  std::vector<DocId> as_given(documents.size());
  std::iota(as_given.begin(), as_given.end(), DocId{0});
  const std::vector<DocId> order = Order(MakeIndex(documents, 500), {.leaf_docs = 16});
  EXPECT_LT(GapBits(documents, 500, order), 0.65 * GapBits(documents, 500, as_given));
}

TEST(DocumentOrder, DoesNotDependOnTheNumberOfThreads) {
  const auto documents = TopicalDocuments(9, 40000, 300);
  const ForwardIndex index = MakeIndex(documents, 3000);
  const std::vector<DocId> one = Order(index, {.threads = 1});
  EXPECT_EQ(Order(index, {.threads = 2}), one);
  EXPECT_EQ(Order(index, {.threads = 5}), one);
  ExpectPermutation(one, documents.size());
}

TEST(DocumentOrder, KeepsDocumentsThatNothingTellsApart) {
  const std::vector<std::vector<uint16_t>> documents(3000);
  const std::vector<DocId> order = Order(MakeIndex(documents, 2), {});
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
  ExpectPermutation(order, documents.size());
}

TEST(DocumentOrder, ReportsProgressUpToTheEnd) {
  std::vector<double> shares;
  const auto order =
      OrderDocuments(MakeIndex(TopicalDocuments(2, 5000, 30), 300), {.leaf_docs = 64},
                     [&](double share) { shares.push_back(share); });
  ASSERT_TRUE(order.ok());
  ASSERT_GT(shares.size(), 10u);
  EXPECT_TRUE(std::is_sorted(shares.begin(), shares.end()));
  EXPECT_GT(shares.front(), 0);
  EXPECT_GT(shares.back(), 0.85);
  EXPECT_LE(shares.back(), 1);
}

TEST(DocumentOrder, CostsOfOneMoreDocumentAreThoseOfTheFormula) {
  for (const uint32_t n : {0u, 1u, 2u, 5u, 100u, 4095u, 4096u, 4097u, 100000u, 2000000000u}) {
    const auto docs = static_cast<long double>(n);
    const long double exact =
        std::log2(docs + 2) + docs * std::log1p(1 / (docs + 1)) / std::log(2.0L);
    EXPECT_NEAR(static_cast<double>(GapCostStep(n)) / 512, static_cast<double>(exact), 0.01) << n;
  }
}

TEST(TermBand, TakesTheMostFrequentTermsThatTheBudgetBears) {
  std::vector<uint32_t> counts(101);
  counts[100] = 3;  // 300 postings
  counts[50] = 4;   // 200
  counts[20] = 10;  // 200
  counts[15] = 10;  // too rare
  const TermBand all = ChooseBand(counts, 2000, 1000);
  EXPECT_EQ(all.num_terms, 17u);
  EXPECT_EQ(all.num_postings, 700u);
  EXPECT_EQ(all.min_docs, 16u);
  const TermBand some = ChooseBand(counts, 2000, 699);
  EXPECT_EQ(some.num_terms, 7u);
  EXPECT_EQ(some.num_postings, 500u);
  EXPECT_EQ(some.min_docs, 21u);
  EXPECT_EQ(ChooseBand(counts, 2000, 299).num_terms, 0u);
  EXPECT_EQ(ChooseBand(counts, 30000, 1000).min_docs, 50u);  // one document of 600
}

TEST(TermBand, NumbersTermsWithSixteenBits) {
  std::vector<uint32_t> counts(101);
  counts[100] = 60000;
  counts[99] = 5535;
  counts[98] = 1;
  EXPECT_EQ(ChooseBand(counts, 2000, UINT64_MAX).num_terms, 65535u);
}

}  // namespace
}  // namespace ibid
