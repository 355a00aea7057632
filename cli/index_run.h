// One run of `ibid index`: documents from every PATH into a writer, then one commit.
//
//   IndexRun run(flags, roots, directory, *writer, console);
//   const absl::Status status = run.ReadAll();
//   if (status.ok()) ... run.Prune(), run.Commit() ...
//
// With --watch the run goes on: Update for what changed, Commit, and again.
//
// Belongs to one thread. All that it refers to outlives it.
#ifndef IBID_CLI_INDEX_RUN_H_
#define IBID_CLI_INDEX_RUN_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "cli/console.h"
#include "cli/flags.h"
#include "cli/progress.h"
#include "cli/source_ledger.h"
#include "ibid/index_writer.h"
#include "indexer/source/source.h"

namespace ibid::cli {

struct IndexCounts {
  CommitInfo commit;
  uint64_t skipped = 0;   // documents and files left out
  uint64_t warnings = 0;  // read, but with something to say
  uint64_t problems = 0;  // of both kinds, where they are shown at all
  uint64_t removed = 0;   // by --prune
  uint64_t pending = 0;   // taken by the writer since its last commit
};

// The flags as the sources take them. InvalidArgument for an unknown format.
absl::StatusOr<SourceOptions> SourceOptionsOf(const IndexFlags& flags,
                                              const std::string& directory);

class IndexRun {
 public:
  IndexRun(const IndexFlags& flags, std::vector<std::string> roots, SourceOptions source,
           IndexWriter& writer, Console& console);

  // Reads every root into the writer. Errors are those of the sources, with a missing PATH and a
  // bad document under --strict as Unavailable, and those of the writer; InvalidArgument where two
  // roots give one key; Cancelled.
  absl::Status ReadAll();

  // Removes the documents whose files are gone (docs/CLI.md, "--prune").
  absl::Status Prune();

  absl::Status Commit();

  // For --watch, behind ReadAll: takes up what changed. Reads what is there and removes the
  // documents whose files are gone. What concerns the files alone is reported and no error; the
  // roots that could not be read are given back, to be asked for again. A root that is gone keeps
  // its documents.
  absl::StatusOr<PathsByRoot> Update(const PathsByRoot& changes);
  void UseWriter(IndexWriter& writer) { writer_ = &writer; }

  const IndexCounts& counts() const { return counts_; }
  // The same, and begins to count anew.
  IndexCounts TakeCounts() { return std::exchange(counts_, {}); }

 private:
  // Of a root what is at `below` (empty: all); false where updating and the root cannot be read.
  absl::StatusOr<bool> ReadRoot(size_t root, const std::string& below);
  absl::Status Take(size_t root, Document document);
  void Report(const SourceProblem& problem);
  void ReportNotPruned(size_t root);
  bool IsUnread(std::string_view origin) const;
  void CountProblemsLeftOut();
  bool IsGone(std::string_view key, std::string_view origin) const;
  bool HasFile(size_t root, std::string_view key) const;
  absl::Status Remove(const std::vector<std::string>& keys);
  absl::StatusOr<PathsByRoot> TakeUp(const PathsByRoot& changes);
  bool IsThere(size_t root);
  absl::StatusOr<bool> ReadPaths(size_t root, const std::set<std::string>& paths);
  absl::Status PruneRoot(size_t root);
  absl::Status PruneBelow(size_t root, const std::string& path);
  std::string OriginOf(const std::string& root) const;
  void ShowProgress();
  std::string ProgressLine() const;

  const IndexFlags& flags_;
  std::vector<std::string> roots_;
  std::set<std::string, std::less<>> origins_;  // of the roots read so far
  std::vector<std::string> root_origins_;       // of each of them
  // None where nothing is asked of it: a single PATH, of which nothing is removed.
  std::optional<SourceLedger> ledger_;
  bool updating_ = false;
  SourceOptions source_;
  IndexWriter* writer_;
  Console& console_;
  Progress progress_;
  IndexCounts counts_;
  uint64_t documents_ = 0;
  uint64_t bytes_read_ = 0;
  uint64_t bytes_in_all_ = 0;  // 0: unknown
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace ibid::cli

#endif  // IBID_CLI_INDEX_RUN_H_
