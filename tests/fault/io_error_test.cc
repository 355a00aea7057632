// Each call to the file system failing, once and from there on for ever, with each cause that a
// disk or a system has, over opening, refreshing, searching, checking, salvaging and merging an
// index of many segments: the right answer or an error that names the cause, the last commit as it
// was, nothing left over when the next writer opens. Some calls at even distances; with
// IBID_EVERY_CALL set, all of them. tests/indexer/writer_fault_test.cc has the order of a commit,
// tests/fault/system_calls_test.py the system's own calls.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/format/file_names.h"
#include "ibid/check_index.h"
#include "ibid/index_reader.h"
#include "ibid/index_writer.h"
#include "ibid/query.h"
#include "ibid/salvage_index.h"
#include "ibid/searcher.h"
#include "tests/fault/every_feature_index.h"
#include "tests/indexer/index_model.h"
#include "tests/indexer/random_documents.h"
#include "tests/support/fault_env.h"

namespace ibid {
namespace {

constexpr char kDirectory[] = "index";
constexpr size_t kSegments = 20;
constexpr uint64_t kPoints = 7;  // of each operation and fault, without IBID_EVERY_CALL

std::vector<Fault> AllFaults() {
  std::vector<Fault> faults;
  for (const bool for_ever : {false, true}) {
    for (const char* cause : {"Input/output error", "No space left on device",
                              "Interrupted system call", "Resource temporarily unavailable"}) {
      faults.push_back({absl::UnavailableError(StrCat("injected: ", cause)), for_ever});
    }
    faults.push_back({absl::UnavailableError("injected: No space left on device"), for_ever,
                      /*short_write=*/true});
    faults.push_back({absl::ResourceExhaustedError("injected: Too many open files"), for_ever});
  }
  return faults;
}

// What an operation gives: what a user sees, or the error.
using Operation = std::function<absl::StatusOr<std::string>()>;
// Makes one of what comes before its first call that may fail. All calls go through `env`, which
// lies on `disk`.
using Preparation = std::function<Operation(Env* env, Env* disk)>;
// "" or what is wrong with what lies on the disk afterwards; `status`: of the operation. Depends on
// the files and on whether the operation succeeded, on nothing else.
using Inspection = std::function<std::string(Env*, const absl::Status& status)>;

// Answers with documents, for comparison.
absl::StatusOr<std::string> AnswersOf(const std::shared_ptr<const IndexReader>& reader) {
  const Searcher searcher(reader);
  std::string answers = StrCat("generation ", reader->generation(), "\n");
  for (const char* text : {"rain", "sea OR wind", "\"the sea\"", "the NEAR/5 rain", "s*"}) {
    ASSIGN_OR_RETURN(const ParsedQuery parsed, ParseQuery(text, {}));
    ASSIGN_OR_RETURN(const SearchResult found, searcher.Search(parsed.query, {.limit = 20}));
    answers += StrCat(text, ": ", found.total, "\n");
    for (const Hit& hit : found.hits) {
      ASSIGN_OR_RETURN(const Document document, searcher.GetDocument(hit));
      answers += StrCat(hit.key, " ", std::to_string(hit.score), " ", document.text, "\n");
    }
  }
  return answers;
}

class IoErrors : public testing::Test {
 protected:
  // So many segments as a writer leaves that dies before each merge, some with deletions; and the
  // same eight commits earlier.
  static void SetUpTestSuite() {
    const std::unique_ptr<Env> env = NewMemoryEnv();
    for (size_t i = 0; i < kSegments; ++i) {
      if (i == kSegments - 8) older_ = ReadIndexFiles(env.get(), kDirectory);
      const auto writer =
          OpenWriter(env.get(), kDirectory, {.threads = 1, .background_merges = true});
      for (Document& document : RandomDocuments(static_cast<uint32_t>(i), 8, i * 6)) {
        AddOrDie(writer.get(), std::move(document));
      }
      EXPECT_TRUE(writer->Delete(StrCat("doc-", i * 5)).ok());
      CommitOrDie(writer.get());
    }
    files_ = ReadIndexFiles(env.get(), kDirectory);
    EXPECT_GE(ManifestOf(env.get(), kDirectory).segments.size(), kSegments * 3 / 4);
    model_ = ReadModel(env.get(), kDirectory);
    answers_ = *AnswersOf(*IndexReader::Open(kDirectory, env.get()));
  }

  // Fails the calls of `operation` in turn.
  static void Sweep(const std::string& name, const Preparation& prepare, const Inspection& inspect);
  static std::string FailAt(uint64_t call, const Fault& fault, const Preparation& prepare,
                            const Inspection& inspect, const std::string& expected, bool* refused);
  static Inspection EachStateOnce(const Inspection& inspect);
  static std::string IsAsItWas(Env* disk, const absl::Status& status);
  static void SweepWriter(const std::string& name, const WriterOptions& options,
                          const std::function<absl::Status(IndexWriter*)>& change);

  static inline IndexFiles files_, older_;
  static inline IndexModel model_;
  static inline std::string answers_;
};

// Many failures leave the same bytes: what was found sound is not inspected again.
Inspection IoErrors::EachStateOnce(const Inspection& inspect) {
  const auto sound = std::make_shared<std::set<std::pair<bool, IndexFiles>>>();
  return [inspect, sound](Env* disk, const absl::Status& status) -> std::string {
    std::pair<bool, IndexFiles> state(status.ok(), ReadIndexFiles(disk, kDirectory));
    if (sound->contains(state)) return "";
    std::string problem = inspect(disk, status);
    if (problem.empty()) sound->insert(std::move(state));
    return problem;
  };
}

// "" or what is wrong where call `call` meets `fault`.
std::string IoErrors::FailAt(uint64_t call, const Fault& fault, const Preparation& prepare,
                             const Inspection& inspect, const std::string& expected,
                             bool* refused) {
  const std::unique_ptr<Env> disk = NewMemoryEnv();
  WriteIndexFiles(disk.get(), kDirectory, files_);
  const auto held = IndexReader::Open(kDirectory, disk.get());
  FaultEnv env(disk.get());
  const Operation operation = prepare(&env, disk.get());
  env.Reset();
  env.FailCall(call, fault);
  const absl::StatusOr<std::string> given = operation();
  *refused = !given.ok();
  if (given.ok() && *given != expected) return "gave " + *given;
  const std::string_view cause = MessageOf(fault.status);
  if (!given.ok() && MessageOf(given.status()).find(cause) == std::string_view::npos) {
    return "does not name the cause: " + given.status().ToString();
  }
  std::string problem = inspect(disk.get(), given.status());
  if (!problem.empty()) return StrCat(problem, "; ", MessageOf(given.status()));
  const auto after = AnswersOf(*held);
  return after.ok() && *after == answers_ ? "" : "a reader that was open answers otherwise";
}

void IoErrors::Sweep(const std::string& name, const Preparation& prepare,
                     const Inspection& inspect) {
  const std::unique_ptr<Env> disk = NewMemoryEnv();
  WriteIndexFiles(disk.get(), kDirectory, files_);
  FaultEnv counting(disk.get());
  const Operation operation = prepare(&counting, disk.get());
  counting.Reset();
  const absl::StatusOr<std::string> expected = operation();
  ASSERT_TRUE(expected.ok()) << name << ": " << expected.status();
  const uint64_t calls = counting.calls();
  ASSERT_EQ(inspect(disk.get(), absl::OkStatus()), "") << name;
  const bool all = std::getenv("IBID_EVERY_CALL") != nullptr;
  const uint64_t stride = all ? 1 : std::max<uint64_t>(1, calls / kPoints);
  uint64_t failed = 0, refused = 0, offset = 0;
  for (const Fault& fault : AllFaults()) {
    for (uint64_t call = offset++ % stride; call < calls; call += stride) {
      bool was_refused = false;
      const std::string problem = FailAt(call, fault, prepare, inspect, *expected, &was_refused);
      ASSERT_EQ(problem, "") << name << ", call " << call << " of " << calls << ": " << fault.status
                             << (fault.for_ever ? ", all on" : "")
                             << (fault.short_write ? ", half written" : "");
      ++failed;
      refused += was_refused ? 1 : 0;
    }
  }
  EXPECT_GT(refused, failed / 4) << name;
  std::printf("figures: %s: %llu calls, %llu failures, %llu refused, wrong 0\n", name.c_str(),
              static_cast<unsigned long long>(calls), static_cast<unsigned long long>(failed),
              static_cast<unsigned long long>(refused));
}

// Reading changes nothing.
std::string IoErrors::IsAsItWas(Env* disk, const absl::Status&) {
  return ReadIndexFiles(disk, kDirectory) == files_ ? "" : "the files have changed";
}

TEST_F(IoErrors, OpeningManySegmentsGivesTheirAnswersOrNamesTheCause) {
  Sweep(
      "open and search",
      [](Env* env, Env*) -> Operation {
        return [env]() -> absl::StatusOr<std::string> {
          ASSIGN_OR_RETURN(const auto reader, IndexReader::Open(kDirectory, env));
          return AnswersOf(reader);
        };
      },
      IsAsItWas);
}

TEST_F(IoErrors, ARefreshGivesTheNewGenerationOrKeepsTheOldOne) {
  Sweep(
      "refresh",
      [](Env* env, Env* disk) -> Operation {
        WriteIndexFiles(disk, kDirectory, older_);
        const auto older = *IndexReader::Open(kDirectory, env);
        const std::string answers = *AnswersOf(older);
        WriteIndexFiles(disk, kDirectory, files_);
        return [older, answers]() -> absl::StatusOr<std::string> {
          const auto refreshed = older->Refresh();
          if (*AnswersOf(older) != answers) return absl::InternalError("the old one has changed");
          RETURN_IF_ERROR(refreshed.status());
          return AnswersOf(*refreshed);
        };
      },
      IsAsItWas);
}

TEST_F(IoErrors, WhatIsOpenIsSearchedWithoutAnyCall) {
  const std::unique_ptr<Env> disk = NewMemoryEnv();
  WriteIndexFiles(disk.get(), kDirectory, files_);
  FaultEnv env(disk.get());
  const auto reader = IndexReader::Open(kDirectory, &env);
  ASSERT_TRUE(reader.ok()) << reader.status();
  const auto expected = AnswersOf(*reader);
  env.FailCall(env.calls(), {.for_ever = true});
  const auto answers = AnswersOf(*reader);
  ASSERT_TRUE(answers.ok()) << answers.status();
  EXPECT_EQ(*answers, *expected);
}

TEST_F(IoErrors, ACheckFindsTheIndexSoundOrNamesTheCause) {
  for (const bool deep : {false, true}) {
    Sweep(
        deep ? "check --deep" : "check",
        [deep](Env* env, Env*) -> Operation {
          return [deep, env]() -> absl::StatusOr<std::string> {
            ASSIGN_OR_RETURN(const CheckReport report, CheckIndex(kDirectory, env, {}, {deep}));
            if (!report.problems.empty()) return absl::DataLossError(report.problems[0]);
            return StrCat(report.num_docs, " in ", report.num_sound_segments);
          };
        },
        IsAsItWas);
  }
}

// What cannot be read counts as lost, by name; the copy has the rest, or there is none.
TEST_F(IoErrors, ASalvageCopiesEverythingOrNamesTheCause) {
  Sweep(
      "salvage",
      [](Env* env, Env*) -> Operation {
        return [env]() -> absl::StatusOr<std::string> {
          ASSIGN_OR_RETURN(const SalvageReport report, SalvageIndex(kDirectory, "copy", {}, env));
          for (const SalvagedSegment& segment : report.segments) {
            if (!segment.problem.empty()) return absl::DataLossError(segment.problem);
          }
          return StrCat(report.num_docs, " in ", report.num_kept_segments);
        };
      },
      [](Env* disk, const absl::Status& status) -> std::string {
        // Where nothing can be removed any more, segments without a manifest stay: no index.
        const bool is_index = ReadManifest(disk, "copy").ok();
        if (status.ok() && !is_index) return "no copy";
        const auto report = CheckIndex("copy", disk);
        if (is_index && !report.ok()) return report.status().ToString();
        if (is_index && !report->problems.empty()) return report->problems[0];
        return IsAsItWas(disk, status);
      });
}

// ---- Merging -----------------------------------------------------------------------------------

std::set<std::string> FilesOfManifest(const Manifest& manifest) {
  std::set<std::string> names = {std::string(kManifestName), std::string(kLockName)};
  for (const SegmentMeta& segment : manifest.segments) {
    names.insert(SegmentFileName(segment.id));
    if (segment.live_docs_generation == 0) continue;
    names.insert(LiveDocsFileName(segment.id, segment.live_docs_generation));
  }
  return names;
}

// What a writer does with the documents of the index; the answer is whether the writer stayed what
// it was: useful after success, of no use after an error.
absl::StatusOr<std::string> Write(Env* env, const WriterOptions& options,
                                  const std::function<absl::Status(IndexWriter*)>& change) {
  ASSIGN_OR_RETURN(const auto writer, IndexWriter::Open(kDirectory, options, env));
  const absl::Status status = change(writer.get());
  if (status.ok()) return "done";
  const bool goes_on = writer->Add(MakeDocument("later", "", "x")).ok() || writer->Commit().ok();
  return goes_on ? absl::InternalError("it went on after an error") : status;
}

void IoErrors::SweepWriter(const std::string& name, const WriterOptions& options,
                           const std::function<absl::Status(IndexWriter*)>& change) {
  const std::unique_ptr<Env> sound = NewMemoryEnv();
  WriteIndexFiles(sound.get(), kDirectory, files_);
  ASSERT_TRUE(Write(sound.get(), options, change).ok());
  const IndexModel after = ReadModel(sound.get(), kDirectory);
  Sweep(
      name,
      [&](Env* env, Env*) -> Operation { return [&, env] { return Write(env, options, change); }; },
      EachStateOnce([&](Env* disk, const absl::Status& status) -> std::string {
        const auto report = CheckIndex(kDirectory, disk);
        if (!report.ok()) return report.status().ToString();
        if (!report->problems.empty()) return report->problems[0];
        const IndexModel found = ReadModel(disk, kDirectory);
        if (found != after && (status.ok() || found != model_)) return "not one of the commits";
        OpenWriter(disk, kDirectory, {.threads = 1}).reset();
        const std::set<std::string> expected = FilesOfManifest(ManifestOf(disk, kDirectory));
        const std::vector<std::string> files = disk->List(kDirectory).value();
        for (const std::string& file : files) {
          if (!expected.contains(file)) return file + " is left over";
        }
        const absl::Status again = Write(disk, options, change).status();
        if (!again.ok()) return "the next writer: " + again.ToString();
        return ReadModel(disk, kDirectory) == after ? "" : "the next writer has another index";
      }));
}

absl::Status AddSome(IndexWriter* writer) {
  for (const Document& document : RandomDocuments(99, 12, 50)) {
    RETURN_IF_ERROR(writer->Add(document).status());
  }
  return writer->Delete("doc-7").status();
}

TEST_F(IoErrors, AMergeOfManySegmentsToOneIsCommittedOrNot) {
  for (const auto order : {DocumentOrder::kKept, DocumentOrder::kBySharedWords}) {
    SweepWriter(order == DocumentOrder::kKept ? "merge to one" : "merge in another order",
                {.threads = 1}, [order](IndexWriter* writer) -> absl::Status {
                  RETURN_IF_ERROR(writer->MergeToOne(order));
                  return writer->Commit().status();
                });
  }
}

TEST_F(IoErrors, SoIsACommitThatMergesFullTiers) {
  SweepWriter("commit with merges", {.threads = 1}, [](IndexWriter* writer) -> absl::Status {
    RETURN_IF_ERROR(AddSome(writer));
    return writer->Commit().status();
  });
}

TEST_F(IoErrors, SoIsOneWithMergesInTheBackground) {
  SweepWriter("merges in the background", {.threads = 2, .background_merges = true},
              [](IndexWriter* writer) -> absl::Status {
                RETURN_IF_ERROR(AddSome(writer));
                RETURN_IF_ERROR(writer->Commit().status());
                while (writer->merging()) {
                  RETURN_IF_ERROR(writer->WaitForMerge());
                  RETURN_IF_ERROR(writer->Commit().status());
                }
                return absl::OkStatus();
              });
}

}  // namespace
}  // namespace ibid
