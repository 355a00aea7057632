// Binds a query to a snapshot (bound_query.h).
#ifndef IBID_SEARCHER_MATCH_BINDER_H_
#define IBID_SEARCHER_MATCH_BINDER_H_

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "ibid/query.h"
#include "ibid/searcher.h"
#include "searcher/match/bound_query.h"
#include "searcher/match/snapshot.h"

namespace ibid {

struct BoundQuery {
  std::unique_ptr<BoundNode> root;  // never null
  std::vector<QueryNote> notes;     // in order of position, at most NoteList::kMaxNotes and one
  bool partial = false;             // an expansion was cut
  uint64_t snapshot = 0;            // IndexReader::Impl::serial
};

// Errors: DataLoss; InvalidArgument for a pattern with too many alternatives; ResourceExhausted
// past a limit of options.limits; DeadlineExceeded past its time limit; Cancelled. What matches
// nothing is no error but a note.
absl::StatusOr<BoundQuery> BindQuery(const Query& query, const IndexReader::Impl& snapshot,
                                     const SearchOptions& options);

}  // namespace ibid

#endif  // IBID_SEARCHER_MATCH_BINDER_H_
