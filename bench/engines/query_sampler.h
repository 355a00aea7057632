// Queries drawn from the corpus itself, so that words that stand together are asked for together.
//
//   ASSIGN_OR_RETURN(auto queries, SampleQueries("words.txt", {.per_class = 100, .seed = 1}));
//
// The same file, options and seed give the same queries on every machine.
#ifndef IBID_BENCH_ENGINES_QUERY_SAMPLER_H_
#define IBID_BENCH_ENGINES_QUERY_SAMPLER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/engines/bench_query.h"

namespace ibid::bench {

struct SampleOptions {
  size_t per_class = 100;
  uint64_t seed = 1;
  size_t num_stop_words = 64;  // the words of most documents; phrases of these are their own class
  uint64_t max_docs = UINT64_MAX;  // draw from so many documents at the front
};

// Classes, in this order: term, union, intersection (2 to 4 different neighbouring words), phrase
// 2, phrase 3, phrase 4+ (4 words; not all of them stop words), stop phrase (2 to 4 stop words),
// near (two words up to 8 apart), negated, mixed. No query twice in a class. A class has fewer
// where the corpus does not give as many. NotFound where there is no such file.
absl::StatusOr<std::vector<BenchQuery>> SampleQueries(const std::string& words_path,
                                                      const SampleOptions& options);

}  // namespace ibid::bench

#endif  // IBID_BENCH_ENGINES_QUERY_SAMPLER_H_
