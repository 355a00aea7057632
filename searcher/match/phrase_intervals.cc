// Phrases, exact and sloppy: operators over words at fixed offsets.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <queue>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "searcher/match/intervals.h"

namespace ibid {

using PositionList = std::span<const Position>;

void KeepFollowed(PositionList positions, uint32_t offset, std::vector<Position>* starts) {
  size_t kept = 0, next = 0;
  for (const Position start : *starts) {
    const Position wanted = start + offset;
    while (next < positions.size() && positions[next] < wanted) ++next;
    if (next == positions.size()) break;
    (*starts)[kept] = start;
    kept += positions[next] == wanted ? 1 : 0;
  }
  starts->resize(kept);
}

// Between two places of the same word lies no match that holds neither's neighbour, and any match
// holds two neighbours that are one of each: so the neighbours are the minimal ones. A merge whose
// steps hold no choice: which list is next cannot be foreseen, and a wrong guess costs the
// processor more than all else here.
bool WordPairIntervals(PositionList a, PositionList b, bool ordered, uint32_t max_gap,
                       IntervalList* out) {
  out->clear();
  const size_t fewer = std::min(a.size(), b.size()), more = std::max(a.size(), b.size());
  if (fewer == 0) return true;
  constexpr size_t kFew = 4;
  if ((more <= kFew || fewer * kLopsidedPair < more) &&
      !AnyWithin(a.size() < b.size() ? a : b, a.size() < b.size() ? b : a, uint64_t{max_gap} + 1)) {
    return true;
  }
  // Each step writes one, kept or not.
  out->resize(std::min(2 * fewer, fewer + more - 1) + 1);
  Interval* next = out->data();
  // By where the place before comes from (0: a, 1: b, 2: there is none), twice, plus where this one
  // does: whether they are a match if they are near.
  const uint32_t is_pair = ordered ? 0b000010 : 0b000110;
  Position before = 0;
  uint32_t from = 2;
  const auto take = [&](Position place, uint32_t list) {
    const uint32_t gap = place - before - 1;
    *next = {before, place, gap};
    next += (is_pair >> (2 * from + list)) & static_cast<uint32_t>(gap <= max_gap);
    before = place;
    from = list;
  };
  size_t i = 0, j = 0;
  bool shared = false;
  while (i < a.size() && j < b.size()) {
    const uint64_t x = a[i], y = b[j];
    shared |= x == y;
    const uint64_t list = (y - x) >> 63;  // 1 where y < x; written as a comparison it is a jump
    take(static_cast<Position>(std::min(x, y)), static_cast<uint32_t>(list));
    i += 1 - list;
    j += list;
  }
  if (i < a.size()) take(a[i], 0);
  if (j < b.size()) take(b[j], 1);
  out->resize(shared ? 0 : static_cast<size_t>(next - out->data()));
  return !shared;
}

bool AnyWithin(PositionList a, PositionList b, uint64_t distance) {
  size_t j = 0;
  for (const uint64_t x : a) {
    while (j < b.size() && b[j] + distance < x) ++j;
    if (j == b.size()) return false;
    if (b[j] <= x + distance) return true;
  }
  return false;
}

namespace {

// Sloppy phrases. A place is displaced by x = position - offset; a match's displacement is the
// range of its words' x. Words that are the same (`group`) may be taken in order: exchanging two of
// them that are out of order never widens the range. Words that are not the same but can stand in
// one place (wildcards) have no such order and are tried in every combination.
class SloppyMatcher {
 public:
  SloppyMatcher(std::span<const PositionList> lists, std::span<const uint32_t> offsets,
                std::span<const uint32_t> groups, uint32_t slop, StepBudget* budget)
      : lists_(lists), offsets_(offsets), slop_(slop), budget_(budget) {
    previous_.assign(lists.size(), kNone);
    if (lists.size() > kFewWords) {
      LookForGroupsOfMany(groups);
      return;
    }
    for (size_t i = 0; i < lists.size(); ++i) {
      for (size_t j = 0; j < i; ++j) {
        if (groups[i] == groups[j])
          previous_[i] = j;
        else if (Share(lists[i], lists[j]))
          exclusive_ = false;
      }
    }
  }

  IntervalList Run() {
    IntervalList out;
    std::vector<Position> starts;
    std::vector<int64_t> displacements;
    for (size_t i = 0; i < lists_.size(); ++i) {
      for (const Position p : lists_[i]) {
        starts.push_back(p);
        displacements.push_back(int64_t{p} - offsets_[i]);
      }
    }
    SortUnique(&starts);
    SortUnique(&displacements);
    chosen_.resize(lists_.size());
    for (const Position first : starts) {
      if (budget_->exhausted()) return {};
      FromStart(first, displacements, &out);
    }
    KeepMinimal(&out);
    return out;
  }

 private:
  static constexpr size_t kNone = SIZE_MAX;
  static constexpr size_t kFewWords = 8;  // up to here each is compared with each

  // previous_ and exclusive_, by one merge of all places.
  void LookForGroupsOfMany(std::span<const uint32_t> groups) {
    std::unordered_map<uint32_t, size_t> last_of_group;
    using Place = std::pair<Position, size_t>;  // and which list it is of
    std::priority_queue<Place, std::vector<Place>, std::greater<>> next;
    std::vector<size_t> taken(lists_.size());
    for (size_t i = 0; i < lists_.size(); ++i) {
      const auto [it, is_first] = last_of_group.try_emplace(groups[i], i);
      if (is_first && !lists_[i].empty()) next.push({lists_[i][0], i});
      if (!is_first) previous_[i] = std::exchange(it->second, i);
    }
    for (Position before = kNoMorePositions; exclusive_ && !next.empty();) {
      const auto [position, list] = next.top();
      next.pop();
      exclusive_ = position != before;
      before = position;
      if (++taken[list] < lists_[list].size()) next.push({lists_[list][taken[list]], list});
    }
  }

  template <typename T>
  static void SortUnique(std::vector<T>* values) {
    std::sort(values->begin(), values->end());
    values->erase(std::unique(values->begin(), values->end()), values->end());
  }

  static bool Share(PositionList a, PositionList b) {
    for (size_t i = 0, j = 0; i < a.size() && j < b.size();) {
      if (a[i] == b[j]) return true;
      if (a[i] < b[j])
        ++i;
      else
        ++j;
    }
    return false;
  }

  // The matches that begin at `first` or later: the nearest end, and the least displacement that
  // reaches it.
  void FromStart(Position first, const std::vector<int64_t>& displacements, IntervalList* out) {
    best_last_ = kNoMorePositions;
    best_displacement_ = UINT32_MAX;
    best_first_ = 0;
    // The word at `first` has an x in [lowest, lowest + slop] for some lowest of the match.
    const int64_t from = int64_t{first} - offsets_.back() - slop_;
    const int64_t to = int64_t{first} - offsets_.front();
    auto it = std::lower_bound(displacements.begin(), displacements.end(), from);
    for (; it != displacements.end() && *it <= to; ++it) {
      if (exclusive_) {
        if (!Greedy(first, *it)) return;
      } else {
        lowest_ = *it;
        first_ = first;
        if (!Try(0, 0, kNoMorePositions, 0)) return;
      }
    }
    if (best_last_ != kNoMorePositions)
      out->push_back({best_first_, best_last_, best_displacement_});
  }

  // Takes the smallest place for each word with x >= lowest: no other choice ends sooner, nor has a
  // smaller range from `lowest` on.
  bool Greedy(Position first, int64_t lowest) {
    Position last = 0;
    Position smallest = kNoMorePositions;
    int64_t highest = lowest;
    for (size_t i = 0; i < lists_.size(); ++i) {
      if (!budget_->Spend(1)) return false;
      int64_t least = std::max(int64_t{first}, lowest + offsets_[i]);
      if (previous_[i] != kNone) least = std::max(least, int64_t{chosen_[previous_[i]]} + 1);
      auto it = std::lower_bound(lists_[i].begin(), lists_[i].end(), least,
                                 [](Position p, int64_t wanted) { return int64_t{p} < wanted; });
      if (it == lists_[i].end()) return true;
      chosen_[i] = *it;
      highest = std::max(highest, int64_t{*it} - offsets_[i]);
      if (highest - lowest > slop_) return true;
      last = std::max(last, *it);
      smallest = std::min(smallest, *it);
    }
    Offer(smallest, last, static_cast<uint32_t>(highest - lowest));
    return true;
  }

  // Every choice of different places with x in [lowest_, lowest_ + slop_]. Depth: number of words.
  bool Try(size_t word, Position last, Position smallest, int64_t highest_above) {
    if (word == lists_.size()) {
      Offer(smallest, last, static_cast<uint32_t>(highest_above));
      return true;
    }
    const int64_t least = std::max(int64_t{first_}, lowest_ + offsets_[word]);
    auto it = std::lower_bound(lists_[word].begin(), lists_[word].end(), least,
                               [](Position p, int64_t wanted) { return int64_t{p} < wanted; });
    for (; it != lists_[word].end(); ++it) {
      if (!budget_->Spend(1)) return false;
      const int64_t above = int64_t{*it} - offsets_[word] - lowest_;
      if (above > slop_ || *it > best_last_) break;
      if (std::find(chosen_.begin(), chosen_.begin() + static_cast<ptrdiff_t>(word), *it) !=
          chosen_.begin() + static_cast<ptrdiff_t>(word)) {
        continue;
      }
      chosen_[word] = *it;
      if (!Try(word + 1, std::max(last, *it), std::min(smallest, *it),
               std::max(highest_above, above))) {
        return false;
      }
    }
    return true;
  }

  void Offer(Position first, Position last, uint32_t displacement) {
    const bool better = last != best_last_     ? last < best_last_
                        : first != best_first_ ? first > best_first_
                                               : displacement < best_displacement_;
    if (!better) return;
    best_first_ = first;
    best_last_ = last;
    best_displacement_ = displacement;
  }

  std::span<const PositionList> lists_;
  std::span<const uint32_t> offsets_;
  int64_t slop_;
  StepBudget* budget_;
  std::vector<size_t> previous_;  // the word before this one in its group
  bool exclusive_ = true;         // words of different groups never stand in one place
  std::vector<Position> chosen_;
  Position best_first_ = 0, best_last_ = kNoMorePositions;
  uint32_t best_displacement_ = 0;
  Position first_ = 0;
  int64_t lowest_ = 0;
};

}  // namespace

IntervalList SloppyIntervals(std::span<const PositionList> lists, std::span<const uint32_t> offsets,
                             std::span<const uint32_t> groups, uint32_t slop, StepBudget* budget) {
  for (const PositionList& list : lists) {
    if (list.empty()) return {};
  }
  if (lists.empty()) return {};
  IntervalList out = SloppyMatcher(lists, offsets, groups, slop, budget).Run();
  if (budget->exhausted()) out.clear();
  return out;
}

}  // namespace ibid
