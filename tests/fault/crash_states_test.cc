// A power cut after every call of a writer's life, in every state that it may leave a weak file
// system in (tests/support/crash_env.h): the index opens, shows the last acknowledged commit or the
// one under way, is sound, and the next writer goes on from there. Then protocols with one step
// left out, each of which must be found bad: a model that cannot fail proves nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <cstdio>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/format/file_names.h"
#include "common/format/manifest.h"
#include "ibid/check_index.h"
#include "ibid/index_reader.h"
#include "ibid/index_writer.h"
#include "indexer/open_index.h"
#include "tests/indexer/index_model.h"
#include "tests/oracle/test_index.h"
#include "tests/support/crash_env.h"
#include "tests/support/files.h"

namespace ibid {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Key;

constexpr char kDirectory[] = "index";

const std::vector<std::string>& Queries() {
  static const std::vector<std::string> queries = {
      "rain", "\"the rain\"", "rain NEAR/3 sea", "sea OR wind", "w*", "rain NOT sea", "falls~1"};
  return queries;
}

std::vector<std::string> AnswersOf(const std::shared_ptr<const IndexReader>& reader) {
  std::vector<std::string> answers;
  for (const std::string& text : Queries()) {
    const auto found = Searcher(reader).Search(ParseFor(*reader, text), {.limit = 1000});
    answers.push_back(found.ok() ? HitLines(found->hits) : found.status().ToString());
  }
  return answers;
}

// What commit k, counted from 0, showed when it was acknowledged. 0: there is none.
struct Commit {
  size_t begun_at = 0;  // calls made before its first, and before it was acknowledged
  size_t acknowledged_at = 0;
  IndexModel model;
  std::vector<std::string> answers;
};

struct Recording {
  std::vector<CrashCall> calls;
  std::vector<Commit> commits;
};

Document Story(int number, int version) {
  static constexpr const char* kWords[] = {"rain", "sea", "wind", "falls", "harbour", "wire"};
  std::string text = "The rain";
  for (int i = 0; i < 6 + number % 5; ++i) {
    text += StrCat(" ", kWords[(number * 7 + version * 3 + i * i) % 6], i % 3 == 2 ? "." : "");
  }
  Document story = MakeDocument(StrCat("s", number), StrCat("Story ", number), text);
  if (number % 2 == 0) story.source = "The Wire";
  story.date = StrCat("2015-01-0", 1 + number % 9);
  return story;
}

// A writer's life, recorded.
class Life {
 public:
  // `seen`: what acknowledged commits are read through; `env`: what the writer writes through.
  Life(CrashEnv* seen, Env* env) : seen_(seen), env_(env) { recording_.commits.emplace_back(); }

  void Open(WriterOptions options) {
    writer_.reset();
    options.threads = 1;
    writer_ = OpenWriter(env_, kDirectory, options);
  }
  void Add(int number, int version) {
    documents_[StrCat("s", number)] = Story(number, version);
    AddOrDie(writer_.get(), Story(number, version));
  }
  void Delete(int number) {
    EXPECT_EQ(documents_.erase(StrCat("s", number)), 1u);
    EXPECT_TRUE(writer_->Delete(StrCat("s", number)).value_or(false));
  }
  void MergeToOne() { EXPECT_TRUE(writer_->MergeToOne().ok()); }
  void WaitForMerge() {
    EXPECT_TRUE(writer_->merging());
    EXPECT_TRUE(writer_->WaitForMerge().ok());
  }

  void Commit() {
    struct Commit commit;
    commit.begun_at = seen_->num_calls();
    CommitOrDie(writer_.get());
    commit.acknowledged_at = seen_->num_calls();
    commit.model = ReadModel(seen_, kDirectory);
    std::vector<Document> documents;
    for (const auto& [key, document] : documents_) documents.push_back(document);
    EXPECT_EQ(commit.model, ExpectedModel(documents, IndexOptions{}));
    const auto reader = IndexReader::Open(kDirectory, seen_);
    ASSERT_TRUE(reader.ok()) << reader.status();
    commit.answers = AnswersOf(*reader);
    const NaiveEngine oracle = OracleOf(**reader);
    for (size_t i = 0; i < Queries().size(); ++i) {
      EXPECT_EQ(commit.answers[i], HitLines(oracle.Search(ParseFor(**reader, Queries()[i]), {})));
    }
    recording_.commits.push_back(std::move(commit));
  }

  Recording End() {
    writer_.reset();
    recording_.calls = seen_->calls();
    return std::move(recording_);
  }

 private:
  CrashEnv* seen_;
  Env* env_;
  std::unique_ptr<IndexWriter> writer_;
  std::map<std::string, Document> documents_;  // by key
  Recording recording_;
};

// An index begun, five commits with additions, replacements and deletions, one of them a merge, in
// two sessions, and a third in which nothing is committed.
void LiveThroughFiveCommits(Life* life) {
  life->Open({});
  for (int number = 0; number < 9; ++number) life->Add(number, 0);
  life->Commit();
  life->Add(3, 1);
  life->Add(9, 0);
  life->Add(10, 0);
  life->Delete(1);
  life->Commit();
  life->Delete(2);
  life->Delete(9);
  life->Commit();
  life->Open({});
  life->Add(11, 0);
  life->MergeToOne();
  life->Commit();
  life->Add(3, 2);
  life->Delete(4);
  life->Add(12, 0);
  life->Commit();
  life->Open({});
  life->Add(13, 0);
}

// A first commit of several units, and as many as it takes until there is a merge in the background
// to put in place.
void LiveThroughUnitsAndABackgroundMerge(Life* life) {
  life->Open({.buffer_bytes = 1 << 16, .background_merges = true});
  for (int number = 0; number < 180; ++number) life->Add(number, 0);
  life->Commit();
  for (int number = 1; number < 8; ++number) {
    life->Add(number, 1);
    life->Commit();
  }
  life->WaitForMerge();
  life->Delete(8);
  life->Add(180, 0);
  life->Commit();
}

Recording Record(const std::function<void(Life*)>& live,
                 const std::function<std::unique_ptr<Env>(Env*)>& wrap = nullptr) {
  const std::unique_ptr<Env> memory = NewMemoryEnv();
  CrashEnv crash(memory.get());
  const std::unique_ptr<Env> wrapped = wrap ? wrap(&crash) : nullptr;
  Life life(&crash, wrapped ? wrapped.get() : &crash);
  live(&life);
  return life.End();
}

// What is wrong with a state of the disk; `lost` and the rest in the words of docs/RELIABILITY.md.
// "" where nothing is.
class StateCheck {
 public:
  explicit StateCheck(const Recording& recording) : commits_(recording.commits) {}

  // `num_calls` were made before the power went.
  std::string Problem(const DiskState& disk, size_t num_calls) {
    const std::unique_ptr<Env> env = EnvOf(disk);
    size_t last = 0;  // acknowledged
    while (last + 1 < commits_.size() && commits_[last + 1].acknowledged_at <= num_calls) ++last;
    const bool another = last + 1 < commits_.size() && commits_[last + 1].begun_at <= num_calls;
    const auto reader = IndexReader::Open(kDirectory, env.get());
    if (absl::IsNotFound(reader.status())) {
      if (last > 0) return StrCat("lost: no index, commit ", last, " was acknowledged");
      return GoOn(env.get(), 0);
    }
    if (!reader.ok()) return StrCat("does not open: ", MessageOf(reader.status()));
    const size_t shown = (*reader)->generation();
    if (shown < last) return StrCat("lost: shows ", shown, ", ", last, " was acknowledged");
    if (shown > last + (another ? 1 : 0)) return StrCat("shows ", shown, " too early");
    const auto report = CheckIndex(kDirectory, env.get());
    if (!report.ok()) return StrCat("unsound: ", MessageOf(report.status()));
    if (!report->problems.empty()) return StrCat("unsound: ", report->problems[0]);
    if (ReadModel(env.get(), kDirectory) != commits_[shown].model) return "mixture";
    if (AnswersOf(*reader) != commits_[shown].answers) return "other answers";
    ++num_shown_[shown];
    return GoOn(env.get(), commits_[shown].model.size());
  }

  // How many states showed each commit.
  const std::map<size_t, uint64_t>& num_shown() const { return num_shown_; }

 private:
  // A new writer takes the index up, and leaves nothing lying about.
  static std::string GoOn(Env* env, size_t num_docs) {
    auto writer = IndexWriter::Open(kDirectory, {.threads = 1}, env);
    if (!writer.ok()) return StrCat("no writer: ", MessageOf(writer.status()));
    const auto added = (*writer)->Add(MakeDocument("after", "", "the rain is over"));
    if (!added.ok()) return StrCat("no document: ", MessageOf(added.status()));
    const auto committed = (*writer)->Commit();
    if (!committed.ok()) return StrCat("no commit: ", MessageOf(committed.status()));
    if (committed->num_docs != num_docs + 1) return "the next commit holds others";
    const auto report = CheckIndex(kDirectory, env);
    if (!report.ok() || !report->problems.empty()) return "unsound after the next commit";
    return report->warnings.empty() ? "" : StrCat("left over: ", report->warnings[0]);
  }

  const std::vector<Commit>& commits_;
  std::map<size_t, uint64_t> num_shown_;
};

struct Outcome {
  uint64_t num_states = 0;  // distinct ones, of all crash points
  size_t num_chosen = 0;    // crash points with too many states for all of them
  std::map<std::string, uint64_t> problems;
  std::map<size_t, uint64_t> num_shown;
};

std::string BytesOf(const DiskState& disk) {
  std::string bytes;
  for (const std::string& directory : disk.directories) bytes += directory + "/\n";
  for (const auto& [path, content] : disk.files) {
    bytes += StrCat(path, " ", content.size(), "\n", content);
  }
  return bytes;
}

Outcome CrashEverywhere(const Recording& recording, const CrashChoice& choice) {
  Outcome outcome;
  StateCheck check(recording);
  std::set<std::pair<size_t, size_t>> known;  // commits acknowledged and begun so far; hash
  for (size_t num_calls = 0; num_calls <= recording.calls.size(); ++num_calls) {
    size_t phase = 0;
    for (const Commit& commit : recording.commits) {
      phase += (commit.acknowledged_at <= num_calls) + (commit.begun_at <= num_calls);
    }
    const auto visit = [&](const DiskState& disk) {
      if (!known.emplace(phase, std::hash<std::string>()(BytesOf(disk))).second) return;
      ++outcome.num_states;
      const std::string problem = check.Problem(disk, num_calls);
      if (!problem.empty()) ++outcome.problems[problem];
    };
    const std::span<const CrashCall> calls = std::span(recording.calls).first(num_calls);
    if (!ForEachCrashState(calls, choice, visit)) ++outcome.num_chosen;
    ForEachTornWrite(calls, visit);
  }
  outcome.num_shown = check.num_shown();
  return outcome;
}

// All is well, and the states show each of the commits.
void ExpectWell(const Recording& recording, const CrashChoice& choice) {
  const Outcome outcome = CrashEverywhere(recording, choice);
  EXPECT_TRUE(outcome.problems.empty()) << outcome.problems.begin()->first;
  for (size_t commit = 1; commit < recording.commits.size(); ++commit) {
    EXPECT_THAT(outcome.num_shown, Contains(Key(commit)));
  }
  EXPECT_GT(outcome.num_states, 1000u);
  std::printf(
      "figures: calls %zu, distinct states %llu, points with a choice of states %zu, bad %zu\n",
      recording.calls.size(), static_cast<unsigned long long>(outcome.num_states),
      outcome.num_chosen, outcome.problems.size());
}

TEST(CrashStates, EveryStateShowsTheLastCommitOrTheOneUnderWay) {
  const Recording recording = Record(LiveThroughFiveCommits);
  ASSERT_EQ(recording.commits.size(), 6u);
  ExpectWell(recording, {});
}

TEST(CrashStates, SoDoStatesWithUnitsAndAMergeInTheBackground) {
  const Recording recording = Record(LiveThroughUnitsAndABackgroundMerge);
  ASSERT_EQ(recording.commits.size(), 10u);
  EXPECT_THAT(recording.calls, Contains(::testing::Field(&CrashCall::path, HasSubstr(".tmp"))));
  ExpectWell(recording, {.max_states = 60, .num_samples = 5});
}

// ---- The same with a step of the protocol left out ---------------------------------------------

enum class Flaw {
  kSegmentNotForced,
  kLiveDocsNotForced,
  kParentNotForced,
  kDirectoryNotForcedBeforeManifest,
  kManifestNotForced,
  kManifestOverwritten,  // in place, instead of the rename
  kDirectoryNotForcedAfterRename,
  kRemovalBeforeLastSync,
};

class FlawedEnv : public ForwardingEnv {
 public:
  FlawedEnv(Env* base, Flaw flaw) : ForwardingEnv(base), flaw_(flaw) {}

  absl::StatusOr<std::unique_ptr<WritableFile>> CreateFile(const std::string& path,
                                                           bool exclusive) override {
    ASSIGN_OR_RETURN(auto file, ForwardingEnv::CreateFile(path, exclusive));
    const std::string_view name = BaseName(path);
    const bool swallow = (flaw_ == Flaw::kSegmentNotForced && name.starts_with("seg_")) ||
                         (flaw_ == Flaw::kLiveDocsNotForced && name.starts_with("live_")) ||
                         (flaw_ == Flaw::kManifestNotForced && name == kManifestTempName);
    if (!swallow) return file;
    return std::make_unique<UnforcedFile>(std::move(file));
  }

  absl::Status Rename(const std::string& from, const std::string& to) override {
    renamed_ = true;
    if (flaw_ != Flaw::kManifestOverwritten) return ForwardingEnv::Rename(from, to);
    const std::string bytes = ReadFileOrDie(base(), from);
    ASSIGN_OR_RETURN(const auto file, ForwardingEnv::CreateFile(to, /*exclusive=*/false));
    RETURN_IF_ERROR(file->Append(bytes));
    RETURN_IF_ERROR(file->Sync());
    RETURN_IF_ERROR(file->Close());
    return Remove(from);
  }

  absl::Status SyncDirectory(const std::string& path) override {
    const bool after_rename = std::exchange(renamed_, false);
    const bool is_parent = path != kDirectory;
    if (flaw_ == Flaw::kParentNotForced && is_parent) return absl::OkStatus();
    if (flaw_ == Flaw::kDirectoryNotForcedAfterRename && after_rename) return absl::OkStatus();
    if (flaw_ == Flaw::kDirectoryNotForcedBeforeManifest && !after_rename && !is_parent) {
      return absl::OkStatus();
    }
    if (flaw_ == Flaw::kRemovalBeforeLastSync && after_rename) {
      ASSIGN_OR_RETURN(const Manifest manifest, ReadManifest(base(), path));
      RemoveUnneeded(base(), path, manifest);
    }
    return ForwardingEnv::SyncDirectory(path);
  }

 private:
  class UnforcedFile : public ForwardingFile {
   public:
    using ForwardingFile::ForwardingFile;
    absl::Status Sync() override { return absl::OkStatus(); }
  };

  Flaw flaw_;
  bool renamed_ = false;  // since the last sync of a directory
};

// The problems that the states of a protocol with `flaw` have, each once.
std::string ProblemsWith(Flaw flaw) {
  const Recording recording = Record(LiveThroughFiveCommits, [flaw](Env* base) {
    return std::make_unique<FlawedEnv>(base, flaw);
  });
  const Outcome outcome = CrashEverywhere(recording, {.max_states = 500, .num_samples = 50});
  std::string lines;
  for (const auto& [problem, count] : outcome.problems) lines += StrCat(count, " ", problem, "\n");
  return lines;
}

TEST(CrashStates, ASegmentThatIsNotForcedIsFoundTornBehindAManifest) {
  EXPECT_THAT(ProblemsWith(Flaw::kSegmentNotForced), HasSubstr("does not open: seg_"));
}

TEST(CrashStates, DeletionsThatAreNotForcedAreFoundTornBehindAManifest) {
  EXPECT_THAT(ProblemsWith(Flaw::kLiveDocsNotForced), HasSubstr("does not open: live_"));
}

TEST(CrashStates, ADirectoryWhoseNameIsNotForcedIsFoundLost) {
  EXPECT_THAT(ProblemsWith(Flaw::kParentNotForced), HasSubstr("lost: no index"));
}

TEST(CrashStates, WithoutASyncOfTheDirectoryBeforeTheManifestItNamesAMissingFile) {
  const std::string problems = ProblemsWith(Flaw::kDirectoryNotForcedBeforeManifest);
  EXPECT_THAT(problems, HasSubstr("seg_0000000001.ibid: No such file"));
  EXPECT_THAT(problems, HasSubstr("live_0000000001_2.ibid: No such file"));
}

TEST(CrashStates, AManifestThatIsNotForcedIsFoundTorn) {
  EXPECT_THAT(ProblemsWith(Flaw::kManifestNotForced), HasSubstr("MANIFEST"));
}

TEST(CrashStates, AManifestThatIsOverwrittenIsFoundTorn) {
  EXPECT_THAT(ProblemsWith(Flaw::kManifestOverwritten), HasSubstr("MANIFEST"));
}

TEST(CrashStates, WithoutASyncOfTheDirectoryBehindTheRenameACommitIsLost) {
  EXPECT_THAT(ProblemsWith(Flaw::kDirectoryNotForcedAfterRename), HasSubstr("lost: shows 1, 2"));
}

TEST(CrashStates, WhatIsRemovedBeforeTheLastSyncIsMissedByTheManifestBefore) {
  EXPECT_THAT(ProblemsWith(Flaw::kRemovalBeforeLastSync),
              HasSubstr("seg_0000000001.ibid: No such file"));
}

}  // namespace
}  // namespace ibid
