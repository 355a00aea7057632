// The matchers that combine others. Scores are added in the order of the clauses, so that they do
// not depend on how the documents were found.
#ifndef IBID_SEARCHER_MATCH_BOOLEAN_MATCHERS_H_
#define IBID_SEARCHER_MATCH_BOOLEAN_MATCHERS_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "searcher/match/matcher.h"

namespace ibid {

using MatcherList = std::vector<std::unique_ptr<Matcher>>;

// Documents that all of `children` match. The first `num_scored` add to the score.
std::unique_ptr<Matcher> MakeConjunction(MatcherList children, size_t num_scored);

enum class DisjunctionScore { kSum, kBest };

// Documents that at least `min_match` of `children` match (1: a plain OR). With `odd`, only those
// that an odd number of them match (XOR).
std::unique_ptr<Matcher> MakeDisjunction(MatcherList children, uint32_t min_match, bool odd,
                                         DisjunctionScore score);

// Documents of `required` that none of `excluded` matches. `optional` children only add to the
// score, and at least `min_optional` of them must match.
std::unique_ptr<Matcher> MakeRestricted(std::unique_ptr<Matcher> required, MatcherList optional,
                                        uint32_t min_optional, MatcherList excluded);

// Documents of `child`, all with the same score.
std::unique_ptr<Matcher> MakeConstant(std::unique_ptr<Matcher> child, float score);

}  // namespace ibid

#endif  // IBID_SEARCHER_MATCH_BOOLEAN_MATCHERS_H_
