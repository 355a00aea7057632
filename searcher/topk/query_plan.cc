#include "searcher/topk/query_plan.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <utility>
#include <vector>

#include "searcher/topk/phrase_pairs.h"

namespace ibid {

class PlanMaker {
 public:
  PlanMaker(const SegmentReader& segment, size_t index) : reader_(segment), segment_(index) {}

  absl::StatusOr<std::optional<QueryPlan>> Make(const BoundNode& root) {
    std::optional<QueryPlan> plan = MakeFrom(root);
    if (!status_.ok()) return status_;
    return plan;
  }

 private:
  using Kind = BoundNode::Kind;

  std::optional<QueryPlan> MakeFrom(const BoundNode& root) {
    if (!Add(root)) return std::nullopt;
    if (plan_.matches_nothing) return std::move(plan_);
    const bool union_of_words = plan_.required.empty();
    for (const PlanClause& clause : plan_.clauses) {
      if (!std::isfinite(clause.node->weight) || clause.node->weight < 0) return std::nullopt;
      if (union_of_words && !(clause.is_term && clause.optional)) return std::nullopt;
    }
    // Only clauses decide which documents a union has.
    if (union_of_words && (plan_.clauses.empty() || optional_beside_)) return std::nullopt;
    std::sort(plan_.required.begin(), plan_.required.end(), [this](uint32_t a, uint32_t b) {
      const uint32_t df_a = plan_.lists[a]->doc_freq, df_b = plan_.lists[b]->doc_freq;
      return df_a != df_b ? df_a < df_b : a < b;
    });
    return std::move(plan_);
  }

  static bool IsFilter(const BoundNode& node) { return node.kind == Kind::kRange; }

  // Takes `node` as what the query as a whole must match.
  bool Add(const BoundNode& node) {
    switch (node.kind) {
      case Kind::kTerm:
      case Kind::kIntervals:
        return AddLeaf(node, false);
      case Kind::kNone:
        return plan_.matches_nothing = true;
      case Kind::kAnd:
        return std::all_of(node.children.begin(), node.children.end(),
                           [this](const auto& child) { return AddLeaf(*child, false); });
      case Kind::kOr:
        return node.min_should_match <= 1 && AddOptional(node);
      case Kind::kClauses:
        return AddClauses(node);
      case Kind::kFilter:
        return AddHeaded(node, [this](const BoundNode& n) { plan_.filters.push_back(&n); });
      case Kind::kAndNot:
        return AddHeaded(node, [this](const BoundNode& n) { plan_.excluded.push_back(&n); });
      case Kind::kMaybe:
        optional_beside_ = true;
        return Add(*node.children[0]) &&
               std::all_of(node.children.begin() + 1, node.children.end(),
                           [this](const auto& child) { return AddLeaf(*child, true); });
      default:
        return false;
    }
  }

  template <typename AddTail>
  bool AddHeaded(const BoundNode& node, const AddTail& add_tail) {
    for (size_t i = 1; i < node.children.size(); ++i) add_tail(*node.children[i]);
    return Add(*node.children[0]);
  }

  bool AddOptional(const BoundNode& node) {
    return std::all_of(node.children.begin(), node.children.end(),
                       [this](const auto& child) { return AddLeaf(*child, true); });
  }

  bool AddClauses(const BoundNode& node) {
    if (node.min_should_match > 1) return false;
    const bool any_must = std::count(node.occurs.begin(), node.occurs.end(), Occur::kMust) > 0;
    if (any_must && node.min_should_match > 0) return false;
    const bool any_should = std::count(node.occurs.begin(), node.occurs.end(), Occur::kShould) > 0;
    optional_beside_ = optional_beside_ || (any_must && any_should);
    // Scores add up in the order: required, then optional.
    for (const Occur occur : {Occur::kMust, Occur::kShould, Occur::kMustNot}) {
      for (size_t i = 0; i < node.children.size(); ++i) {
        if (node.occurs[i] != occur) continue;
        const BoundNode& child = *node.children[i];
        if (occur == Occur::kMustNot) {
          plan_.excluded.push_back(&child);
        } else if (!AddLeaf(child, occur == Occur::kShould)) {
          return false;
        }
      }
    }
    return true;
  }

  bool AddLeaf(const BoundNode& node, bool optional) {
    if (node.kind == Kind::kNone) return optional || (plan_.matches_nothing = true);
    if (IsFilter(node)) {
      if (optional) return false;
      plan_.filters.push_back(&node);
      return true;
    }
    if (node.kind == Kind::kTerm) return AddWord(node, optional);
    return node.kind == Kind::kIntervals && !node.score_children && AddIntervals(node, optional);
  }

  bool AddWord(const BoundNode& node, bool optional) {
    const std::vector<TermInfo>& lists = node.term->segments[segment_].scoring;
    if (lists.empty()) {
      if (!optional) plan_.matches_nothing = true;
      return true;
    }
    if (lists.size() > 1) return false;
    PlanClause clause;
    clause.node = &node;
    clause.optional = optional;
    clause.is_term = true;
    clause.list = NumberOf(lists[0]);
    clause.freq = FreqBound::OfList(clause.list);
    if (!optional) Require(clause.list);
    plan_.clauses.push_back(std::move(clause));
    return true;
  }

  bool AddIntervals(const BoundNode& original, bool optional) {
    const BoundNode& node = optional ? original : WithPairs(original);
    if (node.kind != Kind::kIntervals) return AddLeaf(node, optional);
    PlanClause clause;
    clause.node = &node;
    clause.optional = optional;
    bool possible = true;
    const size_t required_before = plan_.required.size();
    clause.freq = BoundOf(*node.intervals, optional, &possible);
    if (possible && !optional && node.use_kernel) AddNeighbours(*node.intervals, &clause.freq);
    if (!possible) {
      if (!optional) plan_.matches_nothing = true;
      return true;
    }
    // Without a list of its own a required operator cannot lead, nor be led by its words.
    if (!optional && plan_.required.size() == required_before && plan_.required.empty()) {
      return false;
    }
    if (!optional) plan_.needs_positions = true;
    plan_.clauses.push_back(std::move(clause));
    return true;
  }

  // The phrase in terms of pair lists, where the segment has any for it.
  const BoundNode& WithPairs(const BoundNode& node) {
    if (!status_.ok() || node.intervals->kind != IntervalNode::Kind::kPhrase) return node;
    absl::StatusOr<std::unique_ptr<BoundNode>> rewritten =
        RewriteWithPairs(node, reader_, segment_);
    if (!rewritten.ok()) status_ = rewritten.status();
    if (!rewritten.ok() || *rewritten == nullptr) return node;
    plan_.rewritten.push_back(*std::move(rewritten));
    return *plan_.rewritten.back();
  }

  // Two words whose neighbourhoods the segment lists: how often they stand side by side.
  void AddNeighbours(const IntervalNode& node, FreqBound* bound) {
    using IntervalKind = IntervalNode::Kind;
    const bool any_order = node.kind == IntervalKind::kUnordered;
    const bool in_order = node.kind == IntervalKind::kOrdered || node.kind == IntervalKind::kSloppy;
    if (!status_.ok() || !(any_order || in_order) || node.children.size() != 2) return;
    const TermInfo* words[2];
    for (size_t i = 0; i < 2; ++i) {
      const IntervalNode& child = *node.children[i];
      if (child.kind != IntervalKind::kTerm || child.term->form.empty()) return;
      const std::vector<TermInfo>& lists = child.term->segments[segment_].scoring;
      if (lists.size() != 1) return;
      words[i] = &lists[0];
    }
    if (*words[0] == *words[1] || !reader_.pair_coverage().Covers(*words[0], *words[1])) return;
    std::vector<FreqBound> parts = {*bound};
    for (size_t i = 0; i < (any_order ? 2 : 1); ++i) {
      absl::StatusOr<std::optional<TermInfo>> pair =
          reader_.FindPair(node.children[i]->term->form, node.children[1 - i]->term->form);
      if (!pair.ok()) status_ = pair.status();
      if (!pair.ok() || !pair->has_value()) continue;
      plan_.pairs.push_back(std::make_unique<TermInfo>(**pair));
      const uint32_t list = NumberOf(*plan_.pairs.back());
      plan_.neighbours.push_back(list);
      parts.push_back(FreqBound::OfList(list));
    }
    *bound = FreqBound(FreqBound::Kind::kNeighbours, std::move(parts));
  }

  // Numbers the lists below `node`, requires those that every match of it is in, and sets
  // `possible` to false where it cannot match in this segment.
  FreqBound BoundOf(const IntervalNode& node, bool optional, bool* possible) {
    using IntervalKind = IntervalNode::Kind;
    if (node.kind == IntervalKind::kTerm) {
      const std::vector<TermInfo>& lists = node.term->segments[segment_].scoring;
      if (lists.empty()) *possible = false;
      if (lists.size() != 1) return FreqBound();
      const FreqBound bound = FreqBound::OfList(NumberOf(lists[0]));
      if (!optional) Require(bound.list());
      return bound;
    }
    const bool is_union = node.kind == IntervalKind::kUnion;
    bool any_possible = false;
    std::vector<FreqBound> parts;
    for (const auto& child : node.children) {
      if (child->kind == IntervalKind::kAnyWord) continue;
      bool child_possible = true;
      FreqBound part = BoundOf(*child, optional || is_union, &child_possible);
      any_possible = any_possible || child_possible;
      if (!child_possible && !is_union) *possible = false;
      if (child_possible) parts.push_back(std::move(part));
    }
    for (const auto& companion : node.companions) {
      parts.push_back(FreqBound::OfList(NumberOf(companion->segments[segment_].scoring[0])));
      if (!optional) Require(parts.back().list());
    }
    if (!any_possible) *possible = false;
    const FreqBound::Kind kind = KindOf(node, parts.size());
    return {kind, std::move(parts)};
  }

  static FreqBound::Kind KindOf(const IntervalNode& node, size_t num_parts) {
    using IntervalKind = IntervalNode::Kind;
    if (num_parts == 0) return FreqBound::Kind::kUnknown;
    switch (node.kind) {
      case IntervalKind::kPhrase:
        return FreqBound::Kind::kLeast;
      case IntervalKind::kOrdered:
        return FreqBound::Kind::kEnds;
      case IntervalKind::kUnordered:
      case IntervalKind::kSloppy:
        return num_parts == 2 ? FreqBound::Kind::kPair : FreqBound::Kind::kWindows;
      default:
        return FreqBound::Kind::kSum;
    }
  }

  uint32_t NumberOf(const TermInfo& info) {
    // The first few are looked through, all others are hashed: a query may have 100,000 words.
    const size_t few = std::min(plan_.lists.size(), kFewLists);
    for (uint32_t i = 0; i < few; ++i) {
      if (*plan_.lists[i] == info) return i;
    }
    const auto number = static_cast<uint32_t>(plan_.lists.size());
    if (number >= kFewLists) {
      const auto [from, to] = further_lists_.equal_range(PlaceOf(info));
      for (auto it = from; it != to; ++it) {
        if (*plan_.lists[it->second] == info) return it->second;
      }
      further_lists_.emplace(PlaceOf(info), number);
    }
    plan_.lists.push_back(&info);
    return number;
  }

  // Different for nearly all terms of a segment.
  static uint64_t PlaceOf(const TermInfo& info) {
    return info.postings_offset ^ (uint64_t{info.inline_doc} << 32 | info.inline_position);
  }

  bool IsRequired(uint32_t list) const {
    const std::vector<uint32_t>& required = plan_.required;
    if (required.size() > kFewLists) return list < is_required_.size() && is_required_[list];
    return std::find(required.begin(), required.end(), list) != required.end();
  }

  void Require(uint32_t list) {
    if (IsRequired(list)) return;
    std::vector<uint32_t>& required = plan_.required;
    required.push_back(list);
    if (required.size() <= kFewLists) return;
    is_required_.resize(plan_.lists.size());
    is_required_[list] = true;
    if (required.size() > kFewLists + 1) return;
    for (const uint32_t earlier : required) is_required_[earlier] = true;
  }

  static constexpr size_t kFewLists = 32;

  const SegmentReader& reader_;
  size_t segment_;
  absl::Status status_;
  QueryPlan plan_;
  std::unordered_multimap<uint64_t, uint32_t>
      further_lists_;              // PlaceOf -> number, from kFewLists on
  std::vector<bool> is_required_;  // by number, from kFewLists on
  bool optional_beside_ = false;   // clauses that score without deciding
};

absl::StatusOr<std::optional<QueryPlan>> MakeQueryPlan(const BoundNode& root,
                                                       const SegmentReader& segment,
                                                       size_t segment_index) {
  return PlanMaker(segment, segment_index).Make(root);
}

}  // namespace ibid
