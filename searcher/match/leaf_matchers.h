// The matchers at the leaves of a query: words, positional operators, columns, all documents.
#ifndef IBID_SEARCHER_MATCH_LEAF_MATCHERS_H_
#define IBID_SEARCHER_MATCH_LEAF_MATCHERS_H_

#include <memory>

#include "searcher/match/matcher.h"

namespace ibid {

std::unique_ptr<Matcher> MakeTermMatcher(const BoundNode& node, MatchContext* context);
std::unique_ptr<Matcher> MakeIntervalsMatcher(const BoundNode& node, MatchContext* context);
std::unique_ptr<Matcher> MakeColumnMatcher(const BoundNode& node, MatchContext* context);
std::unique_ptr<Matcher> MakeAllMatcher(MatchContext* context);
std::unique_ptr<Matcher> MakeNoneMatcher();

}  // namespace ibid

#endif  // IBID_SEARCHER_MATCH_LEAF_MATCHERS_H_
