// A snapshot is what it was until it is closed, whatever writers do meanwhile: here and in another
// process. By default through 60 commits; with IBID_MANY_COMMITS set, through 1,000.
#include "searcher/match/snapshot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "ibid/check_index.h"
#include "ibid/index_writer.h"
#include "tests/oracle/random_stories.h"
#include "tests/oracle/test_index.h"
#include "tests/support/racing_env.h"
#include "tests/support/temp_directory.h"

namespace ibid {
namespace {

using testing::HasSubstr;
using testing::Lt;

int NumCommits() { return std::getenv("IBID_MANY_COMMITS") != nullptr ? 1000 : 60; }

std::string Answers(const std::shared_ptr<const IndexReader>& reader) {
  std::string answers;
  for (const char* query : {"the rebels", "\"the rebels\"", "rebel NEAR/4 the", "re*", "date:2015",
                            "quote:the", "city OR wars OR minister"}) {
    const SearchResult found = SearchAll(Searcher(reader), query);
    answers += std::to_string(found.total) + "\n" + HitLines(found.hits);
    if (!found.hits.empty()) {
      const auto document = Searcher(reader).GetDocument(found.hits.back());
      answers += document.ok() ? document->title + document->text : document.status().ToString();
    }
  }
  return answers;
}

// Commits documents for ever: replacements, deletions, merges.
class Busy {
 public:
  explicit Busy(const std::string& directory, Env* env = Env::Posix()) {
    WriterOptions options;
    options.threads = 1;
    auto writer = IndexWriter::Open(directory, options, env);
    EXPECT_TRUE(writer.ok()) << writer.status();
    writer_ = *std::move(writer);
  }

  void Commit(int documents) {
    for (int i = 0; i < documents; ++i) {
      const std::string key = "story" + std::to_string(stories_.Below(80));
      EXPECT_TRUE(writer_->Add(stories_.Story(key)).ok());
    }
    EXPECT_TRUE(writer_->Delete("story" + std::to_string(stories_.Below(80))).ok());
    if (++commits_ % 17 == 0) {
      EXPECT_TRUE(writer_->MergeToOne().ok());
    }
    const auto committed = writer_->Commit();
    EXPECT_TRUE(committed.ok()) << committed.status();
  }

 private:
  RandomStories stories_{11, 20};
  std::unique_ptr<IndexWriter> writer_;
  int commits_ = 0;
};

// Descriptors and mappings that this process has of files below `directory`.
size_t NumHeld(const std::string& directory) {
  size_t held = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code error;
    const std::string target = std::filesystem::read_symlink(entry.path(), error).string();
    held += target.starts_with(directory + "/") ? 1 : 0;
  }
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    held += line.find(directory + "/") != std::string::npos ? 1 : 0;
  }
  return held;
}

size_t NumFiles(const std::string& directory) { return Env::Posix()->List(directory)->size(); }

TEST(Snapshot, OutlivesCommitsAndMergesWithEqualAnswersAndFreesWhatItHeld) {
  const TempDirectory place;
  const std::string directory = place.Path("index");
  size_t held_by_writer = 0;
  {
    Busy busy(directory);
    busy.Commit(60);
    auto reader = IndexReader::Open(directory);
    ASSERT_TRUE(reader.ok()) << reader.status();
    const std::string answers = Answers(*reader);
    for (int i = 0; i < NumCommits(); ++i) busy.Commit(3);
    EXPECT_EQ(Answers(*reader), answers);
    EXPECT_EQ((*reader)->generation(), 1u);
    // Its files have long been removed: what is left is what the newest generation needs.
    EXPECT_THAT(NumFiles(directory), Lt(60u));
    EXPECT_FALSE(std::filesystem::exists(directory + "/seg_0000000001.ibid"));

    const size_t with_reader = NumHeld(directory);
    EXPECT_GT(with_reader, 0u);
    reader = absl::UnknownError("closed");
    EXPECT_THAT(NumHeld(directory), Lt(with_reader));
    held_by_writer = NumHeld(directory);
  }
  EXPECT_GT(held_by_writer, 0u);
  EXPECT_EQ(NumHeld(directory), 0u);
  std::printf("figures: one reader outlived %d commits and %d merges to one segment\n",
              NumCommits(), NumCommits() / 17);
  EXPECT_TRUE(CheckIndex(directory)->problems.empty());
}

TEST(Snapshot, OfAnotherProcessOutlivesCommitsAndMerges) {
  const TempDirectory place;
  const std::string directory = place.Path("index");
  Busy(directory).Commit(60);
  int ready[2], go_on[2];
  ASSERT_EQ(pipe(ready), 0);
  ASSERT_EQ(pipe(go_on), 0);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const auto reader = IndexReader::Open(directory);
    const std::string answers = reader.ok() ? Answers(*reader) : "";
    char byte = 'r';
    const bool told = write(ready[1], &byte, 1) == 1 && read(go_on[0], &byte, 1) == 1;
    _exit(told && !answers.empty() && Answers(*reader) == answers ? 0 : 1);
  }
  char byte = 0;
  ASSERT_EQ(read(ready[0], &byte, 1), 1);
  {
    Busy busy(directory);
    for (int i = 0; i < NumCommits(); ++i) busy.Commit(3);
  }
  ASSERT_EQ(write(go_on[1], &byte, 1), 1);
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
  std::printf("figures: one of another process outlived %d commits\n", NumCommits());
  for (const int end : {ready[0], ready[1], go_on[0], go_on[1]}) close(end);
}

TEST(Snapshot, RefreshedAfterEachCommitAnswersAsOneOpenedAnewAndHoldsNoMore) {
  const TempDirectory place;
  const std::string directory = place.Path("index");
  Busy busy(directory);
  busy.Commit(30);
  auto reader = IndexReader::Open(directory);
  ASSERT_TRUE(reader.ok());
  for (int i = 0; i < NumCommits() / 2; ++i) {
    busy.Commit(2);
    reader = (*reader)->Refresh();
    ASSERT_TRUE(reader.ok()) << reader.status();
  }
  const size_t held = NumHeld(directory);
  const auto anew = IndexReader::Open(directory);
  ASSERT_TRUE(anew.ok());
  EXPECT_EQ((*reader)->generation(), (*anew)->generation());
  EXPECT_EQ(Answers(*reader), Answers(*anew));
  // No file of an older generation is still open: what a reader that is opened anew holds comes on
  // top, and is not more than what was held.
  EXPECT_THAT(NumHeld(directory), testing::Le(2 * held));
}

TEST(Snapshot, RefreshSharesTheSegmentsThatStayed) {
  TestIndex index;
  for (int i = 0; i < 6; ++i) index.Add({.key = "a" + std::to_string(i), .text = "word"});
  index.Commit();
  const auto before = index.Reader();
  index.Add({.key = "b", .text = "word word"});
  index.Delete("a1");
  index.Commit();
  const auto after = before->Refresh();
  ASSERT_TRUE(after.ok()) << after.status();
  ASSERT_EQ((*after)->impl().segments.size(), 2u);
  EXPECT_EQ((*after)->impl().segments[0].reader, before->impl().segments[0].reader);
  EXPECT_EQ((*after)->num_docs(), 6u);
  EXPECT_EQ(before->num_docs(), 6u);
}

TEST(Snapshot, ThatLosesASegmentWhileItIsOpenedTriesTheNewerGeneration) {
  TestIndex index;
  index.Add({.key = "a", .text = "old"});
  index.Commit();
  int races = 3;
  RacingEnv env(index.env(), [&] {
    if (races-- <= 0) return;
    index.Add({.key = "a", .text = "new " + std::to_string(races)});
    index.MergeToOne();  // takes away the segment that was about to be opened
  });
  const auto reader = IndexReader::Open("index", &env);
  ASSERT_TRUE(reader.ok()) << reader.status();
  EXPECT_EQ((*reader)->generation(), 4u);
  EXPECT_EQ((**(*reader)->GetDocument("a")).text, "new 0");
}

TEST(Snapshot, OfAnIndexThatNeverStandsStillIsGivenUpAndNotCalledDamaged) {
  TestIndex index;
  index.Add({.key = "a", .text = "old"});
  index.Commit();
  int number = 0;
  RacingEnv env(index.env(), [&] {
    index.Add({.key = "a", .text = "new " + std::to_string(number++)});
    index.MergeToOne();
  });
  const auto reader = IndexReader::Open("index", &env);
  EXPECT_EQ(reader.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(reader.status().message()), HasSubstr("changed each time"));
  EXPECT_EQ(number, 10);
}

}  // namespace
}  // namespace ibid
