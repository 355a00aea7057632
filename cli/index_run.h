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
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "cli/console.h"
#include "cli/flags.h"
#include "cli/progress.h"
#include "cli/seen_keys.h"
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

  // What changed, by number of the root: paths relative to it (empty: all of it).
  using Changes = std::map<size_t, std::set<std::string>>;
  // For --watch, behind ReadAll: takes up what changed. Reads what is there and removes the
  // documents whose files are gone. What concerns the files alone is reported and no error; the
  // roots that could not be read are given back, to be asked for again. A root that is gone keeps
  // its documents.
  absl::StatusOr<Changes> Update(const Changes& changes);
  void UseWriter(IndexWriter& writer) { writer_ = &writer; }

  const IndexCounts& counts() const { return counts_; }
  // The same, and begins to count anew.
  IndexCounts TakeCounts() { return std::exchange(counts_, {}); }

 private:
  // Of a root what is at `below` (empty: all); false where updating and the root cannot be read.
  absl::StatusOr<bool> ReadRoot(size_t root, const std::string& below);
  absl::Status Take(size_t root, Document document);
  void BeginFile(size_t root, const std::string& path);
  void EndFile(size_t root);
  void Report(const SourceProblem& problem);
  void ReportNotPruned(size_t root);
  bool IsUnread(std::string_view origin) const;
  void CountProblemsLeftOut();
  bool IsGone(std::string_view key, std::string_view origin) const;
  bool HasFile(size_t root, std::string_view key) const;
  absl::Status Remove(const std::vector<std::string>& keys);
  absl::StatusOr<Changes> TakeUp(const Changes& changes);
  bool NeedsAll(size_t root, const std::set<std::string>& paths) const;
  bool IsThere(size_t root);
  void Forget(size_t root);
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
  // By origin, what could not be read, relative to its root.
  std::map<std::string, std::set<std::string>, std::less<>> unread_;
  // The file being read, where its root is a folder.
  struct File {
    std::string path;          // empty: none
    bool gave_itself = false;  // a document whose key is its name
    bool gave_others = false;
    bool had_problem = false;
    bool is_empty = false;
    bool is_unread = false;
  };
  File file_;
  // By root, of the files below it: those of documents with own keys, and the keys of those that
  // were read and gave no document of their name.
  std::vector<std::set<std::string>> id_files_;
  std::vector<std::set<std::string, std::less<>>> nameless_;
  // Two files of one root gave one key, which was not known before.
  bool ids_meet_ = false;
  // While updating, what was skipped since another root has its key: root and path, by key. What of
  // it is to be read, since that key is free now.
  std::map<std::string, std::set<std::pair<size_t, std::string>>, std::less<>> waiting_;
  Changes freed_;
  bool updating_ = false;
  SourceOptions source_;
  IndexWriter* writer_;
  Console& console_;
  Progress progress_;
  SeenKeys seen_;
  IndexCounts counts_;
  uint64_t documents_ = 0;
  uint64_t bytes_read_ = 0;
  uint64_t bytes_in_all_ = 0;  // 0: unknown
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace ibid::cli

#endif  // IBID_CLI_INDEX_RUN_H_
