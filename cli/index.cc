// ibid index PATH...
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/index_place.h"
#include "cli/index_run.h"
#include "cli/json_writer.h"
#include "cli/open_writer.h"
#include "cli/opened_index.h"
#include "cli/text_escape.h"
#include "cli/text_input.h"
#include "cli/verbs.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "ibid/index_writer.h"
#include "indexer/source/source.h"

namespace ibid::cli {
namespace {

constexpr size_t kMaxPathListBytes = size_t{256} << 20;

absl::StatusOr<std::vector<std::string>> RootsOf(const Command& command) {
  std::vector<std::string> roots = command.arguments;
  if (command.index_flags.files_from) {
    ASSIGN_OR_RETURN(const std::string list,
                     ReadWholeFile(*command.index_flags.files_from, kMaxPathListBytes));
    for (const std::string_view line : SplitLines(list)) {
      if (!line.empty()) roots.emplace_back(line);
    }
  }
  return roots;
}

// The index's own options with what the flags say: the writer refuses them where they differ.
// None where the flags say nothing.
absl::StatusOr<std::optional<IndexOptions>> IndexOptionsOf(const IndexFlags& flags,
                                                           const std::string& directory) {
  if (!flags.language && !flags.analyzer && !flags.no_store && flags.pairs < 0) return std::nullopt;
  IndexOptions options;
  const auto existing = IndexReader::Open(directory);
  if (existing.ok()) {
    options = (*existing)->options();
  } else if (!absl::IsNotFound(existing.status())) {
    return existing.status();
  }
  if (flags.analyzer) {
    const bool alnum = *flags.analyzer == "alnum";
    options.analyzer = alnum ? AnalyzerKind::kAlnum : AnalyzerKind::kStandard;
  }
  if (options.analyzer == AnalyzerKind::kAlnum) options.language = "none";
  if (flags.language) options.language = *flags.language;
  if (options.analyzer == AnalyzerKind::kAlnum && options.language != "none") {
    return absl::InvalidArgumentError(
        StrCat("--language ", options.language, ": the alnum analyzer has no stemming"));
  }
  if (flags.no_store) options.store_text = false;
  if (flags.pairs >= 0) options.pairs_percent = flags.pairs;
  return options;
}

absl::StatusOr<std::unique_ptr<IndexWriter>> OpenIndexWriter(const Command& command,
                                                             const std::string& directory,
                                                             Console& console) {
  const IndexFlags& flags = command.index_flags;
  WriterOptions options;
  ASSIGN_OR_RETURN(options.index, IndexOptionsOf(flags, directory));
  options.must_be_new = flags.create;
  options.buffer_bytes = flags.buffer_bytes;
  options.threads = flags.threads;
  options.holder = "ibid index";
  return OpenWriter(directory, std::move(options), command.wait_seconds, console);
}

absl::Status ListRoots(const std::vector<std::string>& roots, const SourceOptions& options,
                       bool as_json, Console& console) {
  const auto print = [&](const std::string& path) {
    JsonWriter json;
    json.BeginObject().Key("path").String(path).EndObject();
    console.out().Write(as_json ? json.TakeLine() : StrCat(VisibleKey(path), "\n"));
  };
  const auto warn = [&](const SourceProblem& problem) {
    console.Warning(VisibleKey(problem.where), problem.what);
  };
  for (const std::string& root : roots) {
    const absl::Status status = ListSource(root, options, print, warn);
    if (absl::IsNotFound(status)) return absl::UnavailableError(status.message());
    RETURN_IF_ERROR(status);
  }
  return absl::OkStatus();
}

std::string SummaryLine(const IndexCounts& counts) {
  const CommitInfo& commit = counts.commit;
  std::string line = StrCat("added ", WithCommas(commit.added), ", replaced ",
                            WithCommas(commit.replaced), ", unchanged ",
                            WithCommas(commit.unchanged), ", skipped ", WithCommas(counts.skipped));
  const auto also = [&line](std::string_view what, uint64_t count) {
    if (count > 0) line += StrCat(", ", what, " ", WithCommas(count));
  };
  also("removed", counts.removed);
  also("warnings", counts.warnings);
  also("keys given twice", commit.repeated);
  also("column values left out", commit.bad_column_values);
  also("words cut", commit.cut_terms);
  also("malformed bytes replaced", commit.replaced_bytes);
  return StrCat(line, " (commit ", commit.generation, ": ", WithCommas(commit.num_docs),
                commit.num_docs == 1 ? " document)\n" : " documents)\n");
}

std::string SummaryJson(const IndexCounts& counts, int64_t elapsed_us) {
  const CommitInfo& commit = counts.commit;
  JsonWriter json;
  json.BeginObject().Key("type").String("summary");
  json.Key("added").Number(commit.added).Key("replaced").Number(commit.replaced);
  json.Key("unchanged").Number(commit.unchanged).Key("skipped").Number(counts.skipped);
  json.Key("removed").Number(counts.removed).Key("warnings").Number(counts.warnings);
  json.Key("repeated").Number(commit.repeated);
  json.Key("bad_column_values").Number(commit.bad_column_values);
  json.Key("cut_terms").Number(commit.cut_terms);
  json.Key("replaced_bytes").Number(commit.replaced_bytes);
  json.Key("commit").Number(commit.generation).Key("documents").Number(commit.num_docs);
  json.Key("elapsed_us").Number(elapsed_us).EndObject();
  return json.TakeLine();
}

ExitCode Stopped(const std::string& directory, const IndexCounts& counts,
                 const absl::Status& status, Console& console) {
  const std::string kept = KeptIn(directory);
  const std::string pending = WithCommas(counts.pending);
  if (absl::IsCancelled(status)) {
    const std::string commit = kept.empty() ? "nothing" : kept.substr(0, kept.find(','));
    return console.Fail(absl::CancelledError(StrCat("stopped: ", commit, " kept, ", pending,
                                                    " documents since then dropped")),
                        {.path = directory});
  }
  ErrorDetails details{.path = directory};
  details.kept = kept.empty() ? "nothing, there was no commit yet"
                              : StrCat(kept, "; the ", pending, " since then are not saved");
  if (absl::IsInvalidArgument(status)) details.todo = "index them in two runs, or --key-prefix";
  return console.Fail(status, details);
}

ExitCode FailedToOpen(const std::string& directory, const absl::Status& status, Console& console) {
  // The folder that should hold the new index is missing: a failure of the file system.
  if (absl::IsNotFound(status)) {
    return console.Fail(absl::UnavailableError(status.message()), {.path = directory});
  }
  return FailOn(directory, status, console);
}

absl::Status RunAll(IndexRun& run) {
  RETURN_IF_ERROR(run.ReadAll());
  RETURN_IF_ERROR(run.Prune());
  return run.Commit();
}

}  // namespace

ExitCode RunIndex(const Command& command, Console& console) {
  const auto start = std::chrono::steady_clock::now();
  const IndexFlags& flags = command.index_flags;
  const std::string directory = PlaceForIndexing(command.index);
  const absl::StatusOr<std::vector<std::string>> roots = RootsOf(command);
  if (!roots.ok()) return console.Fail(roots.status());
  const absl::StatusOr<SourceOptions> source = SourceOptionsOf(flags, directory);
  if (!source.ok()) return console.Fail(source.status());
  if (flags.dry_run) {
    const absl::Status listed = ListRoots(*roots, *source, command.json, console);
    return listed.ok() ? kFound : console.Fail(listed);
  }
  const absl::StatusOr<std::unique_ptr<IndexWriter>> writer =
      OpenIndexWriter(command, directory, console);
  if (!writer.ok()) return FailedToOpen(directory, writer.status(), console);

  IndexRun run(flags, *roots, *source, **writer, console);
  const absl::Status status = RunAll(run);
  if (!status.ok()) return Stopped(directory, run.counts(), status, console);
  const auto elapsed = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::steady_clock::now() - start);
  if (command.json) {
    console.out().Write(SummaryJson(run.counts(), elapsed.count()));
  } else if (!flags.quiet) {
    console.out().Write(SummaryLine(run.counts()));
  }
  return kFound;
}

}  // namespace ibid::cli
