// Merges in the background: the writer goes on meanwhile, and no document is lost or comes back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pthread.h>

#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "common/base/strings.h"
#include "common/format/segment_reader.h"
#include "indexer/merge_policy.h"
#include "indexer/paced_env.h"
#include "tests/indexer/index_model.h"
#include "tests/indexer/random_documents.h"
#include "tests/support/fault_env.h"
#include "tests/support/files.h"

namespace ibid {
namespace {

using ::testing::HasSubstr;

// A byte a second: a merge that is not hurried outlives the test.
constexpr uint64_t kNever = 1;

WriterOptions Background(uint64_t bytes_per_second = 0) {
  WriterOptions options;
  options.threads = 1;
  options.background_merges = true;
  options.merge_bytes_per_second = bytes_per_second;
  return options;
}

Document NumberedDocument(int number) {
  return MakeDocument(StrCat("k", number), "", StrCat("text number ", number));
}

class BackgroundMergeTest : public ::testing::Test {
 protected:
  std::unique_ptr<Env> env_ = NewMemoryEnv();

  std::unique_ptr<IndexWriter> Open(const WriterOptions& options) {
    return OpenWriter(env_.get(), "index", options);
  }
  // A commit for each document k<first>, k<first + 1>, ...
  void CommitEach(IndexWriter* writer, int first, int count) {
    for (int i = first; i < first + count; ++i) {
      AddOrDie(writer, NumberedDocument(i));
      CommitOrDie(writer);
    }
  }
  size_t NumSegments() { return ManifestOf(env_.get(), "index").segments.size(); }
  IndexModel Model() { return ReadModel(env_.get(), "index"); }
  IndexModel Expected(const std::vector<int>& numbers) {
    std::vector<Document> documents;
    for (const int number : numbers) documents.push_back(NumberedDocument(number));
    return ExpectedModel(documents, IndexOptions{});
  }
};

// No thread can be started while it lives: its stack would be larger than any memory.
class NoThreads {
 public:
  NoThreads() {
    EXPECT_EQ(pthread_getattr_default_np(&before_), 0);
    pthread_attr_t huge;
    EXPECT_EQ(pthread_getattr_default_np(&huge), 0);
    EXPECT_EQ(pthread_attr_setstacksize(&huge, size_t{1} << 46), 0);
    EXPECT_EQ(pthread_setattr_default_np(&huge), 0);
    pthread_attr_destroy(&huge);
  }
  ~NoThreads() {
    EXPECT_EQ(pthread_setattr_default_np(&before_), 0);
    pthread_attr_destroy(&before_);
  }

 private:
  pthread_attr_t before_;
};

TEST_F(BackgroundMergeTest, WithoutAThreadForItACommitMergesBeforeSegmentsAreTooMany) {
  const auto writer = Open(Background());
  const NoThreads no_threads;
  size_t most = 0;
  for (int i = 0; i < 140; ++i) {
    CommitEach(writer.get(), i, 1);
    most = std::max(most, NumSegments());
  }
  EXPECT_GT(most, 8u) << "no merge before";
  EXPECT_LE(most, 64u);
  EXPECT_EQ(Model().size(), 140u);
}

TEST_F(BackgroundMergeTest, CommitsGoOnWhileATierIsMerged) {
  const auto writer = Open(Background(kNever));
  CommitEach(writer.get(), 0, 7);
  EXPECT_FALSE(writer->merging());
  CommitEach(writer.get(), 7, 1);
  EXPECT_TRUE(writer->merging());
  CommitEach(writer.get(), 8, 12);
  EXPECT_TRUE(writer->merging());
  EXPECT_EQ(NumSegments(), 20u);
  EXPECT_EQ(Model().size(), 20u);
}

TEST_F(BackgroundMergeTest, TheNextCommitTakesTheResultOver) {
  const auto writer = Open(Background());
  CommitEach(writer.get(), 0, 8);
  ASSERT_TRUE(writer->WaitForMerge().ok());
  EXPECT_TRUE(writer->merging());
  EXPECT_EQ(NumSegments(), 8u);
  EXPECT_EQ(CommitOrDie(writer.get()).generation, 9u);
  EXPECT_FALSE(writer->merging());
  EXPECT_EQ(NumSegments(), 1u);
  EXPECT_EQ(Model(), Expected({0, 1, 2, 3, 4, 5, 6, 7}));
  EXPECT_EQ(env_->List("index")->size(), 3u);  // LOCK, MANIFEST, the segment
  EXPECT_EQ(CommitOrDie(writer.get()).generation, 9u);
}

TEST_F(BackgroundMergeTest, TheResultHasTheBytesOfAFreshIndex) {
  std::vector<Document> all;
  const auto writer = Open(Background());
  for (uint32_t part = 0; part < 8; ++part) {
    for (const Document& document : RandomDocuments(part, 60, all.size())) {
      all.push_back(document);
      AddOrDie(writer.get(), document);
    }
    CommitOrDie(writer.get());
  }
  ASSERT_TRUE(writer->WaitForMerge().ok());
  CommitOrDie(writer.get());
  const auto fresh = NewMemoryEnv();
  const auto once = OpenWriter(fresh.get(), "index");
  for (const Document& document : all) AddOrDie(once.get(), document);
  CommitOrDie(once.get());
  EXPECT_TRUE(SectionBytes(env_.get(), "index") == SectionBytes(fresh.get(), "index"));
}

TEST_F(BackgroundMergeTest, DeletionsThatCameMeanwhileAreCarriedOver) {
  const auto writer = Open(Background(kNever));
  CommitEach(writer.get(), 0, 8);
  EXPECT_TRUE(writer->Delete("k2").value_or(false));  // its whole segment
  CommitOrDie(writer.get());
  AddOrDie(writer.get(), MakeDocument("k3", "", "another text"));
  EXPECT_TRUE(writer->Delete("k5").value_or(false));
  ASSERT_TRUE(writer->WaitForMerge().ok());
  EXPECT_EQ(CommitOrDie(writer.get()).num_docs, 6u);
  const Manifest manifest = ManifestOf(env_.get(), "index");
  ASSERT_EQ(manifest.segments.size(), 2u);
  EXPECT_EQ(manifest.segments[0].num_docs, 8u);
  EXPECT_EQ(manifest.segments[0].num_deleted, 3u);
  IndexModel expected = Expected({0, 1, 4, 6, 7});
  expected.merge(ExpectedModel({MakeDocument("k3", "", "another text")}, IndexOptions{}));
  EXPECT_EQ(Model(), expected);
}

TEST_F(BackgroundMergeTest, ARollbackBringsBackWhatTheMergeHadAllTheTime) {
  const auto writer = Open(Background());
  CommitEach(writer.get(), 0, 8);
  EXPECT_TRUE(writer->Delete("k2").value_or(false));
  ASSERT_TRUE(writer->WaitForMerge().ok());
  ASSERT_TRUE(writer->Rollback().ok());
  CommitOrDie(writer.get());
  EXPECT_EQ(NumSegments(), 1u);
  EXPECT_EQ(Model(), Expected({0, 1, 2, 3, 4, 5, 6, 7}));
}

TEST_F(BackgroundMergeTest, AResultWithoutALiveDocumentIsLeftOut) {
  const auto writer = Open(Background(kNever));
  CommitEach(writer.get(), 0, 8);
  for (int i = 0; i < 8; ++i) EXPECT_TRUE(writer->Delete(StrCat("k", i)).value_or(false));
  CommitEach(writer.get(), 8, 1);
  ASSERT_TRUE(writer->WaitForMerge().ok());
  CommitOrDie(writer.get());
  EXPECT_EQ(NumSegments(), 1u);
  EXPECT_EQ(Model(), Expected({8}));
}

TEST_F(BackgroundMergeTest, ASegmentOfMostlyDeletedDocumentsIsWrittenAnew) {
  const auto writer = Open(Background());
  for (int i = 0; i < 10; ++i) AddOrDie(writer.get(), NumberedDocument(i));
  CommitOrDie(writer.get());
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(writer->Delete(StrCat("k", i)).value_or(false));
  CommitOrDie(writer.get());
  EXPECT_EQ(ManifestOf(env_.get(), "index").segments[0].num_deleted, 4u);
  ASSERT_TRUE(writer->WaitForMerge().ok());
  CommitOrDie(writer.get());
  EXPECT_EQ(ManifestOf(env_.get(), "index").segments[0].num_deleted, 0u);
  EXPECT_EQ(Model(), Expected({4, 5, 6, 7, 8, 9}));
}

TEST_F(BackgroundMergeTest, AWriterThatEndsGivesTheMergeUpAndLeavesNoFile) {
  CommitEach(Open(Background(kNever)).get(), 0, 8);
  EXPECT_EQ(env_->List("index")->size(), 10u);  // LOCK, MANIFEST, eight segments
  EXPECT_EQ(Model(), Expected({0, 1, 2, 3, 4, 5, 6, 7}));
  // The next writer merges them.
  const auto writer = Open(Background());
  CommitEach(writer.get(), 8, 1);
  ASSERT_TRUE(writer->WaitForMerge().ok());
  CommitOrDie(writer.get());
  EXPECT_EQ(NumSegments(), 1u);
}

TEST_F(BackgroundMergeTest, AMergeToOneTakesThePlaceOfAMergeAtWork) {
  const auto writer = Open(Background(kNever));
  CommitEach(writer.get(), 0, 10);
  EXPECT_TRUE(writer->merging());
  ASSERT_TRUE(writer->MergeToOne().ok());
  CommitOrDie(writer.get());
  EXPECT_FALSE(writer->merging());
  EXPECT_EQ(NumSegments(), 1u);
  EXPECT_EQ(env_->List("index")->size(), 3u);
}

TEST_F(BackgroundMergeTest, SegmentsDoNotPileUpWhereMergesAreSlow) {
  const auto writer = Open(Background(kNever));
  std::vector<int> all;
  for (int i = 0; i < 150; ++i) {
    all.push_back(i);
    CommitEach(writer.get(), i, 1);
    ASSERT_LE(NumSegments(), 65u);
  }
  EXPECT_EQ(Model(), Expected(all));
}

TEST_F(BackgroundMergeTest, AtRestNoTierIsFull) {
  const auto writer = Open(Background(kNever));
  CommitEach(writer.get(), 0, 40);
  while (writer->merging()) {
    ASSERT_TRUE(writer->WaitForMerge().ok());
    CommitOrDie(writer.get());
  }
  EXPECT_LT(NumSegments(), kSegmentsPerTier);
  EXPECT_EQ(Model().size(), 40u);
}

TEST_F(BackgroundMergeTest, AFailedMergeStopsTheWriterAndKeepsTheLastCommit) {
  FaultEnv faults(env_.get());
  const auto writer = OpenWriter(&faults, "index", Background(kNever));
  CommitEach(writer.get(), 0, 9);
  AddOrDie(writer.get(), NumberedDocument(9));
  faults.Reset();
  faults.FailCall(0, {.status = absl::UnavailableError("write seg: No space left on device"),
                      .for_ever = true});
  const absl::Status failed = writer->WaitForMerge();
  EXPECT_EQ(failed.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(MessageOf(failed),
            "merge in the background: write seg: No space left on device\n"
            "kept: commit 9, 9 documents; the 1 since then are not saved");
  const absl::Status later = writer->Commit().status();
  EXPECT_THAT(std::string(MessageOf(later)), HasSubstr("index writer stopped: merge in the back"));
  EXPECT_EQ(Model(), Expected({0, 1, 2, 3, 4, 5, 6, 7, 8}));
}

TEST_F(BackgroundMergeTest, DamageInASourceIsReportedByTheNextCallAndNothingIsLost) {
  {
    const auto writer = Open(Background(kNever));
    for (const Document& document : RandomDocuments(1, 400)) AddOrDie(writer.get(), document);
    CommitEach(writer.get(), 0, 8);
  }
  const std::string path = "index/seg_0000000001.ibid";
  const std::string sound = ReadFileOrDie(env_.get(), path);
  constexpr size_t kFrameBytes = 16384;
  int num_tested = 0;
  for (size_t at = 0; at < sound.size(); at += kFrameBytes) {
    std::string bytes = sound;
    bytes[at] = static_cast<char>(bytes[at] ^ 1);
    WriteFileOrDie(env_.get(), path, bytes);
    auto writer = IndexWriter::Open("index", Background(), env_.get());
    if (!writer.ok()) continue;  // opening reads that frame
    ++num_tested;
    AddOrDie(writer->get(), MakeDocument("more", "", StrCat("text ", at)));
    const Generation generation = CommitOrDie(writer->get()).generation;
    EXPECT_EQ((*writer)->WaitForMerge().code(), absl::StatusCode::kDataLoss) << at;
    const absl::Status added = (*writer)->Add(NumberedDocument(9)).status();
    EXPECT_EQ(added.code(), absl::StatusCode::kDataLoss);
    EXPECT_THAT(std::string(MessageOf(added)),
                HasSubstr(StrCat("last commit is generation ", generation)));
    writer->reset();
    EXPECT_EQ(NumSegments(), 9u);
    EXPECT_EQ(env_->List("index")->size(), 11u);  // nothing of the merge
  }
  EXPECT_GT(num_tested, 4);
}

// Each call of three commits and the merges between them, failing in turn.
TEST_F(BackgroundMergeTest, AnyFailingCallLeavesOneOfTheCommits) {
  std::vector<IndexModel> commits;
  for (int count = 7; count <= 9; ++count) {
    std::vector<int> numbers;
    for (int i = 0; i < count; ++i) numbers.push_back(i);
    commits.push_back(Expected(numbers));
  }
  for (const bool for_ever : {false, true}) {
    for (uint64_t call = 0;; ++call) {
      const auto base = NewMemoryEnv();
      FaultEnv faults(base.get());
      const auto run = [&](Env* env) -> absl::Status {
        auto writer = IndexWriter::Open("index", Background(), env);
        if (!writer.ok()) return writer.status();
        for (int i = 7; i < 9; ++i) {
          absl::Status status = (*writer)->Add(NumberedDocument(i)).status();
          if (status.ok()) status = (*writer)->Commit().status();
          // So that the calls come in one order.
          if (status.ok()) status = (*writer)->WaitForMerge();
          if (!status.ok()) return status;
        }
        return (*writer)->Commit().status();
      };
      {
        const auto writer = OpenWriter(base.get(), "index", Background());
        CommitEach(writer.get(), 0, 7);
      }
      faults.FailCall(call, {.for_ever = for_ever});
      const absl::Status status = run(&faults);
      if (faults.calls() <= call) break;
      const IndexModel found = ReadModel(base.get(), "index");
      ASSERT_THAT(commits, ::testing::Contains(found)) << "call " << call << " " << status;
      ASSERT_TRUE(!status.ok() || found == commits.back()) << "call " << call;
      ASSERT_TRUE(run(base.get()).ok()) << "call " << call;
      ASSERT_EQ(ReadModel(base.get(), "index"), commits.back()) << "call " << call;
    }
  }
}

// Adds, replaces, deletes, rolls back and commits at random, beside merges that run as they may.
void ChangeAtRandom(uint32_t seed, uint64_t bytes_per_second) {
  SCOPED_TRACE(StrCat("seed ", seed));
  std::mt19937 random(seed);
  const auto env = NewMemoryEnv();
  std::map<std::string, Document> committed, now;
  auto writer = OpenWriter(env.get(), "index", Background(bytes_per_second));
  for (int step = 0; step < 400; ++step) {
    const std::string key = StrCat("k", random() % 60);
    switch (random() % 16) {
      case 0:
        ASSERT_TRUE(writer->Rollback().ok());
        now = committed;
        break;
      case 1:
        ASSERT_TRUE(writer->WaitForMerge().ok());
        break;
      case 2:
      case 3:
      case 4:
        ASSERT_EQ(writer->Delete(key).value_or(false), now.erase(key) == 1);
        break;
      case 5:
        if (random() % 4 == 0) {
          writer.reset();
          writer = OpenWriter(env.get(), "index", Background(bytes_per_second));
          now = committed;
        }
        break;
      case 6:
      case 7:
      case 8:
      case 9:
        CommitOrDie(writer.get());
        committed = now;
        break;
      default:
        now[key] = MakeDocument(key, "", StrCat("text of step ", step));
        AddOrDie(writer.get(), now[key]);
    }
    if (step % 20 != 19 || committed.empty()) continue;
    std::vector<Document> documents;
    for (const auto& [unused, document] : committed) documents.push_back(document);
    ASSERT_EQ(ReadModel(env.get(), "index"), ExpectedModel(documents, IndexOptions{})) << step;
  }
}

TEST(BackgroundMergesAtRandom, AgreeWithAPlainMap) {
  for (uint32_t seed = 1; seed <= 12; ++seed) {
    ChangeAtRandom(seed, seed % 3 == 0 ? 0 : seed % 3 == 1 ? kNever : 20000);
  }
}

// ---- Pace ------------------------------------------------------------------------------------

TEST(Pace, WithoutALimitOrLiftedNobodyWaits) {
  Pace unlimited(0);
  EXPECT_TRUE(unlimited.Spend(uint64_t{1} << 60).ok());
  Pace lifted(1);
  lifted.Lift();
  EXPECT_TRUE(lifted.Spend(uint64_t{1} << 60).ok());
}

TEST(Pace, CancelEndsWorkWithAndWithoutALimit) {
  for (const uint64_t limit : {0, 1}) {
    Pace pace(limit);
    pace.Cancel();
    EXPECT_EQ(pace.Spend(1).code(), absl::StatusCode::kCancelled);
  }
}

TEST(Pace, CancelEndsAWaitFromAnotherThread) {
  Pace pace(1);
  absl::Status spent;
  std::thread spender([&] { spent = pace.Spend(1000000); });
  pace.Cancel();
  spender.join();
  EXPECT_EQ(spent.code(), absl::StatusCode::kCancelled);
}

TEST(PacedEnv, ForcesLongFilesToDiskOnTheWayButNotTemporaryOnes) {
  const auto base = NewMemoryEnv();
  FaultEnv calls(base.get());
  Pace pace(0);
  PacedEnv env(&calls, &pace);
  const std::string piece(size_t{1} << 20, 'x');
  for (const std::string name : {"seg_0000000001.ibid", "seg_0000000001.ibid.terms.tmp"}) {
    calls.Reset();
    auto file = env.CreateFile(name, /*exclusive=*/true);
    ASSERT_TRUE(file.ok());
    for (int i = 0; i < 20; ++i) ASSERT_TRUE((*file)->Append(piece).ok());
    const std::vector<std::string> log = calls.write_log();
    EXPECT_EQ(std::count(log.begin(), log.end(), "sync " + name), name.ends_with(".tmp") ? 0 : 2);
  }
}

}  // namespace
}  // namespace ibid
