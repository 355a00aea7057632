// No operator matches more often than its bound says, whatever the places of its words.
#include "searcher/topk/freq_bound.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include "searcher/match/intervals.h"
#include "searcher/rank/bm25.h"

namespace ibid {
namespace {

using Kind = FreqBound::Kind;

FreqBound Of(Kind kind, uint32_t num_lists) {
  std::vector<FreqBound> parts;
  for (uint32_t i = 0; i < num_lists; ++i) parts.push_back(FreqBound::OfList(i));
  return {kind, std::move(parts)};
}

// Of one document with these frequencies.
float At(const FreqBound& bound, const std::vector<uint32_t>& freqs) {
  std::vector<const uint32_t*> lists;
  for (const uint32_t& freq : freqs) lists.push_back(&freq);
  float value = 0;
  bound.AtFreqs(lists, 1, &value);
  return value;
}

class RandomPlaces : public testing::Test {
 protected:
  // Disjoint words in a short text.
  std::vector<std::vector<Position>> Words(size_t num_words) {
    std::vector<std::vector<Position>> words(num_words);
    const size_t length = 1 + random_() % 30;
    for (Position p = 0; p < length; ++p) {
      const size_t word = random_() % (num_words + 1);
      if (word < num_words) words[word].push_back(p);
    }
    return words;
  }

  static std::vector<IntervalList> Intervals(const std::vector<std::vector<Position>>& words) {
    std::vector<IntervalList> lists;
    for (const auto& word : words) {
      lists.emplace_back();
      for (const Position p : word) lists.back().push_back({p, p, 0});
    }
    return lists;
  }

  static std::vector<uint32_t> Freqs(const std::vector<std::vector<Position>>& words) {
    std::vector<uint32_t> freqs;
    for (const auto& word : words) freqs.push_back(static_cast<uint32_t>(word.size()));
    return freqs;
  }

  static bool AnyMissing(const std::vector<uint32_t>& freqs) {
    return std::find(freqs.begin(), freqs.end(), 0) != freqs.end();
  }

  std::mt19937_64 random_{20261121};
};

TEST_F(RandomPlaces, TwoWordsMatchNoMoreOftenThanTheirBound) {
  int reached = 0;
  for (int round = 0; round < 20000; ++round) {
    const auto words = Words(2);
    const std::vector<uint32_t> freqs = Freqs(words);
    if (AnyMissing(freqs)) continue;
    StepBudget budget;
    const IntervalList any_order = UnorderedIntervals(Intervals(words), {}, &budget);
    const IntervalList in_order = OrderedIntervals(Intervals(words), {}, &budget);
    const float bound = At(Of(Kind::kPair, 2), freqs);
    ASSERT_LE(any_order.size(), bound);
    ASSERT_LE(in_order.size(), At(Of(Kind::kEnds, 2), freqs));
    reached += any_order.size() == bound ? 1 : 0;
  }
  EXPECT_GT(reached, 100) << "the bound is reached, so it can be too low";
}

TEST_F(RandomPlaces, ThreeWordsInAnyOrderMatchNoMoreOftenThanTheirBound) {
  for (int round = 0; round < 20000; ++round) {
    const auto words = Words(3);
    const std::vector<uint32_t> freqs = Freqs(words);
    if (AnyMissing(freqs)) continue;
    StepBudget budget;
    const IntervalList found = UnorderedIntervals(Intervals(words), {}, &budget);
    ASSERT_LE(found.size(), At(Of(Kind::kWindows, 3), freqs));
  }
}

TEST_F(RandomPlaces, MatchesBesideNeighboursCountAHalfAtMost) {
  int reached = 0;
  for (int round = 0; round < 20000; ++round) {
    const auto words = Words(2);
    std::vector<uint32_t> freqs = Freqs(words);
    if (AnyMissing(freqs)) continue;
    uint32_t ab = 0, ba = 0;
    for (const Position p : words[0]) {
      ab += static_cast<uint32_t>(std::count(words[1].begin(), words[1].end(), p + 1));
      ba += p > 0 ? static_cast<uint32_t>(std::count(words[1].begin(), words[1].end(), p - 1)) : 0;
    }
    StepBudget budget;
    std::vector<uint32_t> gaps;
    for (const Interval& i : UnorderedIntervals(Intervals(words), {}, &budget)) {
      gaps.push_back(i.gap);
    }
    const FreqBound bound(Kind::kNeighbours,
                          {Of(Kind::kPair, 2), FreqBound::OfList(2), FreqBound::OfList(3)});
    freqs.push_back(ab);
    freqs.push_back(ba);
    const float value = At(bound, freqs);
    ASSERT_LE(SumKernels(gaps), value);
    reached += SumKernels(gaps) == value ? 1 : 0;
    // Where neighbours are not known, all may be.
    const std::vector<const uint32_t*> lists = {&freqs[0], &freqs[1], nullptr, nullptr};
    float unknown = 0;
    bound.AtFreqs(lists, 1, &unknown);
    ASSERT_EQ(unknown, At(Of(Kind::kPair, 2), freqs));
  }
  EXPECT_GT(reached, 100);
}

TEST(FreqBound, OfOddsIsThatOfFrequenciesButForWholeNumbers) {
  const std::vector<float> odds = {3, 5, 1};
  EXPECT_EQ(Of(Kind::kLeast, 3).AtOdds(odds), 1);
  EXPECT_EQ(Of(Kind::kEnds, 3).AtOdds(odds), 1);
  EXPECT_EQ(Of(Kind::kSum, 3).AtOdds(odds), 9);
  EXPECT_EQ(Of(Kind::kWindows, 3).AtOdds(odds), 9);
  EXPECT_EQ(Of(Kind::kPair, 2).AtOdds(odds), 6);
  const FreqBound near(Kind::kNeighbours, {Of(Kind::kPair, 2), FreqBound::OfList(2)});
  EXPECT_EQ(near.AtOdds(odds), 3.5f);
}

TEST(FreqBound, KnowsWhichListsBoundByThemselves) {
  EXPECT_TRUE(FreqBound::OfList(1).IsBoundedBy(1));
  EXPECT_FALSE(FreqBound::OfList(1).IsBoundedBy(0));
  EXPECT_TRUE(Of(Kind::kPair, 2).IsBoundedBy(1));
  EXPECT_FALSE(Of(Kind::kPair, 2).IsAtMost(1)) << "twice as many may be";
  EXPECT_TRUE(Of(Kind::kLeast, 3).IsAtMost(2));
  EXPECT_FALSE(Of(Kind::kWindows, 3).IsBoundedBy(2));
  EXPECT_TRUE(Of(Kind::kEnds, 3).IsBoundedBy(2));
  EXPECT_FALSE(Of(Kind::kEnds, 3).IsBoundedBy(1));
  EXPECT_FALSE(FreqBound().IsBoundedBy(0));
  const uint32_t freq = 7;
  const std::vector<const uint32_t*> lists = {&freq, nullptr};
  float bound = 0;
  Of(Kind::kPair, 2).AtFreqs(lists, 1, &bound);
  EXPECT_EQ(bound, 14);
  FreqBound().AtFreqs(lists, 1, &bound);
  EXPECT_EQ(bound, FreqBound::kUnboundedFreq);
}

}  // namespace
}  // namespace ibid
