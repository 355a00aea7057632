// A writer touches nothing but the index that it locked: not from a fork of its process, and not
// where its path has come to name another one.
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/base/strings.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ibid/index_writer.h"
#include "tests/indexer/index_model.h"
#include "tests/support/temp_directory.h"

namespace ibid {
namespace {

using testing::HasSubstr;

// One document a commit.
void AddCommits(const std::string& dir, const std::vector<std::string>& keys) {
  std::filesystem::create_directories(dir);
  const auto writer = OpenWriter(Env::Posix(), dir);
  for (const std::string& key : keys) {
    AddOrDie(writer.get(), MakeDocument(key, "", "the rain of " + key));
    CommitOrDie(writer.get());
  }
}

std::vector<std::string> KeysIn(const std::string& dir) {
  std::vector<std::string> keys;
  for (const auto& [key, document] : ReadModel(Env::Posix(), dir)) keys.push_back(key);
  return keys;
}

// Runs `child` in a fork of this process; Go lets it begin.
class Fork {
 public:
  explicit Fork(const std::function<bool()>& child) {
    int ends[2];
    EXPECT_EQ(pipe(ends), 0);
    process_ = fork();
    if (process_ == 0) {
      char byte;
      close(ends[1]);
      const bool begin = read(ends[0], &byte, 1) == 1;
      _exit(begin && child() ? 0 : 1);
    }
    close(ends[0]);
    go_ = ends[1];
  }
  void Go() {
    EXPECT_EQ(write(go_, "!", 1), 1);
    int status = -1;
    EXPECT_EQ(waitpid(process_, &status, 0), process_);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
    close(go_);
  }

 private:
  pid_t process_;
  int go_;
};

class WriterOwnershipTest : public testing::Test {
 protected:
  void SetUp() override { before_ = std::filesystem::current_path(); }
  void TearDown() override { std::filesystem::current_path(before_); }

  std::filesystem::path before_;
  TempDirectory directory_;
  std::string index_ = directory_.Path("index");
};

TEST_F(WriterOwnershipTest, AForksCopyTakesNothingOfWhatTheParentCommits) {
  AddCommits(index_, {"a"});
  auto writer = OpenWriter(Env::Posix(), index_);
  AddOrDie(writer.get(), MakeDocument("b", "", "b"));
  Fork child([&] {
    const bool refused =
        absl::IsFailedPrecondition(writer->Commit().status()) &&
        absl::IsFailedPrecondition(writer->Add({.key = "c", .text = "c"}).status());
    writer.reset();
    return refused;
  });
  CommitOrDie(writer.get());
  child.Go();
  AddOrDie(writer.get(), MakeDocument("d", "", "d"));
  CommitOrDie(writer.get());
  writer.reset();
  EXPECT_EQ(KeysIn(index_), (std::vector<std::string>{"a", "b", "d"}));
}

TEST_F(WriterOwnershipTest, AForksCopyLeavesANewIndexAndItsThreadsAlone) {
  auto writer = OpenWriter(Env::Posix(), index_, {.buffer_bytes = 1 << 18, .threads = 2});
  for (int i = 0; i < 400; ++i) {
    AddOrDie(writer.get(), MakeDocument(StrCat("doc", 1000 + i), "", std::string(1000, 'a')));
  }
  Fork child([&] {
    writer.reset();  // waits for no thread
    return true;
  });
  child.Go();
  CommitOrDie(writer.get());
  writer.reset();
  EXPECT_EQ(KeysIn(index_).size(), 400u);
}

TEST_F(WriterOwnershipTest, TheLockIsFreeThoughAForkOfItsHolderLives) {
  auto writer = OpenWriter(Env::Posix(), index_);
  AddOrDie(writer.get(), MakeDocument("a", "", "a"));
  CommitOrDie(writer.get());
  Fork child([] { return true; });
  EXPECT_TRUE(absl::IsAborted(IndexWriter::Open(index_, {}).status()));
  writer.reset();
  EXPECT_TRUE(IndexWriter::Open(index_, {}).ok());
  child.Go();
}

// The path of the writer is relative, and leads to another index after a change of directory.
TEST_F(WriterOwnershipTest, AfterAChangeOfDirectoryAnotherIndexIsNotTouched) {
  const std::vector<std::string> keys = {"a", "b", "c"};
  AddCommits(directory_.Path("y/index"), keys);
  for (const bool is_new : {false, true}) {
    const std::string x = directory_.Path(is_new ? "new" : "x");
    if (!is_new) AddCommits(x + "/index", {"own"});
    std::filesystem::create_directories(x);
    std::filesystem::current_path(x);
    auto writer = OpenWriter(Env::Posix(), "index");
    AddOrDie(writer.get(), MakeDocument("more", "", "more"));
    std::filesystem::current_path(directory_.Path("y"));
    const absl::Status status = writer->Commit().status();
    EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr("current directory changed"));
    writer.reset();
    EXPECT_EQ(KeysIn("index"), keys);
    writer = OpenWriter(Env::Posix(), "index");
    std::filesystem::current_path(x);
    writer.reset();
    EXPECT_EQ(KeysIn(directory_.Path("y/index")), keys);
  }
  EXPECT_EQ(KeysIn(directory_.Path("x/index")), std::vector<std::string>{"own"});
}

TEST_F(WriterOwnershipTest, AnEmptyDirectoryPutInThePlaceOfANewIndexStays) {
  for (const bool has_documents : {false, true}) {
    auto writer = OpenWriter(Env::Posix(), index_);
    if (has_documents) AddOrDie(writer.get(), MakeDocument("a", "", "a"));
    std::filesystem::rename(index_, directory_.Path(has_documents ? "old2" : "old1"));
    std::filesystem::create_directory(index_);
    writer.reset();
    EXPECT_TRUE(std::filesystem::is_directory(index_));
    std::filesystem::remove_all(index_);
  }
}

TEST_F(WriterOwnershipTest, AFilePutInThePlaceOfTheIndexEndsTheWriterAndStays) {
  auto writer = OpenWriter(Env::Posix(), index_);
  AddOrDie(writer.get(), MakeDocument("a", "", "a"));
  std::filesystem::rename(index_, directory_.Path("old"));
  directory_.Write("index", "a file");
  const absl::Status status = writer->Commit().status();
  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  writer.reset();
  EXPECT_TRUE(std::filesystem::is_regular_file(index_));
}

TEST_F(WriterOwnershipTest, TheResultOfAMergeIsNotSoughtInAnotherIndex) {
  auto writer = OpenWriter(Env::Posix(), index_, {.threads = 1, .background_merges = true});
  for (int i = 0; i < 8; ++i) {
    AddOrDie(writer.get(), MakeDocument(StrCat("doc", i), "", "a"));
    CommitOrDie(writer.get());
  }
  ASSERT_TRUE(writer->merging());
  ASSERT_TRUE(writer->WaitForMerge().ok());
  std::filesystem::rename(index_, directory_.Path("old"));
  const absl::Status status = writer->Commit().status();
  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
}

TEST_F(WriterOwnershipTest, AnIndexPutInItsPlaceIsNotTouched) {
  for (const bool commits : {false, true}) {
    AddCommits(index_, {"old"});
    auto writer = OpenWriter(Env::Posix(), index_, {.background_merges = true});
    AddOrDie(writer.get(), MakeDocument("more", "", "more"));
    std::filesystem::rename(index_, directory_.Path(commits ? "old2" : "old1"));
    const std::vector<std::string> keys = {"a", "b", "c"};
    AddCommits(index_, keys);
    if (commits) {
      const absl::Status status = writer->Commit().status();
      EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
      EXPECT_THAT(std::string(status.message()), HasSubstr("moved, replaced or removed"));
    }
    writer.reset();
    EXPECT_EQ(KeysIn(index_), keys);
    std::filesystem::remove_all(index_);
  }
}

}  // namespace
}  // namespace ibid
