// The meaning of every positional operator by enumeration: each possible choice is looked at, then
// what the definition asks is checked. Slow, and obvious (docs/QUERY_SYNTAX.md, "Distance").
#ifndef IBID_TESTS_ORACLE_NAIVE_INTERVALS_H_
#define IBID_TESTS_ORACLE_NAIVE_INTERVALS_H_

#include <cstdint>
#include <functional>
#include <vector>

#include "ibid/types.h"
#include "searcher/match/intervals.h"

namespace ibid {

// Whether a candidate may stay: regions and fields.
using IntervalFilter = std::function<bool(const Interval&)>;

// The distinct intervals with their smallest gaps, without those that hold another of them.
IntervalList NaiveMinimal(const IntervalList& intervals);

// All choices of one interval from each list that are pairwise disjoint (`ordered`: each behind the
// one before) with gap = span - widths inside `bounds`, that `accept` (may be empty) takes.
IntervalList NaiveNear(const std::vector<IntervalList>& lists, bool ordered, GapBounds bounds,
                       const IntervalFilter& accept = {});

// All choices of distinct positions, one from each list, whose displacements (position - offset)
// differ by at most `slop`; gap is that difference.
IntervalList NaiveSloppy(const std::vector<std::vector<Position>>& lists,
                         const std::vector<uint32_t>& offsets, uint32_t slop,
                         const IntervalFilter& accept = {});

// Positions p with lists[i] holding p + offsets[i] for each i.
IntervalList NaivePhrase(const std::vector<std::vector<Position>>& lists,
                         const std::vector<uint32_t>& offsets);

}  // namespace ibid

#endif  // IBID_TESTS_ORACLE_NAIVE_INTERVALS_H_
