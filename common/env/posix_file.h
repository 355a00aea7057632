// What the two files that call the operating system share. Private to common/env.
#ifndef IBID_COMMON_ENV_POSIX_FILE_H_
#define IBID_COMMON_ENV_POSIX_FILE_H_

#include <cerrno>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "ibid/env.h"

struct stat;

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

// "<op> <path>: <what errno means>" as NotFound, AlreadyExists, PermissionDenied, ResourceExhausted
// (no memory, no further descriptor) or Unavailable.
absl::Status PosixError(std::string_view op, std::string_view path, int error);

// "No such file or directory".
std::string PosixErrorText(int error);

// With `false`, trees open files as on kernels that lack openat2 (before Linux 5.6), which is tried
// otherwise. For tests.
void AllowOpenat2(bool allow);

FileInfo FileInfoOf(const struct stat& info);

// Repeats `call` while a signal interrupts it.
template <typename Call>
auto RetryInterrupted(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

}  // namespace ibid

#endif  // IBID_COMMON_ENV_POSIX_FILE_H_
