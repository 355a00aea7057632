// What opening an index for writing refuses, word for word.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "common/base/strings.h"
#include "ibid/limits.h"
#include "tests/indexer/index_model.h"
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

TEST(WriterErrors, AnIndexThatMustBeNewButIsNot) {
  const auto env = NewMemoryEnv();
  CommitOrDie(OpenWriter(env.get(), "index").get());
  WriterOptions options;
  options.must_be_new = true;
  const absl::Status status = OpenStatus(env.get(), options);
  EXPECT_EQ(status.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(MessageOf(status), "index: there is an index already");
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
}

TEST(WriterErrors, AnUnknownLanguageMakesNoIndex) {
  const auto env = NewMemoryEnv();
  WriterOptions options;
  options.index = IndexOptions{.language = "klingon"};
  EXPECT_EQ(OpenStatus(env.get(), options).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_FALSE(env->Stat("index").ok());
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

}  // namespace
}  // namespace ibid
