#include "tests/support/crash_env.h"

#include <algorithm>
#include <random>
#include <utility>

#include "common/base/status_macros.h"
#include "tests/support/files.h"

namespace ibid {
namespace {

using Kind = CrashCall::Kind;

std::string ParentOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash);
}

bool ChangesADirectory(Kind kind) {
  return kind == Kind::kCreate || kind == Kind::kRename || kind == Kind::kRemove ||
         kind == Kind::kMakeDirectory || kind == Kind::kRemoveDirectory;
}

// What may have become of one file's bytes.
std::vector<std::string> Outcomes(const std::string& forced, const std::string& written) {
  const size_t kept = written.starts_with(forced) ? forced.size() : 0;
  const size_t half = kept + (written.size() - kept) / 2;
  std::vector<std::string> all = {written, forced, written.substr(0, half)};
  for (const size_t whole : {kept, half}) {
    all.push_back(written.substr(0, whole) + std::string(written.size() - whole, '\0'));
  }
  std::vector<std::string> distinct;
  for (std::string& outcome : all) {
    if (std::find(distinct.begin(), distinct.end(), outcome) == distinct.end()) {
      distinct.push_back(std::move(outcome));
    }
  }
  return distinct;  // the first: as it was written
}

// The states after some calls: which are certain, which are open.
class CrashPoint {
 public:
  explicit CrashPoint(std::span<const CrashCall> calls) : calls_(calls) {
    for (size_t i = 0; i < calls.size(); ++i) {
      if (ChangesADirectory(calls[i].kind) && !IsForced(i)) open_.push_back(i);
    }
    std::map<size_t, std::string> forced, written;
    for (const CrashCall& call : calls) {
      if (call.kind == Kind::kCreate) written[call.file], forced[call.file];
      if (call.kind == Kind::kCut) written[call.file].clear();
      if (call.kind == Kind::kWrite) written[call.file] += call.data;
      if (call.kind == Kind::kSync) forced[call.file] = written[call.file];
    }
    for (const auto& [file, bytes] : written) outcomes_[file] = Outcomes(forced[file], bytes);
  }

  size_t num_open() const { return open_.size(); }

  // Which file is at which path, where of the open calls those with has[i] have happened.
  struct Names {
    std::set<std::string> directories;
    std::map<std::string, size_t> files;
  };
  Names NamesWith(const std::vector<bool>& has) const {
    Names names;
    size_t next_open = 0;
    for (size_t i = 0; i < calls_.size(); ++i) {
      const bool is_open = next_open < open_.size() && open_[next_open] == i;
      if (is_open && !has[next_open++]) continue;
      Apply(calls_[i], &names);
    }
    std::erase_if(names.files, [&](const auto& entry) {
      const std::string parent = ParentOf(entry.first);
      return parent != "." && !names.directories.contains(parent);
    });
    return names;
  }

  const std::vector<std::string>& outcomes(size_t file) const { return outcomes_.at(file); }

  // Of each file the outcome with the number that `choose` says for it.
  DiskState StateOf(const Names& names, const std::function<size_t(size_t file)>& choose) const {
    DiskState state{.directories = names.directories, .files = {}};
    for (const auto& [path, file] : names.files) {
      state.files[path] = outcomes(file)[choose(file) % outcomes(file).size()];
    }
    return state;
  }

 private:
  bool IsForced(size_t i) const {
    const std::string directory = ParentOf(calls_[i].path);
    return std::any_of(calls_.begin() + static_cast<ptrdiff_t>(i), calls_.end(),
                       [&](const CrashCall& call) {
                         return call.kind == Kind::kSyncDirectory && call.path == directory;
                       });
  }

  static void Apply(const CrashCall& call, Names* names) {
    switch (call.kind) {
      case Kind::kCreate:
        names->files[call.path] = call.file;
        break;
      case Kind::kRename:
        names->files.erase(call.path);
        names->files[call.to] = call.file;
        break;
      case Kind::kRemove:
        names->files.erase(call.path);
        break;
      case Kind::kMakeDirectory:
        names->directories.insert(call.path);
        break;
      case Kind::kRemoveDirectory:
        names->directories.erase(call.path);
        break;
      default:
        break;
    }
  }

  std::span<const CrashCall> calls_;
  std::vector<size_t> open_;  // calls on directories that were not forced since
  std::map<size_t, std::vector<std::string>> outcomes_;  // by file
};

using Visit = std::function<void(const DiskState&)>;

// How many combinations of the files' outcomes there are; at most `max`.
uint64_t NumOutcomes(const CrashPoint& point, const CrashPoint::Names& names, uint64_t max) {
  uint64_t count = 1;
  for (const auto& [path, file] : names.files) {
    count = std::min(max, count * point.outcomes(file).size());
  }
  return count;
}

void VisitAllOutcomes(const CrashPoint& point, const CrashPoint::Names& names, const Visit& visit) {
  const uint64_t count = NumOutcomes(point, names, UINT64_MAX);
  for (uint64_t number = 0; number < count; ++number) {
    uint64_t rest = number;
    visit(point.StateOf(names, [&](size_t file) {
      const size_t chosen = rest % point.outcomes(file).size();
      rest /= point.outcomes(file).size();
      return chosen;
    }));
  }
}

std::vector<std::vector<bool>> AllSubsets(size_t num_open) {
  std::vector<std::vector<bool>> subsets;
  for (uint64_t subset = 0; subset < uint64_t{1} << num_open; ++subset) {
    subsets.emplace_back(num_open);
    for (size_t i = 0; i < num_open; ++i) subsets.back()[i] = (subset >> i & 1) != 0;
  }
  return subsets;
}

// Nothing open has happened, all of it, all but one, one alone, and all up to one.
std::vector<std::vector<bool>> ExtremeSubsets(size_t num_open) {
  std::vector<std::vector<bool>> subsets = {std::vector<bool>(num_open, false),
                                            std::vector<bool>(num_open, true)};
  for (size_t i = 0; i < num_open; ++i) {
    for (const bool rest : {false, true}) {
      subsets.emplace_back(num_open, rest);
      subsets.back()[i] = !rest;
    }
    subsets.emplace_back(num_open, false);
    std::fill_n(subsets.back().begin(), i + 1, true);
  }
  return subsets;
}

void VisitExtremes(const CrashPoint& point, const Visit& visit) {
  constexpr size_t kMostOutcomes = 5;
  for (const std::vector<bool>& has : ExtremeSubsets(point.num_open())) {
    const CrashPoint::Names names = point.NamesWith(has);
    for (size_t outcome = 0; outcome < kMostOutcomes; ++outcome) {
      visit(point.StateOf(names, [&](size_t) { return outcome; }));
    }
  }
}

void VisitSamples(const CrashPoint& point, const CrashChoice& choice, const Visit& visit) {
  std::mt19937_64 random(choice.seed);
  for (uint64_t i = 0; i < choice.num_samples; ++i) {
    std::vector<bool> has(point.num_open());
    for (size_t call = 0; call < has.size(); ++call) has[call] = random() % 2 == 0;
    visit(point.StateOf(point.NamesWith(has), [&](size_t) { return random(); }));
  }
}

}  // namespace

class CrashEnv::CrashFile : public ForwardingFile {
 public:
  CrashFile(CrashEnv* env, std::unique_ptr<WritableFile> file, std::string path, size_t number)
      : ForwardingFile(std::move(file)), env_(env), path_(std::move(path)), number_(number) {}

  absl::Status Append(std::string_view data) override {
    RETURN_IF_ERROR(ForwardingFile::Append(data));
    env_->Keep({.kind = Kind::kWrite,
                .path = path_,
                .to = {},
                .file = number_,
                .data = std::string(data)});
    return absl::OkStatus();
  }

  absl::Status Sync() override {
    RETURN_IF_ERROR(ForwardingFile::Sync());
    env_->Keep({.kind = Kind::kSync, .path = path_, .to = {}, .file = number_, .data = {}});
    return absl::OkStatus();
  }

 private:
  CrashEnv* env_;
  std::string path_;
  size_t number_;
};

std::vector<CrashCall> CrashEnv::calls() const {
  const std::lock_guard<std::mutex> guard(mutex_);
  return calls_;
}

size_t CrashEnv::num_calls() const {
  const std::lock_guard<std::mutex> guard(mutex_);
  return calls_.size();
}

void CrashEnv::Keep(CrashCall call) {
  const std::lock_guard<std::mutex> guard(mutex_);
  calls_.push_back(std::move(call));
}

size_t CrashEnv::KeepOpened(const std::string& path) {
  const std::lock_guard<std::mutex> guard(mutex_);
  const auto [found, is_new] = files_.emplace(path, num_files_);
  if (is_new) ++num_files_;
  calls_.push_back({.kind = is_new ? Kind::kCreate : Kind::kCut,
                    .path = path,
                    .to = {},
                    .file = found->second,
                    .data = {}});
  return found->second;
}

absl::StatusOr<std::unique_ptr<WritableFile>> CrashEnv::CreateFile(const std::string& path,
                                                                   bool exclusive) {
  ASSIGN_OR_RETURN(std::unique_ptr<WritableFile> file, ForwardingEnv::CreateFile(path, exclusive));
  return std::make_unique<CrashFile>(this, std::move(file), path, KeepOpened(path));
}

absl::Status CrashEnv::Rename(const std::string& from, const std::string& to) {
  RETURN_IF_ERROR(ForwardingEnv::Rename(from, to));
  const std::lock_guard<std::mutex> guard(mutex_);
  const size_t number = files_.at(from);
  files_.erase(from);
  files_[to] = number;
  calls_.push_back({.kind = Kind::kRename, .path = from, .to = to, .file = number, .data = {}});
  return absl::OkStatus();
}

absl::Status CrashEnv::Remove(const std::string& path) {
  RETURN_IF_ERROR(ForwardingEnv::Remove(path));
  const std::lock_guard<std::mutex> guard(mutex_);
  calls_.push_back(
      {.kind = Kind::kRemove, .path = path, .to = {}, .file = files_.at(path), .data = {}});
  files_.erase(path);
  return absl::OkStatus();
}

absl::Status CrashEnv::CreateDirectory(const std::string& path) {
  const bool is_there = Stat(path).ok();
  RETURN_IF_ERROR(ForwardingEnv::CreateDirectory(path));
  if (!is_there) Keep({.kind = Kind::kMakeDirectory, .path = path, .to = {}, .data = {}});
  return absl::OkStatus();
}

absl::Status CrashEnv::RemoveDirectory(const std::string& path) {
  RETURN_IF_ERROR(ForwardingEnv::RemoveDirectory(path));
  Keep({.kind = Kind::kRemoveDirectory, .path = path, .to = {}, .data = {}});
  return absl::OkStatus();
}

absl::Status CrashEnv::SyncDirectory(const std::string& path) {
  RETURN_IF_ERROR(ForwardingEnv::SyncDirectory(path));
  Keep({.kind = Kind::kSyncDirectory, .path = path, .to = {}, .data = {}});
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<FileLock>> CrashEnv::Lock(const std::string& path,
                                                         std::string_view holder) {
  ASSIGN_OR_RETURN(std::unique_ptr<FileLock> lock, ForwardingEnv::Lock(path, holder));
  const size_t number = KeepOpened(path);
  Keep({.kind = Kind::kWrite, .path = path, .to = {}, .file = number, .data = std::string(holder)});
  return lock;
}

bool ForEachCrashState(std::span<const CrashCall> calls, const CrashChoice& choice,
                       const std::function<void(const DiskState&)>& visit) {
  const CrashPoint point(calls);
  constexpr size_t kMostOpen = 12;
  uint64_t num_states = point.num_open() > kMostOpen ? UINT64_MAX : 0;
  std::vector<CrashPoint::Names> all;
  if (num_states == 0) {
    for (const std::vector<bool>& has : AllSubsets(point.num_open())) {
      all.push_back(point.NamesWith(has));
      num_states += NumOutcomes(point, all.back(), choice.max_states + 1);
    }
  }
  if (num_states <= choice.max_states) {
    for (const CrashPoint::Names& names : all) VisitAllOutcomes(point, names, visit);
    return true;
  }
  VisitExtremes(point, visit);
  VisitSamples(point, choice, visit);
  return false;
}

void ForEachTornWrite(std::span<const CrashCall> calls,
                      const std::function<void(const DiskState&)>& visit) {
  if (calls.empty() || calls.back().kind != Kind::kWrite) return;
  constexpr size_t kSectorBytes = 512;
  const CrashCall& last = calls.back();
  const CrashPoint point(calls);
  const CrashPoint::Names names = point.NamesWith(std::vector<bool>(point.num_open(), true));
  DiskState state = point.StateOf(names, [](size_t) { return 0; });
  const auto found = state.files.find(last.path);
  if (found == state.files.end()) return;
  const std::string whole = found->second;
  std::mt19937_64 random(whole.size());
  for (size_t cut = whole.size() - last.data.size(); cut < whole.size(); cut += kSectorBytes) {
    found->second.resize(cut);
    visit(state);
    found->second.resize(whole.size());
    visit(state);
    for (size_t i = cut; i < whole.size(); ++i) found->second[i] = static_cast<char>(random());
    visit(state);
    found->second = whole;
  }
}

std::unique_ptr<Env> EnvOf(const DiskState& disk) {
  std::unique_ptr<Env> env = NewMemoryEnv();
  for (const std::string& directory : disk.directories) {
    env->CreateDirectory(directory).IgnoreError();  // sorted: parents come first
  }
  for (const auto& [path, bytes] : disk.files) WriteFileOrDie(env.get(), path, bytes);
  return env;
}

}  // namespace ibid
