// IndexRun::Update: the index follows what changed on disk, as `ibid index --prune` would.
#include <algorithm>
#include <string_view>
#include <utility>

#include "cli/index_run.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "ibid/env.h"

namespace ibid::cli {
namespace {

// Whether a folder above `path` is among `paths`.
bool IsBelowAnother(const std::set<std::string>& paths, const std::string& path) {
  for (size_t slash = path.find('/'); slash != std::string::npos;
       slash = path.find('/', slash + 1)) {
    if (paths.contains(path.substr(0, slash))) return true;
  }
  return false;
}

}  // namespace

absl::StatusOr<IndexRun::Changes> IndexRun::Update(const Changes& changes) {
  updating_ = true;
  ASSIGN_OR_RETURN(Changes unread, TakeUp(changes));
  while (!freed_.empty()) {
    ASSIGN_OR_RETURN(Changes more, TakeUp(std::exchange(freed_, {})));
    for (auto& [root, paths] : more) unread[root].merge(paths);
  }
  CountProblemsLeftOut();
  return unread;
}

absl::StatusOr<IndexRun::Changes> IndexRun::TakeUp(const Changes& changes) {
  Changes unread;
  std::set<size_t> whole;  // roots that are read anew
  std::set<size_t> gone;
  // Removals first, of all roots: what moved, from one to another too, has its key free by then.
  for (const auto& [root, paths] : changes) {
    if (NeedsAll(root, paths)) {
      if (IsThere(root)) {
        Forget(root);
        whole.insert(root);
      } else {
        gone.insert(root);
      }
      continue;
    }
    for (const std::string& path : paths) {
      if (!IsBelowAnother(paths, path)) RETURN_IF_ERROR(PruneBelow(root, path));
    }
  }
  for (const auto& [root, paths] : changes) {
    if (gone.contains(root)) continue;
    const bool needs_all = whole.contains(root);
    ids_meet_ = false;
    const bool was_unread = IsUnread(root_origins_[root]);
    ASSIGN_OR_RETURN(bool read, ReadPaths(root, needs_all ? std::set<std::string>{""} : paths));
    const bool is_whole_again = was_unread && !IsUnread(root_origins_[root]);
    if (read && !needs_all && (ids_meet_ || is_whole_again)) {
      // Of several files with one key the last one counts: only all of them together tell which.
      // And what was kept while something could not be read may be gone.
      Forget(root);
      whole.insert(root);
      ASSIGN_OR_RETURN(read, ReadPaths(root, {""}));
    }
    if (read) continue;
    unread[root] = whole.contains(root) ? std::set<std::string>{""} : paths;
  }
  for (const auto& [root, paths] : changes) {
    if (gone.contains(root) || unread.contains(root)) continue;
    if (whole.contains(root)) {
      RETURN_IF_ERROR(PruneRoot(root));
      continue;
    }
    // What was read and no longer gives the document of its name.
    for (const std::string& path : paths) {
      if (!IsBelowAnother(paths, path)) RETURN_IF_ERROR(PruneBelow(root, path));
    }
  }
  return unread;
}

// Documents with keys of their own may come from several files, of which the last one counts: where
// such a file changed, only all of them together tell what there is.
bool IndexRun::NeedsAll(size_t root, const std::set<std::string>& paths) const {
  if (paths.contains("")) return true;
  return std::any_of(id_files_[root].begin(), id_files_[root].end(), [&](const std::string& file) {
    return paths.contains(file) || IsBelowAnother(paths, file);
  });
}

bool IndexRun::IsThere(size_t root) {
  if (!absl::IsNotFound(Env::Posix()->Stat(roots_[root]).status())) return true;
  Report({.where = roots_[root], .what = "is gone: its documents stay", .skipped = false});
  return false;
}

void IndexRun::Forget(size_t root) {
  seen_.RemoveRoot(static_cast<uint32_t>(root) + 1);
  id_files_[root].clear();
  nameless_[root].clear();
  unread_.erase(root_origins_[root]);
}

// False where the root could not be read.
absl::StatusOr<bool> IndexRun::ReadPaths(size_t root, const std::set<std::string>& paths) {
  seen_.BeginRootAgain(static_cast<uint32_t>(root) + 1);
  bool all_read = true;
  for (const std::string& path : paths) {
    if (IsBelowAnother(paths, path)) continue;
    std::erase_if(unread_[root_origins_[root]], [&](const std::string& unread) {
      return path.empty() || unread == path || unread.starts_with(StrCat(path, "/"));
    });
    ASSIGN_OR_RETURN(const bool read, ReadRoot(root, path));
    all_read &= read;
  }
  return all_read;
}

absl::Status IndexRun::PruneRoot(size_t root) {
  if (root_origins_[root].empty()) return absl::OkStatus();
  if (IsUnread(root_origins_[root])) {
    ReportNotPruned(root);
    return absl::OkStatus();
  }
  std::vector<std::string> gone;
  RETURN_IF_ERROR(writer_->ForEachCommitted(
      flags_.key_prefix, [&](std::string_view key, std::string_view origin) {
        if (origin != root_origins_[root] || seen_.Contains(key)) return;
        if (!HasFile(root, key)) gone.emplace_back(key);
      }));
  return Remove(gone);
}

// Of the documents that are named after a file at `path` or below it, those without one.
absl::Status IndexRun::PruneBelow(size_t root, const std::string& path) {
  if (root_origins_[root].empty()) return absl::OkStatus();
  const std::string prefix = StrCat(flags_.key_prefix, path);
  std::vector<std::string> gone;
  RETURN_IF_ERROR(
      writer_->ForEachCommitted(prefix, [&](std::string_view key, std::string_view origin) {
        if (origin != root_origins_[root]) return;
        if (key.size() > prefix.size() && key[prefix.size()] != '/') return;
        if (HasFile(root, key)) return;
        // Where the key is an id in another file, too, only all of them together tell.
        const bool is_id = seen_.IsOwn(key);
        if (is_id || seen_.IsShared(key)) freed_[root].insert("");
        if (!is_id) gone.emplace_back(key);
      }));
  return Remove(gone);
}

}  // namespace ibid::cli
