#include "cli/source_ledger.h"

#include <algorithm>
#include <cstdint>

#include "common/base/strings.h"

namespace ibid::cli {

bool IsBelowAnother(const std::set<std::string>& paths, const std::string& path) {
  for (size_t slash = path.find('/'); slash != std::string::npos;
       slash = path.find('/', slash + 1)) {
    if (paths.contains(path.substr(0, slash))) return true;
  }
  return false;
}

SourceLedger::SourceLedger(size_t num_roots, std::string key_prefix)
    : key_prefix_(std::move(key_prefix)), roots_(num_roots) {}

void SourceLedger::BeginRoot(size_t root) {
  root_ = root;
  keys_.BeginRoot(static_cast<uint32_t>(root));
  file_ = {};
}

void SourceLedger::BeginFile(const std::string& path) {
  EndFile();
  file_ = {.path = path};
}

std::optional<size_t> SourceLedger::Add(const std::string& key) {
  const bool own = key != StrCat(key_prefix_, file_.path);
  (own ? file_.gave_others : file_.gave_itself) = true;
  std::set<std::string>& id_files = roots_[root_].id_files;
  const bool would_meet = own ? !id_files.contains(file_.path) : keys_.IsOwn(key);
  switch (keys_.Add(key, own)) {
    case SeenKeys::Outcome::kInAnotherRoot:
      waiting_[key].emplace(root_, file_.path);
      return keys_.RootOf(key);
    case SeenKeys::Outcome::kAgainInThisRoot:
      keys_met_ |= would_meet;
      break;
    case SeenKeys::Outcome::kNew:
      break;
  }
  if (own) id_files.insert(file_.path);
  return std::nullopt;
}

void SourceLedger::Note(const SourceProblem& problem) {
  const bool is_unread = problem.kind == ProblemKind::kUnread;
  if (is_unread) roots_[root_].unread.insert(problem.path);
  if (problem.path != file_.path || problem.kind == ProblemKind::kWarning) return;
  file_.had_problem = true;
  file_.is_unread |= is_unread;
  file_.is_empty |= problem.kind == ProblemKind::kEmptyFile;
}

void SourceLedger::EndRoot() { EndFile(); }

void SourceLedger::EndFile() {
  if (file_.path.empty()) return;
  const bool has_no_such =
      !file_.gave_itself && (file_.gave_others || file_.is_empty || !file_.had_problem);
  std::set<std::string, std::less<>>& nameless = roots_[root_].nameless;
  if (has_no_such && !file_.is_unread) {
    nameless.insert(StrCat(key_prefix_, file_.path));
  } else {
    nameless.erase(StrCat(key_prefix_, file_.path));
  }
  file_ = {};
}

bool SourceLedger::IsNameless(size_t root, std::string_view key) const {
  return roots_[root].nameless.contains(key);
}

bool SourceLedger::NeedsAll(size_t root, const std::set<std::string>& paths) const {
  // Where the root's own folder could not be listed, anything may be in it.
  if (paths.contains("") || roots_[root].unread.contains(".")) return true;
  const std::set<std::string>& id_files = roots_[root].id_files;
  return std::any_of(id_files.begin(), id_files.end(), [&](const std::string& file) {
    return paths.contains(file) || IsBelowAnother(paths, file);
  });
}

void SourceLedger::Forget(size_t root) {
  keys_.RemoveRoot(static_cast<uint32_t>(root));
  roots_[root] = {};
}

void SourceLedger::ForgetUnread(size_t root, const std::string& path) {
  std::erase_if(roots_[root].unread, [&](const std::string& unread) {
    return path.empty() || unread == path || unread.starts_with(StrCat(path, "/"));
  });
}

void SourceLedger::Remove(const std::string& key) {
  keys_.Remove(key);
  if (const auto waiting = waiting_.extract(key); !waiting.empty()) {
    for (const auto& [root, path] : waiting.mapped()) freed_[root].insert(path);
  }
}

}  // namespace ibid::cli
