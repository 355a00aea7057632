// The intervals of a positional expression, document by document: a cursor over the documents that
// may hold one, which evaluates the interval algebra (intervals.h) where it is asked.
//
//   std::unique_ptr<IntervalSource> s = MakeIntervalSource(node, &context);
//   for (DocId d = s->doc(); d != kNoMoreDocs; d = s->NextGeq(d + 1)) Use(s->Intervals());
//
// Not thread-safe.
#ifndef IBID_SEARCHER_MATCH_INTERVAL_SOURCE_H_
#define IBID_SEARCHER_MATCH_INTERVAL_SOURCE_H_

#include <cstdint>
#include <memory>

#include "searcher/match/bound_query.h"
#include "searcher/match/intervals.h"
#include "searcher/match/matcher.h"

namespace ibid {

class IntervalSource {
 public:
  virtual ~IntervalSource() = default;

  DocId doc() const { return doc_; }  // a new source stands on its first candidate
  virtual DocId NextGeq(DocId target) = 0;
  virtual uint64_t cost() const = 0;

  // The minimal intervals in doc(), computed once a document. Empty: no match after all.
  const IntervalList& Intervals() {
    if (evaluated_ != doc_) {
      Evaluate();
      evaluated_ = doc_;
    }
    return intervals_;
  }

 protected:
  virtual void Evaluate() = 0;  // fills intervals_ for doc_

  DocId doc_ = kNoMoreDocs;
  DocId evaluated_ = kNoMoreDocs;
  IntervalList intervals_;
};

// Never null. Errors go to context->status.
std::unique_ptr<IntervalSource> MakeIntervalSource(const IntervalNode& node, MatchContext* context);

}  // namespace ibid

#endif  // IBID_SEARCHER_MATCH_INTERVAL_SOURCE_H_
