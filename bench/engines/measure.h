// Asks every engine every query under every command, several times, and keeps the fastest times and
// what disagreed.
//
//   ASSIGN_OR_RETURN(Measurements m, Measure(engines, queries, DefaultCommands(), options));
//
// The engines take turns pass by pass, so that a noisy minute hits all of them.
#ifndef IBID_BENCH_ENGINES_MEASURE_H_
#define IBID_BENCH_ENGINES_MEASURE_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/engines/bench_query.h"
#include "bench/engines/engine.h"

namespace ibid::bench {

struct Command {
  std::string name;
  size_t k = 0;  // 0: COUNT
  bool with_total = false;
};

// COUNT, TOP_10, TOP_100, TOP_1000, TOP_100_COUNT.
std::vector<Command> DefaultCommands();
// COUNT, TOP_<k> or TOP_<k>_COUNT, 1 <= k <= 1,000,000; InvalidArgument otherwise.
absl::StatusOr<Command> ParseCommand(std::string_view name);

struct MeasureOptions {
  int passes = 5;
  // A query that took an engine so long in all gets no further pass of that engine and command.
  double seconds_per_query = 1.0;
  bool compare_documents = true;                        // the sets of documents, beside the counts
  std::function<void(const std::string&)> on_progress;  // may be empty
};

inline constexpr double kNotAsked = -1;  // the engine has no such query

struct Measurements {
  // best_seconds[command][engine][query], or kNotAsked.
  std::vector<std::vector<std::vector<double>>> best_seconds;
  // One line each: the query, the engine, what it said and what the first engine said.
  std::vector<std::string> disagreements;
  size_t answers_compared = 0;
};

// The first engine is the one that others are compared with.
absl::StatusOr<Measurements> Measure(const std::vector<std::unique_ptr<Engine>>& engines,
                                     const std::vector<BenchQuery>& queries,
                                     const std::vector<Command>& commands,
                                     const MeasureOptions& options);

}  // namespace ibid::bench

#endif  // IBID_BENCH_ENGINES_MEASURE_H_
