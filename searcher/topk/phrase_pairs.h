// Exact phrases in terms of a segment's lists of pairs and of three words
// (common/format/pair_coverage.h).
#ifndef IBID_SEARCHER_TOPK_PHRASE_PAIRS_H_
#define IBID_SEARCHER_TOPK_PHRASE_PAIRS_H_

#include <cstddef>
#include <memory>

#include "absl/status/statusor.h"
#include "common/format/segment_reader.h"
#include "searcher/match/bound_query.h"

namespace ibid {

// A node that matches and scores, in this segment, as the phrase `node` does: a word (the list of
// the whole phrase), or the phrase with the lists of its parts, which say which documents there can
// be. kNone where a covered pair stands in no document. Null where no pair of the phrase is
// covered.
absl::StatusOr<std::unique_ptr<BoundNode>> RewriteWithPairs(const BoundNode& node,
                                                            const SegmentReader& segment,
                                                            size_t segment_index);

}  // namespace ibid

#endif  // IBID_SEARCHER_TOPK_PHRASE_PAIRS_H_
