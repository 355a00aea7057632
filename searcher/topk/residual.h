// What a plan asks of a document beyond being in its lists: operators that positions decide, column
// filters, exclusions, optional clauses.
//
// Documents must be asked for in increasing order where wants_order(). Not thread-safe.
#ifndef IBID_SEARCHER_TOPK_RESIDUAL_H_
#define IBID_SEARCHER_TOPK_RESIDUAL_H_

#include <memory>
#include <vector>

#include "searcher/match/dense_lists.h"
#include "searcher/match/matcher.h"
#include "searcher/topk/query_plan.h"
#include "searcher/topk/segment_ranking.h"

namespace ibid {

class Residual {
 public:
  // Leaves out the clauses that the caller decides, `elsewhere` by their number in the plan. The
  // plan and the ranking's context must outlive it.
  Residual(const QueryPlan& plan, const std::vector<bool>& elsewhere,
           const SegmentRanking& ranking);

  // Whether Passes or Matches can be false.
  bool decides() const { return filters() || !required_.empty(); }
  // Whether Passes can be.
  bool filters() const { return wants_order() || !excluded_dense_.empty(); }
  // Whether Passes looks at lists, which go forward only.
  bool wants_order() const { return !filters_.empty() || !excluded_.empty(); }
  // Whether filters and exclusions let a document through. False, here and of Matches, where the
  // context has failed on the way: an operator that was given up excludes nothing.
  bool Passes(DocId doc);
  // Whether the required operators match a document that is in every required list.
  bool Matches(DocId doc);
  // What clause number i of the plan scores in a document that matches; 0 where an optional one
  // does not. Not for required words.
  float Score(size_t clause, DocId doc);

 private:
  static bool Holds(Matcher& matcher, DocId doc) {
    return matcher.NextGeq(doc) == doc && matcher.Matches();
  }

  const MatchContext* context_;
  std::vector<std::unique_ptr<Matcher>> clauses_;  // of the plan; null for required words
  std::vector<Matcher*> required_;                 // among them
  std::vector<bool> optional_;
  std::vector<std::unique_ptr<Matcher>> filters_, excluded_;
  std::vector<std::shared_ptr<const DenseList>> excluded_dense_;
};

}  // namespace ibid

#endif  // IBID_SEARCHER_TOPK_RESIDUAL_H_
