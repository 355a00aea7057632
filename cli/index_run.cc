#include "cli/index_run.h"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <system_error>
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

// Whether a path below a folder may be so; an id of a document's own may be anything.
bool MayNameAFile(std::string_view path) {
  constexpr size_t kMaxNameBytes = 255, kMaxPathBytes = 4095;  // of Linux
  if (path.size() > kMaxPathBytes || path.find('\0') != std::string_view::npos) return false;
  while (true) {
    const size_t end = std::min(path.find('/'), path.size());
    const std::string_view name = path.substr(0, end);
    if (name.empty() || name == "." || name == ".." || name.size() > kMaxNameBytes) return false;
    if (end == path.size()) return true;
    path.remove_prefix(end + 1);
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
      writer_(&writer),
      console_(console),
      progress_(flags.quiet ? "never" : flags.progress) {
  // The keys of a single PATH that come again are counted by the writer.
  if (roots_.size() > 1 || flags.prune) ledger_.emplace(roots_.size(), flags.key_prefix);
}

absl::Status IndexRun::ReadAll() {
  if (progress_.shown()) {
    for (const std::string& root : roots_) {
      const absl::StatusOr<uint64_t> bytes = SourceBytes(root, source_);
      if (bytes.ok()) bytes_in_all_ += *bytes;
    }
  }
  absl::Status status;
  for (size_t root = 0; root < roots_.size(); ++root) {
    root_origins_.push_back(OriginOf(roots_[root]));
    // Without an origin are documents of standard input.
    if (roots_[root] == "-" || !root_origins_.back().empty()) origins_.insert(root_origins_.back());
    status = ReadRoot(root, "").status();
    progress_.Clear();
    if (!status.ok()) break;
  }
  CountProblemsLeftOut();
  return status;
}

absl::StatusOr<bool> IndexRun::ReadRoot(size_t root, const std::string& below) {
  absl::Status taken;  // what stopped the reading, where it was not the source itself
  SourceCallbacks callbacks;
  callbacks.on_document = [&](Document document) {
    taken = Take(root, std::move(document));
    return taken;
  };
  callbacks.on_problem = [&](const SourceProblem& problem) {
    if (ledger_) ledger_->Note(problem);
    Report(problem);
  };
  callbacks.on_file = [&](const std::string& path) {
    if (ledger_) ledger_->BeginFile(path);
  };
  callbacks.on_bytes = [&](uint64_t bytes) {
    bytes_read_ += bytes;
    ShowProgress();
  };
  callbacks.cancelled = [] { return Interrupted().load(); };
  if (ledger_) ledger_->BeginRoot(root);
  source_.below = below;
  const absl::Status status = ReadSource(roots_[root], source_, callbacks);
  RETURN_IF_ERROR(taken);
  if (status.ok()) {
    if (ledger_) ledger_->EndRoot();
    return true;
  }
  // Lack of memory or descriptors is no fault of the files.
  if (!updating_ || absl::IsCancelled(status) || absl::IsResourceExhausted(status)) {
    return AsInputError(status);
  }
  Report({.where = roots_[root], .what = StrCat("skipped: ", MessageOf(status))});
  return false;
}

absl::Status IndexRun::Take(size_t root, Document document) {
  if (const auto earlier = ledger_ ? ledger_->Add(document.key) : std::nullopt) {
    const std::string clash = StrCat("the key ", VisibleKey(document.key), " came already from ",
                                     VisibleKey(roots_[*earlier]));
    if (!flags_.watch)
      return absl::InvalidArgumentError(StrCat(VisibleKey(roots_[root]), ": ", clash));
    Report({.where = roots_[root], .what = StrCat("skipped: ", clash)});
    return absl::OkStatus();
  }
  const std::string key = document.key;
  const absl::StatusOr<AddOutcome> outcome = writer_->Add(std::move(document), root_origins_[root]);
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
  ++(problem.kind == ProblemKind::kWarning ? counts_.warnings : counts_.skipped);
  if (flags_.quiet) return;
  if (++counts_.problems > kMaxProblemsShown) return;
  progress_.Clear();
  console_.Warning(VisibleKey(problem.where), problem.what);
}

void IndexRun::ReportNotPruned(size_t root) {
  Report({.where = roots_[root],
          .what = "nothing of it is removed, since some of it could not be read",
          .kind = ProblemKind::kWarning});
}

bool IndexRun::IsUnread(std::string_view origin) const {
  for (size_t root = 0; root < root_origins_.size(); ++root) {
    if (root_origins_[root] == origin && ledger_->IsUnread(root)) return true;
  }
  return false;
}

void IndexRun::CountProblemsLeftOut() {
  if (counts_.problems <= kMaxProblemsShown) return;
  console_.Warning("", StrCat(WithCommas(counts_.problems - kMaxProblemsShown),
                              " more warnings about documents are left out"));
}

// What the index remembers of a PATH: its place as seen from the index, so that both may move
// together and the current directory does not matter. Empty for standard input.
std::string IndexRun::OriginOf(const std::string& root) const {
  if (root == "-") return "";
  std::error_code error;
  const std::filesystem::path place = std::filesystem::canonical(root, error);
  if (error) return "";
  const std::filesystem::path index =
      std::filesystem::canonical(source_.excluded_directories.front(), error);
  if (error) return "";
  return place.lexically_relative(index).generic_string();
}

// Gone is what came from a PATH of this run, which did not meet it, unless a named folder holds a
// file of its name: what --glob left out, or what could not be read, stays. So does everything of a
// PATH in which something could not be read to its end, which may hold any key. Where it came from
// is not known of documents from standard input: there a --key-prefix must say whose they are.
bool IndexRun::IsGone(std::string_view key, std::string_view origin) const {
  if (!key.starts_with(flags_.key_prefix) || ledger_->Has(key)) return false;
  if (IsUnread(origin) || !origins_.contains(origin)) return false;
  if (origin.empty() && flags_.key_prefix.empty()) return false;
  for (size_t root = 0; root < roots_.size(); ++root) {
    if (HasFile(root, key)) return false;
  }
  return true;
}

// Whether there is a file of that name that may hold the document, for all that is known of it.
// Where it cannot be told, there may be one.
bool IndexRun::HasFile(size_t root, std::string_view key) const {
  if (ledger_->IsNameless(root, key)) return false;
  const absl::StatusOr<FileInfo> info = Env::Posix()->Stat(roots_[root]);
  if (!info.ok()) return true;
  if (info->type == FileType::kRegular) return false;
  const std::string_view path = key.substr(flags_.key_prefix.size());
  if (!MayNameAFile(path)) return false;
  // Name by name, since no symbolic link is followed on the way.
  for (size_t end = 0; end != path.size();) {
    end = std::min(path.find('/', end + 1), path.size());
    const bool is_last = end == path.size();
    const absl::StatusOr<FileInfo> found =
        Env::Posix()->Stat(StrCat(roots_[root], "/", path.substr(0, end)));
    if (!found.ok()) return !absl::IsNotFound(found.status());
    if (found->type != (is_last ? FileType::kRegular : FileType::kDirectory)) return false;
  }
  return true;
}

absl::Status IndexRun::Prune() {
  if (!flags_.prune) return absl::OkStatus();
  for (size_t root = 0; root < roots_.size(); ++root) {
    if (IsUnread(root_origins_[root])) ReportNotPruned(root);
  }
  std::vector<std::string> gone;
  RETURN_IF_ERROR(writer_->ForEachCommitted(flags_.key_prefix,
                                            [&](std::string_view key, std::string_view origin) {
                                              if (IsGone(key, origin)) gone.emplace_back(key);
                                            }));
  return Remove(gone);
}

absl::Status IndexRun::Remove(const std::vector<std::string>& keys) {
  for (const std::string& key : keys) {
    ASSIGN_OR_RETURN(const bool existed, writer_->Delete(key));
    if (existed) ++counts_.removed;
    ledger_->Remove(key);
  }
  return absl::OkStatus();
}

absl::Status IndexRun::Commit() {
  if (progress_.shown() && !updating_)
    progress_.Show(StrCat("committing ", WithCommas(documents_), " documents"));
  absl::StatusOr<CommitInfo> commit = writer_->Commit();
  progress_.Clear();
  if (!commit.ok()) return std::move(commit).status();
  counts_.commit = *std::move(commit);
  return absl::OkStatus();
}

void IndexRun::ShowProgress() {
  if (updating_) return;
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
