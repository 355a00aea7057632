// What opening an index for writing refuses, word for word.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>

#include "common/base/strings.h"
#include "common/format/manifest.h"
#include "ibid/limits.h"
#include "tests/indexer/index_model.h"
#include "tests/support/files.h"
#include "tests/support/temp_directory.h"

namespace ibid {
namespace {

using ::testing::MatchesRegex;

absl::Status OpenStatus(Env* env, const WriterOptions& options) {
  return IndexWriter::Open("index", options, env).status();
}

TEST(WriterErrors, WithoutAnIndexAndNotToCreateOne) {
  const auto env = NewMemoryEnv();
  const absl::Status status = OpenStatus(env.get(), {.index = {}, .create_if_missing = false});
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(MessageOf(status), "index: no index here (no MANIFEST)");
  EXPECT_FALSE(env->Stat("index").ok());
}

// What a first run left that was killed before its commit; another may then begin with any options.
TEST(WriterErrors, AnIndexWithoutACommitIsNotMadeOneByWhoMayNotCreateIt) {
  const auto env = NewMemoryEnv();
  ASSERT_TRUE(env->CreateDirectory("index").ok());
  bool renamed = false;
  ASSERT_TRUE(WriteManifest(env.get(), "index", Manifest(), &renamed).ok());
  const absl::Status status = OpenStatus(env.get(), {.index = {}, .create_if_missing = false});
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(MessageOf(status), "index: no index here yet (nothing was committed)");
  WriterOptions german;
  german.index = IndexOptions{.language = "german"};
  EXPECT_TRUE(OpenStatus(env.get(), german).ok());
}

TEST(WriterErrors, AnIndexThatMustBeNewButIsNot) {
  const auto env = NewMemoryEnv();
  CommitOrDie(OpenWriter(env.get(), "index").get());
  WriterOptions options;
  options.must_be_new = true;
  const absl::Status status = OpenStatus(env.get(), options);
  EXPECT_EQ(status.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(MessageOf(status), "index: there is an index already");
}

TEST(WriterErrors, AnIndexThatLostItsManifestIsRefusedAndNotTouched) {
  for (const char* file : {"seg_0000000001.ibid", "live_0000000001_2.ibid"}) {
    const auto env = NewMemoryEnv();
    ASSERT_TRUE(env->CreateDirectory("index").ok());
    WriteFileOrDie(env.get(), StrCat("index/", file), "precious");
    WriteFileOrDie(env.get(), "index/MANIFEST.tmp", "perhaps of use");
    const auto before = *env->List("index");
    for (const bool create : {true, false}) {
      const absl::Status status = OpenStatus(env.get(), {.index = {}, .create_if_missing = create});
      EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
      EXPECT_EQ(MessageOf(status),
                StrCat("index: MANIFEST is missing, but ", file,
                       " is here: an index that lost its MANIFEST; nothing was changed\n"
                       "do: put MANIFEST back from a copy, ibid salvage index NEW to keep what is "
                       "whole, or move the directory away and index anew"));
    }
    EXPECT_EQ(*env->List("index"), before);
  }
}

TEST(WriterErrors, WithoutACommitNothingIsLeft) {
  const TempDirectory disk;
  const auto memory = NewMemoryEnv();
  for (Env* env : {Env::Posix(), memory.get()}) {
    const std::string dir = env == memory.get() ? "index" : disk.Path("index");
    AddOrDie(OpenWriter(env, dir).get(), MakeDocument("a", "", "x"));
    EXPECT_FALSE(env->Stat(dir).ok());
  }
}

TEST(WriterErrors, WithoutACommitWhatWasThereStays) {
  const auto env = NewMemoryEnv();
  ASSERT_TRUE(env->CreateDirectory("index").ok());
  OpenWriter(env.get(), "index").reset();
  EXPECT_THAT(*env->List("index"), testing::IsEmpty());
  WriteFileOrDie(env.get(), "index/LOCK", "");
  WriteFileOrDie(env.get(), "index/notes.txt", "mine");
  OpenWriter(env.get(), "index").reset();
  EXPECT_THAT(*env->List("index"), testing::ElementsAre("LOCK", "notes.txt"));
}

TEST(WriterErrors, AnIndexWithoutItsLockFileIsOpenedAndKeepsItsDocuments) {
  const auto env = NewMemoryEnv();
  auto writer = OpenWriter(env.get(), "index");
  AddOrDie(writer.get(), MakeDocument("a", "", "x"));
  CommitOrDie(writer.get());
  writer.reset();
  ASSERT_TRUE(env->Remove("index/LOCK").ok());
  WriterOptions german;
  german.index = IndexOptions{.language = "german"};
  EXPECT_EQ(OpenStatus(env.get(), german).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(OpenStatus(env.get(), {}).ok());
  EXPECT_EQ(ReadModel(env.get(), "index").size(), 1u);
}

TEST(WriterErrors, ABegunIndexWithoutACommitTakesAnyOptionsAndCountsAsNew) {
  const auto env = NewMemoryEnv();
  ASSERT_TRUE(env->CreateDirectory("index").ok());
  bool renamed = false;
  Manifest begun;
  begun.options.language = "german";
  ASSERT_TRUE(WriteManifest(env.get(), "index", begun, &renamed).ok());
  WriteFileOrDie(env.get(), "index/seg_4294967296.ibid", "left behind");
  WriterOptions options;
  options.must_be_new = true;
  options.index = IndexOptions{.language = "french"};
  CommitOrDie(OpenWriter(env.get(), "index", options).get());
  EXPECT_EQ(ManifestOf(env.get(), "index").options.language, "french");
  EXPECT_THAT(*env->List("index"), testing::ElementsAre("LOCK", "MANIFEST"));
}

TEST(WriterErrors, ASecondWriterIsToldWhoHoldsTheIndex) {
  const TempDirectory disk;
  WriterOptions options;
  options.holder = "ibid index";
  const auto writer = OpenWriter(Env::Posix(), disk.Path("index"), options);
  const auto second = IndexWriter::Open(disk.Path("index"), options);
  EXPECT_EQ(second.status().code(), absl::StatusCode::kAborted);
  EXPECT_THAT(std::string(MessageOf(second.status())),
              MatchesRegex(".*/index: being written by process [0-9]+ \\(ibid index\\)"));
}

TEST(WriterErrors, TheLockIsFreeAgainWhenTheWriterIsGone) {
  const auto env = NewMemoryEnv();
  OpenWriter(env.get(), "index").reset();
  EXPECT_TRUE(OpenStatus(env.get(), {}).ok());
}

TEST(WriterErrors, OptionsThatDifferFromTheIndexsOwn) {
  const auto env = NewMemoryEnv();
  CommitOrDie(OpenWriter(env.get(), "index").get());
  WriterOptions options;
  EXPECT_TRUE(OpenStatus(env.get(), options).ok());
  options.index = IndexOptions{.language = "german"};
  EXPECT_EQ(OpenStatus(env.get(), options).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(MessageOf(OpenStatus(env.get(), options)),
            "index: the index has language english, not german");
  options.index = IndexOptions{.analyzer = AnalyzerKind::kAlnum};
  EXPECT_EQ(MessageOf(OpenStatus(env.get(), options)),
            "index: the index has analyzer standard, not alnum");
  options.index = IndexOptions{.store_text = false};
  EXPECT_EQ(MessageOf(OpenStatus(env.get(), options)),
            "index: the index has stored text: yes, not no");
  options.index = IndexOptions{.pairs_percent = 11};
  EXPECT_EQ(MessageOf(OpenStatus(env.get(), options)),
            "index: the index has pairs of 10 %, not 11 %");
  options.index = IndexOptions{};
  EXPECT_TRUE(OpenStatus(env.get(), options).ok()) << "the same";
}

TEST(WriterErrors, ImpossibleOptionsMakeNoIndex) {
  const auto env = NewMemoryEnv();
  for (const IndexOptions& impossible :
       std::vector<IndexOptions>{{.language = "klingon"},
                                 {.pairs_percent = -1},
                                 {.pairs_percent = 101},
                                 IndexOptions{.analyzer = static_cast<AnalyzerKind>(2)}}) {
    WriterOptions options;
    options.index = impossible;
    EXPECT_EQ(OpenStatus(env.get(), options).code(), absl::StatusCode::kInvalidArgument);
    EXPECT_FALSE(env->Stat("index").ok());
  }
}

TEST(WriterErrors, ARefusedDocumentLeavesTheWriterAtWork) {
  const auto env = NewMemoryEnv();
  const auto writer = OpenWriter(env.get(), "index");
  EXPECT_EQ(writer->Add(MakeDocument("", "", "x")).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(writer->Add(MakeDocument(std::string(kMaxKeyBytes + 1, 'k'), "", "x")).status().code(),
            absl::StatusCode::kInvalidArgument);
  AddOrDie(writer.get(), MakeDocument("a", "", "x"));
  EXPECT_EQ(CommitOrDie(writer.get()).num_docs, 1u);
}

// Options of a writer that waits, and counts how often it was asked whether it still wants to.
WriterOptions Waiting(int* num_asked, const std::function<bool()>& ask) {
  WriterOptions options;
  options.wait_seconds = 1000;
  options.wait_cancelled = [num_asked, ask] {
    ++*num_asked;
    return ask();
  };
  return options;
}

TEST(WriterWait, EndsWhenTheHolderIsGone) {
  const TempDirectory disk;
  const auto memory = NewMemoryEnv();
  for (Env* env : {Env::Posix(), memory.get()}) {
    const std::string dir = env == memory.get() ? "index" : disk.Path("index");
    auto holder = OpenWriter(env, dir);
    AddOrDie(holder.get(), MakeDocument("a", "", "x"));
    int num_asked = 0;
    const WriterOptions options = Waiting(&num_asked, [&] {
      if (num_asked == 3) {
        CommitOrDie(holder.get());
        holder.reset();
      }
      return false;
    });
    const auto second = OpenWriter(env, dir, options);
    ASSERT_NE(second, nullptr);
    EXPECT_EQ(num_asked, 3);
    EXPECT_EQ(second->generation(), 1u);
    EXPECT_TRUE(second->Delete("a").value_or(false));
  }
}

TEST(WriterWait, GoesOnWhereTheHolderTakesItsNewIndexBack) {
  const TempDirectory disk;
  const auto memory = NewMemoryEnv();
  for (Env* env : {Env::Posix(), memory.get()}) {
    const std::string dir = env == memory.get() ? "index" : disk.Path("index");
    auto holder = OpenWriter(env, dir);
    int num_asked = 0;
    const auto second = OpenWriter(env, dir, Waiting(&num_asked, [&] {
                                     holder.reset();
                                     return false;
                                   }));
    ASSERT_NE(second, nullptr);
    EXPECT_EQ(CommitOrDie(second.get()).generation, 1u);
  }
}

TEST(WriterWait, IsCancelled) {
  const auto env = NewMemoryEnv();
  const auto holder = OpenWriter(env.get(), "index");
  int num_asked = 0;
  const absl::Status status =
      OpenStatus(env.get(), Waiting(&num_asked, [&] { return num_asked == 2; }));
  EXPECT_EQ(status.code(), absl::StatusCode::kCancelled);
  EXPECT_THAT(MessageOf(status), testing::StartsWith("stopped waiting: index: being written by "));
  EXPECT_EQ(num_asked, 2);
}

TEST(WriterWait, IsOverInTheEndAndNamesTheHolder) {
  const auto env = NewMemoryEnv();
  const auto holder = OpenWriter(env.get(), "index", {.holder = "the holder"});
  const absl::Status status = OpenStatus(env.get(), {.wait_seconds = 0.001});
  EXPECT_EQ(status.code(), absl::StatusCode::kAborted);
  EXPECT_THAT(std::string(MessageOf(status)),
              MatchesRegex("index: being written by .*the holder.*; waited in vain"));
}

TEST(WriterWait, WithoutItASecondWriterIsRefusedUnasked) {
  const auto env = NewMemoryEnv();
  const auto holder = OpenWriter(env.get(), "index");
  int num_asked = 0;
  WriterOptions options = Waiting(&num_asked, [] { return false; });
  options.wait_seconds = 0;
  EXPECT_EQ(OpenStatus(env.get(), options).code(), absl::StatusCode::kAborted);
  EXPECT_EQ(num_asked, 0);
}

}  // namespace
}  // namespace ibid
