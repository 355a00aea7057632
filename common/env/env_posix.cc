// The process's file system. This file and file_tree_posix.cc are the only ones that call it.
#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/env/lock_message.h"
#include "common/env/posix_file.h"
#include "common/env/process_id.h"
#include "ibid/env.h"

namespace ibid {

// ---- posix_file.h ------------------------------------------------------------------------------

FileDescriptor::FileDescriptor(FileDescriptor&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)) {}

FileDescriptor& FileDescriptor::operator=(FileDescriptor&& other) noexcept {
  if (this != &other) {
    Close();
    fd_ = std::exchange(other.fd_, -1);
  }
  return *this;
}

FileDescriptor::~FileDescriptor() { Close(); }

int FileDescriptor::Close() {
  if (fd_ < 0) return 0;
  // On Linux the descriptor is free even when close says EINTR.
  return ::close(std::exchange(fd_, -1)) == 0 || errno == EINTR ? 0 : errno;
}

std::string PosixErrorText(int error) { return std::generic_category().message(error); }

absl::Status PosixError(std::string_view op, std::string_view path, int error) {
  const std::string text = StrCat(op, " ", path, ": ", PosixErrorText(error));
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return absl::NotFoundError(text);
    case EEXIST:
      return absl::AlreadyExistsError(text);
    case EACCES:
    case EPERM:
    case EROFS:
      return absl::PermissionDeniedError(text);
    case ENOMEM:
    case EMFILE:
    case ENFILE:
      return absl::ResourceExhaustedError(text);
    default:
      return absl::UnavailableError(text);
  }
}

FileInfo FileInfoOf(const struct stat& info) {
  FileType type = FileType::kOther;
  if (S_ISREG(info.st_mode)) type = FileType::kRegular;
  if (S_ISDIR(info.st_mode)) type = FileType::kDirectory;
  if (S_ISLNK(info.st_mode)) type = FileType::kSymlink;
  return {type, static_cast<uint64_t>(info.st_size),
          int64_t{info.st_mtim.tv_sec} * 1000000000 + info.st_mtim.tv_nsec};
}

namespace {

// Opens `path`; the descriptor is at least 3, so that nothing that is printed to a closed standard
// stream can land in the file.
absl::StatusOr<FileDescriptor> OpenPath(std::string_view op, const std::string& path, int flags) {
  FileDescriptor fd(
      RetryInterrupted([&] { return ::open(path.c_str(), flags | O_CLOEXEC, 0666); }));
  if (!fd.valid()) return PosixError(op, path, errno);
  if (fd.get() > 2) return fd;
  FileDescriptor moved(::fcntl(fd.get(), F_DUPFD_CLOEXEC, 3));
  if (!moved.valid()) return PosixError(op, path, errno);
  return moved;
}

class PosixReadableFile : public ReadableFile {
 public:
  ~PosixReadableFile() override {
    if (size_ > 0) ::munmap(data_, size_);
  }

  // Unmapped with this object.
  void Own(void* data, size_t size) {
    data_ = static_cast<uint8_t*>(data);
    size_ = size;
  }

  std::span<const uint8_t> bytes() const override { return {data_, size_}; }

  void WillNeed(size_t offset, size_t length) const override {
    if (offset >= size_) return;
    const size_t begin = offset / PageBytes() * PageBytes();
    const size_t end = offset + std::min(length, size_ - offset);
    if (begin < end) ::madvise(data_ + begin, end - begin, MADV_WILLNEED);
  }

  // Whole pages inside the range only; the rest of the last page belongs to the file's end.
  void DontNeed(size_t offset, size_t length) const override {
    if (offset >= size_) return;
    const size_t begin = (offset + PageBytes() - 1) / PageBytes() * PageBytes();
    size_t end = offset + std::min(length, size_ - offset);
    if (end < size_) end = end / PageBytes() * PageBytes();
    if (begin < end) ::madvise(data_ + begin, end - begin, MADV_DONTNEED);
  }

  void NoReadAhead() const override {
    if (size_ > 0) ::madvise(data_, size_, MADV_RANDOM);
  }

 private:
  static size_t PageBytes() {
    static const size_t bytes = static_cast<size_t>(::sysconf(_SC_PAGESIZE));
    return bytes;
  }

  uint8_t* data_ = nullptr;
  size_t size_ = 0;
};

class PosixWritableFile : public WritableFile {
 public:
  PosixWritableFile(FileDescriptor fd, std::string_view path)
      : fd_(std::move(fd)), name_(BaseName(path)) {}

  absl::Status Append(std::string_view data) override {
    const uint64_t needed = written_ + data.size();
    while (!data.empty()) {
      const ssize_t count = RetryInterrupted(
          [&] { return ::write(fd_.get(), data.data(), std::min(data.size(), kMaxWrite)); });
      if (count < 0) return WriteError(errno, needed);
      written_ += static_cast<uint64_t>(count);
      data.remove_prefix(static_cast<size_t>(count));
    }
    return absl::OkStatus();
  }

  absl::Status Sync() override {
    // Never repeated: after a failure the kernel may have dropped the pages (Rebello et al., "Can
    // Applications Recover from fsync Failures?", USENIX ATC 2020).
    if (::fdatasync(fd_.get()) != 0) return PosixError("fdatasync", name_, errno);
    return absl::OkStatus();
  }

  absl::Status Close() override {
    if (!fd_.valid()) return PosixError("close", name_, EBADF);
    const int error = fd_.Close();
    return error == 0 ? absl::OkStatus() : WriteError(error, written_, "close");
  }

 private:
  static constexpr size_t kMaxWrite = size_t{1} << 30;

  absl::Status WriteError(int error, uint64_t needed, std::string_view op = "write") const {
    if (error != ENOSPC && error != EDQUOT) return PosixError(op, name_, error);
    return absl::UnavailableError(
        StrCat(name_, ": ", PosixErrorText(error), " (needed ", HumanBytes(needed), ")"));
  }

  FileDescriptor fd_;
  std::string name_;
  uint64_t written_ = 0;
};

// Whether `path` names the open file.
absl::StatusOr<bool> IsFileAt(const FileDescriptor& fd, const std::string& path) {
  struct stat open_file, named_file;
  if (::fstat(fd.get(), &open_file) != 0) return PosixError("lock", path, errno);
  if (::lstat(path.c_str(), &named_file) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return false;
    return PosixError("lock", path, errno);
  }
  return open_file.st_dev == named_file.st_dev && open_file.st_ino == named_file.st_ino;
}

class PosixFileLock : public FileLock {
 public:
  PosixFileLock(FileDescriptor fd, std::string path) : fd_(std::move(fd)), path_(std::move(path)) {}
  // The file stays; what the holder wrote goes. The lock is given up, since closing alone leaves it
  // to forks of this process, which have the descriptor, too.
  ~PosixFileLock() override {
    if (::getpid() != process_) return;
    const bool is_empty = ::ftruncate(fd_.get(), 0) == 0;  // for who reads it, no more
    static_cast<void>(is_empty);
    ::flock(fd_.get(), LOCK_UN);
  }

  absl::Status CheckHeld() const override {
    if (::getpid() != process_) {
      return absl::FailedPreconditionError(
          StrCat("lock ", path_, ": is held by process ", process_, ", of which this is a fork"));
    }
    ASSIGN_OR_RETURN(const bool is_there, IsFileAt(fd_, path_));
    if (is_there) return absl::OkStatus();
    return absl::FailedPreconditionError(
        StrCat("lock ", path_,
               ": is no longer the file that was locked: the directory was moved, "
               "replaced or removed, or the current directory changed"));
  }

 private:
  FileDescriptor fd_;
  const std::string path_;
  const pid_t process_ = ::getpid();
};

class PosixEnv : public Env {
 public:
  absl::StatusOr<std::unique_ptr<ReadableFile>> OpenReadable(const std::string& path) override {
    // Non-blocking: a FIFO of that name must not hold the program up.
    ASSIGN_OR_RETURN(const FileDescriptor fd, OpenPath("open", path, O_RDONLY | O_NONBLOCK));
    struct stat info;
    if (::fstat(fd.get(), &info) != 0) return PosixError("stat", path, errno);
    if (S_ISDIR(info.st_mode)) return PosixError("open", path, EISDIR);
    if (!S_ISREG(info.st_mode)) {
      return absl::UnavailableError(StrCat("open ", path, ": not a regular file"));
    }
    const auto size = static_cast<size_t>(info.st_size);
    auto file = std::make_unique<PosixReadableFile>();  // before there is anything to unmap
    if (size == 0) return file;
    void* data = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd.get(), 0);
    if (data == MAP_FAILED) return PosixError("mmap", path, errno);
    file->Own(data, size);
    return file;
  }

  absl::StatusOr<std::unique_ptr<WritableFile>> CreateFile(const std::string& path,
                                                           bool exclusive) override {
    const int flags = O_WRONLY | O_CREAT | (exclusive ? O_EXCL : O_TRUNC);
    ASSIGN_OR_RETURN(FileDescriptor fd, OpenPath("create", path, flags));
    return std::make_unique<PosixWritableFile>(std::move(fd), path);
  }

  absl::Status Rename(const std::string& from, const std::string& to) override {
    if (::rename(from.c_str(), to.c_str()) != 0) return PosixError("rename", from, errno);
    return absl::OkStatus();
  }

  absl::Status Remove(const std::string& path) override {
    if (::unlink(path.c_str()) != 0) return PosixError("remove", path, errno);
    return absl::OkStatus();
  }

  absl::Status CreateDirectory(const std::string& path) override {
    if (::mkdir(path.c_str(), 0777) == 0) return absl::OkStatus();
    const int error = errno;
    struct stat info;
    if (error == EEXIST && ::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode)) {
      return absl::OkStatus();
    }
    return PosixError("mkdir", path, error);
  }

  absl::Status RemoveDirectory(const std::string& path) override {
    if (::rmdir(path.c_str()) != 0) return PosixError("rmdir", path, errno);
    return absl::OkStatus();
  }

  absl::Status SyncDirectory(const std::string& path) override {
    ASSIGN_OR_RETURN(FileDescriptor fd, OpenPath("open", path, O_RDONLY | O_DIRECTORY));
    if (::fsync(fd.get()) != 0) return PosixError("fsync", path, errno);
    if (const int error = fd.Close(); error != 0) return PosixError("close", path, error);
    return absl::OkStatus();
  }

  absl::StatusOr<std::vector<std::string>> List(const std::string& path) override {
    const std::unique_ptr<DIR, int (*)(DIR*)> directory(::opendir(path.c_str()), ::closedir);
    if (directory == nullptr) return PosixError("open", path, errno);
    std::vector<std::string> names;
    for (;;) {
      errno = 0;
      const dirent* entry = ::readdir(directory.get());
      if (entry == nullptr) break;
      const std::string_view name = entry->d_name;
      if (name != "." && name != "..") names.emplace_back(name);
    }
    if (errno != 0) return PosixError("read", path, errno);
    std::sort(names.begin(), names.end());
    return names;
  }

  absl::StatusOr<FileInfo> Stat(const std::string& path) override {
    struct stat info;
    if (::lstat(path.c_str(), &info) != 0) return PosixError("stat", path, errno);
    return FileInfoOf(info);
  }

  absl::StatusOr<std::unique_ptr<FileLock>> Lock(const std::string& path,
                                                 std::string_view holder) override {
    FileDescriptor fd;
    for (int attempt = 1;; ++attempt) {
      ASSIGN_OR_RETURN(fd, OpenPath("lock", path, O_RDWR | O_CREAT | O_NOFOLLOW));
      // flock, not fcntl: a POSIX record lock goes with any close of the file in this process.
      if (RetryInterrupted([&] { return ::flock(fd.get(), LOCK_EX | LOCK_NB); }) != 0) {
        if (errno != EWOULDBLOCK) return PosixError("lock", path, errno);
        return LockedByAnother(path, ReadHolder(fd));
      }
      // The last holder may have removed the file between opening and locking it: then this lock
      // is of a file that nobody else will find.
      ASSIGN_OR_RETURN(const bool is_there, IsFileAt(fd, path));
      if (is_there) break;
      if (attempt == kLockAttempts) return LockedByAnother(path, "");
    }
    if (::ftruncate(fd.get(), 0) != 0) return PosixError("lock", path, errno);
    FileDescriptor same(::fcntl(fd.get(), F_DUPFD_CLOEXEC, 3));
    if (!same.valid()) return PosixError("lock", path, errno);
    PosixWritableFile writer(std::move(same), path);
    RETURN_IF_ERROR(writer.Append(holder));
    RETURN_IF_ERROR(writer.Close());
    return std::make_unique<PosixFileLock>(std::move(fd), path);
  }

 private:
  static constexpr int kLockAttempts = 1000;  // each needs a holder that removed the file

  static std::string ReadHolder(const FileDescriptor& fd) {
    char text[kMaxHolderBytes];
    const ssize_t count =
        RetryInterrupted([&] { return ::pread(fd.get(), text, sizeof(text), 0); });
    return std::string(text, count > 0 ? static_cast<size_t>(count) : 0);
  }
};

}  // namespace

Env* Env::Posix() {
  static PosixEnv env;
  return &env;
}

int64_t ProcessId() { return ::getpid(); }

}  // namespace ibid
