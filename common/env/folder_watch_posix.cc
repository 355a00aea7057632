#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/env/file_tree.h"
#include "common/env/folder_watch.h"
#include "common/env/posix_file.h"

namespace ibid {
namespace {

// What a directory is, whatever its name.
using Identity = std::pair<dev_t, ino_t>;

// The same for every folder: one that is watched for two reasons has one watch.
constexpr uint32_t kEvents = IN_CREATE | IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE |
                             IN_ATTRIB | IN_ONLYDIR | IN_EXCL_UNLINK;

// Changes of one root in one Wait; past that the whole root has changed.
constexpr size_t kMaxChanges = 100000;

// Longest wait for the system, after which it is asked again.
constexpr double kMaxWaitSeconds = 3600;

struct Root {
  std::string path;    // canonical
  std::string parent;  // of it; empty for "/"
  std::string name;    // in its parent
  dev_t device = 0;
};

// Why a folder is watched: as one of a root, or for the root's own name in it.
struct Place {
  size_t root = 0;
  bool is_parent = false;
  std::string path;  // relative to the root, where it is no parent
  auto operator<=>(const Place&) const = default;
};

std::string Join(std::string_view folder, std::string_view name) {
  if (folder.empty()) return std::string(name);
  return StrCat(folder, folder.ends_with('/') ? "" : "/", name);
}

bool IsAtOrBelow(std::string_view path, std::string_view folder) {
  if (folder.empty() || path == folder) return true;
  return path.starts_with(folder) && path[folder.size()] == '/';
}

absl::StatusOr<std::string> Canonical(const std::string& path) {
  const std::unique_ptr<char, void (*)(void*)> real(::realpath(path.c_str(), nullptr), ::free);
  if (real == nullptr) return PosixError("open", path, errno);
  return std::string(real.get());
}

absl::StatusOr<Root> RootAt(const std::string& path) {
  Root root;
  ASSIGN_OR_RETURN(root.path, Canonical(path));
  struct stat info;
  if (::stat(root.path.c_str(), &info) != 0) return PosixError("stat", path, errno);
  root.device = info.st_dev;
  if (root.path == "/") return root;
  const size_t slash = root.path.rfind('/');
  root.parent = root.path.substr(0, std::max<size_t>(slash, 1));
  root.name = root.path.substr(slash + 1);
  return root;
}

// Names of the folders in the directory `fd`; the hidden ones are left out.
std::vector<std::string> FoldersIn(FileDescriptor fd) {
  std::vector<std::string> names;
  const int duplicate = ::fcntl(fd.get(), F_DUPFD_CLOEXEC, 3);
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(
      duplicate < 0 ? nullptr : ::fdopendir(duplicate), ::closedir);
  if (directory == nullptr) {
    FileDescriptor(duplicate).Close();
    return names;
  }
  while (const struct dirent* entry = ::readdir(directory.get())) {
    if (entry->d_name[0] == '.') continue;
    bool is_folder = entry->d_type == DT_DIR;
    struct stat info;
    if (entry->d_type == DT_UNKNOWN &&
        ::fstatat(fd.get(), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) == 0) {
      is_folder = S_ISDIR(info.st_mode);
    }
    if (is_folder) names.emplace_back(entry->d_name);
  }
  return names;
}

}  // namespace

struct FolderWatch::Impl {
  absl::Status Start();
  absl::Status AddWatch(const std::string& path, uint32_t flags, Place place);
  absl::Status AddTree(size_t root, const std::string& path);
  // Adds the folder; the names of those in it.
  absl::StatusOr<std::vector<std::string>> AddFolder(size_t root, const std::string& path);
  void DropTree(size_t root, const std::string& path);

  absl::Status ReadEvents();
  absl::Status TakeEvent(const struct inotify_event& event);
  absl::Status TakeEventAt(const Place& place, uint32_t mask, const std::string& name);
  absl::Status TakeRootEvent(size_t root, uint32_t mask);
  void Report(size_t root, const std::string& path);
  std::vector<PathChange> TakeChanges();

  std::vector<Root> roots;
  std::set<Identity> skipped;
  FileDescriptor inotify;
  std::map<int, std::set<Place>> watches;
  std::vector<std::set<std::string>> changed;  // by root
};

// ---- Watches -----------------------------------------------------------------------------------

absl::Status FolderWatch::Impl::Start() {
  watches.clear();
  inotify = FileDescriptor(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
  if (!inotify.valid()) {
    return absl::ResourceExhaustedError(
        StrCat("watching: ", PosixErrorText(errno),
               "\ndo: raise the setting fs.inotify.max_user_instances"));
  }
  for (size_t i = 0; i < roots.size(); ++i) {
    if (!roots[i].parent.empty()) {
      RETURN_IF_ERROR(AddWatch(roots[i].parent, 0, {.root = i, .is_parent = true, .path = ""}));
    }
    RETURN_IF_ERROR(AddTree(i, ""));
  }
  return absl::OkStatus();
}

// A folder that is gone, or closed to us, is none that could be read: its parent tells when it
// comes back.
absl::Status FolderWatch::Impl::AddWatch(const std::string& path, uint32_t flags, Place place) {
  const int watch = ::inotify_add_watch(inotify.get(), path.c_str(), kEvents | flags);
  if (watch >= 0) {
    watches[watch].insert(std::move(place));
    return absl::OkStatus();
  }
  if (errno != ENOSPC && errno != ENOMEM) return absl::OkStatus();
  return absl::ResourceExhaustedError(
      StrCat(path,
             ": the system watches no more folders\ndo: raise the setting "
             "fs.inotify.max_user_watches"));
}

absl::StatusOr<std::vector<std::string>> FolderWatch::Impl::AddFolder(size_t root,
                                                                      const std::string& path) {
  std::vector<std::string> none;
  const std::string full = Join(roots[root].path, path);
  FileDescriptor fd(RetryInterrupted([&] {
    return ::open(full.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  }));
  struct stat info;
  if (!fd.valid() || ::fstat(fd.get(), &info) != 0) return none;
  if (skipped.contains({info.st_dev, info.st_ino})) return none;
  if (info.st_dev != roots[root].device) return none;
  // Before it is listed: what comes into it from now on is reported.
  RETURN_IF_ERROR(AddWatch(full, IN_DONT_FOLLOW, {.root = root, .is_parent = false, .path = path}));
  return FoldersIn(std::move(fd));
}

absl::Status FolderWatch::Impl::AddTree(size_t root, const std::string& path) {
  std::vector<std::string> left = {path};
  while (!left.empty()) {
    const std::string folder = std::move(left.back());
    left.pop_back();
    if (std::count(folder.begin(), folder.end(), '/') >= static_cast<long>(kMaxTreeDepth)) continue;
    ASSIGN_OR_RETURN(const std::vector<std::string> names, AddFolder(root, folder));
    for (const std::string& name : names) left.push_back(Join(folder, name));
  }
  return absl::OkStatus();
}

void FolderWatch::Impl::DropTree(size_t root, const std::string& path) {
  for (auto it = watches.begin(); it != watches.end();) {
    std::erase_if(it->second, [&](const Place& place) {
      return place.root == root && !place.is_parent && IsAtOrBelow(place.path, path);
    });
    if (it->second.empty()) {
      ::inotify_rm_watch(inotify.get(), it->first);
      it = watches.erase(it);
    } else {
      ++it;
    }
  }
}

// ---- Events ------------------------------------------------------------------------------------

void FolderWatch::Impl::Report(size_t root, const std::string& path) {
  std::set<std::string>& paths = changed[root];
  if (paths.size() >= kMaxChanges) paths = {""};
  paths.insert(path);
}

// An event of the root's name in its parent.
absl::Status FolderWatch::Impl::TakeRootEvent(size_t root, uint32_t mask) {
  Report(root, "");
  DropTree(root, "");
  if ((mask & (IN_DELETE | IN_MOVED_FROM)) != 0) return absl::OkStatus();
  struct stat info;
  if (::stat(roots[root].path.c_str(), &info) == 0) roots[root].device = info.st_dev;
  return AddTree(root, "");
}

absl::Status FolderWatch::Impl::TakeEventAt(const Place& place, uint32_t mask,
                                            const std::string& name) {
  if (place.is_parent) {
    return name == roots[place.root].name ? TakeRootEvent(place.root, mask) : absl::OkStatus();
  }
  if (name.starts_with('.')) return absl::OkStatus();
  const std::string path = Join(place.path, name);
  if ((mask & IN_ISDIR) != 0) {
    Report(place.root, path);
    DropTree(place.root, path);
    const bool gone = (mask & (IN_DELETE | IN_MOVED_FROM)) != 0;
    return gone ? absl::OkStatus() : AddTree(place.root, path);
  }
  if ((mask & IN_CREATE) != 0) {
    // A new file is worth a look once it is closed; one that was linked here has its content.
    struct stat info;
    const std::string full = Join(roots[place.root].path, path);
    if (::lstat(full.c_str(), &info) != 0 || info.st_size == 0) return absl::OkStatus();
  }
  Report(place.root, path);
  return absl::OkStatus();
}

absl::Status FolderWatch::Impl::TakeEvent(const struct inotify_event& event) {
  if ((event.mask & IN_Q_OVERFLOW) != 0) {
    for (size_t i = 0; i < roots.size(); ++i) changed[i] = {""};
    return Start();
  }
  const auto watch = watches.find(event.wd);
  if (watch == watches.end()) return absl::OkStatus();
  const std::set<Place> places = watch->second;  // they may change meanwhile
  if ((event.mask & IN_IGNORED) != 0) watches.erase(watch);
  for (const Place& place : places) {
    if ((event.mask & IN_UNMOUNT) != 0 && !place.is_parent) {
      return absl::UnavailableError(StrCat(roots[place.root].path, ": was unmounted"));
    }
    if (event.len > 0) RETURN_IF_ERROR(TakeEventAt(place, event.mask, event.name));
  }
  return absl::OkStatus();
}

absl::Status FolderWatch::Impl::ReadEvents() {
  alignas(struct inotify_event) char buffer[64 * (sizeof(struct inotify_event) + NAME_MAX + 1)];
  for (;;) {
    // After an overflow there is another queue, which is read from its beginning.
    const ssize_t size =
        RetryInterrupted([&] { return ::read(inotify.get(), buffer, sizeof(buffer)); });
    if (size < 0 && errno == EAGAIN) return absl::OkStatus();
    if (size < 0) return PosixError("read", "inotify", errno);
    const int before = inotify.get();
    for (ssize_t at = 0; at < size && inotify.get() == before;) {
      const auto* event = reinterpret_cast<const struct inotify_event*>(buffer + at);
      at += static_cast<ssize_t>(sizeof(struct inotify_event) + event->len);
      RETURN_IF_ERROR(TakeEvent(*event));
    }
  }
}

std::vector<PathChange> FolderWatch::Impl::TakeChanges() {
  std::vector<PathChange> changes;
  for (size_t root = 0; root < roots.size(); ++root) {
    for (const std::string& path : std::exchange(changed[root], {})) {
      changes.push_back({.root = root, .path = path});
    }
  }
  return changes;
}

// ---- FolderWatch -------------------------------------------------------------------------------

FolderWatch::FolderWatch(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
FolderWatch::~FolderWatch() = default;

absl::StatusOr<std::unique_ptr<FolderWatch>> FolderWatch::Open(
    const std::vector<std::string>& roots, const FolderWatchOptions& options) {
  auto impl = std::make_unique<Impl>();
  for (const std::string& path : roots) {
    ASSIGN_OR_RETURN(Root root, RootAt(path));
    impl->roots.push_back(std::move(root));
  }
  impl->changed.resize(roots.size());
  for (const std::string& directory : options.skip_directories) {
    struct stat info;
    if (::stat(directory.c_str(), &info) == 0) impl->skipped.emplace(info.st_dev, info.st_ino);
  }
  RETURN_IF_ERROR(impl->Start());
  return std::unique_ptr<FolderWatch>(new FolderWatch(std::move(impl)));
}

absl::StatusOr<std::vector<PathChange>> FolderWatch::Wait(double seconds, int wake) {
  using Clock = std::chrono::steady_clock;
  const double whole = seconds < 0 ? kMaxWaitSeconds : std::min(seconds, kMaxWaitSeconds);
  const Clock::time_point start = Clock::now();
  for (;;) {
    const double left = whole - std::chrono::duration<double>(Clock::now() - start).count();
    struct pollfd ready[2] = {{impl_->inotify.get(), POLLIN, 0}, {wake, POLLIN, 0}};
    const int count = ::poll(ready, 2, left > 0 ? static_cast<int>(left * 1000) + 1 : 0);
    if (count < 0 && errno != EINTR) return PosixError("poll", "inotify", errno);
    RETURN_IF_ERROR(impl_->ReadEvents());
    std::vector<PathChange> changes = impl_->TakeChanges();
    const bool woken = count > 0 && ready[1].revents != 0;
    if (!changes.empty() || woken || left <= 0) return changes;
  }
}

size_t FolderWatch::num_folders() const {
  size_t count = 0;
  for (const auto& [unused, places] : impl_->watches) {
    count += std::any_of(places.begin(), places.end(),
                         [](const Place& place) { return !place.is_parent; });
  }
  return count;
}

}  // namespace ibid
