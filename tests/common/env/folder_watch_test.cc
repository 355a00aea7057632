#include "common/env/folder_watch.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "common/base/strings.h"
#include "tests/support/temp_directory.h"

namespace ibid {

// For messages of failed tests.
void PrintTo(const PathChange& change, std::ostream* out) {
  *out << change.root << ":" << change.path;
}

namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class FolderWatchTest : public ::testing::Test {
 protected:
  void SetUp() override { fs::create_directory(Path("d")); }
  void TearDown() override {
    fs::current_path(working_directory_);
    EXPECT_EQ(::seteuid(::getuid()), 0);
  }

  std::string Path(const std::string& name) { return temp_.Path(name); }
  void Write(const std::string& name, const std::string& text = "text") {
    std::ofstream(Path(name)) << text;
  }
  std::unique_ptr<FolderWatch> Open(const std::vector<std::string>& names,
                                    const FolderWatchOptions& options = {}) {
    std::vector<std::string> roots;
    for (const std::string& name : names) roots.push_back(Path(name));
    auto watch = FolderWatch::Open(roots, options);
    EXPECT_TRUE(watch.ok()) << watch.status();
    return watch.ok() ? *std::move(watch) : nullptr;
  }
  // What was reported so far: events are in the queue before the call that made them returns.
  std::vector<PathChange> Changes(FolderWatch* watch) {
    auto changes = watch->Wait(0, -1);
    EXPECT_TRUE(changes.ok()) << changes.status();
    return changes.ok() ? *changes : std::vector<PathChange>();
  }

  // Each has the other's name, at once.
  void Exchange(const std::string& one, const std::string& other) {
    ASSERT_EQ(
        ::renameat2(AT_FDCWD, Path(one).c_str(), AT_FDCWD, Path(other).c_str(), RENAME_EXCHANGE),
        0);
  }

  // Goes on as a user whom permissions bind, owner of `names`; false where it cannot be.
  bool LeaveRoot(const std::vector<std::string>& names) {
    constexpr uid_t kNobody = 65534;
    if (::geteuid() != 0) return true;
    for (const std::string& name : names) {
      if (::chown(Path(name).c_str(), kNobody, kNobody) != 0) return false;
    }
    return ::seteuid(kNobody) == 0;
  }

  TempDirectory temp_;
  const fs::path working_directory_ = fs::current_path();
};

TEST_F(FolderWatchTest, ReportsFilesOnceTheyAreClosed) {
  const auto watch = Open({"d"});
  EXPECT_THAT(Changes(watch.get()), IsEmpty());
  {
    std::ofstream file(Path("d/a.txt"));
    EXPECT_THAT(Changes(watch.get()), IsEmpty());
    file << "text";
  }
  EXPECT_THAT(Changes(watch.get()), ElementsAre(PathChange{0, "a.txt"}));
  EXPECT_THAT(Changes(watch.get()), IsEmpty());
}

TEST_F(FolderWatchTest, ReportsBothEndsOfARename) {
  Write("d/a.txt");
  Write("elsewhere");
  const auto watch = Open({"d"});
  fs::rename(Path("d/a.txt"), Path("d/b.txt"));
  EXPECT_THAT(Changes(watch.get()), ElementsAre(PathChange{0, "a.txt"}, PathChange{0, "b.txt"}));
  fs::rename(Path("d/b.txt"), Path("outside"));
  EXPECT_THAT(Changes(watch.get()), ElementsAre(PathChange{0, "b.txt"}));
  fs::rename(Path("elsewhere"), Path("d/c.txt"));
  EXPECT_THAT(Changes(watch.get()), ElementsAre(PathChange{0, "c.txt"}));
}

TEST_F(FolderWatchTest, ReportsRemovalsLinksAndPermissions) {
  Write("d/a.txt");
  Write("d/b.txt");
  Write("outside");
  const auto watch = Open({"d"});
  fs::remove(Path("d/a.txt"));
  fs::create_hard_link(Path("outside"), Path("d/link"));
  ::chmod(Path("d/b.txt").c_str(), 0600);
  EXPECT_THAT(Changes(watch.get()),
              ElementsAre(PathChange{0, "a.txt"}, PathChange{0, "b.txt"}, PathChange{0, "link"}));
}

TEST_F(FolderWatchTest, FollowsFoldersThatComeAndGo) {
  const auto watch = Open({"d"});
  EXPECT_EQ(watch->num_folders(), 1u);
  fs::create_directories(Path("d/x/y"));
  EXPECT_THAT(Changes(watch.get()), Contains(PathChange{0, "x"}));
  EXPECT_EQ(watch->num_folders(), 3u);
  Write("d/x/y/deep");
  EXPECT_THAT(Changes(watch.get()), ElementsAre(PathChange{0, "x/y/deep"}));
  fs::rename(Path("d/x"), Path("d/z"));
  EXPECT_THAT(Changes(watch.get()), ElementsAre(PathChange{0, "x"}, PathChange{0, "z"}));
  Write("d/z/y/deep", "again");
  EXPECT_THAT(Changes(watch.get()), ElementsAre(PathChange{0, "z/y/deep"}));
  fs::rename(Path("d/z"), Path("outside"));
  EXPECT_THAT(Changes(watch.get()), ElementsAre(PathChange{0, "z"}));
  Write("outside/y/deep", "not ours");
  EXPECT_THAT(Changes(watch.get()), IsEmpty());
  EXPECT_EQ(watch->num_folders(), 1u);
}

TEST_F(FolderWatchTest, FollowsFoldersThatAreExchanged) {
  fs::create_directories(Path("d/a/x"));
  fs::create_directories(Path("d/b/y"));
  const auto watch = Open({"d"});
  Exchange("d/a", "d/b");
  EXPECT_THAT(Changes(watch.get()), ElementsAre(PathChange{0, "a"}, PathChange{0, "b"}));
  EXPECT_EQ(watch->num_folders(), 5u);
  for (const std::string name : {"a/late", "a/y/late", "b/late", "b/x/late"}) {
    Write("d/" + name);
    EXPECT_THAT(Changes(watch.get()), ElementsAre(PathChange{0, name}));
  }
}

TEST_F(FolderWatchTest, FollowsAFolderThatIsExchangedWithAFileOrWithOneOutside) {
  fs::create_directories(Path("d/a"));
  fs::create_directories(Path("outside/x"));
  Write("d/file");
  const auto watch = Open({"d"});
  Exchange("d/file", "d/a");
  EXPECT_THAT(Changes(watch.get()), ElementsAre(PathChange{0, "a"}, PathChange{0, "file"}));
  Exchange("d/file", "outside");
  EXPECT_THAT(Changes(watch.get()), ElementsAre(PathChange{0, "file"}));
  Write("d/file/x/late");
  Write("outside/late", "not ours");
  EXPECT_THAT(Changes(watch.get()), ElementsAre(PathChange{0, "file/x/late"}));
}

TEST_F(FolderWatchTest, PassesOverWhatATreePassesOver) {
  fs::create_directories(Path("d/index"));
  fs::create_directories(Path("d/.hidden"));
  fs::create_directory(Path("outside"));
  fs::create_directory_symlink(Path("outside"), Path("d/link"));
  const auto watch = Open({"d"}, {.skip_directories = {Path("d/index")}});
  Write("d/index/seg");
  Write("d/.hidden/a.txt");
  Write("d/.b.txt");
  Write("outside/c.txt");
  EXPECT_THAT(Changes(watch.get()), IsEmpty());
}

TEST_F(FolderWatchTest, TellsRootsApartAlsoWhereTheyLieInOneAnother) {
  fs::create_directories(Path("d/x"));
  Write("d/x/file", "one");
  const auto watch = Open({"d", "d/x", "d/x/file"});
  Write("d/x/a.txt");
  EXPECT_THAT(Changes(watch.get()),
              UnorderedElementsAre(PathChange{0, "x/a.txt"}, PathChange{1, "a.txt"}));
  Write("d/x/file", "two");
  EXPECT_THAT(Changes(watch.get()), UnorderedElementsAre(PathChange{0, "x/file"},
                                                         PathChange{1, "file"}, PathChange{2, ""}));
}

TEST_F(FolderWatchTest, ARootMayGoAndComeBack) {
  const auto watch = Open({"d"});
  fs::rename(Path("d"), Path("away"));
  EXPECT_THAT(Changes(watch.get()), ElementsAre(PathChange{0, ""}));
  EXPECT_EQ(watch->num_folders(), 0u);
  fs::create_directories(Path("d/x"));
  EXPECT_THAT(Changes(watch.get()), Contains(PathChange{0, ""}));
  Write("d/x/a.txt");
  EXPECT_THAT(Changes(watch.get()), ElementsAre(PathChange{0, "x/a.txt"}));
}

TEST_F(FolderWatchTest, ARootMayBeExchanged) {
  fs::create_directories(Path("next/x"));
  const auto watch = Open({"d"});
  Exchange("next", "d");
  EXPECT_THAT(Changes(watch.get()), ElementsAre(PathChange{0, ""}));
  Write("d/x/late");
  EXPECT_THAT(Changes(watch.get()), ElementsAre(PathChange{0, "x/late"}));
  Write("next/late", "not ours");
  EXPECT_THAT(Changes(watch.get()), IsEmpty());
}

TEST_F(FolderWatchTest, AFolderAboveTheRootMayGiveWayToAnother) {
  fs::create_directories(Path("y/live/old"));
  fs::create_directories(Path("y.new/live/new"));
  const auto watch = Open({"y/live"});
  fs::rename(Path("y"), Path("z"));
  fs::rename(Path("y.new"), Path("y"));
  EXPECT_THAT(Changes(watch.get()), ElementsAre(PathChange{0, ""}));
  EXPECT_EQ(watch->num_folders(), 2u);
  Write("y/live/new/late");
  EXPECT_THAT(Changes(watch.get()), ElementsAre(PathChange{0, "new/late"}));
  Write("z/live/old/late", "not ours");
  EXPECT_THAT(Changes(watch.get()), IsEmpty());
  Exchange("y", "z");
  EXPECT_THAT(Changes(watch.get()), ElementsAre(PathChange{0, ""}));
  Write("y/live/old/later");
  EXPECT_THAT(Changes(watch.get()), ElementsAre(PathChange{0, "old/later"}));
}

TEST_F(FolderWatchTest, AFolderAboveTheRootMayGoAndComeBack) {
  fs::create_directories(Path("y/live"));
  const auto watch = Open({"y/live"});
  fs::rename(Path("y"), Path("z"));
  EXPECT_THAT(Changes(watch.get()), ElementsAre(PathChange{0, ""}));
  EXPECT_EQ(watch->num_folders(), 0u);
  Write("z/live/b.txt");
  EXPECT_THAT(Changes(watch.get()), IsEmpty());
  fs::rename(Path("z"), Path("y"));
  EXPECT_THAT(Changes(watch.get()), ElementsAre(PathChange{0, ""}));
  Write("y/live/c.txt");
  EXPECT_THAT(Changes(watch.get()), ElementsAre(PathChange{0, "c.txt"}));
}

TEST_F(FolderWatchTest, FoldersAboveTheRootThatWereRemovedAreWatchedOnceTheyAreBack) {
  fs::create_directories(Path("x/y/z/live"));
  const auto watch = Open({"x/y/z/live"});
  fs::remove_all(Path("x"));
  EXPECT_THAT(Changes(watch.get()), ElementsAre(PathChange{0, ""}));
  for (const std::string folder : {"x", "x/y", "x/y/z", "x/y/z/live"}) {
    fs::create_directory(Path(folder));
    EXPECT_THAT(Changes(watch.get()), ElementsAre(PathChange{0, ""})) << folder;
  }
  Write("x/y/z/live/a.txt");
  EXPECT_THAT(Changes(watch.get()), ElementsAre(PathChange{0, "a.txt"}));
  fs::rename(Path("x/y"), Path("away"));
  EXPECT_THAT(Changes(watch.get()), ElementsAre(PathChange{0, ""}));
}

TEST_F(FolderWatchTest, WhatElseHappensAboveTheRootIsNoChange) {
  fs::create_directories(Path("x/y/live"));
  const auto watch = Open({"x/y/live"});
  Write("file");
  Write("x/file");
  fs::create_directory(Path("x/live"));
  ::chmod(Path("x").c_str(), 0700);
  fs::rename(Path("x/file"), Path("x/other"));
  EXPECT_THAT(Changes(watch.get()), IsEmpty());
}

TEST_F(FolderWatchTest, AFolderAboveAFileMayGiveWayToAnother) {
  fs::create_directories(Path("y/x"));
  fs::create_directories(Path("y.new/x"));
  Write("y/x/file", "old");
  Write("y.new/x/file", "new");
  const auto watch = Open({"y/x/file"});
  Exchange("y", "y.new");
  EXPECT_THAT(Changes(watch.get()), ElementsAre(PathChange{0, ""}));
  Write("y/x/file", "newer");
  EXPECT_THAT(Changes(watch.get()), ElementsAre(PathChange{0, ""}));
  Write("y.new/x/file", "not ours");
  EXPECT_THAT(Changes(watch.get()), IsEmpty());
}

TEST_F(FolderWatchTest, ARelativeRootGoesWithTheWorkingDirectory) {
  fs::create_directories(Path("y/here/live"));
  fs::current_path(Path("y/here"));
  const auto watch = FolderWatch::Open({"live"}, {});
  ASSERT_TRUE(watch.ok()) << watch.status();
  fs::rename(Path("y"), Path("z"));
  EXPECT_THAT(Changes(watch->get()), ElementsAre(PathChange{0, ""}));
  Write("z/here/live/a.txt");
  EXPECT_THAT(Changes(watch->get()), ElementsAre(PathChange{0, "a.txt"}));
  fs::rename(Path("z/here/live"), Path("away"));
  EXPECT_THAT(Changes(watch->get()), ElementsAre(PathChange{0, ""}));
  fs::rename(Path("z"), Path("y"));
  Changes(watch->get());
  fs::create_directory(Path("y/here/live"));
  EXPECT_THAT(Changes(watch->get()), ElementsAre(PathChange{0, ""}));
}

TEST_F(FolderWatchTest, AFolderAboveTheRootThatIsClosedToUsHidesIt) {
  fs::create_directories(Path("y/x/live"));
  if (!LeaveRoot({"", "y", "y/x", "y/x/live"})) GTEST_SKIP() << "root that may not become another";
  const auto watch = Open({"y/x/live"});
  ::chmod(Path("y").c_str(), 0);
  EXPECT_THAT(Changes(watch.get()), ElementsAre(PathChange{0, ""}));
  ::chmod(Path("y").c_str(), 0700);
  EXPECT_THAT(Changes(watch.get()), ElementsAre(PathChange{0, ""}));
  Write("y/x/live/a.txt");
  EXPECT_THAT(Changes(watch.get()), ElementsAre(PathChange{0, "a.txt"}));
}

TEST_F(FolderWatchTest, AFileThatIsReplacedByARenameHasChanged) {
  Write("file");
  const auto watch = Open({"file"});
  Write("other");
  EXPECT_THAT(Changes(watch.get()), IsEmpty());
  fs::rename(Path("other"), Path("file"));
  EXPECT_THAT(Changes(watch.get()), ElementsAre(PathChange{0, ""}));
}

TEST_F(FolderWatchTest, WhereTheQueueOverflowsEverythingHasChangedAndTheWatchGoesOn) {
  size_t limit = 0;
  std::ifstream("/proc/sys/fs/inotify/max_queued_events") >> limit;
  if (limit == 0 || limit > 200000) GTEST_SKIP() << "the system queues " << limit << " events";
  fs::create_directory(Path("d/x"));
  const auto watch = Open({"d"});
  // Two names in turn: the queue takes equal events one after another for one.
  for (size_t i = 0; i <= limit; ++i) {
    const int fd = ::open(Path(i % 2 == 0 ? "d/a" : "d/b").c_str(), O_WRONLY | O_CREAT, 0600);
    ASSERT_GE(fd, 0);
    ::close(fd);
  }
  fs::rename(Path("d/x"), Path("d/y"));
  EXPECT_THAT(Changes(watch.get()), Contains(PathChange{0, ""}));
  Changes(watch.get());
  Write("d/y/a.txt");
  EXPECT_THAT(Changes(watch.get()), ElementsAre(PathChange{0, "y/a.txt"}));
}

TEST_F(FolderWatchTest, AWaitEndsWithAChangeOrTheDescriptorOrTheTime) {
  const auto watch = Open({"d"});
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  ASSERT_EQ(::write(ends[1], "!", 1), 1);
  auto changes = watch->Wait(-1, ends[0]);
  ASSERT_TRUE(changes.ok());
  EXPECT_THAT(*changes, IsEmpty());
  Write("d/a.txt");
  changes = watch->Wait(-1, -1);
  ASSERT_TRUE(changes.ok());
  EXPECT_THAT(*changes, ElementsAre(PathChange{0, "a.txt"}));
  changes = watch->Wait(0.001, -1);
  ASSERT_TRUE(changes.ok());
  EXPECT_THAT(*changes, IsEmpty());
  ::close(ends[0]);
  ::close(ends[1]);
}

// Allows no descriptors but those that are open now, and `spare` more.
class DescriptorLimit {
 public:
  explicit DescriptorLimit(rlim_t spare) {
    const int lowest_free = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    ::close(lowest_free);
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const struct rlimit limit = {static_cast<rlim_t>(lowest_free) + spare, before_.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &limit);
  }
  ~DescriptorLimit() { ::setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  struct rlimit before_;
};

TEST_F(FolderWatchTest, WithoutDescriptorsItEndsRatherThanMissAFolder) {
  // Opening a folder takes one, listing it another.
  for (const rlim_t spare : {0, 1}) {
    const auto watch = Open({"d"});
    const std::string folder = Path("d/" + std::to_string(spare));
    fs::create_directory(folder);
    absl::StatusOr<std::vector<PathChange>> changes;
    {
      const DescriptorLimit limit(spare);
      changes = watch->Wait(0, -1);
    }
    ASSERT_TRUE(absl::IsResourceExhausted(changes.status())) << changes.status();
    EXPECT_EQ(MessageOf(changes.status()), "open " + folder + ": Too many open files");
  }
}

TEST_F(FolderWatchTest, WithoutDescriptorsItDoesNotBegin) {
  fs::create_directory(Path("d/x"));
  const DescriptorLimit limit(1);  // for inotify
  const auto watch = FolderWatch::Open({Path("d")}, {});
  EXPECT_TRUE(absl::IsResourceExhausted(watch.status())) << watch.status();
}

TEST_F(FolderWatchTest, AMissingRootIsNamed) {
  const auto watch = FolderWatch::Open({Path("none")}, {});
  EXPECT_TRUE(absl::IsNotFound(watch.status()));
  EXPECT_THAT(std::string(MessageOf(watch.status())), ::testing::HasSubstr(Path("none")));
}

}  // namespace
}  // namespace ibid
