// What binding one query may still use: time, memory, terms of the dictionary to be read.
//
//   RETURN_IF_ERROR(budget.Tick());                    // in every loop over terms
//   RETURN_IF_ERROR(budget.TakeMemory(sizeof(node)));  // before something is kept
//
// The clock starts when it is made. Belongs to one thread; the options outlive it.
#ifndef IBID_SEARCHER_MATCH_QUERY_BUDGET_H_
#define IBID_SEARCHER_MATCH_QUERY_BUDGET_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "absl/status/status.h"
#include "ibid/searcher.h"
#include "searcher/match/deadline.h"

namespace ibid {

class QueryBudget {
 public:
  explicit QueryBudget(const SearchOptions& options) : options_(options), deadline_(options) {}

  // DeadlineExceeded past the time limit, Cancelled where nobody waits any more. Tick looks only
  // now and then.
  absl::Status Tick() { return ++ticks_ % kTicksPerCheck == 0 ? CheckTime() : absl::OkStatus(); }
  absl::Status CheckTime() const;

  // ResourceExhausted past SearchLimits::memory_bytes.
  absl::Status TakeMemory(size_t bytes);

 private:
  static constexpr uint32_t kTicksPerCheck = 256;

  const SearchOptions& options_;
  Deadline deadline_;
  uint32_t ticks_ = 0;
  size_t memory_bytes_ = 0;
};

// "query: 5,210 clauses, limit 1,024 (--max-clauses)", as ResourceExhausted: what the index makes
// of a query is too much.
absl::Status SearchLimitError(uint64_t value, std::string_view what, uint64_t limit,
                              std::string_view flag);

// What max_terms_read says where `terms` are to be read.
absl::Status TermsReadError(uint64_t terms, uint64_t limit);

}  // namespace ibid

#endif  // IBID_SEARCHER_MATCH_QUERY_BUDGET_H_
