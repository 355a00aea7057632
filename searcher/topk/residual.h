// What a plan asks of a document beyond being in its lists: operators that positions decide, column
// filters, exclusions, optional clauses.
//
// Documents must be asked for in increasing order. Not thread-safe.
#ifndef IBID_SEARCHER_TOPK_RESIDUAL_H_
#define IBID_SEARCHER_TOPK_RESIDUAL_H_

#include <memory>
#include <vector>

#include "searcher/match/matcher.h"
#include "searcher/topk/query_plan.h"

namespace ibid {

class Residual {
 public:
  // Both must outlive it.
  Residual(const QueryPlan& plan, MatchContext* context);

  // Whether Matches can be false.
  bool decides() const { return decides_; }
  // Whether filters, exclusions and required operators let a document through that is in every
  // required list.
  bool Matches(DocId doc);
  // What clause number i of the plan scores in a document that matches; 0 where an optional one
  // does not. Not for required words.
  float Score(size_t clause, DocId doc);

 private:
  static bool Holds(Matcher& matcher, DocId doc) {
    return matcher.NextGeq(doc) == doc && matcher.Matches();
  }

  bool decides_ = false;
  std::vector<std::unique_ptr<Matcher>> clauses_;  // of the plan; null for required words
  std::vector<Matcher*> required_;                 // among them
  std::vector<bool> optional_;
  std::vector<std::unique_ptr<Matcher>> filters_, excluded_;
};

}  // namespace ibid

#endif  // IBID_SEARCHER_TOPK_RESIDUAL_H_
