#include "tests/fault/own_mounts.h"

#include <errno.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"

namespace ibid {
namespace {

bool WriteText(const char* path, const std::string& text) {
  std::FILE* const file = std::fopen(path, "w");
  if (file == nullptr) return false;
  const bool written = std::fputs(text.c_str(), file) >= 0;
  return std::fclose(file) == 0 && written;
}

std::string Failed(const char* what) { return absl::StrCat(what, ": ", std::strerror(errno)); }

std::string BecomeRootOfAUserNamespace() {
  const uid_t uid = ::getuid();
  const gid_t gid = ::getgid();
  if (::unshare(CLONE_NEWUSER) != 0) return Failed("unshare user namespace");
  if (!WriteText("/proc/self/setgroups", "deny") ||
      !WriteText("/proc/self/uid_map", absl::StrCat("0 ", uid, " 1")) ||
      !WriteText("/proc/self/gid_map", absl::StrCat("0 ", gid, " 1"))) {
    return Failed("map user");
  }
  return "";
}

}  // namespace

std::string EnterOwnMounts() {
  if (::geteuid() != 0) {
    std::string problem = BecomeRootOfAUserNamespace();
    if (!problem.empty()) return problem;
  }
  if (::unshare(CLONE_NEWNS) != 0) return Failed("unshare mounts");
  if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
    return Failed("make mounts private");
  }
  return "";
}

MemoryMount::MemoryMount(std::string directory, size_t bytes) : directory_(std::move(directory)) {
  const std::string options = absl::StrCat("size=", bytes);
  EXPECT_EQ(::mount("tmpfs", directory_.c_str(), "tmpfs", 0, options.c_str()), 0)
      << std::strerror(errno);
}

MemoryMount::~MemoryMount() { ::umount2(directory_.c_str(), MNT_DETACH); }

void MemoryMount::Resize(size_t bytes) const {
  const std::string options = absl::StrCat("size=", bytes);
  EXPECT_EQ(::mount("tmpfs", directory_.c_str(), "tmpfs", MS_REMOUNT, options.c_str()), 0)
      << std::strerror(errno);
}

}  // namespace ibid
