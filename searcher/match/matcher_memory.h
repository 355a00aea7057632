// What the matchers of a bound query will hold, before they are made.
#ifndef IBID_SEARCHER_MATCH_MATCHER_MEMORY_H_
#define IBID_SEARCHER_MATCH_MATCHER_MEMORY_H_

#include <cstddef>

#include "searcher/match/bound_query.h"

namespace ibid {

// Bytes, at most about a quarter off: a cursor for each list of each word, wherever the word
// stands, and the matchers and sources around them. Segments are matched one after another: the
// largest counts.
size_t MatcherMemory(const BoundNode& root, size_t num_segments);

}  // namespace ibid

#endif  // IBID_SEARCHER_MATCH_MATCHER_MEMORY_H_
