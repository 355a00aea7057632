// What both engines are given: documents as given and as plain lower-case words, and queries drawn
// from them.
#ifndef IBID_BENCH_COMPARE_XAPIAN_WORKLOAD_H_
#define IBID_BENCH_COMPARE_XAPIAN_WORKLOAD_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "ibid/document.h"

namespace ibid::bench {

struct BenchDocument {
  Document document;
  // The same words for both engines: runs of ASCII letters and digits, lower-cased, between spaces.
  std::string title_words, text_words;
};

enum class QueryKind { kPhrase, kNear };

struct BenchQuery {
  QueryKind kind = QueryKind::kPhrase;
  std::vector<std::string> words;
  uint32_t distance = 0;  // kNear: the n of NEAR/n
};

struct Workload {
  std::vector<BenchDocument> documents;
  std::vector<BenchQuery> queries;
  uint64_t text_bytes = 0;  // of titles and texts
};

// The documents of a JSON Lines file, and `queries_of_a_kind` phrases (2 to 4 neighbouring words)
// and NEARs (two words that stand up to 8 apart) drawn from them with a fixed seed.
absl::StatusOr<Workload> MakeWorkload(const std::string& path, size_t queries_of_a_kind);

// Answers as sorted keys, one list a query; times in seconds.
struct Measured {
  double index_cpu_seconds = 0, index_wall_seconds = 0;
  uint64_t index_bytes = 0;
  std::vector<std::vector<std::string>> answers;
  std::vector<double> top10_seconds;  // best of several, a query
};

}  // namespace ibid::bench

#endif  // IBID_BENCH_COMPARE_XAPIAN_WORKLOAD_H_
