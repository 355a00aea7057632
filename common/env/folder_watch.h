// What changes in folders and files, as the system reports it (inotify on Linux).
//
//   ASSIGN_OR_RETURN(auto watch, FolderWatch::Open({"stories"}, {.skip_directories = {index}}));
//   for (;;) {
//     ASSIGN_OR_RETURN(std::vector<PathChange> changes, watch->Wait(-1, -1));
//     for (const PathChange& change : changes) ...   // {0, "2026/01/fire.txt"}
//   }
//
// A change says where to look, not what happened: what is at that path now, with all below it, may
// have been created, written, renamed or removed since. Changes of one path are reported once a
// Wait. A file is reported when its writer closes it, not while it is written. What FileTree passes
// over (hidden names, other devices) is not watched either, nor are folders behind symbolic links
// or with paths longer than the system takes. The folders above a root, up to "/", are watched for
// the names that lead to it; one that may not be read is left out.
//
// Not thread-safe.
#ifndef IBID_COMMON_ENV_FOLDER_WATCH_H_
#define IBID_COMMON_ENV_FOLDER_WATCH_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace ibid {

struct PathChange {
  size_t root = 0;   // number among those of Open
  std::string path;  // relative to it; empty: the root itself, or everything
  bool operator==(const PathChange&) const = default;
};

struct FolderWatchOptions {
  // As of FileTreeOptions; looked for anew where folders come, so that one may be replaced.
  std::vector<std::string> skip_directories;
};

// What a folder is, whatever its name: device and number. Both are 0 where there is none.
using FolderIdentity = std::pair<uint64_t, uint64_t>;
FolderIdentity IdentityOf(const std::string& path);

class FolderWatch {
 public:
  // Roots are folders or files; NotFound, PermissionDenied. A root may go and come back, also as
  // another in its place and by what happens to a folder above it: that is a change of it. A
  // relative one goes with the working directory. ResourceExhausted where the system watches no
  // more folders (it says which of its settings to raise), or memory or descriptors are lacking;
  // Unavailable where a folder cannot be read for a reason of the disk.
  static absl::StatusOr<std::unique_ptr<FolderWatch>> Open(const std::vector<std::string>& roots,
                                                           const FolderWatchOptions& options);
  ~FolderWatch();

  // Waits until something has changed, `seconds` are over (negative: for ever), or the descriptor
  // `wake` (-1: none) can be read; all changes since the last call, none after a wait in vain.
  // Where more happened than the system remembers, all roots have changed. Errors as above, and
  // Unavailable where a root was unmounted: what is there now is something else. After an error
  // changes may be missing: only another watch tells the rest.
  absl::StatusOr<std::vector<PathChange>> Wait(double seconds, int wake);

  size_t num_folders() const;

 private:
  struct Impl;
  explicit FolderWatch(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace ibid

#endif  // IBID_COMMON_ENV_FOLDER_WATCH_H_
