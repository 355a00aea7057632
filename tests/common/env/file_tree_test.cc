#include "common/env/file_tree.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "common/env/posix_file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/temp_directory.h"

namespace ibid {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

class FileTreeTest : public testing::Test {
 protected:
  std::unique_ptr<FileTree> Open(std::vector<std::string> skip_directories = {}) {
    FileTreeOptions options;
    options.skip_directories = std::move(skip_directories);
    options.on_skip = [this](const std::string& path, const absl::Status& reason) {
      skipped_.emplace_back(path, reason);
    };
    auto tree = FileTree::Open(directory_.path(), std::move(options));
    EXPECT_TRUE(tree.ok()) << tree.status();
    return *std::move(tree);
  }
  std::vector<std::string> Paths(FileTree* tree) {
    std::vector<std::string> paths;
    for (;;) {
      const auto path = tree->Next();
      if (!path.ok() || !path->has_value()) return paths;
      paths.push_back(**path);
    }
  }
  std::vector<std::string> Paths() { return Paths(Open().get()); }
  void Link(const std::string& target, const std::string& name) {
    ASSERT_EQ(symlink(target.c_str(), directory_.Path(name).c_str()), 0);
  }

  TempDirectory directory_;
  std::vector<std::pair<std::string, absl::Status>> skipped_;
};

TEST_F(FileTreeTest, GivesFilesInTheOrderOfTheirPathsBytes) {
  for (const char* name : {"b", "a/z", "a.txt", "a/b/c", "a!", "B", "a0", "\xc3\xa9", "a/b.c"}) {
    directory_.Write(name, "");
  }
  std::vector<std::string> paths = Paths();
  EXPECT_EQ(paths.size(), 9u);
  EXPECT_TRUE(std::is_sorted(paths.begin(), paths.end()));
  EXPECT_THAT(paths,
              ElementsAre("B", "a!", "a.txt", "a/b.c", "a/b/c", "a/z", "a0", "b", "\xc3\xa9"));
  EXPECT_THAT(skipped_, IsEmpty());
}

TEST_F(FileTreeTest, GivesOnlyWhatIsBelowAPathWhereAsked) {
  for (const char* name : {"a/b/c", "a/b/d/e", "a/bc", "a/.h/x", "f"}) directory_.Write(name, "");
  Link("a", "link");
  const auto below = [&](const std::string& path) {
    FileTreeOptions options;
    options.below = path;
    options.on_skip = [this](const std::string& name, const absl::Status& reason) {
      skipped_.emplace_back(name, reason);
    };
    auto tree = FileTree::Open(directory_.path(), std::move(options));
    EXPECT_TRUE(tree.ok()) << tree.status();
    return Paths(tree->get());
  };
  EXPECT_THAT(below("a/b"), ElementsAre("a/b/c", "a/b/d/e"));
  EXPECT_THAT(below("a/b/c"), ElementsAre("a/b/c"));
  EXPECT_THAT(below("f"), ElementsAre("f"));
  for (const char* path :
       {"a/none", "none/b", "f/x", "a/.h", "a/.h/x", "..", "../x", "/", "a//b", "link/b"}) {
    EXPECT_THAT(below(path), IsEmpty()) << path;
  }
  EXPECT_THAT(skipped_, IsEmpty());
  EXPECT_THAT(below("link"), IsEmpty());
  EXPECT_EQ(skipped_.size(), 1u);
}

TEST_F(FileTreeTest, AnEmptyTreeEndsAtOnce) {
  const auto tree = Open();
  EXPECT_THAT(Paths(tree.get()), IsEmpty());
  EXPECT_THAT(Paths(tree.get()), IsEmpty());
}

TEST_F(FileTreeTest, PassesHiddenEntriesOver) {
  directory_.Write(".git/config", "");
  directory_.Write("a/.hidden", "");
  directory_.Write("a/b", "");
  EXPECT_THAT(Paths(), ElementsAre("a/b"));
}

TEST_F(FileTreeTest, SkipsLinksAndSpecialFilesByName) {
  directory_.Write("a", "");
  directory_.Write("d/x", "");
  Link("a", "link");
  Link("/etc", "dlink");
  Link("nowhere", "d/dangling");
  ASSERT_EQ(mkfifo(directory_.Path("fifo").c_str(), 0600), 0);
  EXPECT_THAT(Paths(), ElementsAre("a", "d/x"));
  const absl::Status link = absl::FailedPreconditionError("symbolic link");
  const absl::Status special = absl::FailedPreconditionError("not a regular file");
  EXPECT_THAT(skipped_, ElementsAre(Pair("d/dangling", link), Pair("dlink", link),
                                    Pair("fifo", special), Pair("link", link)));
}

TEST_F(FileTreeTest, PassesTheNamedDirectoriesOverUnderAnyName) {
  directory_.Write("index/MANIFEST", "");
  directory_.Write("story", "");
  Link("index", "alias");
  const auto tree = Open({directory_.Path("alias"), directory_.Path("missing")});
  EXPECT_THAT(Paths(tree.get()), ElementsAre("story"));
  EXPECT_THAT(skipped_, ElementsAre(Pair("alias", absl::FailedPreconditionError("symbolic link"))));
}

TEST_F(FileTreeTest, ADirectoryThatBecomesALinkIsNotEntered) {
  directory_.Write("a/x", "");
  directory_.Write("b/x", "");
  const auto tree = Open();
  ASSERT_EQ(**tree->Next(), "a/x");
  std::filesystem::remove_all(directory_.Path("b"));
  Link("/etc", "b");
  EXPECT_THAT(Paths(tree.get()), IsEmpty());
  ASSERT_EQ(skipped_.size(), 1u);
  EXPECT_EQ(skipped_[0].first, "b");
}

TEST_F(FileTreeTest, DescendsOnlySoFar) {
  std::string path;
  for (size_t i = 0; i < kMaxTreeDepth + 5; ++i) path += "d/";
  directory_.Write(path + "x", "");
  directory_.Write("d/y", "");
  EXPECT_THAT(Paths(), ElementsAre("d/y"));
  ASSERT_EQ(skipped_.size(), 1u);
  EXPECT_EQ(skipped_[0].second, absl::OutOfRangeError("directories nested too deep"));
}

TEST_F(FileTreeTest, ReadsAFileWhole) {
  directory_.Write("d/a", std::string(100000, 'x') + "end");
  const auto bytes = Open()->ReadFile("d/a", 200000);
  ASSERT_TRUE(bytes.ok()) << bytes.status();
  EXPECT_EQ(*bytes, std::string(100000, 'x') + "end");
  directory_.Write("empty", "");
  EXPECT_EQ(*Open()->ReadFile("empty", 0), "");
}

TEST_F(FileTreeTest, RefusesAFileOverTheLimit) {
  directory_.Write("a", std::string(1001, 'x'));
  EXPECT_TRUE(Open()->ReadFile("a", 1001).ok());
  EXPECT_EQ(Open()->ReadFile("a", 1000).status(),
            absl::ResourceExhaustedError("1.0 kB, limit 1.0 kB"));
}

TEST_F(FileTreeTest, ReadsNothingOutsideTheRoot) {
  TempDirectory outside;
  outside.Write("secret", "x");
  Link(outside.path(), "out");
  Link(outside.Path("secret"), "file");
  const auto tree = Open();
  const absl::Status link = absl::FailedPreconditionError("symbolic link");
  const absl::Status escape = absl::FailedPreconditionError("outside the directory");
  EXPECT_EQ(tree->ReadFile("out/secret", 100).status(), link);
  EXPECT_EQ(tree->ReadFile("file", 100).status(), link);
  for (const char* path : {"", "/", "../x", "a/../../x", "/etc/passwd", "..", "a//b", "./a"}) {
    EXPECT_EQ(tree->ReadFile(path, 100).status(), escape) << path;
  }
}

TEST_F(FileTreeTest, KernelsWithoutOpenat2GiveTheSameAnswers) {
  TempDirectory outside;
  outside.Write("secret", "x");
  directory_.Write("d/e/a", "text");
  Link(outside.path(), "out");
  Link(outside.Path("secret"), "d/file");
  for (const bool allow : {true, false}) {
    AllowOpenat2(allow);
    skipped_.clear();
    const auto tree = Open();
    EXPECT_EQ(*tree->ReadFile("d/e/a", 100), "text") << allow;
    EXPECT_EQ(tree->ReadFile("out/secret", 100).status().message(), "symbolic link") << allow;
    EXPECT_EQ(tree->ReadFile("d/file", 100).status().message(), "symbolic link") << allow;
    EXPECT_EQ(tree->ReadFile("d/e/a/b", 100).status().message(), "Not a directory") << allow;
    EXPECT_EQ(tree->ReadFile("d/none/a", 100).status().code(), absl::StatusCode::kNotFound);
    EXPECT_THAT(Paths(tree.get()), ElementsAre("d/e/a")) << allow;
    EXPECT_EQ(skipped_.size(), 2u) << allow;
  }
  AllowOpenat2(true);
}

TEST_F(FileTreeTest, ReadsNoSpecialFileAndNeverWaits) {
  ASSERT_EQ(mkfifo(directory_.Path("fifo").c_str(), 0600), 0);
  directory_.Write("d/x", "");
  const auto tree = Open();
  const absl::Status special = absl::FailedPreconditionError("not a regular file");
  EXPECT_EQ(tree->ReadFile("fifo", 100).status(), special);
  EXPECT_EQ(tree->ReadFile("d", 100).status(), special);
  EXPECT_EQ(tree->ReadFile("none", 100).status(), absl::NotFoundError("No such file or directory"));
  EXPECT_EQ(
      OpenInputFile(directory_.Path("fifo")).status(),
      absl::FailedPreconditionError("open " + directory_.Path("fifo") + ": not a regular file"));
}

TEST_F(FileTreeTest, AFileThatGrowsIsReadToItsFirstSizeAndReported) {
  directory_.Write("a", "first");
  const auto tree = Open();
  const auto stream = tree->OpenFile("a");
  ASSERT_TRUE(stream.ok());
  EXPECT_TRUE((*stream)->CheckUnchanged().ok());
  std::ofstream(directory_.Path("a"), std::ios::app) << " and more";
  char buffer[100];
  EXPECT_EQ(*(*stream)->Read(buffer), 5u);
  EXPECT_EQ(*(*stream)->Read(buffer), 0u);
  EXPECT_EQ((*stream)->CheckUnchanged(), absl::AbortedError("changed while it was read"));
}

TEST_F(FileTreeTest, AFileThatShrinksEndsEarlyAndIsReported) {
  directory_.Write("a", std::string(100, 'x'));
  const auto stream = OpenInputFile(directory_.Path("a"));
  ASSERT_TRUE(stream.ok());
  EXPECT_EQ((*stream)->info().size_bytes, 100u);
  ASSERT_EQ(truncate(directory_.Path("a").c_str(), 10), 0);
  char buffer[100];
  EXPECT_EQ(*(*stream)->Read(buffer), 10u);
  EXPECT_EQ(*(*stream)->Read(buffer), 0u);
  EXPECT_EQ((*stream)->CheckUnchanged().code(), absl::StatusCode::kAborted);
}

TEST_F(FileTreeTest, AStreamGivesTheBytesInPieces) {
  directory_.Write("a", "0123456789");
  const auto stream = OpenInputFile(directory_.Path("a"));
  ASSERT_TRUE(stream.ok());
  std::string bytes;
  char buffer[3];
  for (;;) {
    const auto count = (*stream)->Read(buffer);
    ASSERT_TRUE(count.ok());
    if (*count == 0) break;
    bytes.append(buffer, *count);
  }
  EXPECT_EQ(bytes, "0123456789");
}

TEST_F(FileTreeTest, FilesNamedByTheUserMayBeLinks) {
  directory_.Write("a", "text");
  directory_.Write("d/x", "");
  Link("a", "link");
  Link("d", "dlink");
  EXPECT_EQ(*ReadFileBounded(directory_.Path("link"), 100), "text");
  EXPECT_EQ(StatFollowingLinks(directory_.Path("link"))->type, FileType::kRegular);
  EXPECT_TRUE(FileTree::Open(directory_.Path("dlink"), {}).ok());
  EXPECT_EQ(
      ReadFileBounded(directory_.Path("a"), 3).status(),
      absl::ResourceExhaustedError("read " + directory_.Path("a") + ": 4 bytes, limit 3 bytes"));
}

TEST_F(FileTreeTest, WhatIsNoDirectoryIsNoTree) {
  directory_.Write("a", "");
  EXPECT_EQ(FileTree::Open(directory_.Path("a"), {}).status(),
            absl::InvalidArgumentError(directory_.Path("a") + ": not a directory"));
  EXPECT_EQ(FileTree::Open(directory_.Path("none"), {}).status(),
            absl::NotFoundError("open " + directory_.Path("none") + ": No such file or directory"));
}

TEST(StandardInput, IsReadToItsEnd) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const int saved = dup(0);
  ASSERT_EQ(dup2(ends[0], 0), 0);
  ASSERT_EQ(write(ends[1], "rebels", 6), 6);
  close(ends[1]);
  const auto stream = OpenStandardInput();
  ASSERT_EQ(dup2(saved, 0), 0);
  char buffer[100];
  EXPECT_EQ(stream->info().size_bytes, 0u);
  EXPECT_EQ(*stream->Read(buffer), 6u);
  EXPECT_EQ(*stream->Read(buffer), 0u);
  EXPECT_TRUE(stream->CheckUnchanged().ok());
  close(saved);
  close(ends[0]);
}

TEST(StandardInput, ThatIsSilentCanBeLeft) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const int saved = dup(0);
  ASSERT_EQ(dup2(ends[0], 0), 0);
  int asked = 0;
  const auto stream = OpenStandardInput([&asked] { return ++asked == 3; });
  ASSERT_EQ(dup2(saved, 0), 0);
  ASSERT_EQ(write(ends[1], "rebels", 6), 6);
  char buffer[100];
  EXPECT_EQ(*stream->Read(buffer), 6u);
  EXPECT_EQ(asked, 1);
  EXPECT_EQ(stream->Read(buffer).status(), absl::CancelledError("stopped"));
  EXPECT_EQ(asked, 3);
  EXPECT_EQ(stream->Read(buffer).status(), absl::CancelledError("stopped")) << "it stays so";
  for (const int fd : {saved, ends[0], ends[1]}) close(fd);
}

TEST(StandardInput, ThatIsClosedIsAnError) {
  const int saved = dup(0);
  close(0);
  const auto stream = OpenStandardInput([] { return false; });
  ASSERT_EQ(dup2(saved, 0), 0);
  close(saved);
  char buffer[100];
  EXPECT_EQ(stream->Read(buffer).status(),
            absl::UnavailableError("read standard input: Bad file descriptor"));
}

}  // namespace
}  // namespace ibid
