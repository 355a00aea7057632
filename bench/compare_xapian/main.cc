// Indexes one JSON Lines file with ibid and with Xapian, both in one thread at the same analysis,
// asks both the same phrases and NEARs, and prints a table. Exit code 1 where the answers differ.
//
//   ibid-compare-xapian FILE.jsonl WORKDIR

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "bench/compare_xapian/engines.h"
#include "ibid/version.h"

namespace ibid::bench {
namespace {

constexpr size_t kQueriesOfAKind = 300;

void PrintRow(const char* what, const char* unit, double ours, double theirs, double ratio) {
  std::printf("%-44s %12.3f %12.3f %-6s %8.2fx\n", what, ours, theirs, unit, ratio);
}

void PrintQueries(const Workload& workload, QueryKind kind, const char* name, const Measured& ours,
                  const Measured& theirs) {
  double sum_ours = 0, sum_theirs = 0;
  std::vector<double> all_ours, all_theirs;
  for (size_t i = 0; i < workload.queries.size(); ++i) {
    if (workload.queries[i].kind != kind) continue;
    all_ours.push_back(ours.top10_seconds[i] * 1e6);
    all_theirs.push_back(theirs.top10_seconds[i] * 1e6);
    sum_ours += all_ours.back();
    sum_theirs += all_theirs.back();
  }
  if (all_ours.empty()) return;
  const double count = static_cast<double>(all_ours.size());
  std::sort(all_ours.begin(), all_ours.end());
  std::sort(all_theirs.begin(), all_theirs.end());
  const size_t middle = all_ours.size() / 2;
  PrintRow((std::string(name) + ", top 10, mean").c_str(), "us", sum_ours / count,
           sum_theirs / count, sum_theirs / sum_ours);
  PrintRow((std::string(name) + ", top 10, median").c_str(), "us", all_ours[middle],
           all_theirs[middle], all_theirs[middle] / all_ours[middle]);
}

size_t CountDifferences(const Workload& workload, const Measured& ours, const Measured& theirs) {
  size_t different = 0;
  for (size_t i = 0; i < workload.queries.size(); ++i) {
    if (ours.answers[i] == theirs.answers[i]) continue;
    ++different;
    std::fprintf(stderr, "different answers: %zu and %zu documents for", ours.answers[i].size(),
                 theirs.answers[i].size());
    for (const std::string& word : workload.queries[i].words) {
      std::fprintf(stderr, " %s", word.c_str());
    }
    std::fprintf(stderr, " (distance %u)\n", workload.queries[i].distance);
  }
  return different;
}

int Compare(const std::string& path, const std::string& directory) {
  const absl::StatusOr<Workload> workload = MakeWorkload(path, kQueriesOfAKind);
  if (!workload.ok()) {
    std::fprintf(stderr, "%s\n", std::string(workload.status().message()).c_str());
    return 5;
  }
  std::filesystem::remove_all(directory);
  std::filesystem::create_directories(directory);
  const absl::StatusOr<Measured> ours = RunIbid(*workload, directory + "/ibid");
  const absl::StatusOr<Measured> theirs = RunXapian(*workload, directory + "/xapian");
  for (const auto* side : {&ours, &theirs}) {
    if (side->ok()) continue;
    std::fprintf(stderr, "%s\n", std::string(side->status().message()).c_str());
    return 5;
  }
  const double megabytes = static_cast<double>(workload->text_bytes) * 1e-6;
  std::printf("%zu documents, %.1f MB of text; ibid %s, Xapian %s, one thread each\n\n",
              workload->documents.size(), megabytes, kVersion, XapianVersion().c_str());
  std::printf("%-44s %12s %12s %-6s %9s\n", "", "ibid", "Xapian", "", "ratio");
  PrintRow("indexing, processor time", "s", ours->index_cpu_seconds, theirs->index_cpu_seconds,
           theirs->index_cpu_seconds / ours->index_cpu_seconds);
  PrintRow("indexing, wall clock", "s", ours->index_wall_seconds, theirs->index_wall_seconds,
           theirs->index_wall_seconds / ours->index_wall_seconds);
  PrintRow("indexing, text a second of processor time", "MB/s", megabytes / ours->index_cpu_seconds,
           megabytes / theirs->index_cpu_seconds,
           theirs->index_cpu_seconds / ours->index_cpu_seconds);
  PrintRow("index with positions and stored text", "MB",
           static_cast<double>(ours->index_bytes) * 1e-6,
           static_cast<double>(theirs->index_bytes) * 1e-6,
           static_cast<double>(theirs->index_bytes) / static_cast<double>(ours->index_bytes));
  PrintQueries(*workload, QueryKind::kPhrase, "phrases of 2 to 4 words", *ours, *theirs);
  PrintQueries(*workload, QueryKind::kNear, "NEAR of two words", *ours, *theirs);
  const size_t different = CountDifferences(*workload, *ours, *theirs);
  std::printf("\n%zu queries, %zu with equal sets of documents\n", workload->queries.size(),
              workload->queries.size() - different);
  return different == 0 ? 0 : 1;
}

}  // namespace
}  // namespace ibid::bench

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr,
                 "usage: ibid-compare-xapian FILE.jsonl WORKDIR\n"
                 "  WORKDIR is emptied first\n");
    return 2;
  }
  return ibid::bench::Compare(argv[1], argv[2]);
}
