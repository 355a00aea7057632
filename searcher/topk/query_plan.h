// A bound query taken apart for one segment: which postings lists every answer must be in, what is
// scored and in which order, what else must or must not match.
//
//   ASSIGN_OR_RETURN(std::optional<QueryPlan> plan, MakeQueryPlan(root, segment, segment_index));
//   if (!plan) EvaluateExhaustively();           // a shape that plans do not cover
//   else if (plan->required.empty()) ...         // a union of plan->clauses
//   else ...                                     // an intersection of plan->required
//
// Phrases of frequent words are answered from the segment's lists of adjacent pairs, where it has
// them: two words from the pair's list alone, more from the pairs' documents and positions.
//
// Holds pointers into the bound query. Immutable.
#ifndef IBID_SEARCHER_TOPK_QUERY_PLAN_H_
#define IBID_SEARCHER_TOPK_QUERY_PLAN_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "common/format/segment_reader.h"
#include "common/format/term_info.h"
#include "searcher/match/bound_query.h"
#include "searcher/topk/freq_bound.h"

namespace ibid {

struct PlanClause {
  const BoundNode* node = nullptr;  // kTerm or kIntervals
  bool optional = false;            // scores where it matches; need not
  bool is_term = false;
  uint32_t list = 0;  // is_term: of the word
  FreqBound freq;     // over the plan's lists
};

struct QueryPlan {
  bool matches_nothing = false;            // in this segment
  std::vector<const TermInfo*> lists;      // distinct
  std::vector<uint32_t> required;          // lists that hold every answer, rarest first
  std::vector<PlanClause> clauses;         // scored, in the order in which scores are added
  std::vector<const BoundNode*> filters;   // must match too; not scored
  std::vector<const BoundNode*> excluded;  // must not match
  bool needs_positions = false;            // some required clause is more than its lists
  // Lists that bounds of clauses ask besides, which need not hold an answer: of pairs of words.
  std::vector<uint32_t> neighbours;
  // What clauses and lists point into: clauses rewritten for this segment, lists of neighbours.
  std::vector<std::unique_ptr<BoundNode>> rewritten;
  std::vector<std::unique_ptr<TermInfo>> pairs;
};

// Nothing where the query's shape is none of: one leaf; AND, OR, +/- lists of leaves; FILTER, NOT
// and MAYBE around such. A leaf is a word, a phrase or proximity operator, a column's range.
absl::StatusOr<std::optional<QueryPlan>> MakeQueryPlan(const BoundNode& root,
                                                       const SegmentReader& segment,
                                                       size_t segment_index);

}  // namespace ibid

#endif  // IBID_SEARCHER_TOPK_QUERY_PLAN_H_
