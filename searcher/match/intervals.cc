#include "searcher/match/intervals.h"

#include <algorithm>
#include <cstddef>

namespace ibid {

bool StepBudget::GetMore() {
  while (steps < 0 && more) {
    const int64_t given = more();
    if (given == 0) return false;
    steps += given;
  }
  return steps >= 0;
}

void KeepMinimal(IntervalList* intervals) {
  // By last, then the latest first in front: an interval is minimal if its first is behind the
  // firsts of all that end no later.
  std::sort(intervals->begin(), intervals->end(), [](const Interval& a, const Interval& b) {
    if (a.last != b.last) return a.last < b.last;
    if (a.first != b.first) return a.first > b.first;
    return a.gap < b.gap;
  });
  size_t kept = 0;
  for (const Interval& interval : *intervals) {
    if (kept > 0 && interval.first <= (*intervals)[kept - 1].first) continue;
    (*intervals)[kept++] = interval;
  }
  intervals->resize(kept);
}

IntervalList UnionIntervals(std::span<const IntervalList> lists, bool keep_gaps) {
  IntervalList all;
  for (const IntervalList& list : lists) all.insert(all.end(), list.begin(), list.end());
  if (!keep_gaps) {
    for (Interval& interval : all) interval.gap = 0;
  }
  KeepMinimal(&all);
  return all;
}

namespace {

bool AnyEmpty(std::span<const IntervalList> lists) {
  return lists.empty() || std::any_of(lists.begin(), lists.end(),
                                      [](const IntervalList& list) { return list.empty(); });
}

// a before b, `bounds` between them: for each a the nearest b that is far enough.
void AppendPairs(const IntervalList& a_list, const IntervalList& b_list, GapBounds bounds,
                 IntervalList* out) {
  size_t b = 0;
  for (const Interval& a : a_list) {
    const uint64_t earliest = uint64_t{a.last} + 1 + bounds.min_gap;
    while (b < b_list.size() && b_list[b].first < earliest) ++b;
    if (b == b_list.size()) return;
    const uint32_t gap = b_list[b].first - a.last - 1;
    if (gap <= bounds.max_gap) out->push_back({a.first, b_list[b].last, gap});
  }
}

// ---- Ordered, any number of operands -----------------------------------------------------------

// A chain of intervals that begins at a fixed place: where it ends and the widths in it.
struct Chain {
  Position last = 0;
  uint64_t widths = 0;

  auto operator<=>(const Chain&) const = default;
};

// Of chains sorted by last, those that no other beats in both ways. Only where more width is always
// better, which a least gap would forbid.
void DropBeatenChains(std::vector<Chain>* chains) {
  size_t kept = 0;
  for (const Chain& chain : *chains) {
    if (kept > 0 && chain.widths <= (*chains)[kept - 1].widths) continue;
    if (kept > 0 && chain.last == (*chains)[kept - 1].last) --kept;
    (*chains)[kept++] = chain;
  }
  chains->resize(kept);
}

// Extends each chain by each interval of `list` behind it, as far as `limit`. `first_is_best`: no
// interval is better than the first that all chains can take.
bool ExtendChains(const std::vector<Chain>& chains, const IntervalList& list, uint64_t limit,
                  bool drop_beaten, bool first_is_best, std::vector<Chain>* extended,
                  StepBudget* budget) {
  extended->clear();
  auto from = std::lower_bound(list.begin(), list.end(), uint64_t{chains.front().last} + 1,
                               [](const Interval& i, uint64_t first) { return i.first < first; });
  for (auto it = from; it != list.end() && it->last <= limit; ++it) {
    if (!budget->Spend(1)) return false;
    for (const Chain& chain : chains) {
      if (chain.last >= it->first) break;
      if (!budget->Spend(1)) return false;
      extended->push_back({it->last, chain.widths + it->width()});
    }
    if (first_is_best && chains.back().last < it->first) break;
  }
  std::sort(extended->begin(), extended->end(), [](const Chain& a, const Chain& b) {
    return a.last != b.last ? a.last < b.last : a.widths > b.widths;
  });
  extended->erase(std::unique(extended->begin(), extended->end()), extended->end());
  if (drop_beaten) DropBeatenChains(extended);
  return true;
}

uint64_t MaxWidth(const IntervalList& list) {
  uint64_t width = 0;
  for (const Interval& interval : list) width = std::max<uint64_t>(width, interval.width());
  return width;
}

bool AllOfOneWidth(const IntervalList& list) {
  return std::all_of(list.begin(), list.end(), [&list](const Interval& interval) {
    return interval.width() == list.front().width();
  });
}

// The last position that a match beginning at `first` can reach.
uint64_t ReachOf(Position first, uint64_t total_width, uint32_t max_gap) {
  return uint64_t{first} + total_width + max_gap;
}

}  // namespace

IntervalList OrderedIntervals(std::span<const IntervalList> lists, GapBounds bounds,
                              StepBudget* budget) {
  IntervalList out;
  if (AnyEmpty(lists)) return out;
  if (lists.size() == 1) {
    if (bounds.min_gap == 0) out = lists[0];
    for (Interval& interval : out) interval.gap = 0;
    return out;
  }
  if (lists.size() == 2) {
    budget->Spend(static_cast<int64_t>(lists[0].size() + lists[1].size()));
    AppendPairs(lists[0], lists[1], bounds, &out);
    KeepMinimal(&out);
    return out;
  }
  const bool drop_beaten = bounds.min_gap == 0;
  std::vector<bool> first_is_best;  // as of words and phrases
  uint64_t total_width = 0;
  for (const IntervalList& list : lists) {
    total_width += MaxWidth(list);
    first_is_best.push_back(drop_beaten && AllOfOneWidth(list));
  }
  std::vector<Chain> chains, extended;
  for (const Interval& start : lists[0]) {
    const uint64_t limit = ReachOf(start.first, total_width, bounds.max_gap);
    chains.assign(1, {start.last, start.width()});
    for (size_t i = 1; i < lists.size() && !chains.empty(); ++i) {
      if (!ExtendChains(chains, lists[i], limit, drop_beaten, first_is_best[i], &extended,
                        budget)) {
        return {};
      }
      chains.swap(extended);
    }
    for (const Chain& chain : chains) {
      const uint64_t gap = uint64_t{chain.last} - start.first + 1 - chain.widths;
      if (gap < bounds.min_gap || gap > bounds.max_gap) continue;
      out.push_back({start.first, chain.last, static_cast<uint32_t>(gap)});
      if (drop_beaten) break;  // later chains end later
    }
  }
  KeepMinimal(&out);
  return out;
}

// ---- Unordered ---------------------------------------------------------------------------------

namespace {

struct WordEvent {
  Position position = 0;
  uint32_t operand = 0;
};

std::vector<WordEvent> SortedEvents(std::span<const IntervalList> lists) {
  std::vector<WordEvent> events;
  for (uint32_t i = 0; i < lists.size(); ++i) {
    for (const Interval& interval : lists[i]) events.push_back({interval.first, i});
  }
  std::sort(events.begin(), events.end(), [](const WordEvent& a, const WordEvent& b) {
    return a.position != b.position ? a.position < b.position : a.operand < b.operand;
  });
  return events;
}

// Words none of which stand in two lists: the windows that end at each event.
void AppendWindows(const std::vector<WordEvent>& events, size_t num_lists, GapBounds bounds,
                   IntervalList* out) {
  std::vector<int64_t> latest(num_lists, -1);
  for (const WordEvent& event : events) {
    latest[event.operand] = event.position;
    const int64_t first = *std::min_element(latest.begin(), latest.end());
    if (first < 0) continue;
    const uint64_t gap = event.position - static_cast<uint64_t>(first) + 1 - num_lists;
    if (gap > bounds.max_gap) continue;
    out->push_back({static_cast<Position>(first), event.position, static_cast<uint32_t>(gap)});
  }
}

// Grows a matching of operands to positions (Hungarian method: one augmenting path a position).
class OperandMatching {
 public:
  explicit OperandMatching(size_t num_operands) : position_of_(num_operands, kFree) {}

  size_t size() const { return size_; }

  // `operands` are those that stand at the place numbered `place`.
  bool AddPlace(uint32_t place, std::span<const WordEvent> operands, StepBudget* budget) {
    places_.resize(std::max<size_t>(places_.size(), place + 1));
    places_[place] = operands;
    visited_.assign(position_of_.size(), false);
    if (Augment(place, budget)) ++size_;
    return !budget->exhausted();
  }

 private:
  static constexpr uint32_t kFree = UINT32_MAX;

  bool Augment(uint32_t place, StepBudget* budget) {
    for (const WordEvent& event : places_[place]) {
      if (!budget->Spend(1)) return false;
      const uint32_t operand = event.operand;
      if (visited_[operand]) continue;
      visited_[operand] = true;
      if (position_of_[operand] == kFree || Augment(position_of_[operand], budget)) {
        position_of_[operand] = place;
        return true;
      }
    }
    return false;  // depth is bounded by the number of operands: each call marks one
  }

  std::vector<uint32_t> position_of_;
  std::vector<std::span<const WordEvent>> places_;
  std::vector<bool> visited_;
  size_t size_ = 0;
};

// Words that may stand in several lists: from each place on, the nearest end where every operand
// has a place of its own.
void AppendMatchedWindows(const std::vector<WordEvent>& events, size_t num_lists, GapBounds bounds,
                          IntervalList* out, StepBudget* budget) {
  std::vector<std::span<const WordEvent>> places;
  for (size_t i = 0; i < events.size();) {
    size_t end = i + 1;
    while (end < events.size() && events[end].position == events[i].position) ++end;
    places.emplace_back(&events[i], end - i);
    i = end;
  }
  for (size_t begin = 0; begin < places.size(); ++begin) {
    const Position first = places[begin][0].position;
    OperandMatching matching(num_lists);
    for (size_t at = begin; at < places.size(); ++at) {
      const Position last = places[at][0].position;
      if (uint64_t{last} - first >= num_lists + uint64_t{bounds.max_gap}) break;
      if (!matching.AddPlace(static_cast<uint32_t>(at - begin), places[at], budget)) return;
      if (matching.size() < num_lists) continue;
      const uint64_t gap = uint64_t{last} - first + 1 - num_lists;
      out->push_back({first, last, static_cast<uint32_t>(gap)});
      break;
    }
  }
}

// Operands of any widths, and least gaps: tries the choices from each start, nearest ends first.
class UnorderedSearch {
 public:
  UnorderedSearch(std::span<const IntervalList> lists, GapBounds bounds, StepBudget* budget)
      : lists_(lists), bounds_(bounds), budget_(budget), used_(lists.size(), false) {
    for (const IntervalList& list : lists) total_width_ += MaxWidth(list);
  }

  void Run(IntervalList* out) {
    for (size_t i = 0; i < lists_.size(); ++i) {
      used_[i] = true;
      for (const Interval& start : lists_[i]) {
        first_ = start.first;
        limit_ = ReachOf(first_, total_width_, bounds_.max_gap);
        found_ = false;
        Extend(start.last, start.width(), 1);
        if (budget_->exhausted()) return;
        if (found_) out->push_back({first_, static_cast<Position>(limit_), best_gap_});
      }
      used_[i] = false;
    }
  }

 private:
  // Depth is the number of operands.
  void Extend(Position last, uint64_t widths, size_t chosen) {
    if (chosen == lists_.size()) {
      const uint64_t gap = uint64_t{last} - first_ + 1 - widths;
      if (gap < bounds_.min_gap || gap > bounds_.max_gap) return;
      if (found_ && last == limit_ && gap >= best_gap_) return;
      found_ = true;
      limit_ = last;
      best_gap_ = static_cast<uint32_t>(gap);
      return;
    }
    if (!CanHoldTheRest(last)) return;
    for (size_t i = 0; i < lists_.size(); ++i) {
      if (used_[i]) continue;
      used_[i] = true;
      for (auto it = Behind(lists_[i], last); it != lists_[i].end() && it->last <= limit_; ++it) {
        if (!budget_->Spend(1)) break;
        Extend(it->last, widths + it->width(), chosen + 1);
      }
      used_[i] = false;
      if (budget_->exhausted()) return;
    }
  }

  // Whether each operand that is left has an interval behind `last` that ends in time.
  bool CanHoldTheRest(Position last) const {
    for (size_t i = 0; i < lists_.size(); ++i) {
      if (used_[i]) continue;
      const auto it = Behind(lists_[i], last);
      if (it == lists_[i].end() || it->last > limit_) return false;
    }
    return true;
  }

  static IntervalList::const_iterator Behind(const IntervalList& list, Position last) {
    return std::upper_bound(list.begin(), list.end(), last,
                            [](Position p, const Interval& t) { return p < t.first; });
  }

  std::span<const IntervalList> lists_;
  GapBounds bounds_;
  StepBudget* budget_;
  std::vector<bool> used_;
  uint64_t total_width_ = 0;
  Position first_ = 0;
  uint64_t limit_ = 0;
  bool found_ = false;
  uint32_t best_gap_ = 0;
};

bool AllWords(std::span<const IntervalList> lists) {
  for (const IntervalList& list : lists) {
    for (const Interval& interval : list) {
      if (interval.first != interval.last) return false;
    }
  }
  return true;
}

}  // namespace

IntervalList UnorderedIntervals(std::span<const IntervalList> lists, GapBounds bounds,
                                StepBudget* budget) {
  IntervalList out;
  if (AnyEmpty(lists)) return out;
  if (lists.size() == 1) return OrderedIntervals(lists, bounds, budget);
  if (lists.size() == 2) {
    budget->Spend(static_cast<int64_t>(lists[0].size() + lists[1].size()));
    AppendPairs(lists[0], lists[1], bounds, &out);
    AppendPairs(lists[1], lists[0], bounds, &out);
  } else if (bounds.min_gap == 0 && AllWords(lists)) {
    const std::vector<WordEvent> events = SortedEvents(lists);
    if (!budget->Spend(static_cast<int64_t>(events.size() * lists.size()))) return {};
    const bool shared = std::adjacent_find(events.begin(), events.end(),
                                           [](const WordEvent& a, const WordEvent& b) {
                                             return a.position == b.position;
                                           }) != events.end();
    if (shared) {
      AppendMatchedWindows(events, lists.size(), bounds, &out, budget);
    } else {
      AppendWindows(events, lists.size(), bounds, &out);
    }
  } else {
    UnorderedSearch(lists, bounds, budget).Run(&out);
  }
  if (budget->exhausted()) return {};
  KeepMinimal(&out);
  return out;
}

// ---- Regions -----------------------------------------------------------------------------------

void KeepInside(std::span<const PositionRange> ranges, IntervalList* intervals) {
  size_t range = 0;
  size_t kept = 0;
  for (const Interval& interval : *intervals) {
    while (range < ranges.size() && ranges[range].end <= interval.first) ++range;
    if (range == ranges.size()) break;
    if (ranges[range].begin <= interval.first && interval.last < ranges[range].end) {
      (*intervals)[kept++] = interval;
    }
  }
  intervals->resize(kept);
}

void KeepInsideConsecutive(std::span<const Position> ends, IntervalList* intervals) {
  size_t range = 0;
  size_t kept = 0;
  for (const Interval& interval : *intervals) {
    while (range < ends.size() && ends[range] <= interval.first) ++range;
    if (range == ends.size()) break;
    if (interval.last < ends[range]) (*intervals)[kept++] = interval;
  }
  intervals->resize(kept);
}

void KeepInsideOneField(uint32_t title_tokens, IntervalList* intervals) {
  std::erase_if(*intervals, [title_tokens](const Interval& interval) {
    return interval.first < title_tokens && interval.last >= title_tokens;
  });
}

}  // namespace ibid
