#include "tests/oracle/naive_intervals.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <utility>

namespace ibid {
namespace {

bool Overlap(const Interval& a, const Interval& b) {
  return a.first <= b.last && b.first <= a.last;
}

struct NearChoice {
  const std::vector<IntervalList>& lists;
  bool ordered;
  GapBounds bounds;
  const IntervalFilter& accept;
  std::vector<Interval> chosen;
  IntervalList found;

  void Judge() {
    Interval whole = chosen[0];
    uint32_t widths = 0;
    for (const Interval& interval : chosen) {
      whole.first = std::min(whole.first, interval.first);
      whole.last = std::max(whole.last, interval.last);
      widths += interval.width();
    }
    whole.gap = whole.width() - widths;
    if (whole.gap < bounds.min_gap || whole.gap > bounds.max_gap) return;
    if (!accept || accept(whole)) found.push_back(whole);
  }

  void Choose() {
    if (chosen.size() == lists.size()) return Judge();
    for (const Interval& next : lists[chosen.size()]) {
      if (ordered && !chosen.empty() && next.first <= chosen.back().last) continue;
      if (std::any_of(chosen.begin(), chosen.end(),
                      [&next](const Interval& other) { return Overlap(next, other); })) {
        continue;
      }
      chosen.push_back(next);
      Choose();
      chosen.pop_back();
    }
  }
};

struct SloppyChoice {
  const std::vector<std::vector<Position>>& lists;
  const std::vector<uint32_t>& offsets;
  int64_t slop;
  const IntervalFilter& accept;
  std::vector<Position> chosen;
  IntervalList found;

  int64_t Range() const {
    int64_t least = INT64_MAX, most = INT64_MIN;
    for (size_t i = 0; i < chosen.size(); ++i) {
      const int64_t displacement = int64_t{chosen[i]} - int64_t{offsets[i]};
      least = std::min(least, displacement);
      most = std::max(most, displacement);
    }
    return most - least;
  }

  void Choose() {
    if (chosen.size() == lists.size()) {
      const auto [least, most] = std::minmax_element(chosen.begin(), chosen.end());
      const Interval whole{*least, *most, static_cast<uint32_t>(Range())};
      if (!accept || accept(whole)) found.push_back(whole);
      return;
    }
    for (const Position next : lists[chosen.size()]) {
      if (std::find(chosen.begin(), chosen.end(), next) != chosen.end()) continue;
      chosen.push_back(next);
      if (Range() <= slop) Choose();  // more words never make it smaller
      chosen.pop_back();
    }
  }
};

}  // namespace

IntervalList NaiveMinimal(const IntervalList& intervals) {
  std::map<std::pair<Position, Position>, uint32_t> distinct;
  for (const Interval& i : intervals) {
    const auto [it, fresh] = distinct.try_emplace({i.first, i.last}, i.gap);
    if (!fresh) it->second = std::min(it->second, i.gap);
  }
  IntervalList minimal;
  for (const auto& [a, gap] : distinct) {
    bool holds_another = false;
    for (const auto& [b, unused] : distinct) {
      holds_another = holds_another || (a != b && a.first <= b.first && b.second <= a.second);
    }
    if (!holds_another) minimal.push_back({a.first, a.second, gap});
  }
  return minimal;
}

IntervalList NaiveNear(const std::vector<IntervalList>& lists, bool ordered, GapBounds bounds,
                       const IntervalFilter& accept) {
  if (lists.empty()) return {};
  NearChoice choice{lists, ordered, bounds, accept, {}, {}};
  choice.Choose();
  return NaiveMinimal(choice.found);
}

IntervalList NaiveSloppy(const std::vector<std::vector<Position>>& lists,
                         const std::vector<uint32_t>& offsets, uint32_t slop,
                         const IntervalFilter& accept) {
  if (lists.empty()) return {};
  SloppyChoice choice{lists, offsets, slop, accept, {}, {}};
  choice.Choose();
  return NaiveMinimal(choice.found);
}

IntervalList NaivePhrase(const std::vector<std::vector<Position>>& lists,
                         const std::vector<uint32_t>& offsets) {
  IntervalList found;
  if (lists.empty()) return found;
  for (const Position first : lists[0]) {
    const int64_t start = int64_t{first} - offsets[0];
    bool all = true;
    for (size_t i = 0; i < lists.size(); ++i) {
      const int64_t wanted = start + offsets[i];
      all = all && std::any_of(lists[i].begin(), lists[i].end(),
                               [wanted](Position p) { return int64_t{p} == wanted; });
    }
    if (all) {
      found.push_back({first, first + (offsets.back() - offsets.front()), 0});
    }
  }
  return NaiveMinimal(found);
}

}  // namespace ibid
