// The guard's queries, and what answering them takes.
//
//   ASSIGN_OR_RETURN(const Baseline work, CountAllWork(Spoil::kNothing));
//   for (const Change& change : Compare(kept, work, kWorkTolerance)) ...
#ifndef IBID_BENCH_GUARD_QUERY_WORK_H_
#define IBID_BENCH_GUARD_QUERY_WORK_H_

#include <cstddef>
#include <span>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bench/guard/baseline.h"
#include "bench/guard/spoil.h"
#include "ibid/index_reader.h"
#include "ibid/searcher.h"

namespace ibid::bench {

inline constexpr double kWorkTolerance = 0.01;

struct GuardQuery {
  const char* kind;  // "union", "stop phrase", ...
  const char* text;
  bool is_long = false;  // ten times as long as the others: its instructions are not counted
};

// Of the index without stems, of all kinds; and of the one with them: what only it can answer.
std::span<const GuardQuery> AlnumQueries();
std::span<const GuardQuery> StandardQueries();

struct GuardCommand {
  const char* name;
  size_t limit;
  bool exact_total;
};

// COUNT, TOP_10, TOP_100, TOP_1000, TOP_10_COUNT.
std::span<const GuardCommand> GuardCommands();

absl::StatusOr<SearchResult> Ask(const Searcher& searcher, const GuardQuery& query,
                                 const GuardCommand& command, Spoil spoil);

// Entries "alnum TOP_10 the castle" of SearchWork's counters: each query under each command.
absl::StatusOr<Baseline> CountWork(const std::string& index_name,
                                   const std::shared_ptr<const IndexReader>& reader,
                                   std::span<const GuardQuery> queries, Spoil spoil);
// Both indexes, made in memory.
absl::StatusOr<Baseline> CountAllWork(Spoil spoil);

}  // namespace ibid::bench

#endif  // IBID_BENCH_GUARD_QUERY_WORK_H_
