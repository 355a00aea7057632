#include <time.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <utility>

#include "bench/compare_xapian/engines.h"
#include "common/base/status_macros.h"
#include "ibid/index_writer.h"
#include "ibid/searcher.h"

namespace ibid::bench {
namespace {

std::string QueryText(const BenchQuery& query) {
  if (query.kind == QueryKind::kNear) {
    return query.words[0] + " NEAR/" + std::to_string(query.distance) + " " + query.words[1];
  }
  std::string text = "\"";
  for (const std::string& word : query.words) text += (text.size() > 1 ? " " : "") + word;
  return text + "\"";
}

absl::Status Index(const Workload& workload, const std::string& directory, Measured* measured) {
  const double cpu = CpuSeconds(), wall = WallSeconds();
  WriterOptions options;
  options.index = IndexOptions{AnalyzerKind::kAlnum, "none", true};
  options.must_be_new = true;
  options.threads = 1;
  ASSIGN_OR_RETURN(const std::unique_ptr<IndexWriter> writer,
                   IndexWriter::Open(directory, options));
  for (const BenchDocument& document : workload.documents) {
    RETURN_IF_ERROR(writer->Add(document.document).status());
  }
  RETURN_IF_ERROR(writer->Commit().status());
  measured->index_cpu_seconds = CpuSeconds() - cpu;
  measured->index_wall_seconds = WallSeconds() - wall;
  measured->index_bytes = DirectoryBytes(directory);
  return absl::OkStatus();
}

}  // namespace

double CpuSeconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

double WallSeconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

uint64_t DirectoryBytes(const std::string& directory) {
  uint64_t bytes = 0;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    if (entry.is_regular_file()) bytes += entry.file_size();
  }
  return bytes;
}

absl::StatusOr<Measured> RunIbid(const Workload& workload, const std::string& directory) {
  Measured measured;
  RETURN_IF_ERROR(Index(workload, directory, &measured));
  ASSIGN_OR_RETURN(std::shared_ptr<const IndexReader> reader, IndexReader::Open(directory));
  const Searcher searcher(std::move(reader));
  for (const BenchQuery& query : workload.queries) {
    const std::string text = QueryText(query);
    ASSIGN_OR_RETURN(const ParsedQuery parsed, ParseQuery(text, {}));
    ASSIGN_OR_RETURN(const SearchResult all,
                     searcher.Search(parsed.query, {.limit = workload.documents.size()}));
    std::vector<std::string> keys;
    for (const Hit& hit : all.hits) keys.push_back(hit.key);
    std::sort(keys.begin(), keys.end());
    measured.answers.push_back(std::move(keys));
    double best = 1e9;
    for (int run = 0; run < kRuns; ++run) {
      const double started = WallSeconds();
      ASSIGN_OR_RETURN(const ParsedQuery again, ParseQuery(text, {}));
      RETURN_IF_ERROR(searcher.Search(again.query, {.limit = 10}).status());
      best = std::min(best, WallSeconds() - started);
    }
    measured.top10_seconds.push_back(best);
  }
  return measured;
}

}  // namespace ibid::bench
