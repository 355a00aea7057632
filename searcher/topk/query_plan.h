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
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "common/format/segment_reader.h"
#include "common/format/term_info.h"
#include "searcher/match/bound_query.h"

namespace ibid {

// How often an operator can match in a document, given how often its words stand in it; and the
// same for the odds freq / K, since every bound here is linear. An operator's minimal intervals
// differ in both ends, so that
//   a phrase, an ordered pair         has at most as many as its rarest operand,
//   an ordered chain                  as its first or last,
//   two operands in any order         twice as many as the rarer (each begins or ends with one),
//   more operands, sloppy phrases     as all operands together,
// the last two as frequencies also less n - 1 for n operands: behind the start of the last match
// lie the starts of n - 1 operands more, and matches have different starts.
class FreqBound {
 public:
  // values[list]: odds.
  float At(std::span<const float> values) const { return At(values, 0.0f); }
  // values[list]: frequencies in one document.
  float AtFreqs(std::span<const float> values) const { return At(values, 1.0f); }
  // The factor m for which m * (the list's value) is a bound by itself; infinity if there is none.
  float FactorOf(uint32_t list) const;

 private:
  enum class Kind : uint8_t { kList, kUnknown, kLeast, kPair, kEnds, kWindows, kSum };

  float At(std::span<const float> values, float less_an_operand) const;

  Kind kind_ = Kind::kUnknown;
  uint32_t list_ = 0;
  std::vector<FreqBound> parts_;

  friend class PlanMaker;
};

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
  // Clauses rewritten for this segment: nodes that clauses and lists point into.
  std::vector<std::unique_ptr<BoundNode>> rewritten;
};

// Nothing where the query's shape is none of: one leaf; AND, OR, +/- lists of leaves; FILTER, NOT
// and MAYBE around such. A leaf is a word, a phrase or proximity operator, a column's range.
absl::StatusOr<std::optional<QueryPlan>> MakeQueryPlan(const BoundNode& root,
                                                       const SegmentReader& segment,
                                                       size_t segment_index);

}  // namespace ibid

#endif  // IBID_SEARCHER_TOPK_QUERY_PLAN_H_
