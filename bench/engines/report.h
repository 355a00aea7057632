// What Measure found, as a table, as JSON and as a drawing.
//
// Pure functions; thread-safe.
#ifndef IBID_BENCH_ENGINES_REPORT_H_
#define IBID_BENCH_ENGINES_REPORT_H_

#include <string>
#include <vector>

#include "bench/engines/measure.h"
#include "bench/engines/word_corpus.h"

namespace ibid::bench {

struct EngineLabel {
  std::string name, version;
  uint64_t index_bytes = 0;
};

struct Report {
  std::string command_line, machine;
  double load_average = 0;
  std::string corpus;
  CorpusInfo corpus_info;
  std::vector<EngineLabel> engines;  // the first is the one that ratios are to
  std::vector<BenchQuery> queries;
  std::vector<Command> commands;
  int passes = 0;
  Measurements measurements;
};

// One line a command, class and engine: mean, p50, p95 and p99 in microseconds, and how many times
// the first engine's mean and median that is, over the queries that both were asked.
std::string FormatTable(const Report& report);
// The same with every query's time, so that anything can be computed from a kept run.
std::string FormatJson(const Report& report);
// A row a class, a column a command: the share of queries answered within so many microseconds.
std::string DrawLatencies(const Report& report);

}  // namespace ibid::bench

#endif  // IBID_BENCH_ENGINES_REPORT_H_
