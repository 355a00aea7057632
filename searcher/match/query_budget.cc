#include "searcher/match/query_budget.h"

#include <algorithm>
#include <limits>

#include "common/base/strings.h"

namespace ibid {

absl::Status QueryBudget::CheckTime() const {
  if (deadline_.IsCancelled()) return SearchCancelled();
  if (!deadline_.IsOver()) return absl::OkStatus();
  return absl::DeadlineExceededError("query: the time was over before its words were looked up");
}

absl::Status QueryBudget::TakeMemory(size_t bytes) {
  memory_bytes_ += std::min(bytes, std::numeric_limits<size_t>::max() - memory_bytes_);
  if (memory_bytes_ <= options_.limits.memory_bytes) return absl::OkStatus();
  return SearchLimitError(memory_bytes_, "bytes of memory or more", options_.limits.memory_bytes,
                          "--max-memory");
}

absl::Status SearchLimitError(uint64_t value, std::string_view what, uint64_t limit,
                              std::string_view flag) {
  return absl::ResourceExhaustedError(StrCat("query: ", WithCommas(value), " ", what, ", limit ",
                                             WithCommas(limit), " (", flag, ")"));
}

absl::Status TermsReadError(uint64_t terms, uint64_t limit) {
  return SearchLimitError(terms, "terms or more to compare with wildcards and fuzzy words", limit,
                          "--max-terms-read");
}

}  // namespace ibid
