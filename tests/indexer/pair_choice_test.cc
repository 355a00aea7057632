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
  candidates.Add("a", 900);
  candidates.Add("of", 1000);
  candidates.Add("rebels", kMinPairDocFreq - 1);
  candidates.Add("said", kMinPairDocFreq);
  candidates.Add("the", 1000);
  EXPECT_EQ(Terms(candidates.Take()), (std::vector<std::string>{"of", "the", "a", "said"}));
}

TEST(PairCandidates, OfMoreWordsThanAreLookedAtTheRarestGoAndTiesGoTogether) {
  std::mt19937 random(5);
  PairCandidates candidates;
  std::vector<uint32_t> frequencies;
  for (uint32_t i = 0; i < 20 * kPairCandidates; ++i) {
    frequencies.push_back(kMinPairDocFreq + static_cast<uint32_t>(random() % 3000));
    candidates.Add(StrCat("w", i), frequencies.back());
  }
  std::sort(frequencies.rbegin(), frequencies.rend());
  const uint32_t first_out = frequencies[kPairCandidates];
  size_t expected = 0;
  while (frequencies[expected] > first_out) ++expected;
  const std::vector<PairWord> words = candidates.Take();
  EXPECT_EQ(words.size(), expected);
  EXPECT_GT(words.back().doc_freq, first_out);
}

// 1,000 documents of "a b a c", and one "b c".
PairCounts Example() {
  PairCounts counts({{"a", 1000}, {"b", 1000}, {"c", 1000}, {"d", 300}}, 1000, 4002);
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
  EXPECT_EQ(counts.Choose(1, 0), PairCoverage());
  const PairCoverage all = counts.Choose(1 << 20, 0);
  EXPECT_EQ(all.min_doc_freq, 300u);
  EXPECT_EQ(all.num_words, 4u);
  EXPECT_EQ(all.positions_min_doc_freq, 0u);
}

TEST(PairCounts, PositionsAreForTheMostFrequentAndTakeRoom) {
  const PairCounts counts = Example();
  const PairCoverage with_positions = counts.Choose(1 << 20, 3);
  EXPECT_EQ(with_positions.positions_min_doc_freq, 1000u);
  EXPECT_EQ(with_positions.min_doc_freq, 300u);
  EXPECT_EQ(counts.Choose(1 << 20, 2).positions_min_doc_freq, 0u) << "a, b, c go together";
  uint64_t without = 1, with = 1;
  while (counts.Choose(without, 0).num_words == 0) ++without;
  while (counts.Choose(with, 3).num_words == 0) ++with;
  EXPECT_GT(with, without + 500);
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
