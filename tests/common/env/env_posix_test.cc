// What only the real file system can show.
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ibid/env.h"
#include "tests/support/files.h"
#include "tests/support/temp_directory.h"

namespace ibid {
namespace {

size_t ResidentBytes() {
  std::ifstream statm("/proc/self/statm");
  size_t total = 0;
  size_t resident = 0;
  statm >> total >> resident;
  return resident * static_cast<size_t>(sysconf(_SC_PAGESIZE));
}

class PosixEnvTest : public testing::Test {
 protected:
  Env* env_ = Env::Posix();
  TempDirectory directory_;
};

TEST_F(PosixEnvTest, DontNeedGivesMemoryBack) {
  constexpr size_t kBytes = size_t{32} << 20;
  WriteFileOrDie(env_, directory_.Path("a"), std::string(kBytes, 'x'));
  const auto file = env_->OpenReadable(directory_.Path("a"));
  ASSERT_TRUE(file.ok());
  const auto sum = [&] {
    uint64_t total = 0;
    for (size_t i = 0; i < kBytes; i += 512) total += (*file)->bytes()[i];
    return total;
  };
  const uint64_t first = sum();
  const size_t resident = ResidentBytes();
  (*file)->DontNeed(0, kBytes);
  EXPECT_LT(ResidentBytes() + kBytes / 2, resident);
  EXPECT_EQ(sum(), first);
}

TEST_F(PosixEnvTest, AFullDiskIsNamedWithWhatWasNeeded) {
  if (access("/dev/full", W_OK) != 0) GTEST_SKIP() << "no /dev/full";
  auto file = env_->CreateFile("/dev/full", /*exclusive=*/false);
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ((*file)->Append(std::string(3100000, 'x')),
            absl::UnavailableError("full: No space left on device (needed 3.1 MB)"));
}

TEST_F(PosixEnvTest, AFileTooLargeForItsLimitIsUnavailable) {
  // In a child: the limit cannot be raised again everywhere.
  const pid_t child = fork();
  if (child == 0) {
    signal(SIGXFSZ, SIG_IGN);
    const rlimit limit = {10000, 10000};
    setrlimit(RLIMIT_FSIZE, &limit);
    auto file = env_->CreateFile(directory_.Path("a"), true);
    const bool right = file.ok() && (*file)->Append(std::string(20000, 'x')) ==
                                        absl::UnavailableError("write a: File too large");
    _exit(right ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

TEST_F(PosixEnvTest, AFifoIsRefusedWithoutWaiting) {
  ASSERT_EQ(mkfifo(directory_.Path("fifo").c_str(), 0600), 0);
  const std::string path = directory_.Path("fifo");
  EXPECT_EQ(env_->OpenReadable(path).status(),
            absl::UnavailableError("open " + path + ": not a regular file"));
  EXPECT_EQ(env_->Stat(path)->type, FileType::kOther);
}

TEST_F(PosixEnvTest, ASymbolicLinkIsNotFollowedByStatOrLock) {
  WriteFileOrDie(env_, directory_.Path("a"), "text");
  ASSERT_EQ(symlink("a", directory_.Path("link").c_str()), 0);
  EXPECT_EQ(env_->Stat(directory_.Path("link"))->type, FileType::kSymlink);
  EXPECT_FALSE(env_->Lock(directory_.Path("link"), "me").ok());
  EXPECT_FALSE(env_->CreateFile(directory_.Path("link"), /*exclusive=*/true).ok());
}

TEST_F(PosixEnvTest, PermissionsAreReportedAsSuch) {
  if (geteuid() == 0) GTEST_SKIP() << "root may read everything";
  WriteFileOrDie(env_, directory_.Path("a"), "text");
  ASSERT_EQ(chmod(directory_.Path("a").c_str(), 0), 0);
  EXPECT_EQ(env_->OpenReadable(directory_.Path("a")).status().code(),
            absl::StatusCode::kPermissionDenied);
}

TEST_F(PosixEnvTest, TheLockOfADeadProcessIsFree) {
  const std::string path = directory_.Path("LOCK");
  int ready[2];
  ASSERT_EQ(pipe(ready), 0);
  const pid_t child = fork();
  if (child == 0) {
    const auto lock = env_->Lock(path, "the child");
    const char state = lock.ok() ? 'y' : 'n';
    if (write(ready[1], &state, 1) != 1) _exit(1);
    pause();
  }
  char state = 0;
  ASSERT_EQ(read(ready[0], &state, 1), 1);
  EXPECT_EQ(state, 'y');
  EXPECT_EQ(env_->Lock(path, "me").status(),
            absl::AbortedError(directory_.path() + ": being written by the child"));
  kill(child, SIGKILL);
  ASSERT_EQ(waitpid(child, nullptr, 0), child);
  EXPECT_TRUE(env_->Lock(path, "me").ok());
  close(ready[0]);
  close(ready[1]);
}

TEST_F(PosixEnvTest, ALockWhoseFileItsHolderRemovesNeverHasTwoHolders) {
  const std::string path = directory_.Path("LOCK");
  std::atomic<int> holders = 0, most = 0;
  const auto work = [&] {
    for (int i = 0; i < 20000; ++i) {
      auto lock = env_->Lock(path, "one of them");
      if (!lock.ok()) continue;
      const int now = ++holders;
      if (now > most) most = now;
      std::this_thread::yield();
      --holders;
      EXPECT_TRUE(env_->Remove(path).ok());
    }
  };
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) threads.emplace_back(work);
  }
  EXPECT_EQ(most, 1);
}

TEST_F(PosixEnvTest, NothingPrintedToAClosedStreamLandsInAFile) {
  const pid_t child = fork();
  if (child == 0) {
    close(1);
    close(2);
    auto file = env_->CreateFile(directory_.Path("a"), true);
    const bool clean = write(1, "stray", 5) < 0 && write(2, "stray", 5) < 0;
    _exit(file.ok() && (*file)->Append("data").ok() && clean ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(ReadFileOrDie(env_, directory_.Path("a")), "data");
}

}  // namespace
}  // namespace ibid
