// What the two files that call the operating system share. Private to common/env.
#ifndef IBID_COMMON_ENV_POSIX_FILE_H_
#define IBID_COMMON_ENV_POSIX_FILE_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace ibid {

// Owns a file descriptor.
class FileDescriptor {
 public:
  explicit FileDescriptor(int fd = -1) : fd_(fd) {}
  FileDescriptor(FileDescriptor&& other) noexcept;
  FileDescriptor& operator=(FileDescriptor&& other) noexcept;
  ~FileDescriptor();

  int get() const { return fd_; }
  bool valid() const { return fd_ >= 0; }
  // Closes it; 0, or the errno of close. Never closed twice.
  int Close();

 private:
  int fd_;
};

// "<op> <path>: <what errno means>" as NotFound, AlreadyExists, PermissionDenied or Unavailable.
absl::Status PosixError(std::string_view op, std::string_view path, int error);

// "No such file or directory".
std::string PosixErrorText(int error);

}  // namespace ibid

#endif  // IBID_COMMON_ENV_POSIX_FILE_H_
