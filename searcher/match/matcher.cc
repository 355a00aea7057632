#include "searcher/match/matcher.h"

#include <algorithm>
#include <utility>

#include "searcher/match/boolean_matchers.h"
#include "searcher/match/leaf_matchers.h"

namespace ibid {
namespace {

MatcherList MakeAll(const std::vector<std::unique_ptr<BoundNode>>& nodes, size_t from,
                    MatchContext* context) {
  MatcherList matchers;
  for (size_t i = from; i < nodes.size(); ++i) matchers.push_back(MakeMatcher(*nodes[i], context));
  return matchers;
}

// The clauses of a list with + and -. Scores add up in the order: required, then optional.
std::unique_ptr<Matcher> MakeClauses(const BoundNode& node, MatchContext* context) {
  MatcherList required, optional, excluded;
  for (size_t i = 0; i < node.children.size(); ++i) {
    MatcherList& list = node.occurs[i] == Occur::kMust      ? required
                        : node.occurs[i] == Occur::kMustNot ? excluded
                                                            : optional;
    list.push_back(MakeMatcher(*node.children[i], context));
  }
  std::unique_ptr<Matcher> base;
  uint32_t min_optional = node.min_should_match;
  if (!required.empty()) {
    const size_t num_required = required.size();
    base = MakeConjunction(std::move(required), num_required);
  } else if (!optional.empty()) {
    base = MakeDisjunction(std::move(optional), std::max<uint32_t>(1, min_optional), false,
                           DisjunctionScore::kSum);
    optional.clear();
    min_optional = 0;
  } else {
    base = MakeAllMatcher(context);
  }
  return MakeRestricted(std::move(base), std::move(optional), min_optional, std::move(excluded));
}

}  // namespace

std::unique_ptr<Matcher> MakeMatcher(const BoundNode& node, MatchContext* context) {
  using Kind = BoundNode::Kind;
  const auto first = [&] { return MakeMatcher(*node.children[0], context); };
  switch (node.kind) {
    case Kind::kTerm:
      return MakeTermMatcher(node, context);
    case Kind::kIntervals:
      return MakeIntervalsMatcher(node, context);
    case Kind::kRange:
      return MakeColumnMatcher(node, context);
    case Kind::kAll:
      return MakeAllMatcher(context);
    case Kind::kNone:
      return MakeNoneMatcher();
    case Kind::kAnd:
      return MakeConjunction(MakeAll(node.children, 0, context), node.children.size());
    case Kind::kFilter:
      return MakeConjunction(MakeAll(node.children, 0, context), 1);
    case Kind::kOr:
      return MakeDisjunction(MakeAll(node.children, 0, context),
                             std::max<uint32_t>(1, node.min_should_match), false,
                             DisjunctionScore::kSum);
    case Kind::kXor:
      return MakeDisjunction(MakeAll(node.children, 0, context), 1, true, DisjunctionScore::kSum);
    case Kind::kBestOf:
      return MakeDisjunction(MakeAll(node.children, 0, context), 1, false, DisjunctionScore::kBest);
    case Kind::kAndNot:
      return MakeRestricted(first(), {}, 0, MakeAll(node.children, 1, context));
    case Kind::kMaybe:
      return MakeRestricted(first(), MakeAll(node.children, 1, context), 0, {});
    case Kind::kNot:
      return MakeRestricted(MakeAllMatcher(context), {}, 0, MakeAll(node.children, 0, context));
    case Kind::kClauses:
      return MakeClauses(node, context);
    case Kind::kConstant:
      return MakeConstant(first(), node.weight);
  }
  return MakeNoneMatcher();
}

}  // namespace ibid
