#include "cli/index_run.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "cli/terminal.h"
#include "cli/text_escape.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "ibid/env.h"

namespace ibid::cli {
namespace {

// Warnings of one run that are shown one by one; the others are counted.
constexpr uint64_t kMaxProblemsShown = 100;

// What the sources say about the user's files is a failure of input, not of usage or of an index.
absl::Status AsInputError(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kDataLoss:
    case absl::StatusCode::kFailedPrecondition:
      return absl::UnavailableError(status.message());
    default:
      return status;
  }
}

}  // namespace

absl::StatusOr<SourceOptions> SourceOptionsOf(const IndexFlags& flags,
                                              const std::string& directory) {
  SourceOptions options;
  ASSIGN_OR_RETURN(options.format, ParseSourceFormat(flags.format));
  options.globs = flags.globs;
  options.key_prefix = flags.key_prefix;
  options.strict = flags.strict;
  options.excluded_directories = {directory};
  return options;
}

IndexRun::IndexRun(const IndexFlags& flags, std::vector<std::string> roots, SourceOptions source,
                   IndexWriter& writer, Console& console)
    : flags_(flags),
      roots_(std::move(roots)),
      source_(std::move(source)),
      writer_(writer),
      console_(console),
      progress_(flags.quiet ? "never" : flags.progress) {}

absl::Status IndexRun::ReadAll() {
  if (progress_.shown()) {
    for (const std::string& root : roots_) {
      const absl::StatusOr<uint64_t> bytes = SourceBytes(root, source_);
      if (bytes.ok()) bytes_in_all_ += *bytes;
    }
  }
  absl::Status status;
  for (const std::string& root : roots_) {
    seen_.BeginRoot();
    status = ReadRoot(root);
    progress_.Clear();
    if (!status.ok()) break;
  }
  CountProblemsLeftOut();
  return status;
}

absl::Status IndexRun::ReadRoot(const std::string& root) {
  absl::Status taken;  // what stopped the reading, where it was not the source itself
  SourceCallbacks callbacks;
  callbacks.on_document = [&](Document document) {
    taken = Take(root, std::move(document));
    return taken;
  };
  callbacks.on_problem = [&](const SourceProblem& problem) { Report(problem); };
  callbacks.on_bytes = [&](uint64_t bytes) {
    bytes_read_ += bytes;
    ShowProgress();
  };
  callbacks.cancelled = [] { return Interrupted().load(); };
  const absl::Status status = ReadSource(root, source_, callbacks);
  return taken.ok() ? AsInputError(status) : taken;
}

absl::Status IndexRun::Take(const std::string& root, Document document) {
  // One root needs no book-keeping here: the writer counts the keys that come again.
  if (roots_.size() > 1 || flags_.prune) {
    if (seen_.Add(document.key) == SeenKeys::Outcome::kInEarlierRoot) {
      const std::string& earlier = roots_[seen_.RootOf(document.key) - 1];
      return absl::InvalidArgumentError(StrCat(VisibleKey(root), ": the key ",
                                               VisibleKey(document.key), " came already from ",
                                               VisibleKey(earlier)));
    }
  }
  const std::string key = document.key;
  const absl::StatusOr<AddOutcome> outcome = writer_.Add(std::move(document));
  if (outcome.ok()) {
    ++documents_;
    if (*outcome != AddOutcome::kUnchanged) ++counts_.pending;
    ShowProgress();
    return absl::OkStatus();
  }
  if (!absl::IsInvalidArgument(outcome.status())) return outcome.status();
  if (flags_.strict) return AsInputError(outcome.status());
  Report({.where = key, .what = StrCat("skipped: ", MessageOf(outcome.status()))});
  return absl::OkStatus();
}

void IndexRun::Report(const SourceProblem& problem) {
  ++(problem.skipped ? counts_.skipped : counts_.warnings);
  if (flags_.quiet) return;
  if (++counts_.problems > kMaxProblemsShown) return;
  progress_.Clear();
  console_.Warning(VisibleKey(problem.where), problem.what);
}

void IndexRun::CountProblemsLeftOut() {
  if (counts_.problems <= kMaxProblemsShown) return;
  console_.Warning("", StrCat(WithCommas(counts_.problems - kMaxProblemsShown),
                              " more warnings about documents are left out"));
}

// A key is gone where this run did not meet it and no named folder holds a file of its name: what
// --glob left out, or what could not be read, stays.
bool IndexRun::IsGone(std::string_view key) const {
  if (seen_.Contains(key)) return false;
  const std::string_view path = key.substr(flags_.key_prefix.size());
  bool below_a_root = !flags_.key_prefix.empty();
  for (const std::string& root : roots_) {
    const absl::StatusOr<FileInfo> info = Env::Posix()->Stat(root);
    if (info.ok() && info->type == FileType::kDirectory) {
      if (Env::Posix()->Stat(StrCat(root, "/", path)).ok()) return false;
      below_a_root = true;
    } else if (path.starts_with(root) && path.substr(root.size()).starts_with('#')) {
      below_a_root = true;  // a line of a JSON Lines file named directly
    }
  }
  return below_a_root;
}

absl::Status IndexRun::Prune() {
  if (!flags_.prune) return absl::OkStatus();
  std::vector<std::string> gone;
  RETURN_IF_ERROR(writer_.ForEachKey(flags_.key_prefix, [&](std::string_view key) {
    if (IsGone(key)) gone.emplace_back(key);
  }));
  for (const std::string& key : gone) {
    ASSIGN_OR_RETURN(const bool existed, writer_.Delete(key));
    if (existed) ++counts_.removed;
  }
  return absl::OkStatus();
}

absl::Status IndexRun::Commit() {
  if (progress_.shown())
    progress_.Show(StrCat("committing ", WithCommas(documents_), " documents"));
  absl::StatusOr<CommitInfo> commit = writer_.Commit();
  progress_.Clear();
  if (!commit.ok()) return std::move(commit).status();
  counts_.commit = *std::move(commit);
  return absl::OkStatus();
}

void IndexRun::ShowProgress() {
  progress_.Update([this] { return ProgressLine(); });
}

std::string IndexRun::ProgressLine() const {
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start_;
  const double seconds = std::max(elapsed.count(), 1e-3);
  const double rate = static_cast<double>(bytes_read_) / seconds;
  std::string line =
      StrCat(WithCommas(documents_), " documents, ", FixedNumber(rate / 1e6, 1), " MB/s");
  if (bytes_in_all_ > bytes_read_ && rate > 0) {
    const double left = static_cast<double>(bytes_in_all_ - bytes_read_) / rate;
    line += StrCat(", ", FixedNumber(left, 0), " s left");
  }
  return line;
}

}  // namespace ibid::cli
