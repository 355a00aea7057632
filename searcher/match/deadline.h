// When work on a query is to end: its time limit, counted from when this is made, and the caller's
// flag.
//
//   const Deadline deadline(options);
//   if (deadline.IsCancelled()) return SearchCancelled();
//   if (deadline.IsOver()) ...
//
// Belongs to one thread; the flag that the options name outlives it.
#ifndef IBID_SEARCHER_MATCH_DEADLINE_H_
#define IBID_SEARCHER_MATCH_DEADLINE_H_

#include <atomic>
#include <chrono>

#include "absl/status/status.h"
#include "ibid/searcher.h"

namespace ibid {

inline double SteadySeconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// What deadlines go by: seconds that never go back. Tests put a clock of their own here, which
// needs no time.
inline std::atomic<double (*)()> deadline_clock{&SteadySeconds};

inline absl::Status SearchCancelled() { return absl::CancelledError("search cancelled"); }

class Deadline {
 public:
  explicit Deadline(const SearchOptions& options)
      : limit_(options.limits.timeout_seconds),
        cancelled_(options.cancelled),
        started_(deadline_clock.load(std::memory_order_relaxed)()) {}

  bool IsCancelled() const {
    return cancelled_ != nullptr && cancelled_->load(std::memory_order_relaxed);
  }
  double Elapsed() const { return deadline_clock.load(std::memory_order_relaxed)() - started_; }
  // A limit of 0 is none, one below 0 is over at once.
  bool IsOver() const { return limit_ != 0 && Elapsed() >= limit_; }

 private:
  double limit_;  // seconds
  const std::atomic<bool>* cancelled_;
  double started_;
};

}  // namespace ibid

#endif  // IBID_SEARCHER_MATCH_DEADLINE_H_
