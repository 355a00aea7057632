// The algebra of matches inside one document: lists of intervals in, lists of intervals out.
//
// An operator's occurrences are its minimal intervals: those that hold no other match of the
// operator (Clarke, Cormack and Burkowski, "An Algebra for Structured Text Search and a Framework
// for its Implementation", The Computer Journal 38(1), 1995). So every list here is an antichain:
// both ends strictly increase. Pure functions of positions; nothing here knows of an index.
#ifndef IBID_SEARCHER_MATCH_INTERVALS_H_
#define IBID_SEARCHER_MATCH_INTERVALS_H_

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "common/format/regions.h"
#include "ibid/types.h"

namespace ibid {

// Positions first to last, both inside. `gap` is what the operator that made it found between its
// operands: the words that belong to none of them, or a phrase's displacement; the smallest, where
// the same stretch matches in several ways. 0 for a word.
struct Interval {
  Position first = 0;
  Position last = 0;
  uint32_t gap = 0;

  uint32_t width() const { return last - first + 1; }
  bool operator==(const Interval&) const = default;
};

using IntervalList = std::vector<Interval>;

// What may lie between operands: gap from min_gap to max_gap.
struct GapBounds {
  uint32_t min_gap = 0;
  uint32_t max_gap = UINT32_MAX;
};

// Steps an evaluation may still take; what goes below zero has given up, its result is not to be
// used. Of one operator in one document.
struct StepBudget {
  int64_t steps = INT64_MAX;
  // Asked for more where they are spent: how many, 0 where the evaluation is to end. May be empty.
  std::function<int64_t()> more;

  bool Spend(int64_t n) { return (steps -= n) >= 0 || GetMore(); }
  bool exhausted() const { return steps < 0; }
  bool GetMore();
};

// Sorts, and keeps the intervals that hold no other; of equal ones the smallest gap.
void KeepMinimal(IntervalList* intervals);

// Any of the lists: the minimal intervals of their union, with gaps 0 or with their own.
IntervalList UnionIntervals(std::span<const IntervalList> lists, bool keep_gaps = false);

// One interval from each list, pairwise disjoint, in the lists' order.
IntervalList OrderedIntervals(std::span<const IntervalList> lists, GapBounds bounds,
                              StepBudget* budget);

// The same in any order.
IntervalList UnorderedIntervals(std::span<const IntervalList> lists, GapBounds bounds,
                                StepBudget* budget);

// Exact phrases: keeps the starts that have one of `positions` at `offset` behind them. Both
// increase.
void KeepFollowed(std::span<const Position> positions, uint32_t offset,
                  std::vector<Position>* starts);

// UnorderedIntervals or (`ordered`) OrderedIntervals of two words that never stand in one place,
// gap from 0 to max_gap: neighbours in the merged order of both. False, and nothing done, where
// they do share a place. A document with kLopsidedPair times as many of one word as of the other is
// looked through from the few first.
inline constexpr size_t kLopsidedPair = 8;
bool WordPairIntervals(std::span<const Position> a, std::span<const Position> b, bool ordered,
                       uint32_t max_gap, IntervalList* out);

// Whether some position of `a` is at most `distance` away from one of `b`. Both increase.
bool AnyWithin(std::span<const Position> a, std::span<const Position> b, uint64_t distance);

// "..."~slop: one position from each list, all different, such that the displacements
// (position - offset) lie within `slop` of one another; gap is the smallest such range
// (Lucene's sloppy phrase: PhraseQuery.getSlop). lists with equal `group` are the same word.
IntervalList SloppyIntervals(std::span<const std::span<const Position>> lists,
                             std::span<const uint32_t> offsets, std::span<const uint32_t> groups,
                             uint32_t slop, StepBudget* budget);

// Keeps the intervals that lie inside one of `ranges` (in order, disjoint).
void KeepInside(std::span<const PositionRange> ranges, IntervalList* intervals);
// The same with consecutive ranges given by their ends (sentences, paragraphs).
void KeepInsideConsecutive(std::span<const Position> ends, IntervalList* intervals);
// Keeps the intervals that do not reach from the title into the text.
void KeepInsideOneField(uint32_t title_tokens, IntervalList* intervals);

}  // namespace ibid

#endif  // IBID_SEARCHER_MATCH_INTERVALS_H_
