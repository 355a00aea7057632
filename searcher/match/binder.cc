#include "searcher/match/binder.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "searcher/match/interval_binder.h"
#include "searcher/match/matcher_memory.h"
#include "searcher/match/query_budget.h"
#include "searcher/match/term_binder.h"
#include "searcher/match/value_range.h"
#include "searcher/query/notes.h"
#include "searcher/rank/bm25.h"

namespace ibid {
namespace {

using NodePtr = std::unique_ptr<BoundNode>;

NodePtr MakeNode(BoundNode::Kind kind) {
  auto node = std::make_unique<BoundNode>();
  node->kind = kind;
  return node;
}

void AppendTerms(const IntervalNode& node, std::vector<std::shared_ptr<const BoundTerm>>* terms) {
  if (node.term != nullptr) terms->push_back(node.term);
  for (const auto& child : node.children) AppendTerms(*child, terms);
}

// What one wildcard or fuzzy word may stand for, and how all of them may be looked up.
struct ExpansionLimits {
  size_t per_word = 0;
  std::string_view cut_by;  // what a note about a cut adds
  uint64_t terms_read = 0;
};

// Errors: ResourceExhausted where it is certain that they are passed.
absl::StatusOr<ExpansionLimits> LimitExpansions(const QueryNode& root,
                                                const IndexReader::Impl& snapshot,
                                                const SearchOptions& options) {
  IntervalBinder::PatternCount count;
  IntervalBinder::CountPatterns(root, &count);
  uint64_t num_terms = 0, most_terms = 0;
  for (const SnapshotSegment& segment : snapshot.segments) {
    num_terms += segment.reader->terms().num_terms();
    most_terms = std::max<uint64_t>(most_terms, segment.reader->terms().num_terms());
  }
  ExpansionLimits limits{
      .per_word = options.query_limits.max_expansions,
      .cut_by = "",
      .terms_read = std::max(options.limits.max_terms_read, num_terms * kFreeDictionaryWalks)};
  const uint64_t to_read = most_terms * count.whole_walks.size();
  if (to_read > limits.terms_read) return TermsReadError(to_read, limits.terms_read);
  const size_t share = std::max<size_t>(
      1, options.limits.max_query_expansions / std::max<size_t>(1, count.num_patterns));
  if (share < limits.per_word) {
    limits.per_word = share;
    limits.cut_by = " (--max-query-expansions)";
  }
  return limits;
}

// Walks the query's tree; its depth is bounded by the parser. `boost` is what the levels above
// multiply; `regions` the restrictions that stand around a boolean operator.
class Binder {
 public:
  Binder(const IndexReader::Impl& snapshot, const SearchOptions& options,
         const ExpansionLimits& limits, Analyzer* analyzer, QueryBudget* budget, NoteList* notes,
         bool* partial)
      : snapshot_(snapshot),
        options_(options),
        budget_(*budget),
        notes_(*notes),
        terms_(snapshot, analyzer, limits.per_word, limits.terms_read, budget),
        intervals_(&terms_, budget, snapshot.num_docs, limits.cut_by, notes, partial) {}

  // Null: the node holds nothing that could match or restrict, as a lone "-".
  absl::StatusOr<NodePtr> Bind(const QueryNode& node, double boost) {
    RETURN_IF_ERROR(budget_.Tick());
    RETURN_IF_ERROR(budget_.TakeMemory(sizeof(BoundNode)));
    switch (node.kind) {
      case NodeKind::kAll:
        return MakeNode(BoundNode::Kind::kAll);
      case NodeKind::kNone:
        return MakeNode(BoundNode::Kind::kNone);
      case NodeKind::kRange:
      case NodeKind::kColumn:
        return BindColumn(node);
      case NodeKind::kBoost:
        return BindBoost(node, boost);
      case NodeKind::kRegion:
        if (IsLeafRegion(node)) return BindIntervals(node, boost);
        return BindRegionOfBoolean(node, boost);
      case NodeKind::kSyn:
        return BindSyn(node, boost);
      case NodeKind::kAnd:
        return BindList(node, BoundNode::Kind::kAnd, boost);
      case NodeKind::kOr:
        return BindList(node, BoundNode::Kind::kOr, boost);
      case NodeKind::kXor:
        return BindList(node, BoundNode::Kind::kXor, boost);
      case NodeKind::kBestOf:
        return BindList(node, BoundNode::Kind::kBestOf, boost);
      case NodeKind::kFilter:
        return BindHeaded(node, BoundNode::Kind::kFilter, boost);
      case NodeKind::kMaybe:
        return BindHeaded(node, BoundNode::Kind::kMaybe, boost);
      case NodeKind::kAndNot:
        return BindHeaded(node, BoundNode::Kind::kAndNot, boost);
      case NodeKind::kNot:
        return BindList(node, BoundNode::Kind::kNot, boost);
      case NodeKind::kClauses:
        return BindList(node, BoundNode::Kind::kClauses, boost);
      default:
        return BindIntervals(node, boost);
    }
  }

 private:
  // A restriction around one positional leaf, as against one around AND, NOT and the like.
  static bool IsLeafRegion(const QueryNode& node) {
    const QueryNode* child = node.children[0].get();
    while (child->kind == NodeKind::kRegion || child->kind == NodeKind::kBoost) {
      child = child->children[0].get();
    }
    return child->kind != NodeKind::kAnd && IntervalBinder::IsPositional(*child) &&
           child->kind != NodeKind::kOr && child->kind != NodeKind::kBestOf;
  }

  // title:(a AND b) is title:a AND title:b.
  absl::StatusOr<NodePtr> BindRegionOfBoolean(const QueryNode& node, double boost) {
    regions_.push_back(node.region);
    absl::StatusOr<NodePtr> bound = Bind(*node.children[0], boost);
    regions_.pop_back();
    return bound;
  }

  // A word, a phrase, a proximity operator: scored as one clause.
  absl::StatusOr<NodePtr> BindIntervals(const QueryNode& node, double boost) {
    ASSIGN_OR_RETURN(BoundIntervals bound, intervals_.Bind(node));
    if (bound.node == nullptr) return NodePtr();
    return ScoredLeaf(std::move(bound), boost);
  }

  // Puts the restrictions that stand around it on a positional expression.
  std::unique_ptr<IntervalNode> Restrict(std::unique_ptr<IntervalNode> node) const {
    for (const RegionKind region : regions_) {
      auto restricted = std::make_unique<IntervalNode>();
      restricted->kind = IntervalNode::Kind::kRegion;
      restricted->region = region;
      restricted->label = absl::StrCat(node->label, " inside its region");
      restricted->idf_sum = node->idf_sum;
      restricted->children.push_back(std::move(node));
      node = std::move(restricted);
    }
    return node;
  }

  NodePtr ScoredLeaf(BoundIntervals bound, double boost) const {
    bound.node = Restrict(std::move(bound.node));
    const bool word = bound.node->kind == IntervalNode::Kind::kTerm;
    NodePtr leaf = MakeNode(word ? BoundNode::Kind::kTerm : BoundNode::Kind::kIntervals);
    leaf->label = bound.node->label;
    leaf->idf_sum = bound.node->idf_sum;
    leaf->boost = boost;
    leaf->weight = ClauseWeight(leaf->idf_sum, boost);
    if (word) {
      leaf->term = bound.node->term;
      return leaf;
    }
    leaf->use_kernel = bound.use_kernel;
    if (options_.proximity_score == ProximityScore::kFilter) {
      leaf->score_children = true;
      std::vector<std::shared_ptr<const BoundTerm>> terms;
      AppendTerms(*bound.node, &terms);
      for (auto& term : terms) leaf->children.push_back(WordLeaf(std::move(term), boost));
    }
    leaf->intervals = std::move(bound.node);
    return leaf;
  }

  NodePtr WordLeaf(std::shared_ptr<const BoundTerm> term, double boost) const {
    NodePtr leaf = MakeNode(BoundNode::Kind::kTerm);
    leaf->label = term->label;
    leaf->idf_sum = Idf(snapshot_.num_docs, term->doc_freq);
    leaf->boost = boost;
    leaf->weight = ClauseWeight(leaf->idf_sum, boost);
    leaf->term = std::move(term);
    return leaf;
  }

  // Words score as one term; anything longer makes all of it one list of intervals.
  absl::StatusOr<NodePtr> BindSyn(const QueryNode& node, double boost) {
    std::vector<std::shared_ptr<const BoundTerm>> members;
    std::string label;
    for (const auto& child : node.children) {
      const bool word = child->kind == NodeKind::kWord || child->kind == NodeKind::kWildcard ||
                        child->kind == NodeKind::kFuzzy;
      if (!word) return BindIntervals(node, boost);
      ASSIGN_OR_RETURN(auto words, intervals_.Words(*child, !child->literal));
      if (words.empty()) continue;
      if (words.size() > 1) return BindIntervals(node, boost);
      members.push_back(words[0]->term);
      absl::StrAppend(&label, label.empty() ? "" : " SYN ", words[0]->label);
    }
    if (members.empty()) return NodePtr();
    ASSIGN_OR_RETURN(auto group, terms_.Group(label, members));
    BoundIntervals bound{std::make_unique<IntervalNode>(), false};
    bound.node->term = group;
    bound.node->label = group->label;
    bound.node->idf_sum = Idf(snapshot_.num_docs, group->doc_freq);
    return ScoredLeaf(std::move(bound), boost);
  }

  absl::StatusOr<NodePtr> BindBoost(const QueryNode& node, double boost) {
    const double product = boost * node.number;
    ASSIGN_OR_RETURN(NodePtr child, Bind(*node.children[0], node.constant ? 1.0 : product));
    if (child == nullptr || !node.constant) return child;
    NodePtr constant = MakeNode(BoundNode::Kind::kConstant);
    constant->weight = ClauseWeight(1.0, product);
    constant->children.push_back(std::move(child));
    return constant;
  }

  // Children that hold nothing are left out; a list of none holds nothing itself.
  absl::StatusOr<NodePtr> BindList(const QueryNode& node, BoundNode::Kind kind, double boost) {
    NodePtr bound = MakeNode(kind);
    bound->min_should_match = node.min_should_match;
    for (size_t i = 0; i < node.children.size(); ++i) {
      ASSIGN_OR_RETURN(NodePtr child, Bind(*node.children[i], boost));
      if (child == nullptr) continue;
      bound->children.push_back(std::move(child));
      if (kind == BoundNode::Kind::kClauses) bound->occurs.push_back(node.occurs[i]);
    }
    if (bound->children.empty()) return NodePtr();
    return bound;
  }

  // The first child leads; without it there is nothing.
  absl::StatusOr<NodePtr> BindHeaded(const QueryNode& node, BoundNode::Kind kind, double boost) {
    ASSIGN_OR_RETURN(NodePtr head, Bind(*node.children[0], boost));
    if (head == nullptr) return NodePtr();
    NodePtr bound = MakeNode(kind);
    bound->children.push_back(std::move(head));
    for (size_t i = 1; i < node.children.size(); ++i) {
      ASSIGN_OR_RETURN(NodePtr child, Bind(*node.children[i], boost));
      if (child != nullptr) bound->children.push_back(std::move(child));
    }
    return bound;
  }

  absl::StatusOr<NodePtr> BindColumn(const QueryNode& node) {
    const auto& columns = snapshot_.manifest.columns;
    const auto it = std::find_if(columns.begin(), columns.end(), [&node](const auto& column) {
      return column.first == node.field;
    });
    if (it == columns.end()) {
      notes_.Note({node.byte_begin, node.byte_end}, "no-column",
                  StrCat("no document of this index has a column ", node.field));
      return MakeNode(BoundNode::Kind::kNone);
    }
    NodePtr bound = MakeNode(BoundNode::Kind::kRange);
    bound->column = node.field;
    bound->column_type = it->second;
    bound->label = absl::StrCat(node.field, " filter");
    const Bound whole{node.text, true};
    const bool is_range = node.kind == NodeKind::kRange;
    const absl::Status read =
        SetBounds(is_range ? node.lower : whole, is_range ? node.upper : whole, bound.get());
    if (read.ok()) return bound;
    notes_.Warning({node.byte_begin, node.byte_end}, "bad-bound", std::string(read.message()));
    return MakeNode(BoundNode::Kind::kNone);
  }

  const IndexReader::Impl& snapshot_;
  const SearchOptions& options_;
  QueryBudget& budget_;
  NoteList& notes_;
  TermBinder terms_;
  IntervalBinder intervals_;
  std::vector<RegionKind> regions_;
};

}  // namespace

absl::StatusOr<BoundQuery> BindQuery(const Query& query, const IndexReader::Impl& snapshot,
                                     const SearchOptions& options) {
  BoundQuery bound;
  bound.snapshot = snapshot.serial;
  if (query.root() != nullptr) {
    QueryBudget budget(options);
    NoteList notes;
    ASSIGN_OR_RETURN(const ExpansionLimits limits,
                     LimitExpansions(*query.root(), snapshot, options));
    ASSIGN_OR_RETURN(const auto analyzer, snapshot.BorrowAnalyzer());
    Binder binder(snapshot, options, limits, analyzer.get(), &budget, &notes, &bound.partial);
    ASSIGN_OR_RETURN(bound.root, binder.Bind(*query.root(), 1.0));
    if (bound.root != nullptr) {
      RETURN_IF_ERROR(budget.TakeMemory(MatcherMemory(*bound.root, snapshot.segments.size())));
    }
    bound.notes = std::move(notes).Finish("");
  }
  if (bound.root == nullptr) bound.root = MakeNode(BoundNode::Kind::kNone);
  return bound;
}

}  // namespace ibid
