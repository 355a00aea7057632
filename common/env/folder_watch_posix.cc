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

// A folder that is watched for two reasons has one watch, with the events of both.
constexpr uint32_t kNames = IN_CREATE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE;
constexpr uint32_t kAncestorEvents = kNames | IN_ATTRIB | IN_ONLYDIR | IN_MASK_ADD;
constexpr uint32_t kEvents = kAncestorEvents | IN_CLOSE_WRITE | IN_EXCL_UNLINK;

// Changes of one root in one Wait; past that the whole root has changed.
constexpr size_t kMaxChanges = 100000;

// Longest wait for the system, after which it is asked again.
constexpr double kMaxWaitSeconds = 3600;

struct Root {
  std::string path;               // canonical when it was named
  std::string working_directory;  // where it was named relative to it and lies below; or empty
  dev_t device = 0;
  bool reachable = false;  // at the last look
};

// Why a folder is watched: as one of a root; for the root's own name in it; or, further up, for the
// name of the folder that leads to the root.
enum class Why { kInside, kParent, kAncestor };
struct Place {
  size_t root = 0;
  Why why = Why::kInside;
  std::string path;  // inside: relative to the root; else the name
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
  if (path.starts_with('/')) return root;
  const absl::StatusOr<std::string> here = Canonical(".");
  if (here.ok() && IsAtOrBelow(root.path, *here)) root.working_directory = *here;
  return root;
}

// OK where an error says that there is no folder that could be read: its parent tells when one
// comes. A path too long for the system is none either. All else would leave folders unwatched.
absl::Status UnlessNoFolder(std::string_view op, std::string_view path, int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
    case ELOOP:
    case EACCES:
    case ENAMETOOLONG:
      return absl::OkStatus();
    default:
      return PosixError(op, path, error);
  }
}

// Names of the folders in the directory `fd`; the hidden ones are left out.
absl::StatusOr<std::vector<std::string>> FoldersIn(FileDescriptor fd, const std::string& path) {
  std::vector<std::string> names;
  const int duplicate = ::fcntl(fd.get(), F_DUPFD_CLOEXEC, 3);
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(
      duplicate < 0 ? nullptr : ::fdopendir(duplicate), ::closedir);
  if (directory == nullptr) {
    const absl::Status status = PosixError("open", path, errno);
    FileDescriptor(duplicate).Close();
    return status;
  }
  for (;;) {
    errno = 0;
    const struct dirent* entry = ::readdir(directory.get());
    if (entry == nullptr && errno == 0) return names;
    if (entry == nullptr) {
      RETURN_IF_ERROR(UnlessNoFolder("read", path, errno));
      return names;
    }
    if (entry->d_name[0] == '.') continue;
    bool is_folder = entry->d_type == DT_DIR;
    if (entry->d_type == DT_UNKNOWN) {
      struct stat info;
      if (::fstatat(fd.get(), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) == 0) {
        is_folder = S_ISDIR(info.st_mode);
      } else {
        RETURN_IF_ERROR(UnlessNoFolder("stat", Join(path, entry->d_name), errno));
      }
    }
    if (is_folder) names.emplace_back(entry->d_name);
  }
}

}  // namespace

FolderIdentity IdentityOf(const std::string& path) {
  struct stat info;
  if (::stat(path.c_str(), &info) != 0) return {};
  return {info.st_dev, info.st_ino};
}

struct FolderWatch::Impl {
  absl::Status Start();
  absl::Status AddWatch(const std::string& path, uint32_t events, Place place);
  absl::Status AddAncestors(size_t root);
  absl::Status AddTree(size_t root, const std::string& path);
  // Adds the folder; the names of those in it.
  absl::StatusOr<std::vector<std::string>> AddFolder(size_t root, const std::string& path);
  bool FollowWorkingDirectory(Root* root) const;
  absl::StatusOr<bool> IsReachable(size_t root);
  // What is there now is watched, and what was there no longer.
  absl::Status WatchRoot(size_t root);
  absl::Status WatchTree(size_t root, const std::string& path);
  void RemoveUnused();

  absl::Status ReadEvents();
  absl::Status TakeEvent(const struct inotify_event& event);
  absl::Status TakeEventAt(const Place& place, uint32_t mask, const std::string& name);
  absl::Status TakeRootEvent(const Place& place, uint32_t mask);
  void Report(size_t root, const std::string& path);
  std::vector<PathChange> TakeChanges();

  std::vector<Root> roots;
  std::vector<std::string> skip_directories;
  std::set<FolderIdentity> skipped;  // what they were at the last look
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
  for (size_t i = 0; i < roots.size(); ++i) RETURN_IF_ERROR(WatchRoot(i));
  return absl::OkStatus();
}

absl::Status FolderWatch::Impl::AddWatch(const std::string& path, uint32_t events, Place place) {
  const int watch = ::inotify_add_watch(inotify.get(), path.c_str(), events);
  if (watch >= 0) {
    watches[watch].insert(std::move(place));
    return absl::OkStatus();
  }
  if (errno != ENOSPC) return UnlessNoFolder("watch", path, errno);
  return absl::ResourceExhaustedError(
      StrCat(path,
             ": the system watches no more folders\ndo: raise the setting "
             "fs.inotify.max_user_watches"));
}

// A watch stays with a folder whatever its name becomes: so each folder on the way from "/" is
// watched for the next one's name. From the top down: where one is replaced after it was added, the
// one above tells.
absl::Status FolderWatch::Impl::AddAncestors(size_t root) {
  const std::string& path = roots[root].path;
  for (size_t slash = 0; slash + 1 < path.size();) {
    const size_t end = std::min(path.find('/', slash + 1), path.size());
    const bool last = end == path.size();
    RETURN_IF_ERROR(AddWatch(path.substr(0, std::max<size_t>(slash, 1)),
                             last ? kEvents : kAncestorEvents,
                             {.root = root,
                              .why = last ? Why::kParent : Why::kAncestor,
                              .path = path.substr(slash + 1, end - slash - 1)}));
    slash = end;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> FolderWatch::Impl::AddFolder(size_t root,
                                                                      const std::string& path) {
  std::vector<std::string> none;
  const std::string full = Join(roots[root].path, path);
  FileDescriptor fd(RetryInterrupted([&] {
    return ::open(full.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  }));
  if (!fd.valid()) {
    RETURN_IF_ERROR(UnlessNoFolder("open", full, errno));
    return none;
  }
  struct stat info;
  if (::fstat(fd.get(), &info) != 0) return PosixError("stat", full, errno);
  if (skipped.contains({info.st_dev, info.st_ino})) return none;
  if (info.st_dev != roots[root].device) return none;
  // Before it is listed: what comes into it from now on is reported.
  RETURN_IF_ERROR(
      AddWatch(full, kEvents | IN_DONT_FOLLOW, {.root = root, .why = Why::kInside, .path = path}));
  return FoldersIn(std::move(fd), full);
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

// Whether the root has another path now: a relative one goes with the working directory.
bool FolderWatch::Impl::FollowWorkingDirectory(Root* root) const {
  if (root->working_directory.empty()) return false;
  const absl::StatusOr<std::string> here = Canonical(".");
  if (!here.ok() || *here == root->working_directory) return false;
  root->path = StrCat(*here, root->path.substr(root->working_directory.size()));
  root->working_directory = *here;
  return true;
}

// Whether anything is there; its device is remembered.
absl::StatusOr<bool> FolderWatch::Impl::IsReachable(size_t root) {
  struct stat info;
  const std::string& path = roots[root].path;
  if (::stat(path.c_str(), &info) != 0) {
    RETURN_IF_ERROR(UnlessNoFolder("stat", path, errno));
    return false;
  }
  roots[root].device = info.st_dev;
  return true;
}

absl::Status FolderWatch::Impl::WatchRoot(size_t root) {
  for (auto& [unused, places] : watches) {
    std::erase_if(places, [&](const Place& place) { return place.root == root; });
  }
  // Before anything is looked at: what changes on the way from now on is reported.
  do {
    RETURN_IF_ERROR(AddAncestors(root));
  } while (FollowWorkingDirectory(&roots[root]));
  ASSIGN_OR_RETURN(roots[root].reachable, IsReachable(root));
  return WatchTree(root, "");
}

absl::Status FolderWatch::Impl::WatchTree(size_t root, const std::string& path) {
  skipped.clear();
  for (const std::string& directory : skip_directories) skipped.insert(IdentityOf(directory));
  for (auto& [unused, places] : watches) {
    std::erase_if(places, [&](const Place& place) {
      return place.root == root && place.why == Why::kInside && IsAtOrBelow(place.path, path);
    });
  }
  RETURN_IF_ERROR(AddTree(root, path));
  RemoveUnused();
  return absl::OkStatus();
}

void FolderWatch::Impl::RemoveUnused() {
  for (auto it = watches.begin(); it != watches.end();) {
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

// An event of the root's name in its parent, or of a name that leads there.
absl::Status FolderWatch::Impl::TakeRootEvent(const Place& place, uint32_t mask) {
  const size_t root = place.root;
  if (place.why == Why::kAncestor && (mask & kNames) == 0) {
    // Times and permissions further up: they matter where they open or close the way.
    RETURN_IF_ERROR(AddAncestors(root));
    ASSIGN_OR_RETURN(const bool reachable, IsReachable(root));
    if (reachable == roots[root].reachable) return absl::OkStatus();
  }
  Report(root, "");
  return WatchRoot(root);
}

// Of a folder, also when it went: another may have its name since, as after an exchange of two.
absl::Status FolderWatch::Impl::TakeEventAt(const Place& place, uint32_t mask,
                                            const std::string& name) {
  if (place.why != Why::kInside) {
    return name == place.path ? TakeRootEvent(place, mask) : absl::OkStatus();
  }
  if (name.starts_with('.')) return absl::OkStatus();
  const std::string path = Join(place.path, name);
  if ((mask & IN_ISDIR) != 0) {
    Report(place.root, path);
    return WatchTree(place.root, path);
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
    if ((event.mask & IN_UNMOUNT) != 0) {
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
  impl->skip_directories = options.skip_directories;
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
                         [](const Place& place) { return place.why == Why::kInside; });
  }
  return count;
}

}  // namespace ibid
