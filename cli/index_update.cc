// IndexRun::Update: the index follows what changed on disk, as `ibid index --prune` would.
#include <string_view>
#include <utility>

#include "cli/index_run.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "ibid/env.h"

namespace ibid::cli {

absl::StatusOr<PathsByRoot> IndexRun::Update(const PathsByRoot& changes) {
  updating_ = true;
  ASSIGN_OR_RETURN(PathsByRoot unread, TakeUp(changes));
  for (PathsByRoot freed = ledger_->TakeFreed(); !freed.empty(); freed = ledger_->TakeFreed()) {
    ASSIGN_OR_RETURN(PathsByRoot more, TakeUp(freed));
    for (auto& [root, paths] : more) unread[root].merge(paths);
  }
  CountProblemsLeftOut();
  return unread;
}

absl::StatusOr<PathsByRoot> IndexRun::TakeUp(const PathsByRoot& changes) {
  PathsByRoot unread;
  std::set<size_t> whole;  // roots that are read anew
  std::set<size_t> gone;
  // Removals first, of all roots: what moved, from one to another too, has its key free by then.
  for (const auto& [root, paths] : changes) {
    if (ledger_->NeedsAll(root, paths)) {
      if (IsThere(root)) {
        ledger_->Forget(root);
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
    ledger_->TakeKeysMet();
    const bool was_unread = IsUnread(root_origins_[root]);
    ASSIGN_OR_RETURN(bool read, ReadPaths(root, needs_all ? std::set<std::string>{""} : paths));
    const bool is_whole_again = was_unread && !IsUnread(root_origins_[root]);
    if (read && !needs_all && (ledger_->TakeKeysMet() || is_whole_again)) {
      // What was kept while something could not be read may be gone, too.
      ledger_->Forget(root);
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

bool IndexRun::IsThere(size_t root) {
  if (!absl::IsNotFound(Env::Posix()->Stat(roots_[root]).status())) return true;
  Report({.where = roots_[root],
          .what = "is gone: its documents stay",
          .kind = ProblemKind::kWarning});
  return false;
}

// False where the root could not be read.
absl::StatusOr<bool> IndexRun::ReadPaths(size_t root, const std::set<std::string>& paths) {
  bool all_read = true;
  for (const std::string& path : paths) {
    if (IsBelowAnother(paths, path)) continue;
    ledger_->ForgetUnread(root, path);
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
        if (origin != root_origins_[root] || ledger_->Has(key)) return;
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
        const bool is_id = ledger_->IsOwnKey(key);
        if (is_id || ledger_->IsShared(key)) ledger_->Free(root, "");
        if (!is_id) gone.emplace_back(key);
      }));
  return Remove(gone);
}

}  // namespace ibid::cli
