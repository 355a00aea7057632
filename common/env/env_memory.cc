// An Env whose files are strings. Semantics follow the POSIX one: a removed or replaced file stays
// readable through whatever had it open, and locks are exclusive.
#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <utility>

#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/env/lock_message.h"
#include "ibid/env.h"

namespace ibid {
namespace {

// One file's bytes. Readers hold the string itself, so a writer copies it when it is shared.
struct Node {
  std::shared_ptr<std::string> bytes = std::make_shared<std::string>();
  int64_t modified_ns = 0;
};

struct State {
  std::mutex mutex;
  std::map<std::string, std::shared_ptr<Node>> files;
  std::set<std::string> directories;
  std::set<std::string> locked;
  int64_t clock_ns = 0;  // counts changes: times only need to differ

  bool IsDirectory(const std::string& path) const {
    return path == "/" || path == "." || directories.contains(path);
  }
};

// Without doubled and trailing slashes and "." components.
std::string Normalized(std::string_view path) {
  std::string result;
  if (path.starts_with('/')) result = "/";
  while (!path.empty()) {
    const size_t slash = std::min(path.find('/'), path.size());
    const std::string_view part = path.substr(0, slash);
    path.remove_prefix(std::min(slash + 1, path.size()));
    if (part.empty() || part == ".") continue;
    if (!result.empty() && result.back() != '/') result += '/';
    result += part;
  }
  return result.empty() ? "." : result;
}

std::string ParentOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

std::string Text(std::string_view op, std::string_view path, std::string_view cause) {
  return StrCat(op, " ", path, ": ", cause);
}

absl::Status NotFound(std::string_view op, std::string_view path) {
  return absl::NotFoundError(Text(op, path, "No such file or directory"));
}

absl::Status Failed(std::string_view op, std::string_view path, std::string_view cause) {
  return absl::UnavailableError(Text(op, path, cause));
}

class MemoryReadableFile : public ReadableFile {
 public:
  explicit MemoryReadableFile(std::shared_ptr<const std::string> bytes)
      : bytes_(std::move(bytes)) {}
  std::span<const uint8_t> bytes() const override {
    return {reinterpret_cast<const uint8_t*>(bytes_->data()), bytes_->size()};
  }
  void WillNeed(size_t, size_t) const override {}
  void DontNeed(size_t, size_t) const override {}

 private:
  std::shared_ptr<const std::string> bytes_;
};

class MemoryWritableFile : public WritableFile {
 public:
  MemoryWritableFile(std::shared_ptr<State> state, std::shared_ptr<Node> node, std::string path)
      : state_(std::move(state)), node_(std::move(node)), path_(std::move(path)) {}

  absl::Status Append(std::string_view data) override {
    if (closed_) return Failed("write", path_, "Bad file descriptor");
    const std::lock_guard<std::mutex> guard(state_->mutex);
    if (node_->bytes.use_count() > 1) node_->bytes = std::make_shared<std::string>(*node_->bytes);
    node_->bytes->append(data);
    node_->modified_ns = ++state_->clock_ns;
    return absl::OkStatus();
  }

  absl::Status Sync() override {
    return closed_ ? Failed("fdatasync", path_, "Bad file descriptor") : absl::OkStatus();
  }

  absl::Status Close() override {
    if (std::exchange(closed_, true)) return Failed("close", path_, "Bad file descriptor");
    return absl::OkStatus();
  }

 private:
  std::shared_ptr<State> state_;
  std::shared_ptr<Node> node_;
  std::string path_;
  bool closed_ = false;
};

class MemoryFileLock : public FileLock {
 public:
  MemoryFileLock(std::shared_ptr<State> state, std::string path)
      : state_(std::move(state)), path_(std::move(path)) {}
  ~MemoryFileLock() override {
    if (!held_) return;
    const std::lock_guard<std::mutex> guard(state_->mutex);
    state_->locked.erase(path_);
  }
  // The state's mutex is held.
  void Take() {
    state_->locked.insert(path_);
    held_ = true;
  }

 private:
  std::shared_ptr<State> state_;
  std::string path_;
  bool held_ = false;
};

class MemoryEnv : public Env {
 public:
  absl::StatusOr<std::unique_ptr<ReadableFile>> OpenReadable(const std::string& path) override {
    const std::lock_guard<std::mutex> guard(state_->mutex);
    const std::string name = Normalized(path);
    if (state_->IsDirectory(name)) return Failed("open", path, "Is a directory");
    const auto found = state_->files.find(name);
    if (found == state_->files.end()) return NotFound("open", path);
    return std::make_unique<MemoryReadableFile>(found->second->bytes);
  }

  absl::StatusOr<std::unique_ptr<WritableFile>> CreateFile(const std::string& path,
                                                           bool exclusive) override {
    const std::lock_guard<std::mutex> guard(state_->mutex);
    const std::string name = Normalized(path);
    if (exclusive && (state_->files.contains(name) || state_->IsDirectory(name))) {
      return absl::AlreadyExistsError(Text("create", path, "File exists"));
    }
    if (state_->IsDirectory(name)) return Failed("create", path, "Is a directory");
    if (!state_->IsDirectory(ParentOf(name))) return NotFound("create", path);
    Node& node = NodeAt(name);
    node.bytes = std::make_shared<std::string>();  // readers keep the old bytes
    node.modified_ns = ++state_->clock_ns;
    return std::make_unique<MemoryWritableFile>(state_, state_->files.at(name),
                                                std::string(BaseName(path)));
  }

  absl::Status Rename(const std::string& from, const std::string& to) override {
    const std::lock_guard<std::mutex> guard(state_->mutex);
    const std::string source = Normalized(from);
    const std::string target = Normalized(to);
    const auto found = state_->files.find(source);
    if (found == state_->files.end()) return NotFound("rename", from);
    if (state_->IsDirectory(target)) return Failed("rename", to, "Is a directory");
    if (!state_->IsDirectory(ParentOf(target))) return NotFound("rename", to);
    if (source == target) return absl::OkStatus();
    state_->files[target] = std::move(found->second);
    state_->files.erase(source);
    return absl::OkStatus();
  }

  absl::Status Remove(const std::string& path) override {
    const std::lock_guard<std::mutex> guard(state_->mutex);
    if (state_->IsDirectory(Normalized(path))) return Failed("remove", path, "Is a directory");
    if (state_->files.erase(Normalized(path)) == 0) return NotFound("remove", path);
    return absl::OkStatus();
  }

  absl::Status CreateDirectory(const std::string& path) override {
    const std::lock_guard<std::mutex> guard(state_->mutex);
    const std::string name = Normalized(path);
    if (state_->IsDirectory(name)) return absl::OkStatus();
    if (state_->files.contains(name)) {
      return absl::AlreadyExistsError(Text("mkdir", path, "File exists"));
    }
    if (!state_->IsDirectory(ParentOf(name))) return NotFound("mkdir", path);
    state_->directories.insert(name);
    return absl::OkStatus();
  }

  absl::Status RemoveDirectory(const std::string& path) override {
    const std::lock_guard<std::mutex> guard(state_->mutex);
    const std::string name = Normalized(path);
    if (!state_->directories.contains(name)) return NotFound("rmdir", path);
    if (!ChildrenOf(name).empty()) return Failed("rmdir", path, "Directory not empty");
    state_->directories.erase(name);
    return absl::OkStatus();
  }

  absl::Status SyncDirectory(const std::string& path) override {
    const std::lock_guard<std::mutex> guard(state_->mutex);
    return state_->IsDirectory(Normalized(path)) ? absl::OkStatus() : NotFound("open", path);
  }

  absl::StatusOr<std::vector<std::string>> List(const std::string& path) override {
    const std::lock_guard<std::mutex> guard(state_->mutex);
    const std::string name = Normalized(path);
    if (!state_->IsDirectory(name)) return NotFound("open", path);
    return ChildrenOf(name);
  }

  absl::StatusOr<FileInfo> Stat(const std::string& path) override {
    const std::lock_guard<std::mutex> guard(state_->mutex);
    const std::string name = Normalized(path);
    if (state_->IsDirectory(name)) return FileInfo{FileType::kDirectory, 0, 0};
    const auto found = state_->files.find(name);
    if (found == state_->files.end()) return NotFound("stat", path);
    return FileInfo{FileType::kRegular, found->second->bytes->size(), found->second->modified_ns};
  }

  absl::StatusOr<std::unique_ptr<FileLock>> Lock(const std::string& path,
                                                 std::string_view holder) override {
    const std::string name = Normalized(path);
    auto lock = std::make_unique<MemoryFileLock>(state_, name);
    const std::lock_guard<std::mutex> guard(state_->mutex);
    if (state_->IsDirectory(name)) return Failed("lock", path, "Is a directory");
    if (!state_->IsDirectory(ParentOf(name))) return NotFound("lock", path);
    Node& node = NodeAt(name);
    if (state_->locked.contains(name)) return LockedByAnother(path, *node.bytes);
    node.bytes = std::make_shared<std::string>(holder);
    lock->Take();
    return lock;
  }

 private:
  // Sorted names one level below `directory`. The lock is held.
  std::vector<std::string> ChildrenOf(const std::string& directory) const {
    std::set<std::string> names;
    const auto add = [&](const std::string& path) {
      if (path != directory && ParentOf(path) == directory) names.emplace(BaseName(path));
    };
    for (const auto& [path, node] : state_->files) add(path);
    for (const std::string& path : state_->directories) add(path);
    return {names.begin(), names.end()};
  }

  // The file at `name`, made where it is missing: no entry stays without one where memory runs out.
  // The lock is held.
  Node& NodeAt(const std::string& name) {
    auto found = state_->files.find(name);
    if (found == state_->files.end()) {
      found = state_->files.emplace(name, std::make_shared<Node>()).first;
    }
    return *found->second;
  }

  std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace

std::unique_ptr<Env> NewMemoryEnv() { return std::make_unique<MemoryEnv>(); }

}  // namespace ibid
