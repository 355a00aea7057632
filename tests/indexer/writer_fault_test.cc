// Every call to the system that may fail, failing: the last commit is always there, whole.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "common/base/strings.h"
#include "tests/indexer/index_model.h"
#include "tests/indexer/random_documents.h"
#include "tests/support/fault_env.h"

namespace ibid {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;

// Opens, adds, deletes, commits; the first error ends it.
absl::Status Change(Env* env, const std::vector<Document>& documents, std::string_view deleted,
                    size_t buffer_bytes = 1 << 16) {
  WriterOptions options;
  options.buffer_bytes = buffer_bytes;  // several units
  options.threads = 1;                  // so that the calls come in one order
  auto writer = IndexWriter::Open("index", options, env);
  if (!writer.ok()) return writer.status();
  for (const Document& document : documents) {
    const auto outcome = (*writer)->Add(document);
    if (!outcome.ok()) return outcome.status();
  }
  if (!deleted.empty()) {
    const auto found = (*writer)->Delete(deleted);
    if (!found.ok()) return found.status();
  }
  const absl::Status status = (*writer)->Commit().status();
  if (!status.ok()) {
    EXPECT_EQ((*writer)->Commit().status().code(), status.code());
    EXPECT_FALSE((*writer)->Add(MakeDocument("later", "", "x")).ok());
  }
  return status;
}

class WriterFaultTest : public ::testing::Test {
 protected:
  void SetUp() override {
    first_ = RandomDocuments(1, 60);
    second_ = RandomDocuments(2, 200, 30);
    before_ = ExpectedModel(first_, IndexOptions{});
    std::vector<Document> all = first_;
    all.insert(all.end(), second_.begin(), second_.end());
    after_ = ExpectedModel(all, IndexOptions{});
    after_.erase("doc-3");
  }

  // Fails each call of a commit in turn; gives how many of them failed it.
  uint64_t FailEachCall(size_t buffer_bytes);

  std::vector<Document> first_, second_;
  IndexModel before_, after_;
};

uint64_t WriterFaultTest::FailEachCall(size_t buffer_bytes) {
  uint64_t num_failed = 0;
  for (const Fault& fault :
       {Fault{}, Fault{.for_ever = true}, Fault{.for_ever = true, .short_write = true}}) {
    // Lasting faults are sampled: up to their first call they are single ones.
    for (uint64_t call = 0;; call += fault.for_ever ? 3 : 1) {
      const auto base = NewMemoryEnv();
      FaultEnv env(base.get());
      EXPECT_TRUE(Change(&env, first_, "").ok());
      env.Reset();
      env.FailCall(call, fault);
      const absl::Status status = Change(&env, second_, "doc-3", buffer_bytes);
      if (env.calls() <= call) break;  // no such call any more
      num_failed += status.ok() ? 0 : 1;
      const IndexModel found = ReadModel(base.get(), "index");
      EXPECT_TRUE(found == after_ || (!status.ok() && found == before_))
          << "call " << call << " " << status;
      // A new writer on a sound disk goes on from there.
      EXPECT_TRUE(Change(base.get(), second_, "").ok()) << "call " << call;
      if (HasFailure()) return num_failed;
    }
  }
  return num_failed;
}

TEST_F(WriterFaultTest, AnyFailingCallLeavesTheLastCommitOrTheNewOne) {
  EXPECT_GT(FailEachCall(/*buffer_bytes=*/1 << 16), 40u);
}

TEST_F(WriterFaultTest, AnyFailingCallDoesSoWhereOneCommitHasManyDocuments) {
  EXPECT_GT(FailEachCall(/*buffer_bytes=*/1 << 13), 60u);  // two parts are put aside
}

// No commit, or the whole first one.
void ExpectNoneOrAll(Env* env, const IndexModel& all, const std::string& when) {
  const auto manifest = ReadManifest(env, "index");
  if (absl::IsNotFound(manifest.status())) return;
  ASSERT_TRUE(manifest.ok()) << when << " " << manifest.status();
  if (manifest->generation == 0) return;
  ASSERT_EQ(ReadModel(env, "index"), all) << when;
}

TEST_F(WriterFaultTest, AFailureBeforeTheFirstCommitLeavesNoIndexOrAWholeOne) {
  for (const bool for_ever : {false, true}) {
    for (uint64_t call = 0;; ++call) {
      const auto base = NewMemoryEnv();
      FaultEnv env(base.get());
      env.FailCall(call, {.for_ever = for_ever});
      const absl::Status status = Change(&env, first_, "");
      if (env.calls() <= call) break;
      const std::string when = StrCat("call ", call, " ", MessageOf(status));
      ExpectNoneOrAll(base.get(), before_, when);
      ASSERT_TRUE(Change(base.get(), first_, "").ok()) << when;
      ASSERT_EQ(ReadModel(base.get(), "index"), before_) << when;
    }
  }
}

TEST_F(WriterFaultTest, AFailedFirstCommitLeavesNothingWhereTheDiskRecovers) {
  uint64_t num_failed = 0;
  for (uint64_t call = 0;; ++call) {
    const auto base = NewMemoryEnv();
    FaultEnv env(base.get());
    env.FailCall(call, {});
    const absl::Status status = Change(&env, first_, "");
    if (env.calls() <= call) break;
    if (status.ok() || absl::IsUnknown(status)) continue;
    ++num_failed;
    ASSERT_THAT(*base->List("."), ::testing::IsEmpty()) << "call " << call << " " << status;
  }
  EXPECT_GT(num_failed, 20u);
}

// As a process killed after each call leaves it: all calls from one on fail, also those that tidy.
TEST_F(WriterFaultTest, WhereverTheFirstRunIsKilledTheNextBeginsAnew) {
  std::set<std::string> states;
  for (uint64_t call = 0;; ++call) {
    const auto base = NewMemoryEnv();
    FaultEnv env(base.get());
    env.FailCall(call, {.for_ever = true});
    if (Change(&env, first_, "").ok()) break;
    const auto manifest = ReadManifest(base.get(), "index");
    if (manifest.ok() && manifest->generation > 0) break;  // renamed: the commit has happened
    const auto names = base->List("index");
    std::string state;
    bool segments = false;
    for (const std::string& name : names.ok() ? *names : std::vector<std::string>()) {
      state += name + " ";
      segments |= name.starts_with("seg_");
    }
    states.insert(state);
    ASSERT_TRUE(!segments || base->Stat("index/MANIFEST").ok()) << state;
    ASSERT_TRUE(Change(base.get(), second_, "").ok()) << state;
    ASSERT_EQ(ReadModel(base.get(), "index"), ExpectedModel(second_, IndexOptions{})) << state;
  }
  EXPECT_TRUE(states.contains("LOCK "));
  EXPECT_TRUE(states.contains("LOCK MANIFEST.tmp "));
  EXPECT_TRUE(states.contains("LOCK MANIFEST "));
  EXPECT_GT(states.size(), 5u);
}

TEST_F(WriterFaultTest, TheManifestOfANewIndexComesBeforeItsFirstSegment) {
  const auto base = NewMemoryEnv();
  FaultEnv env(base.get());
  const auto writer = OpenWriter(&env, "index");
  std::vector<std::string> log;
  for (const std::string& line : env.write_log()) {
    if (!line.starts_with("list") && !line.starts_with("open")) log.push_back(line);
  }
  EXPECT_THAT(
      log, ::testing::ElementsAre("mkdir dir", "sync dir", "lock LOCK", "create MANIFEST.tmp",
                                  "append MANIFEST.tmp", "sync MANIFEST.tmp", "close MANIFEST.tmp",
                                  "rename MANIFEST", "sync dir"));
}

TEST_F(WriterFaultTest, ANewIndexIsTakenBackSegmentsFirst) {
  const auto base = NewMemoryEnv();
  FaultEnv env(base.get());
  auto writer = OpenWriter(&env, "index", {.buffer_bytes = 1 << 16, .threads = 1});
  for (const Document& document : second_) AddOrDie(writer.get(), document);
  env.Reset();
  writer.reset();
  const std::vector<std::string> log = env.write_log();
  ASSERT_GE(log.size(), 5u);
  EXPECT_THAT(log.front(), ::testing::StartsWith("remove seg_"));
  EXPECT_THAT((std::vector<std::string>(log.end() - 4, log.end())),
              ::testing::ElementsAre("sync dir", "remove MANIFEST", "remove LOCK", "rmdir dir"));
  EXPECT_THAT(*base->List("."), ::testing::IsEmpty());
}

TEST_F(WriterFaultTest, TheErrorSaysWhatIsKept) {
  const auto base = NewMemoryEnv();
  FaultEnv env(base.get());
  ASSERT_TRUE(Change(&env, first_, "").ok());
  WriterOptions options;
  options.threads = 1;
  const auto writer = OpenWriter(&env, "index", options);
  AddOrDie(writer.get(), MakeDocument("x1", "", "x"));
  AddOrDie(writer.get(), MakeDocument("x2", "", "x"));
  env.Reset();
  env.FailCall(
      0, {.status = absl::UnavailableError("fdatasync seg_0000000002.ibid: Input/output error"),
          .for_ever = true});
  const absl::Status status = writer->Commit().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(MessageOf(status),
            "fdatasync seg_0000000002.ibid: Input/output error\n"
            "kept: commit 1, 60 documents; the 2 since then are not saved\n"
            "do: check the disk, then start a new writer");
  env.Reset();
  EXPECT_EQ(MessageOf(writer->Commit().status()),
            "index: index writer stopped: fdatasync seg_0000000002.ibid: Input/output error; "
            "last commit is generation 1");
}

TEST_F(WriterFaultTest, WhatIsNotSavedCountsDocumentsThatWereBeingPutAside) {
  uint64_t num_failed = 0;
  for (uint64_t call = 0;; ++call) {
    const auto base = NewMemoryEnv();
    FaultEnv env(base.get());
    const auto writer = OpenWriter(&env, "index", {.buffer_bytes = 1 << 13, .threads = 1});
    env.Reset();
    env.FailCall(call, {.for_ever = true});
    absl::Status status;
    uint32_t num_added = 0;
    for (const Document& document : second_) {
      status = writer->Add(document).status();
      if (!status.ok()) break;
      ++num_added;
    }
    if (status.ok()) break;
    ++num_failed;
    // The document of the failed call may be one of those that waited.
    EXPECT_THAT(MessageOf(status),
                AnyOf(HasSubstr(StrCat("the ", num_added, " documents since then")),
                      HasSubstr(StrCat("the ", num_added + 1, " documents since then"))));
  }
  EXPECT_GT(num_failed, 10u);
}

TEST_F(WriterFaultTest, AnUnknownOutcomeIsCalledUnknown) {
  for (uint64_t call = 0;; ++call) {
    const auto base = NewMemoryEnv();
    FaultEnv env(base.get());
    ASSERT_TRUE(Change(&env, first_, "").ok());
    const auto writer = OpenWriter(&env, "index");
    AddOrDie(writer.get(), MakeDocument("x1", "", "x"));
    env.Reset();
    env.FailCall(call, {.for_ever = true});
    const absl::Status status = writer->Commit().status();
    ASSERT_FALSE(status.ok()) << "no call after the rename failed the commit";
    const bool renamed = ManifestOf(base.get(), "index").generation == 2;
    if (!renamed) continue;
    EXPECT_EQ(status.code(), absl::StatusCode::kUnknown);
    EXPECT_EQ(MessageOf(status),
              "injected: Input/output error: commit 2 may or may not be saved; run ibid check");
    break;
  }
}

// Whatever code a failure has: only a document's own faults are refusals.
TEST_F(WriterFaultTest, AfterAFailureThatCallsAnArgumentWrongTheWriterTakesNoFurtherWork) {
  const Fault fault{.status = absl::InvalidArgumentError("injected: wrong argument")};
  bool failed = true;
  for (uint64_t call = 0; failed; ++call) {
    SCOPED_TRACE(call);
    const auto base = NewMemoryEnv();
    FaultEnv env(base.get());
    ASSERT_TRUE(Change(&env, first_, "").ok());
    const auto writer = OpenWriter(&env, "index", {.buffer_bytes = 1 << 16, .threads = 2});
    for (const Document& document : second_) AddOrDie(writer.get(), document);
    ASSERT_TRUE(writer->MergeToOne().ok());
    env.Reset();
    env.FailCall(call, fault);
    const absl::Status status = writer->Commit().status();
    failed = !status.ok();
    if (!failed) {
      EXPECT_GT(call, 5u);
      break;
    }
    // From inside a merge it is taken for a segment that is damaged.
    EXPECT_TRUE(absl::IsUnknown(status) || absl::IsInternal(status) || absl::IsDataLoss(status))
        << status;
    EXPECT_EQ(writer->Add(MakeDocument("new", "", "x")).status().code(), status.code());
    EXPECT_EQ(writer->Delete("doc-3").status().code(), status.code());
    EXPECT_EQ(writer->MergeToOne().code(), status.code());
    EXPECT_EQ(writer->Rollback().code(), status.code());
    EXPECT_EQ(writer->ForEachKey("", [](std::string_view) {}).code(), status.code());
    EXPECT_EQ(writer->Commit().status().code(), status.code());
    const Generation generation = ManifestOf(base.get(), "index").generation;
    EXPECT_TRUE(absl::IsUnknown(status) || generation == 1) << generation;
  }
}

TEST_F(WriterFaultTest, AUnitThatCannotBeWrittenIsNotTakenForARefusedDocument) {
  const auto base = NewMemoryEnv();
  FaultEnv env(base.get());
  const auto writer = OpenWriter(&env, "index", {.buffer_bytes = 1 << 16, .threads = 1});
  env.Reset();
  env.FailCall(0, {.status = absl::InvalidArgumentError("injected: wrong argument")});
  absl::Status status;
  for (int i = 0; i < 10000 && status.ok(); ++i) {
    status = writer->Add(MakeDocument(StrCat("k", i), "", "some words")).status();
  }
  EXPECT_EQ(status.code(), absl::StatusCode::kInternal) << status;
  EXPECT_FALSE(writer->Commit().ok());
}

TEST_F(WriterFaultTest, TheCommitKeepsTheOrderOfTheProtocol) {
  const auto base = NewMemoryEnv();
  FaultEnv env(base.get());
  ASSERT_TRUE(Change(&env, first_, "").ok());
  WriterOptions options;
  options.threads = 1;
  const auto writer = OpenWriter(&env, "index", options);
  AddOrDie(writer.get(), MakeDocument("x1", "", "x"));
  EXPECT_TRUE(writer->Delete("doc-3").value_or(false));
  env.Reset();
  CommitOrDie(writer.get());
  std::vector<std::string> log;
  for (const std::string& line : env.write_log()) {
    if (!line.starts_with("list") && !line.starts_with("open")) log.push_back(line);
  }
  EXPECT_THAT(log, ::testing::ElementsAre(
                       "create seg_0000000002.ibid", "append seg_0000000002.ibid",
                       "sync seg_0000000002.ibid", "close seg_0000000002.ibid",
                       "create live_0000000001_2.ibid", "append live_0000000001_2.ibid",
                       "sync live_0000000001_2.ibid", "close live_0000000001_2.ibid", "sync dir",
                       "create MANIFEST.tmp", "append MANIFEST.tmp", "sync MANIFEST.tmp",
                       "close MANIFEST.tmp", "rename MANIFEST", "sync dir"));
}

}  // namespace
}  // namespace ibid
