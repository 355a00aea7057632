#include "indexer/pair_choice.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "common/base/strings.h"

namespace ibid {
namespace {

std::vector<std::string> Terms(const std::vector<PairWord>& words) {
  std::vector<std::string> terms;
  for (const PairWord& word : words) terms.push_back(word.term);
  return terms;
}

TEST(PairCandidates, AreTheWordsOfMostDocumentsWithoutTheRare) {
  PairCandidates candidates;
  candidates.Add("a", 900, 2000);
  candidates.Add("of", 1000, 5000);
  candidates.Add("rebels", kMinPairDocFreq - 1, 900);
  candidates.Add("said", kMinPairDocFreq, 300);
  candidates.Add("the", 1000, 9000);
  EXPECT_EQ(Terms(candidates.Take(20000, 1 << 20)),
            (std::vector<std::string>{"of", "the", "a", "said"}));
}

TEST(PairCandidates, OfMoreWordsThanAreLookedAtTheRarestGoAndTiesGoTogether) {
  std::mt19937 random(5);
  PairCandidates candidates;
  std::vector<uint32_t> frequencies;
  for (uint32_t i = 0; i < 20 * kPairCandidates; ++i) {
    frequencies.push_back(kMinPairDocFreq + static_cast<uint32_t>(random() % 3000));
    candidates.Add(StrCat("w", i), frequencies.back(), 5000);
  }
  std::sort(frequencies.rbegin(), frequencies.rend());
  const uint32_t first_out = frequencies[kPairCandidates];
  size_t expected = 0;
  while (frequencies[expected] > first_out) ++expected;
  const std::vector<PairWord> words = candidates.Take(1 << 30, 1 << 30);
  EXPECT_EQ(words.size(), expected);
  EXPECT_GT(words.back().doc_freq, first_out);
}

TEST(PairCandidates, AreNoMoreThanTheRoomCanBear) {
  PairCandidates candidates;
  for (int i = 0; i < 100; ++i) candidates.Add(StrCat("w", 10 + i), 5000u - 10 * (i / 2), 10000);
  // 1.6 * 5e6 bytes * 1e6 tokens is the square of 2.8e6 tokens; 1.6 * 2e3 * 1e6 of 57,000.
  PairCandidates few = candidates;
  PairCandidates odd = candidates;
  EXPECT_EQ(candidates.Take(1000000, 5000000).size(), 100u);
  EXPECT_EQ(few.Take(1000000, 2000).size(), 6u);
  EXPECT_EQ(odd.Take(1000000, 1500).size(), 6u) << "the sixth is as frequent as the fifth";
}

// 1,000 documents of "a b a c", and one "b c".
PairCounts Example() {
  PairCounts counts({{"a", 1000}, {"b", 1000}, {"c", 1000}, {"d", 300}}, 1000);
  std::vector<WordPair> pairs;
  for (DocId doc = 0; doc < 1000; ++doc) {
    pairs.push_back({doc, 0, 1, 0});
    pairs.push_back({doc, 1, 0, 1});
    pairs.push_back({doc, 0, 2, 2});
  }
  pairs.push_back({999, 1, 2, 9});
  counts.Add(pairs);
  return counts;
}

TEST(PairCounts, WordsOfOneFrequencyAreChosenTogetherAndRarerOnesWhereThereIsRoom) {
  const PairCounts counts = Example();
  EXPECT_EQ(counts.Choose(1), PairCoverage());
  const PairCoverage all = counts.Choose(1 << 20);
  EXPECT_EQ(all.min_doc_freq, 300u);
  EXPECT_EQ(all.num_words, 4u);
  EXPECT_EQ(all.positions_min_doc_freq, 0u);
}

TEST(PairCoverage, CoversPairsWhoseRarerWordIsFrequentEnough) {
  const PairCoverage coverage = {
      .min_doc_freq = 300, .positions_min_doc_freq = 900, .num_words = 4};
  EXPECT_TRUE(coverage.Covers(300, 1000));
  EXPECT_FALSE(coverage.Covers(1000, 299));
  EXPECT_TRUE(coverage.HasPositions(900, 900));
  EXPECT_FALSE(coverage.HasPositions(899, 1000));
  EXPECT_FALSE(PairCoverage().Covers(1000, 1000));
  EXPECT_FALSE(PairCoverage().HasPositions(1000, 1000));
}

}  // namespace
}  // namespace ibid
