#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <functional>
#include <set>
#include <utility>

#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/env/file_tree.h"
#include "common/env/posix_file.h"

namespace ibid {
namespace {

constexpr int kOpenFlags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;

// What a directory is, whatever its name.
using Identity = std::pair<dev_t, ino_t>;

// ---- Opening below a root ----------------------------------------------------------------------

// False for absolute paths and for those with empty, "." or ".." components.
bool IsPlainRelativePath(std::string_view path) {
  for (;;) {
    const size_t slash = path.find('/');
    const std::string_view part = path.substr(0, slash);
    if (part.empty() || part == "." || part == "..") return false;
    if (slash == std::string_view::npos) return true;
    path.remove_prefix(slash + 1);
  }
}

bool IsSymlink(int directory, const char* name) {
  struct stat info;
  return ::fstatat(directory, name, &info, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(info.st_mode);
}

// As openat2 below, one component after another. -1 with errno, ELOOP for a symbolic link.
int OpenByComponents(int root, const std::string& path, int flags) {
  FileDescriptor directory;
  int at = root;
  size_t begin = 0;
  for (;;) {
    const size_t slash = path.find('/', begin);
    const std::string part = path.substr(begin, slash - begin);
    const bool last = slash == std::string::npos;
    const int part_flags =
        last ? flags | O_NOFOLLOW : O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    const int fd = RetryInterrupted([&] { return ::openat(at, part.c_str(), part_flags); });
    if (fd < 0) {
      const int error = errno;
      errno = error == ENOTDIR && IsSymlink(at, part.c_str()) ? ELOOP : error;
      return -1;
    }
    if (last) return fd;
    directory = FileDescriptor(fd);
    at = fd;
    begin = slash + 1;
  }
}

int OpenAt2(int root, const std::string& path, int flags) {
  struct open_how how = {};
  how.flags = static_cast<uint64_t>(flags);
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  // EAGAIN: something was renamed meanwhile, and the kernel cannot rule an escape out.
  for (int attempt = 0;; ++attempt) {
    const long fd = RetryInterrupted(
        [&] { return ::syscall(SYS_openat2, root, path.c_str(), &how, sizeof(how)); });
    if (fd >= 0 || errno != EAGAIN || attempt == 16) return static_cast<int>(fd);
  }
}

std::atomic<bool> use_openat2 = true;

// Opens a plain relative path below `root`, following no symbolic link. -1 with errno.
int OpenBelow(int root, const std::string& path, int flags) {
  if (use_openat2.load(std::memory_order_relaxed)) {
    const int fd = OpenAt2(root, path, flags);
    // Before Linux 5.6, and in sandboxes that do not know the call.
    if (fd >= 0 || (errno != ENOSYS && errno != EPERM)) return fd;
    if (errno == ENOSYS) use_openat2.store(false, std::memory_order_relaxed);
  }
  return OpenByComponents(root, path, flags);
}

absl::Status Reason(int error) {
  if (error == ELOOP) return absl::FailedPreconditionError("symbolic link");
  if (error == EXDEV) return absl::FailedPreconditionError("outside the directory");
  const absl::StatusCode code = PosixError("", "", error).code();
  return absl::Status(code, PosixErrorText(error));
}

absl::Status NotARegularFile() { return absl::FailedPreconditionError("not a regular file"); }
absl::Status OnAnotherDevice() { return absl::FailedPreconditionError("on another device"); }

// ---- Streams -----------------------------------------------------------------------------------

class DescriptorStream : public InputStream {
 public:
  // `prefix` opens each message. `sized`: a regular file, read up to the size it has now.
  // `cancelled`: as of OpenStandardInput.
  DescriptorStream(FileDescriptor fd, FileInfo info, bool sized, std::string prefix,
                   std::function<bool()> cancelled = nullptr)
      : fd_(std::move(fd)),
        info_(info),
        sized_(sized),
        prefix_(std::move(prefix)),
        cancelled_(std::move(cancelled)) {}

  absl::StatusOr<size_t> Read(std::span<char> out) override {
    RETURN_IF_ERROR(status_);
    size_t wanted = out.size();
    if (sized_) wanted = static_cast<size_t>(std::min<uint64_t>(wanted, info_.size_bytes - read_));
    if (wanted == 0) return size_t{0};
    if (cancelled_) {
      status_ = WaitUntilReadable();
      RETURN_IF_ERROR(status_);
    }
    const ssize_t count = ReadWaiting(out.data(), wanted);
    if (count < 0) {
      const absl::Status reason = Reason(errno);
      status_ = absl::Status(reason.code(), StrCat(prefix_, reason.message()));
      return status_;
    }
    read_ += static_cast<uint64_t>(count);
    return static_cast<size_t>(count);
  }

  FileInfo info() const override { return info_; }

  absl::Status CheckUnchanged() const override {
    if (!sized_) return absl::OkStatus();
    struct stat now;
    if (::fstat(fd_.get(), &now) != 0) return Reason(errno);
    const FileInfo info = FileInfoOf(now);
    if (info.size_bytes == info_.size_bytes && info.modified_ns == info_.modified_ns) {
      return absl::OkStatus();
    }
    return absl::AbortedError(StrCat(prefix_, "changed while it was read"));
  }

 private:
  // OK where a read would not block: also at the end, and where it would fail.
  absl::Status WaitUntilReadable() const {
    constexpr int kAskMilliseconds = 200;
    struct pollfd ready = {fd_.get(), POLLIN, 0};
    while (true) {
      if (cancelled_()) return absl::CancelledError("stopped");
      if (!fd_.valid()) return absl::OkStatus();
      const int count = ::poll(&ready, 1, kAskMilliseconds);
      if (count > 0 || (count < 0 && errno != EINTR)) return absl::OkStatus();
    }
  }
  // read(), waiting where the descriptor does not block by itself.
  ssize_t ReadWaiting(char* to, size_t size) {
    for (;;) {
      const ssize_t count = RetryInterrupted([&] { return ::read(fd_.get(), to, size); });
      if (count >= 0 || errno != EAGAIN) return count;
      struct pollfd ready = {fd_.get(), POLLIN, 0};
      if (RetryInterrupted([&] { return ::poll(&ready, 1, -1); }) < 0) return -1;
    }
  }

  FileDescriptor fd_;
  FileInfo info_;
  bool sized_;
  std::string prefix_;
  std::function<bool()> cancelled_;
  uint64_t read_ = 0;
  absl::Status status_;
};

absl::StatusOr<std::string> ReadWhole(InputStream* stream, size_t max_bytes,
                                      std::string_view prefix) {
  const uint64_t size = stream->info().size_bytes;
  if (size > max_bytes) {
    return absl::ResourceExhaustedError(
        StrCat(prefix, HumanBytes(size), ", limit ", HumanBytes(max_bytes)));
  }
  std::string bytes(static_cast<size_t>(size), '\0');
  size_t filled = 0;
  while (filled < bytes.size()) {
    ASSIGN_OR_RETURN(const size_t count,
                     stream->Read({bytes.data() + filled, bytes.size() - filled}));
    if (count == 0) break;
    filled += count;
  }
  RETURN_IF_ERROR(stream->CheckUnchanged());
  bytes.resize(filled);
  return bytes;
}

}  // namespace

void AllowOpenat2(bool allow) { use_openat2.store(allow, std::memory_order_relaxed); }

// ---- FileTree ----------------------------------------------------------------------------------

struct FileTree::Impl {
  enum class Kind { kFile, kDirectory, kSymlink, kOther };
  // Directories' names end with '/', which makes the order that of whole paths.
  struct Entry {
    std::string name;
    Kind kind;
  };
  struct Level {
    std::string path;  // "" or "2026/01/"
    std::vector<Entry> entries;
    size_t next = 0;
  };

  void Skip(const std::string& path, const absl::Status& reason) const {
    if (options.on_skip != nullptr) options.on_skip(path, reason);
  }
  // What could not be opened or read. Without memory or descriptors the walk ends.
  void SkipFailed(const std::string& path, int error) {
    const absl::Status reason = Reason(error);
    if (!absl::IsResourceExhausted(reason)) return Skip(path, reason);
    fault = PosixError("open", path, error);
  }
  void Enter(const std::string& path);
  void EnterOpen(FileDescriptor fd, const std::string& path);
  void StartBelow(const std::string& path);
  static Kind KindOf(int directory, const struct dirent& entry);

  FileTreeOptions options;
  FileDescriptor root;
  dev_t device = 0;
  std::set<Identity> skipped;
  std::vector<Level> levels;
  absl::Status fault;
};

FileTree::Impl::Kind FileTree::Impl::KindOf(int directory, const struct dirent& entry) {
  switch (entry.d_type) {
    case DT_REG:
      return Kind::kFile;
    case DT_DIR:
      return Kind::kDirectory;
    case DT_LNK:
      return Kind::kSymlink;
    case DT_UNKNOWN:
      break;
    default:
      return Kind::kOther;
  }
  struct stat info;
  if (::fstatat(directory, entry.d_name, &info, AT_SYMLINK_NOFOLLOW) != 0) return Kind::kOther;
  if (S_ISREG(info.st_mode)) return Kind::kFile;
  if (S_ISDIR(info.st_mode)) return Kind::kDirectory;
  return S_ISLNK(info.st_mode) ? Kind::kSymlink : Kind::kOther;
}

// `path` ends with '/'.
void FileTree::Impl::Enter(const std::string& path) {
  const std::string name = path.substr(0, path.size() - 1);
  if (levels.size() >= kMaxTreeDepth) {
    return Skip(name, absl::OutOfRangeError("directories nested too deep"));
  }
  FileDescriptor fd(OpenBelow(root.get(), name, kOpenFlags | O_DIRECTORY));
  if (!fd.valid()) return SkipFailed(name, errno);
  EnterOpen(std::move(fd), path);
}

void FileTree::Impl::EnterOpen(FileDescriptor fd, const std::string& path) {
  const std::string name = path.empty() ? "." : path.substr(0, path.size() - 1);
  struct stat info;
  if (::fstat(fd.get(), &info) != 0) return SkipFailed(name, errno);
  if (skipped.contains({info.st_dev, info.st_ino})) return;
  if (info.st_dev != device && !options.cross_device) return Skip(name, OnAnotherDevice());

  // fdopendir takes the descriptor over.
  const int duplicate = ::fcntl(fd.get(), F_DUPFD_CLOEXEC, 3);
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(
      duplicate < 0 ? nullptr : ::fdopendir(duplicate), ::closedir);
  if (directory == nullptr) {
    const int error = errno;
    FileDescriptor(duplicate).Close();
    return SkipFailed(name, error);
  }
  Level level{path, {}, 0};
  for (;;) {
    errno = 0;
    const struct dirent* entry = ::readdir(directory.get());
    if (entry == nullptr) break;
    if (entry->d_name[0] == '.') continue;
    const Kind kind = KindOf(fd.get(), *entry);
    level.entries.push_back({entry->d_name, kind});
    if (kind == Kind::kDirectory) level.entries.back().name += '/';
  }
  if (errno != 0) return SkipFailed(name, errno);
  std::sort(level.entries.begin(), level.entries.end(),
            [](const Entry& a, const Entry& b) { return a.name < b.name; });
  levels.push_back(std::move(level));
}

// A first level of one entry, without a look at its neighbours.
void FileTree::Impl::StartBelow(const std::string& path) {
  if (!IsPlainRelativePath(path) || path[0] == '.' || path.find("/.") != std::string::npos) return;
  const size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "" : path.substr(0, slash);
  Level level{folder.empty() ? "" : folder + "/", {}, 0};
  const std::string name = path.substr(level.path.size());
  FileDescriptor fd;
  struct stat info;
  for (size_t end = 0; end < folder.size();) {
    end = std::min(folder.find('/', end + 1), folder.size());
    const std::string part = folder.substr(0, end);
    fd = FileDescriptor(OpenBelow(root.get(), part, O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!fd.valid()) {
      const bool is_none = errno == ENOENT || errno == ENOTDIR || errno == ELOOP;
      return is_none ? void() : SkipFailed(part, errno);
    }
    if (::fstat(fd.get(), &info) != 0) return SkipFailed(part, errno);
    if (skipped.contains({info.st_dev, info.st_ino})) return;
  }
  const int at = folder.empty() ? root.get() : fd.get();
  if (::fstatat(at, name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) return;
  if (S_ISDIR(info.st_mode)) {
    level.entries.push_back({name + "/", Kind::kDirectory});
  } else if (S_ISREG(info.st_mode)) {
    level.entries.push_back({name, Kind::kFile});
  } else {
    level.entries.push_back({name, S_ISLNK(info.st_mode) ? Kind::kSymlink : Kind::kOther});
  }
  levels.push_back(std::move(level));
}

FileTree::FileTree(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
FileTree::~FileTree() = default;

absl::StatusOr<std::unique_ptr<FileTree>> FileTree::Open(const std::string& root,
                                                         FileTreeOptions options) {
  auto impl = std::make_unique<Impl>();
  impl->options = std::move(options);
  impl->root = FileDescriptor(
      RetryInterrupted([&] { return ::open(root.c_str(), kOpenFlags | O_DIRECTORY); }));
  struct stat info;
  if (!impl->root.valid()) {
    const int error = errno;
    if (error == ENOTDIR && ::stat(root.c_str(), &info) == 0) {
      return absl::InvalidArgumentError(StrCat(root, ": not a directory"));
    }
    return PosixError("open", root, error);
  }
  if (::fstat(impl->root.get(), &info) != 0) return PosixError("stat", root, errno);
  impl->device = info.st_dev;
  for (const std::string& directory : impl->options.skip_directories) {
    struct stat skipped;
    if (::stat(directory.c_str(), &skipped) == 0) {
      impl->skipped.emplace(skipped.st_dev, skipped.st_ino);
    }
  }
  if (!impl->options.below.empty()) {
    impl->StartBelow(impl->options.below);
    return std::unique_ptr<FileTree>(new FileTree(std::move(impl)));
  }
  const int duplicate = ::fcntl(impl->root.get(), F_DUPFD_CLOEXEC, 3);
  if (duplicate < 0) return PosixError("open", root, errno);
  impl->EnterOpen(FileDescriptor(duplicate), "");
  return std::unique_ptr<FileTree>(new FileTree(std::move(impl)));
}

absl::StatusOr<std::optional<std::string>> FileTree::Next() {
  while (impl_->fault.ok() && !impl_->levels.empty()) {
    Impl::Level& level = impl_->levels.back();
    if (level.next == level.entries.size()) {
      impl_->levels.pop_back();
      continue;
    }
    const Impl::Entry& entry = level.entries[level.next++];
    const Impl::Kind kind = entry.kind;
    const std::string path = level.path + entry.name;
    switch (kind) {
      case Impl::Kind::kFile:
        return std::optional<std::string>(path);
      case Impl::Kind::kDirectory:
        impl_->Enter(path);  // invalidates `level`
        break;
      case Impl::Kind::kSymlink:
        impl_->Skip(path, Reason(ELOOP));
        break;
      case Impl::Kind::kOther:
        impl_->Skip(path, NotARegularFile());
        break;
    }
  }
  RETURN_IF_ERROR(impl_->fault);
  return std::optional<std::string>();
}

absl::StatusOr<std::unique_ptr<InputStream>> FileTree::OpenFile(const std::string& path) const {
  if (!IsPlainRelativePath(path)) return absl::FailedPreconditionError("outside the directory");
  FileDescriptor fd(OpenBelow(impl_->root.get(), path, kOpenFlags));
  if (!fd.valid()) return Reason(errno);
  struct stat info;
  if (::fstat(fd.get(), &info) != 0) return Reason(errno);
  if (!S_ISREG(info.st_mode)) return NotARegularFile();
  if (info.st_dev != impl_->device && !impl_->options.cross_device) return OnAnotherDevice();
  return std::make_unique<DescriptorStream>(std::move(fd), FileInfoOf(info), /*sized=*/true, "");
}

absl::StatusOr<std::string> FileTree::ReadFile(const std::string& path, size_t max_bytes) const {
  ASSIGN_OR_RETURN(const std::unique_ptr<InputStream> stream, OpenFile(path));
  return ReadWhole(stream.get(), max_bytes, "");
}

// ---- Single files ------------------------------------------------------------------------------

absl::StatusOr<std::unique_ptr<InputStream>> OpenInputFile(const std::string& path) {
  FileDescriptor fd(RetryInterrupted([&] { return ::open(path.c_str(), kOpenFlags); }));
  if (!fd.valid()) return PosixError("open", path, errno);
  struct stat info;
  if (::fstat(fd.get(), &info) != 0) return PosixError("stat", path, errno);
  if (!S_ISREG(info.st_mode)) {
    return absl::FailedPreconditionError(StrCat("open ", path, ": not a regular file"));
  }
  return std::make_unique<DescriptorStream>(std::move(fd), FileInfoOf(info), /*sized=*/true,
                                            StrCat("read ", path, ": "));
}

absl::StatusOr<std::string> ReadFileBounded(const std::string& path, size_t max_bytes) {
  ASSIGN_OR_RETURN(const std::unique_ptr<InputStream> stream, OpenInputFile(path));
  return ReadWhole(stream.get(), max_bytes, StrCat("read ", path, ": "));
}

std::unique_ptr<InputStream> OpenStandardInput(std::function<bool()> cancelled) {
  // Where it is closed, the first Read says so.
  FileDescriptor fd(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3));
  struct stat info;
  FileInfo file_info;
  if (fd.valid() && ::fstat(fd.get(), &info) == 0) file_info = FileInfoOf(info);
  if (file_info.type != FileType::kRegular) file_info.size_bytes = 0;
  return std::make_unique<DescriptorStream>(std::move(fd), file_info, /*sized=*/false,
                                            "read standard input: ", std::move(cancelled));
}

absl::StatusOr<FileInfo> StatFollowingLinks(const std::string& path) {
  struct stat info;
  if (::stat(path.c_str(), &info) != 0) return PosixError("stat", path, errno);
  return FileInfoOf(info);
}

}  // namespace ibid
