// Real power cuts: a writer on an ext4 of its own, whose journal is thrown away at a random moment
// (EXT4_IOC_SHUTDOWN without a flush of the log: nothing that was not forced to disk survives). The
// file system is mounted anew, and the index must show the last commit that was acknowledged, or
// the one under way. 1,000 cuts in each of two modes, or as many as $IBID_POWER_CUTS says. Needs
// root and a loop device.
#include <errno.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <string>
#include <utility>

#include "common/base/strings.h"
#include "common/env/forwarding_env.h"
#include "ibid/check_index.h"
#include "tests/fault/own_mounts.h"
#include "tests/indexer/endless_commits.h"
#include "tests/indexer/index_model.h"
#include "tests/support/temp_directory.h"

namespace ibid {
namespace {

// fs/ext4/ext4.h
constexpr unsigned long kShutDown = _IOR('X', 125, uint32_t);
constexpr uint32_t kWithoutLogFlush = 2;
constexpr unsigned kLongestMicroseconds = 20000;  // several commits, where nothing else runs

bool Runs(const std::string& command) { return std::system(command.c_str()) == 0; }

// An ext4 in a file, mounted on a loop device that goes with the mount.
class Disk {
 public:
  Disk(std::string image, std::string directory)
      : image_(std::move(image)), directory_(std::move(directory)) {}
  ~Disk() {
    if (mounted_) Unmount();
  }

  bool Make() { return Runs(StrCat("truncate -s 64M ", image_, " && mkfs.ext4 -q -F ", image_)); }
  bool Mount() {
    mounted_ = Runs(
        StrCat("mount -o loop,errors=continue,data=", data_mode_, " ", image_, " ", directory_));
    return mounted_;
  }
  // "ordered" at first. With "writeback" a file may have its length in the journal before its bytes
  // are on the disk.
  bool MountAnew(std::string data_mode) {
    data_mode_ = std::move(data_mode);
    return Unmount() && Mount();
  }
  bool CutPower() const {
    const int descriptor = ::open(directory_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    uint32_t how = kWithoutLogFlush;
    const bool cut = descriptor >= 0 && ::ioctl(descriptor, kShutDown, &how) == 0;
    ::close(descriptor);
    return cut;
  }
  bool Unmount() {
    mounted_ = ::umount2(directory_.c_str(), 0) != 0;
    return !mounted_;
  }

 private:
  std::string image_, directory_;
  std::string data_mode_ = "ordered";
  bool mounted_ = false;
};

// A child that commits for ever; what it acknowledges comes through a pipe.
class Writer {
 public:
  Writer(Env* env, const std::string& dir, int64_t step, bool background) : acknowledged_(step) {
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    child_ = ::fork();
    if (child_ == 0) {
      ::close(ends[0]);
      CommitForEver(env, dir, step, background, ends[1]);
    }
    ::close(ends[1]);
    pipe_ = ends[0];
  }

  // Waits for the next acknowledged commit. False: it has ended.
  bool Next() {
    int64_t number = 0;
    if (::read(pipe_, &number, sizeof(number)) != sizeof(number)) return false;
    acknowledged_ = number;
    return true;
  }

  // Ends it, and gives the number of the last commit that it acknowledged.
  int64_t End() {
    ::kill(child_, SIGKILL);
    int status = 0;
    EXPECT_EQ(::waitpid(child_, &status, 0), child_);
    while (Next()) {
    }
    ::close(pipe_);
    return acknowledged_;
  }

 private:
  int64_t acknowledged_;
  pid_t child_ = -1;
  int pipe_ = -1;
};

uint64_t NumCuts() {
  const char* text = std::getenv("IBID_POWER_CUTS");
  return text == nullptr ? 1000 : std::strtoull(text, nullptr, 10);
}

class PowerCut : public testing::Test {
 protected:
  // The disk lies in memory where it can: what survives a cut was handed to it, wherever it is.
  static void SetUpTestSuite() {
    if (::access("/dev/shm", W_OK) == 0) ::setenv("TMPDIR", "/dev/shm", /*overwrite=*/0);
    problem_ = ::geteuid() == 0 ? EnterOwnMounts() : "not root";
  }

  void SetUp() override {
    if (!problem_.empty()) return;
    if (!disk_.Make() || !disk_.Mount()) {
      problem_ = "no ext4 on a loop device here";
    } else if (!disk_.CutPower() || !disk_.Unmount() || !disk_.Mount()) {
      problem_ = "this kernel cannot cut an ext4 off";
    }
  }

  // Lets a writer that begins at commit `step` work for a while, cuts the power, and mounts the
  // disk anew. The last commit that it acknowledged.
  int64_t CutWhileWriting(Env* env, int64_t step) {
    Writer writer(env, dir_, step, random_() % 2 == 0);
    for (uint64_t commits = random_() % 4; commits > 0 && writer.Next(); --commits) {
    }
    ::usleep(random_() % kLongestMicroseconds);
    const bool has_cut = disk_.CutPower();
    EXPECT_TRUE(has_cut) << std::strerror(errno);
    const int64_t acknowledged = writer.End();
    EXPECT_TRUE(disk_.Unmount() && disk_.Mount()) << std::strerror(errno);
    return acknowledged;
  }

  // What the index shows after a cut: `acknowledged`, or the next. -1: something else.
  int64_t StepAfter(int64_t acknowledged) const {
    const absl::Status committed = ReadCommittedManifest(Env::Posix(), dir_).status();
    if (acknowledged == 0 && absl::IsNotFound(committed)) return 0;
    EXPECT_TRUE(committed.ok()) << committed << ", commit " << acknowledged << " was acknowledged";
    if (!committed.ok()) return -1;
    const auto report = CheckIndex(dir_);
    EXPECT_TRUE(report.ok()) << report.status();
    if (!report.ok()) return -1;
    EXPECT_THAT(report->problems, ::testing::IsEmpty());
    const IndexModel model = ReadModel(Env::Posix(), dir_);
    const int64_t step = StepOf(model);
    EXPECT_EQ(model, ExpectedModel(DocumentsAfter(step), IndexOptions{})) << step;
    EXPECT_TRUE(step == acknowledged || step == acknowledged + 1)
        << "commit " << acknowledged << " was acknowledged, the index shows " << step;
    return HasFailure() ? -1 : step;
  }

  void ExpectNoCommitLost() {
    SCOPED_TRACE(StrCat("seed ", seed_));
    const auto start = std::chrono::steady_clock::now();
    int64_t step = 0;
    uint64_t in_flight = 0;
    for (uint64_t cut = 0; cut < NumCuts(); ++cut) {
      SCOPED_TRACE(StrCat("cut ", cut));
      const int64_t acknowledged = CutWhileWriting(Env::Posix(), step);
      ASSERT_FALSE(HasFailure());
      step = StepAfter(acknowledged);
      ASSERT_GE(step, 0);
      in_flight += step > acknowledged ? 1 : 0;
    }
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    std::printf(
        "figures: power cuts %llu, commits acknowledged %lld, under way and there %llu, lost 0, "
        "%.0f s\n",
        static_cast<unsigned long long>(NumCuts()),
        static_cast<long long>(step - static_cast<int64_t>(in_flight)),
        static_cast<unsigned long long>(in_flight), seconds.count());
  }

  static inline std::string problem_;  // why there can be no cut
  TempDirectory image_, mounted_;
  std::string dir_ = mounted_.Path("index");
  Disk disk_{image_.Path("image"), mounted_.path()};
  const uint64_t seed_ = std::random_device{}();
  std::mt19937_64 random_{seed_};
};

TEST_F(PowerCut, NoAcknowledgedCommitIsLost) {
  if (!problem_.empty()) GTEST_SKIP() << "may not mount an ext4 of its own: " << problem_;
  ExpectNoCommitLost();
}

TEST_F(PowerCut, NoneIsLostWhereTheJournalMayBeAheadOfTheData) {
  if (!problem_.empty()) GTEST_SKIP() << "may not mount an ext4 of its own: " << problem_;
  ASSERT_TRUE(disk_.MountAnew("writeback"));
  ExpectNoCommitLost();
}

class NoDirectorySyncs : public ForwardingEnv {
 public:
  using ForwardingEnv::ForwardingEnv;
  absl::Status SyncDirectory(const std::string&) override { return absl::OkStatus(); }
};

// So the test can fail: this is what it finds of a writer that does not force directories to disk.
TEST_F(PowerCut, AWriterThatDoesNotForceDirectoriesToDiskLosesCommits) {
  if (!problem_.empty()) GTEST_SKIP() << "may not mount an ext4 of its own: " << problem_;
  SCOPED_TRACE(StrCat("seed ", seed_));
  NoDirectorySyncs env(Env::Posix());
  int64_t step = 0;
  bool lost = false;
  for (int cut = 0; cut < 300 && !lost; ++cut) {
    const int64_t acknowledged = CutWhileWriting(&env, step);
    ASSERT_FALSE(HasFailure());
    const bool is_there = ReadCommittedManifest(Env::Posix(), dir_).ok();
    step = is_there ? StepOf(ReadModel(Env::Posix(), dir_)) : 0;
    lost = step < acknowledged;
  }
  EXPECT_TRUE(lost);
}

}  // namespace
}  // namespace ibid
