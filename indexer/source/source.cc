#include "indexer/source/source.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/env/file_tree.h"
#include "indexer/source/document_sink.h"
#include "indexer/source/glob.h"
#include "indexer/source/open_file.h"

namespace ibid {
namespace {

constexpr std::string_view kStandardInput = "-";
// How messages and keys name standard input.
constexpr std::string_view kStandardInputName = "stdin";

// "./a//b/../c.txt" is "a/c.txt"; what leads above the start stays ("../c.txt").
std::string NormalizePath(std::string_view path) {
  const bool absolute = path.starts_with("/");
  std::vector<std::string_view> names;
  for (size_t begin = 0; begin < path.size();) {
    const size_t end = std::min(path.find('/', begin), path.size());
    const std::string_view name = path.substr(begin, end - begin);
    begin = end + 1;
    if (name.empty() || name == ".") continue;
    if (name == ".." && !names.empty() && names.back() != "..") {
      names.pop_back();
    } else if (name != ".." || !absolute) {
      names.push_back(name);
    }
  }
  std::string normal(absolute ? "/" : "");
  for (size_t i = 0; i < names.size(); ++i) {
    if (i > 0) normal += '/';
    normal += names[i];
  }
  return normal;
}

// "stories" + "a.txt"; the root as typed, without "./" and ends of '/'.
std::string Below(std::string_view root, std::string_view path) {
  const std::string normal = NormalizePath(root);
  if (normal.empty()) return std::string(path);
  return StrCat(normal, normal == "/" ? "" : "/", path);
}

// Passed over because of what they are, or gone since they were listed: no fault of theirs, so no
// error with options.strict.
bool IsNoFault(const absl::Status& reason) {
  return absl::IsFailedPrecondition(reason) || absl::IsNotFound(reason);
}

bool MatchesAnyGlob(const std::vector<std::string>& globs, std::string_view path) {
  if (globs.empty()) return true;
  for (const std::string& glob : globs) {
    if (MatchesGlob(glob, path)) return true;
  }
  return false;
}

using ProblemCallback = std::function<void(const SourceProblem&)>;

// The files below a directory that are to be read.
class Crawl {
 public:
  static absl::StatusOr<std::unique_ptr<Crawl>> Open(const std::string& root,
                                                     const SourceOptions& options,
                                                     ProblemCallback on_problem) {
    std::unique_ptr<Crawl> crawl(new Crawl(root, options, std::move(on_problem)));
    FileTreeOptions tree_options;
    tree_options.skip_directories = options.excluded_directories;
    tree_options.below = options.below;
    tree_options.on_skip = [self = crawl.get()](const std::string& path,
                                                const absl::Status& reason) {
      self->Skip(path, reason);
    };
    ASSIGN_OR_RETURN(crawl->tree_, FileTree::Open(root, std::move(tree_options)));
    return crawl;
  }

  // The next path, relative to the root.
  absl::StatusOr<std::optional<std::string>> Next() {
    while (true) {
      ASSIGN_OR_RETURN(std::optional<std::string> path, tree_->Next());
      RETURN_IF_ERROR(fault_);
      if (!path.has_value() || MatchesAnyGlob(options_.globs, *path)) return path;
    }
  }
  // None where it cannot be opened, which was reported.
  absl::StatusOr<std::unique_ptr<InputStream>> OpenFile(const std::string& path) {
    absl::StatusOr<std::unique_ptr<InputStream>> stream = tree_->OpenFile(path);
    if (stream.ok() || absl::IsResourceExhausted(stream.status())) return stream;
    Skip(path, stream.status());
    RETURN_IF_ERROR(fault_);
    return std::unique_ptr<InputStream>();
  }
  std::string Where(std::string_view path) const { return Below(root_, path); }

 private:
  Crawl(std::string root, const SourceOptions& options, ProblemCallback on_problem)
      : root_(std::move(root)), options_(options), on_problem_(std::move(on_problem)) {}

  void Skip(const std::string& path, const absl::Status& reason) {
    if (options_.strict && !IsNoFault(reason)) {
      if (fault_.ok()) {
        fault_ = absl::InvalidArgumentError(StrCat(Where(path), ": ", MessageOf(reason)));
      }
    } else if (on_problem_) {
      on_problem_({.where = Where(path),
                   .what = StrCat("skipped: ", MessageOf(reason)),
                   .path = path,
                   .kind = IsNoFault(reason) ? ProblemKind::kSkipped : ProblemKind::kUnread});
    }
  }

  std::string root_;
  const SourceOptions& options_;
  ProblemCallback on_problem_;
  std::unique_ptr<FileTree> tree_;
  absl::Status fault_;
};

absl::Status ReadDirectory(const std::string& root, const SourceOptions& options,
                           const SourceCallbacks& callbacks) {
  ASSIGN_OR_RETURN(const auto crawl, Crawl::Open(root, options, callbacks.on_problem));
  while (true) {
    if (callbacks.cancelled && callbacks.cancelled()) return absl::CancelledError("stopped");
    ASSIGN_OR_RETURN(const std::optional<std::string> path, crawl->Next());
    if (!path.has_value()) return absl::OkStatus();
    ASSIGN_OR_RETURN(const auto stream, crawl->OpenFile(*path));
    if (stream == nullptr) continue;
    if (callbacks.on_file) callbacks.on_file(*path);
    const SourceFile file{.where = crawl->Where(*path), .key = *path};
    RETURN_IF_ERROR(ReadOpenFile(stream.get(), *path, file, options, callbacks));
  }
}

// What a path that is no directory may be; a device or a pipe is refused.
absl::Status RefuseSpecial(const absl::Status& status) {
  if (!absl::IsFailedPrecondition(status)) return status;
  return absl::UnavailableError(status.message());
}

absl::StatusOr<bool> IsDirectory(const std::string& path) {
  ASSIGN_OR_RETURN(const FileInfo info, StatFollowingLinks(path));
  return info.type == FileType::kDirectory;
}

}  // namespace

absl::Status ReadSource(const std::string& path, const SourceOptions& options,
                        const SourceCallbacks& callbacks) {
  if (path == kStandardInput) {
    const std::unique_ptr<InputStream> stream = OpenStandardInput(callbacks.cancelled);
    const std::string name(kStandardInputName);
    return ReadOpenFile(stream.get(), "", {.where = name, .key = name}, options, callbacks);
  }
  ASSIGN_OR_RETURN(const bool is_directory, IsDirectory(path));
  if (is_directory) return ReadDirectory(path, options, callbacks);
  absl::StatusOr<std::unique_ptr<InputStream>> stream = OpenInputFile(path);
  if (!stream.ok()) return RefuseSpecial(stream.status());
  const std::string normal = NormalizePath(path);
  return ReadOpenFile(stream->get(), normal, {.where = normal, .key = normal}, options, callbacks);
}

absl::StatusOr<uint64_t> SourceBytes(const std::string& path, const SourceOptions& options) {
  if (path == kStandardInput) return uint64_t{0};
  ASSIGN_OR_RETURN(const FileInfo info, StatFollowingLinks(path));
  if (info.type != FileType::kDirectory) return info.size_bytes;
  SourceOptions lenient = options;
  lenient.strict = false;
  ASSIGN_OR_RETURN(const auto crawl, Crawl::Open(path, lenient, nullptr));
  uint64_t sum = 0;
  while (true) {
    ASSIGN_OR_RETURN(const std::optional<std::string> file, crawl->Next());
    if (!file.has_value()) return sum;
    const absl::StatusOr<FileInfo> found = Env::Posix()->Stat(StrCat(path, "/", *file));
    if (found.ok() && found->type == FileType::kRegular) sum += found->size_bytes;
  }
}

absl::Status ListSource(const std::string& path, const SourceOptions& options,
                        const std::function<void(const std::string&)>& on_path,
                        const std::function<void(const SourceProblem&)>& on_problem) {
  if (path == kStandardInput) {
    on_path(path);
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const bool is_directory, IsDirectory(path));
  if (!is_directory) {
    on_path(NormalizePath(path));
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const auto crawl, Crawl::Open(path, options, on_problem));
  while (true) {
    ASSIGN_OR_RETURN(const std::optional<std::string> file, crawl->Next());
    if (!file.has_value()) return absl::OkStatus();
    on_path(crawl->Where(*file));
  }
}

}  // namespace ibid
