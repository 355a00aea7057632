// The operating system as ibid sees it: files, directories, the lock.
//
// Everything that is read from or written to an index passes through an Env, so that tests can make
// any call fail and a program can keep an index in memory. Paths are byte strings with '/'.
//
// An Env is safe to share by threads. The files it hands out belong to one thread at a time, except
// ReadableFile, which any number may read.
#ifndef IBID_ENV_H_
#define IBID_ENV_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ibid/export.h"

namespace ibid {

// A whole file, readable at any place (memory-mapped where the system can). The bytes stay valid
// while the object lives, also after the file was renamed or removed.
class IBID_EXPORT ReadableFile {
 public:
  virtual ~ReadableFile() = default;
  virtual std::span<const uint8_t> bytes() const = 0;
  // Hints that [offset, offset + length) will be read soon, or not again. No effect on bytes().
  virtual void WillNeed(size_t offset, size_t length) const = 0;
  virtual void DontNeed(size_t offset, size_t length) const = 0;
  // Hints that the file is read here and there: what nobody touched or said WillNeed of is not to
  // be read along. Systems read megabytes ahead of a page otherwise.
  virtual void NoReadAhead() const {}
};

// A new file, written from front to back. Dropping it unclosed leaves whatever was written.
class IBID_EXPORT WritableFile {
 public:
  virtual ~WritableFile() = default;
  virtual absl::Status Append(std::string_view data) = 0;
  // Forces the data to the disk, on the descriptor that wrote it.
  virtual absl::Status Sync() = 0;
  virtual absl::Status Close() = 0;
};

// Held until destroyed, or until the process dies. A process that was forked off the holder does
// not hold it, and destroys its copy without effect.
class IBID_EXPORT FileLock {
 public:
  virtual ~FileLock() = default;
  // FailedPrecondition where this process is a fork of the holder, or the path of the lock names
  // another file now, or none.
  virtual absl::Status CheckHeld() const { return absl::OkStatus(); }
};

enum class FileType { kRegular, kDirectory, kSymlink, kOther };

struct FileInfo {
  FileType type = FileType::kOther;
  uint64_t size_bytes = 0;
  int64_t modified_ns = 0;  // since 1970, UTC
};

// Errors: NotFound, PermissionDenied; ResourceExhausted where memory or descriptors are lacking,
// never for a full disk, which is Unavailable as every other input/output failure is. Each message
// names the path and the cause.
class IBID_EXPORT Env {
 public:
  virtual ~Env() = default;

  // The process's file system. Lives for ever.
  static Env* Posix();

  virtual absl::StatusOr<std::unique_ptr<ReadableFile>> OpenReadable(const std::string& path) = 0;
  // Creates `path`; AlreadyExists where it is there and `exclusive`, else it is cut to nothing.
  virtual absl::StatusOr<std::unique_ptr<WritableFile>> CreateFile(const std::string& path,
                                                                   bool exclusive) = 0;
  virtual absl::Status Rename(const std::string& from, const std::string& to) = 0;
  virtual absl::Status Remove(const std::string& path) = 0;
  // One level; its parent must exist. OK where it is already a directory.
  virtual absl::Status CreateDirectory(const std::string& path) = 0;
  virtual absl::Status RemoveDirectory(const std::string& path) = 0;
  // Makes creations, renames and removals in `path` durable.
  virtual absl::Status SyncDirectory(const std::string& path) = 0;
  // Names without "." and "..", sorted by bytes.
  virtual absl::StatusOr<std::vector<std::string>> List(const std::string& path) = 0;
  // Symbolic links are not followed.
  virtual absl::StatusOr<FileInfo> Stat(const std::string& path) = 0;
  // Takes the lock file at `path` (made if missing), writing `holder` into it. Aborted, with what
  // the present holder wrote, where another process or another object of this one has it. The
  // holder may remove the file as the last thing it does under the lock: who opened it meanwhile
  // notices.
  virtual absl::StatusOr<std::unique_ptr<FileLock>> Lock(const std::string& path,
                                                         std::string_view holder) = 0;
};

// An Env of its own in memory, empty at first. For tests and for indexes that need no disk.
IBID_EXPORT std::unique_ptr<Env> NewMemoryEnv();

}  // namespace ibid

#endif  // IBID_ENV_H_
