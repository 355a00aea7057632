// Documents' files on the real file system: trees of them, single ones, and standard input.
//
//   ASSIGN_OR_RETURN(auto tree, FileTree::Open("/data/news", {.on_skip = ...}));
//   for (;;) {
//     ASSIGN_OR_RETURN(std::optional<std::string> path, tree->Next());
//     if (!path.has_value()) break;                       // "2026/01/fire.txt"
//     absl::StatusOr<std::string> bytes = tree->ReadFile(*path, kMaxDocumentBytes);
//   }
//
// A tree never leaves its root: symbolic links are not followed anywhere below it, other devices
// not entered, and what a name stands for is judged on the open descriptor, so that nothing can be
// swapped in between. Files are opened without blocking and only regular ones are read.
//
// The objects are not thread-safe; ReadFile and OpenFile of one tree are.
#ifndef IBID_COMMON_ENV_FILE_TREE_H_
#define IBID_COMMON_ENV_FILE_TREE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ibid/env.h"

namespace ibid {

// Directories inside one another that a tree descends.
inline constexpr size_t kMaxTreeDepth = 256;

// A file's bytes in order, with bounded memory.
class InputStream {
 public:
  virtual ~InputStream() = default;
  // Fills the front of `out` (not empty) and returns how many bytes it wrote; 0 only at the end.
  // A file of a tree or path is read no further than the size that it had when it was opened.
  virtual absl::StatusOr<size_t> Read(std::span<char> out) = 0;
  // Of the open file: type, size, time. Standard input that is no file has size 0.
  virtual FileInfo info() const = 0;
  // Aborted "changed while it was read" where size or time are not what they were when it was
  // opened. Always OK for what is not a regular file.
  virtual absl::Status CheckUnchanged() const = 0;
};

// Why an entry was passed over, as of FileTree::OpenFile; OutOfRange "directories nested too deep".
using SkipCallback = std::function<void(const std::string& path, const absl::Status& reason)>;

struct FileTreeOptions {
  // Directories to pass over without a word (the index itself), told by what they are and not by
  // their names. Missing ones are ignored.
  std::vector<std::string> skip_directories;
  bool cross_device = false;
  // Only what is at this path relative to the root: a file, or a directory with all below it.
  // Nothing where there is no such thing, or part of its path is hidden. Empty: everything.
  std::string below;
  SkipCallback on_skip = nullptr;  // with paths relative to the root
};

class FileTree {
 public:
  // NotFound, PermissionDenied; InvalidArgument where `root` is no directory. `root` itself may be
  // a symbolic link: it was named by the user.
  static absl::StatusOr<std::unique_ptr<FileTree>> Open(const std::string& root,
                                                        FileTreeOptions options);
  ~FileTree();

  // The next regular file below the root, as a path relative to it: all in the order of the paths'
  // bytes. None at the end. Entries whose names begin with '.' are passed over silently.
  // ResourceExhausted, from then on, where memory or descriptors are lacking.
  absl::StatusOr<std::optional<std::string>> Next();

  // The file at a path relative to the root. Its message is the reason alone, to be put after the
  // path: FailedPrecondition where it is nothing that a tree holds ("symbolic link", "not a regular
  // file", "on another device", "outside the directory"); NotFound, PermissionDenied, Unavailable
  // in the system's own words ("Permission denied").
  absl::StatusOr<std::unique_ptr<InputStream>> OpenFile(const std::string& path) const;
  // The same, whole. ResourceExhausted "71.3 MB, limit 67.1 MB"; Aborted "changed while it was
  // read".
  absl::StatusOr<std::string> ReadFile(const std::string& path, size_t max_bytes) const;

 private:
  struct Impl;
  explicit FileTree(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// A file that the user named directly; symbolic links are followed, all else as in a tree. Messages
// are "open <path>: <reason>".
absl::StatusOr<std::unique_ptr<InputStream>> OpenInputFile(const std::string& path);
absl::StatusOr<std::string> ReadFileBounded(const std::string& path, size_t max_bytes);

// Standard input, from where it stands. Blocks until there is something; `cancelled`, where it is
// not null, is asked meanwhile, some times a second: true ends the reading with Cancelled.
std::unique_ptr<InputStream> OpenStandardInput(std::function<bool()> cancelled = nullptr);

// What `path` is, symbolic links followed. "stat <path>: No such file or directory".
absl::StatusOr<FileInfo> StatFollowingLinks(const std::string& path);

}  // namespace ibid

#endif  // IBID_COMMON_ENV_FILE_TREE_H_
