#include "common/env/folder_watch.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
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
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class FolderWatchTest : public ::testing::Test {
 protected:
  void SetUp() override { fs::create_directory(Path("d")); }

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

  TempDirectory temp_;
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
  EXPECT_THAT(Changes(watch.get()), ::testing::Contains(PathChange{0, "x"}));
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
  EXPECT_THAT(Changes(watch.get()), ::testing::Contains(PathChange{0, ""}));
  Write("d/x/a.txt");
  EXPECT_THAT(Changes(watch.get()), ElementsAre(PathChange{0, "x/a.txt"}));
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
  EXPECT_THAT(Changes(watch.get()), ::testing::Contains(PathChange{0, ""}));
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

TEST_F(FolderWatchTest, AMissingRootIsNamed) {
  const auto watch = FolderWatch::Open({Path("none")}, {});
  EXPECT_TRUE(absl::IsNotFound(watch.status()));
  EXPECT_THAT(std::string(MessageOf(watch.status())), ::testing::HasSubstr(Path("none")));
}

}  // namespace
}  // namespace ibid
