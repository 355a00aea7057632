// The algebra of intervals against enumeration of all choices.
#include "searcher/match/intervals.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "tests/oracle/naive_intervals.h"

namespace ibid {

// Shown where an expectation fails.
void PrintTo(const Interval& interval, std::ostream* out) {
  *out << interval.first << "-" << interval.last << "(" << interval.gap << ")";
}

namespace {

constexpr uint32_t kSeed = 4711;

using PositionLists = std::vector<std::vector<Position>>;

uint32_t Below(std::mt19937* random, uint32_t bound) {
  return static_cast<uint32_t>((*random)() % bound);
}

std::vector<Position> RandomPositions(std::mt19937* random, uint32_t most, uint32_t end) {
  std::set<Position> positions;
  for (uint32_t i = 0, n = Below(random, most + 1); i < n; ++i)
    positions.insert(Below(random, end));
  return {positions.begin(), positions.end()};
}

// An operand's minimal intervals: words, or stretches of up to `max_width`.
IntervalList RandomOperand(std::mt19937* random, uint32_t max_width) {
  IntervalList intervals;
  for (uint32_t i = 0, n = Below(random, 6); i < n; ++i) {
    const Position first = Below(random, 20);
    intervals.push_back({first, first + Below(random, max_width), Below(random, 3)});
  }
  return NaiveMinimal(intervals);
}

std::vector<IntervalList> RandomOperands(std::mt19937* random) {
  const uint32_t max_width = Below(random, 2) == 0 ? 1 : 4;
  std::vector<IntervalList> lists;
  for (uint32_t i = 0, n = 1 + Below(random, 4); i < n; ++i) {
    const bool repeated = i > 0 && Below(random, 4) == 0;
    lists.push_back(repeated ? lists[Below(random, i)] : RandomOperand(random, max_width));
  }
  return lists;
}

GapBounds RandomBounds(std::mt19937* random) {
  GapBounds bounds;
  if (Below(random, 3) == 0) bounds.min_gap = Below(random, 4);
  if (Below(random, 4) != 0) bounds.max_gap = bounds.min_gap + Below(random, 6);
  return bounds;
}

std::string Describe(const std::vector<IntervalList>& lists, GapBounds bounds) {
  std::string text =
      "gap " + std::to_string(bounds.min_gap) + ".." + std::to_string(bounds.max_gap);
  for (const IntervalList& list : lists) text += "\n" + testing::PrintToString(list);
  return text;
}

TEST(Intervals, NearAndAdjAreAllChoicesOfDisjointOperandsWithinTheirGaps) {
  std::mt19937 random(kSeed);
  for (int round = 0; round < 40000; ++round) {
    const std::vector<IntervalList> lists = RandomOperands(&random);
    const GapBounds bounds = RandomBounds(&random);
    StepBudget budget;
    ASSERT_EQ(OrderedIntervals(lists, bounds, &budget), NaiveNear(lists, true, bounds))
        << "seed " << kSeed << " round " << round << " " << Describe(lists, bounds);
    ASSERT_EQ(UnorderedIntervals(lists, bounds, &budget), NaiveNear(lists, false, bounds))
        << "seed " << kSeed << " round " << round << " " << Describe(lists, bounds);
    ASSERT_FALSE(budget.exhausted());
  }
}

TEST(Intervals, TwoWordsApartAreMatchedByTheirNeighbours) {
  std::mt19937 random(kSeed);
  int apart = 0;
  for (int round = 0; round < 40000; ++round) {
    const PositionLists lists = {RandomPositions(&random, 8, 40), RandomPositions(&random, 8, 40)};
    std::vector<IntervalList> words(2);
    for (size_t i = 0; i < 2; ++i) {
      for (const Position p : lists[i]) words[i].push_back({p, p, 0});
    }
    const GapBounds bounds = {0, Below(&random, 12)};
    for (const bool ordered : {false, true}) {
      IntervalList found;
      if (!WordPairIntervals(lists[0], lists[1], ordered, bounds.max_gap, &found)) continue;
      ++apart;
      StepBudget budget;
      ASSERT_EQ(found, ordered ? OrderedIntervals(words, bounds, &budget)
                               : UnorderedIntervals(words, bounds, &budget))
          << "seed " << kSeed << " round " << round << " " << testing::PrintToString(lists);
    }
    const bool within = AnyWithin(lists[0], lists[1], bounds.max_gap);
    bool expected = false;
    for (const Position a : lists[0]) {
      for (const Position b : lists[1]) {
        expected = expected || (a > b ? a - b : b - a) <= bounds.max_gap;
      }
    }
    ASSERT_EQ(within, expected) << testing::PrintToString(lists);
  }
  EXPECT_GT(apart, 10000);
}

TEST(Intervals, SloppyPhrasesAreAllChoicesOfDistinctPlacesWithinTheirDisplacement) {
  std::mt19937 random(kSeed);
  for (int round = 0; round < 40000; ++round) {
    PositionLists lists;
    std::vector<uint32_t> offsets, groups;
    for (uint32_t i = 0, n = 1 + Below(&random, 4), at = Below(&random, 2); i < n; ++i) {
      const uint32_t same = i > 0 && Below(&random, 3) == 0 ? Below(&random, i) : i;
      groups.push_back(same == i ? i : groups[same]);
      lists.push_back(same == i ? RandomPositions(&random, 6, 15) : lists[same]);
      offsets.push_back(at);
      at += 1 + (Below(&random, 4) == 0 ? 1 : 0);
    }
    const uint32_t slop = Below(&random, 7);
    const std::vector<std::span<const Position>> spans(lists.begin(), lists.end());
    StepBudget budget;
    ASSERT_EQ(SloppyIntervals(spans, offsets, groups, slop, &budget),
              NaiveSloppy(lists, offsets, slop))
        << "seed " << kSeed << " round " << round << " slop " << slop << " offsets "
        << testing::PrintToString(offsets) << " " << testing::PrintToString(lists);
  }
}

// Phrases of so many words that these are not compared each with each. Now and then one of them is
// a wildcard, which shares places with others.
TEST(Intervals, SoAreThoseOfManyWords) {
  std::mt19937 random(kSeed);
  int found_any = 0;
  for (int round = 0; round < 400; ++round) {
    // A text of four letters, each of them about three times; the phrase is most of it.
    constexpr uint32_t kLetters = 4;
    std::vector<uint32_t> text;
    PositionLists places(kLetters + 1);  // the last one: that of the first two
    for (Position p = 0; p < 11; ++p) {
      text.push_back(Below(&random, kLetters));
      places[text[p]].push_back(p);
      if (text[p] < 2) places[kLetters].push_back(p);
    }
    PositionLists lists;
    std::vector<uint32_t> offsets, groups;
    for (uint32_t i = 0; i < 9; ++i) {
      groups.push_back(text[i < 7 ? i : i + 1]);
      if (round % 3 == 0 && i == 4 && groups[i] < 2) groups[i] = kLetters;
      lists.push_back(places[groups[i]]);
      offsets.push_back(i);
    }
    const uint32_t slop = Below(&random, 3);
    const std::vector<std::span<const Position>> spans(lists.begin(), lists.end());
    StepBudget budget;
    const IntervalList found = SloppyIntervals(spans, offsets, groups, slop, &budget);
    ASSERT_EQ(found, NaiveSloppy(lists, offsets, slop))
        << "seed " << kSeed << " round " << round << " slop " << slop << " "
        << testing::PrintToString(lists);
    found_any += found.empty() ? 0 : 1;
  }
  EXPECT_GT(found_any, 100);
}

TEST(Intervals, PhrasesHoldEachWordAtItsOffset) {
  std::mt19937 random(kSeed);
  for (int round = 0; round < 20000; ++round) {
    PositionLists lists;
    std::vector<uint32_t> offsets;
    for (uint32_t i = 0, n = 1 + Below(&random, 4), at = Below(&random, 3); i < n; ++i) {
      lists.push_back(RandomPositions(&random, 14, 16));
      offsets.push_back(at);
      at += 1 + (Below(&random, 4) == 0 ? 1 : 0);
    }
    std::vector<Position> starts = lists[0];
    for (size_t i = 1; i < lists.size(); ++i) {
      KeepFollowed(lists[i], offsets[i] - offsets[0], &starts);
    }
    IntervalList found;
    for (const Position start : starts) {
      found.push_back({start, start + (offsets.back() - offsets[0]), 0});
    }
    ASSERT_EQ(found, NaivePhrase(lists, offsets))
        << "seed " << kSeed << " round " << round << " " << testing::PrintToString(lists);
  }
}

TEST(Intervals, MinimalOnesHoldNoOther) {
  std::mt19937 random(kSeed);
  for (int round = 0; round < 20000; ++round) {
    IntervalList all;
    for (uint32_t i = 0, n = Below(&random, 12); i < n; ++i) {
      const Position first = Below(&random, 10);
      all.push_back({first, first + Below(&random, 6), Below(&random, 4)});
    }
    IntervalList kept = all;
    KeepMinimal(&kept);
    ASSERT_EQ(kept, NaiveMinimal(all)) << testing::PrintToString(all);
    for (Interval& interval : all) interval.gap = 0;
    const std::vector<IntervalList> two = {NaiveMinimal(all), RandomOperand(&random, 4)};
    IntervalList joined = two[0];
    joined.insert(joined.end(), two[1].begin(), two[1].end());
    for (Interval& interval : joined) interval.gap = 0;
    ASSERT_EQ(UnionIntervals(two), NaiveMinimal(joined));
  }
}

TEST(Intervals, RestrictionsKeepWhatLiesInsideOneRange) {
  std::mt19937 random(kSeed);
  for (int round = 0; round < 20000; ++round) {
    const IntervalList all = RandomOperand(&random, 4);
    std::vector<PositionRange> ranges;
    std::vector<Position> ends;
    for (Position at = Below(&random, 4); at < 20;) {
      const Position end = at + 1 + Below(&random, 6);
      ranges.push_back({at, end});
      at = end + Below(&random, 3);
    }
    for (Position end = 0; end < 20;) ends.push_back(end += 1 + Below(&random, 6));
    const auto inside = [&](Position begin, Position end, const Interval& i) {
      return begin <= i.first && i.last < end;
    };
    IntervalList kept = all, expected;
    KeepInside(ranges, &kept);
    for (const Interval& i : all) {
      if (std::any_of(ranges.begin(), ranges.end(),
                      [&](const PositionRange& r) { return inside(r.begin, r.end, i); })) {
        expected.push_back(i);
      }
    }
    ASSERT_EQ(kept, expected);
    kept = all;
    expected.clear();
    KeepInsideConsecutive(ends, &kept);
    for (const Interval& i : all) {
      Position begin = 0;
      bool found = false;
      for (const Position end : ends) {
        found = found || inside(begin, end, i);
        begin = end;
      }
      if (found) expected.push_back(i);
    }
    ASSERT_EQ(kept, expected);
  }
}

TEST(Intervals, NothingReachesFromTheTitleIntoTheText) {
  IntervalList intervals = {{0, 1, 0}, {1, 3, 0}, {3, 4, 0}};
  KeepInsideOneField(2, &intervals);  // title at 0 and 1, text from 3 on
  EXPECT_EQ(intervals, (IntervalList{{0, 1, 0}, {3, 4, 0}}));
  intervals = {{0, 5, 0}};
  KeepInsideOneField(0, &intervals);  // no title
  EXPECT_EQ(intervals.size(), 1u);
}

TEST(Intervals, TheGapOfEqualStretchesIsTheSmallest) {
  // "a x b" and "a b" of one span: the operand of width 2 leaves less between.
  const std::vector<IntervalList> lists = {
      {{0, 0, 0}, {5, 5, 0}}, {{1, 2, 0}, {4, 4, 0}}, {{5, 5, 0}}};
  StepBudget budget;
  const IntervalList found = UnorderedIntervals(lists, {}, &budget);
  EXPECT_EQ(found, NaiveNear(lists, false, {}));
}

TEST(Intervals, AnEvaluationThatIsGivenUpSaysSo) {
  std::vector<IntervalList> lists(8);
  for (Position p = 0; p < 200; ++p) {
    for (IntervalList& list : lists) list.push_back({p, p + 1, 0});
  }
  StepBudget budget{.steps = 10000};
  EXPECT_TRUE(UnorderedIntervals(lists, {.min_gap = 3}, &budget).empty());
  EXPECT_TRUE(budget.exhausted());
  budget = {.steps = 10};
  EXPECT_TRUE(OrderedIntervals(lists, {}, &budget).empty());
  EXPECT_TRUE(budget.exhausted());
}

TEST(Intervals, PhrasesAnywhereInALongDocumentTakeFewSteps) {
  // Four phrases of two words; the last of them stands only where the others begin.
  std::vector<IntervalList> lists(4);
  for (Position p = 0; p < 2000; ++p) {
    for (Position i = 0; i < 3; ++i) lists[i].push_back({p * 20 + i * 5, p * 20 + i * 5 + 1, 0});
  }
  lists[3] = {{17, 18, 0}};
  StepBudget budget{.steps = 1000000};
  const IntervalList near = UnorderedIntervals(lists, {}, &budget);
  EXPECT_FALSE(budget.exhausted());
  EXPECT_EQ(near, (IntervalList{{0, 18, 11}, {5, 21, 9}, {10, 26, 9}, {17, 31, 7}}));
  EXPECT_EQ(OrderedIntervals(lists, {}, &budget), (IntervalList{{0, 18, 11}}));
  EXPECT_FALSE(budget.exhausted());
}

TEST(Intervals, AWordRepeatedManyTimesInOneOperatorTakesFewSteps) {
  std::vector<IntervalList> lists(10);
  for (Position p = 0; p < 5000; ++p) {
    for (IntervalList& list : lists) list.push_back({p * 2, p * 2, 0});
  }
  StepBudget budget{.steps = 10000000};
  const IntervalList near = UnorderedIntervals(lists, {}, &budget);
  EXPECT_FALSE(budget.exhausted());
  ASSERT_EQ(near.size(), 4991u);
  EXPECT_EQ(near[0], (Interval{0, 18, 9}));
  EXPECT_EQ(OrderedIntervals(lists, {}, &budget), near);
  EXPECT_FALSE(budget.exhausted());
}

}  // namespace
}  // namespace ibid
