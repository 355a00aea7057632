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

absl::Status IndexRun::Update(size_t root, const std::set<std::string>& paths) {
  updating_ = true;
  seen_.BeginRootAgain(static_cast<uint32_t>(root) + 1);
  if (NeedsAll(root, paths)) {
    RETURN_IF_ERROR(UpdateAll(root));
  } else {
    // Removals first: what was renamed has its key free by then.
    for (const std::string& path : paths) {
      if (!IsBelowAnother(paths, path)) RETURN_IF_ERROR(PruneBelow(root, path));
    }
    for (const std::string& path : paths) {
      if (!IsBelowAnother(paths, path)) RETURN_IF_ERROR(ReadRoot(root, path).status());
    }
  }
  CountProblemsLeftOut();
  return absl::OkStatus();
}

// Documents with keys of their own may come from several files, of which the last one counts: where
// such a file changed, only all of them together tell what there is.
bool IndexRun::NeedsAll(size_t root, const std::set<std::string>& paths) const {
  if (paths.contains("")) return true;
  if (root >= id_files_.size()) return false;
  return std::any_of(id_files_[root].begin(), id_files_[root].end(), [&](const std::string& file) {
    return paths.contains(file) || IsBelowAnother(paths, file);
  });
}

absl::Status IndexRun::UpdateAll(size_t root) {
  if (absl::IsNotFound(Env::Posix()->Stat(roots_[root]).status())) {
    Report({.where = roots_[root], .what = "is gone: its documents stay", .skipped = false});
    return absl::OkStatus();
  }
  seen_.RemoveRoot(static_cast<uint32_t>(root) + 1);
  if (root < id_files_.size()) id_files_[root].clear();
  unread_.erase(root_origins_[root]);
  ASSIGN_OR_RETURN(const bool read, ReadRoot(root, ""));
  if (!read || root_origins_[root].empty()) return absl::OkStatus();
  if (unread_.contains(root_origins_[root])) {
    ReportNotPruned(root);
    return absl::OkStatus();
  }
  std::vector<std::string> gone;
  RETURN_IF_ERROR(writer_->ForEachCommitted(
      flags_.key_prefix, [&](std::string_view key, std::string_view origin) {
        if (origin != root_origins_[root] || seen_.Contains(key)) return;
        if (!HasFile(roots_[root], key)) gone.emplace_back(key);
      }));
  return Remove(gone);
}

absl::Status IndexRun::PruneBelow(size_t root, const std::string& path) {
  const std::string prefix = StrCat(flags_.key_prefix, path);
  std::vector<std::string> gone;
  RETURN_IF_ERROR(
      writer_->ForEachCommitted(prefix, [&](std::string_view key, std::string_view origin) {
        if (origin != root_origins_[root]) return;
        if (key.size() > prefix.size() && key[prefix.size()] != '/') return;
        if (!HasFile(roots_[root], key)) gone.emplace_back(key);
      }));
  return Remove(gone);
}

}  // namespace ibid::cli
