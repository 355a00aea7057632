// ibid index PATH...
#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/index_place.h"
#include "cli/index_report.h"
#include "cli/index_run.h"
#include "cli/json_writer.h"
#include "cli/open_writer.h"
#include "cli/opened_index.h"
#include "cli/text_escape.h"
#include "cli/text_input.h"
#include "cli/verbs.h"
#include "cli/watch.h"
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
    // As `find -print0` ends them, since a name may hold a line end.
    const bool ended_by_nul = list.find('\0') != std::string::npos;
    const std::vector<std::string_view> paths = ended_by_nul ? SplitAtNuls(list) : SplitLines(list);
    for (const std::string_view path : paths) {
      if (path.empty()) continue;
      if (path == "-") {
        return absl::InvalidArgumentError(StrCat(
            *command.index_flags.files_from, ": \"-\" is no file; write ./- for one of that name"));
      }
      roots.emplace_back(path);
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

// `again`: after an earlier commit of this run.
absl::StatusOr<std::unique_ptr<IndexWriter>> OpenIndexWriter(const Command& command,
                                                             const std::string& directory,
                                                             bool again, Console& console) {
  const IndexFlags& flags = command.index_flags;
  WriterOptions options;
  ASSIGN_OR_RETURN(options.index, IndexOptionsOf(flags, directory));
  options.must_be_new = flags.create && !again;
  options.background_merges = flags.watch;
  options.buffer_bytes = flags.buffer_bytes;
  options.threads = flags.threads;
  options.holder = "ibid index";
  constexpr double kAsLongAsItTakes = 1e9;
  return OpenWriter(directory, std::move(options), again ? kAsLongAsItTakes : command.wait_seconds,
                    console);
}

// What does not go together with --watch, or nothing.
absl::Status CheckWatch(const IndexFlags& flags, const std::vector<std::string>& roots) {
  const auto refused = [](std::string_view what) {
    return absl::InvalidArgumentError(StrCat(what, " and --watch do not go together"));
  };
  if (!flags.watch) {
    if (flags.every_seconds) return absl::InvalidArgumentError("--every is for --watch");
    return absl::OkStatus();
  }
  if (flags.strict) return refused("--strict");
  if (flags.dry_run) return refused("--dry-run");
  const bool standard_input = std::find(roots.begin(), roots.end(), "-") != roots.end();
  return standard_input ? refused("standard input") : absl::OkStatus();
}

ExitCode FollowRoots(Command command, const std::string& directory,
                     const std::vector<std::string>& roots, const SourceOptions& source,
                     Console& console) {
  command.index_flags.prune = true;
  const auto open = [&](bool again) -> absl::StatusOr<std::unique_ptr<IndexWriter>> {
    auto writer = OpenIndexWriter(command, directory, again, console);
    // The folder that should hold the index is missing: a failure of the file system.
    if (absl::IsNotFound(writer.status())) {
      return absl::UnavailableError(writer.status().message());
    }
    return writer;
  };
  return RunWatch({command, directory, roots, source, open}, console);
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
  const absl::Status place = CheckIsNoRoot(directory, *roots);
  if (!place.ok()) return console.Fail(place, {.path = directory});
  const absl::Status watch = CheckWatch(flags, *roots);
  if (!watch.ok()) return console.Fail(watch, {.todo = "ibid index --help"});
  if (flags.watch) return FollowRoots(command, directory, *roots, *source, console);
  if (flags.dry_run) {
    const absl::Status listed = ListRoots(*roots, *source, command.json, console);
    return listed.ok() ? kFound : console.Fail(listed);
  }
  const absl::StatusOr<std::unique_ptr<IndexWriter>> writer =
      OpenIndexWriter(command, directory, /*again=*/false, console);
  if (!writer.ok()) return FailedToOpen(directory, writer.status(), console);

  IndexRun run(flags, *roots, *source, **writer, console);
  const absl::Status status = RunAll(run);
  if (!status.ok()) return Stopped(directory, run.counts(), status, console);
  const auto elapsed = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::steady_clock::now() - start);
  if (command.json) {
    console.out().Write(SummaryJson("summary", run.counts(), elapsed.count()));
  } else if (!flags.quiet) {
    console.out().Write(SummaryLine(run.counts()));
  }
  return kFound;
}

}  // namespace ibid::cli
