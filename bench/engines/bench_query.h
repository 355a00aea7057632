// A query as the benchmark knows it, in the syntax of the public search-benchmark-game with one
// form of its own:
//
//   a b         union                 +a +b      intersection
//   "a b"       phrase                +a -b      a without b
//   +a b        a, b only adds score  a NEAR/5 b at most four words between, in any order
//
// Each engine turns it into its own. Values; pure functions; thread-safe.
#ifndef IBID_BENCH_ENGINES_BENCH_QUERY_H_
#define IBID_BENCH_ENGINES_BENCH_QUERY_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace ibid::bench {

enum class Occur { kShould, kMust, kMustNot };

struct Clause {
  Occur occur = Occur::kShould;
  std::vector<std::string> words;  // several are a phrase

  bool operator==(const Clause&) const = default;
};

struct BenchQuery {
  std::vector<Clause> clauses;  // with `near` two, of one word each
  uint32_t near = 0;            // the n of NEAR/n; 0: none
  std::string query_class;      // for the tables

  bool Has(Occur occur) const;
};

// Words are taken as WordCorpus does; what gives several ("don't") becomes a phrase. The class is
// ClassOf. InvalidArgument for a query without a word, or with nothing but excluded ones.
absl::StatusOr<BenchQuery> ParseBenchQuery(std::string_view text);

// The text that ParseBenchQuery reads.
std::string FormatBenchQuery(const BenchQuery& query);

// "term", "union", "intersection", "phrase 2", "phrase 3", "phrase 4+", "near", "negated" or
// "mixed".
std::string ClassOf(const BenchQuery& query);

// The queries of a file: one a line, or JSON Lines with a member "query". Each class is `prefix`
// and ClassOf.
absl::StatusOr<std::vector<BenchQuery>> ReadBenchQueries(const std::string& path,
                                                         std::string_view prefix);

}  // namespace ibid::bench

#endif  // IBID_BENCH_ENGINES_BENCH_QUERY_H_
