// Each allocation failing, once and from there on for ever, over all that the library does: the
// right answer or ResourceExhausted, nothing leaked, the index as it was at its last commit, and
// everything as before once there is memory again. Of operations with many allocations some at even
// distances fail; with IBID_EVERY_ALLOCATION set, all of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <malloc.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/memory_guard.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/text/stemmer.h"
#include "common/text/unicode.h"
#include "ibid/check_index.h"
#include "ibid/index_reader.h"
#include "ibid/index_writer.h"
#include "ibid/query.h"
#include "ibid/salvage_index.h"
#include "ibid/searcher.h"
#include "ibid/snippet.h"
#include "indexer/source/source.h"
#include "tests/fault/every_feature_index.h"
#include "tests/indexer/index_model.h"
#include "tests/indexer/random_documents.h"
#include "tests/indexer/source/read_files.h"
#include "tests/support/counted_new.h"
#include "tests/support/failing_malloc.h"
#include "tests/support/temp_directory.h"

namespace ibid {
namespace {

constexpr char kDirectory[] = "index";
// Of an operation, without IBID_EVERY_ALLOCATION; of one that takes long.
constexpr uint64_t kPoints = 100;
constexpr uint64_t kFewPoints = 30;
constexpr uint64_t kManyAllocations = 8000;

// One thing that the library is asked to do, made anew for each allocation that fails.
class Operation {
 public:
  virtual ~Operation() = default;
  // Allocations fail meanwhile.
  virtual absl::Status Run() = 0;
  // They do no more. "" or what is wrong.
  virtual std::string Problem(const absl::Status& status) = 0;
};

using MakeOperation = std::function<std::unique_ptr<Operation>()>;

bool IsOutOfMemory(const absl::Status& status) { return absl::IsResourceExhausted(status); }

// What asks for memory: operator new, or C libraries (and the C++ library) by malloc.
struct Source {
  const char* name;
  uint64_t (*num_allocations)();
  void (*fail)(uint64_t number, bool for_ever);
  bool (*stop)();
};
constexpr Source kSources[] = {
    {"allocation", NumAllocations, FailAllocations, StopFailing},
    {"malloc", NumMallocs, [](uint64_t n, bool for_ever) { FailMallocs(n, for_ever); },
     StopFailingMallocs},
};

uint64_t AllocationsOf(const Source& source, const MakeOperation& make) {
  for (const bool warm : {false, true}) {  // what is made once for the process is made first
    const std::unique_ptr<Operation> operation = make();
    const uint64_t before = source.num_allocations();
    const absl::Status status = operation->Run();
    const uint64_t count = source.num_allocations() - before;
    EXPECT_TRUE(status.ok()) << status;
    EXPECT_EQ(operation->Problem(status), "");
    if (warm) return count;
  }
  return 0;
}

// Descriptors, and files of an index that are mapped.
size_t NumOpenFiles() {
  const std::filesystem::directory_iterator descriptors("/proc/self/fd");
  size_t count = static_cast<size_t>(std::distance(begin(descriptors), end(descriptors)));
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) count += line.ends_with(".ibid") ? 1 : 0;
  return count;
}

// "" or what is wrong where allocation `number` of a source fails.
std::string FailAt(const Source& source, const MakeOperation& make, uint64_t number, bool for_ever,
                   bool* failed) {
  const size_t open_before = NumOpenFiles();
  const int64_t before = NumLiveAllocations();
  const int64_t mallocs_before = NumLiveMallocs();
  std::string problem;
  {
    const std::unique_ptr<Operation> operation = make();
    source.fail(number, for_ever);
    const absl::Status status = operation->Run();
    *failed = source.stop();
    problem = operation->Problem(status);
    if (problem.empty() && !*failed && !status.ok()) problem = status.ToString();
  }
  const int64_t leaked = NumLiveAllocations() - before;
  const int64_t mallocs_leaked = NumLiveMallocs() - mallocs_before;
  if (problem.empty() && leaked != 0) problem = absl::StrCat(leaked, " allocations leaked");
  if (problem.empty() && mallocs_leaked > 0)
    problem = absl::StrCat(mallocs_leaked, " mallocs leaked");
  if (problem.empty() && NumOpenFiles() != open_before) problem = "a file stays open";
  return problem;
}

void SweepSource(const std::string& name, const Source& source, const MakeOperation& make) {
  const uint64_t total = AllocationsOf(source, make);
  const bool all = std::getenv("IBID_EVERY_ALLOCATION") != nullptr;
  const uint64_t points = total < kManyAllocations ? kPoints : kFewPoints;
  const uint64_t stride = all ? 1 : std::max<uint64_t>(1, total / points);
  uint64_t num_failed = 0;
  for (const bool for_ever : {false, true}) {
    for (uint64_t number = for_ever ? stride / 2 : 0; number < total; number += stride) {
      bool failed = false;
      const std::string problem = FailAt(source, make, number, for_ever, &failed);
      num_failed += failed ? 1 : 0;
      EXPECT_EQ(problem, "") << name << ", " << source.name << " " << number
                             << (for_ever ? " and all on" : "");
    }
  }
  EXPECT_EQ(num_failed == 0, total == 0) << name;
  std::printf("figures: %s: %llu of %s, %llu failed\n", name.c_str(),
              static_cast<unsigned long long>(total), source.name,
              static_cast<unsigned long long>(num_failed));
}

void Sweep(const std::string& name, const MakeOperation& make) {
  for (const Source& source : kSources) SweepSource(name, source, make);
}

// ---- Analysis ----------------------------------------------------------------------------------

// What ICU holds comes from malloc, which NumLiveAllocations does not see.
TEST(Analysis, AWordBreakerOfIcuIsGivenBackWhereThereIsNoMemoryForItsOwner) {
  ASSERT_TRUE(DictionaryBreaker::Create().ok());
  constexpr size_t kTimes = 200;  // a breaker has more than 10 kB
  const size_t before = mallinfo2().uordblks;
  for (size_t i = 0; i < kTimes; ++i) {
    FailAllocations(0, /*for_ever=*/false);
    EXPECT_THROW(DictionaryBreaker::Create().IgnoreError(), std::bad_alloc);
    StopFailing();
  }
  EXPECT_LT(mallinfo2().uordblks, before + kTimes * 1000);
}

// Whatever fails, or only what wants more than a short term's room, which Snowball has to enlarge.
TEST(Analysis, AStemIsTheRightOneOrThereIsNone) {
  const std::string term = std::string(120, 'a') + "nationalizations";
  const std::string stem((*Stemmer::Create("english"))->Stem(term));
  ASSERT_LT(stem.size(), term.size());
  uint64_t num_refused = 0;
  for (const bool for_ever : {false, true}) {
    for (const uint64_t at_least : {0, 100}) {
      for (uint64_t number = 0; number < 4; ++number) {
        const auto stemmer = Stemmer::Create("english");
        FailMallocs(number, for_ever, at_least);
        try {
          EXPECT_EQ((*stemmer)->Stem(term), stem);
        } catch (const std::bad_alloc&) {
          ++num_refused;
        }
        StopFailingMallocs();
        EXPECT_EQ((*stemmer)->Stem(term), stem) << "with memory again";
      }
    }
  }
  EXPECT_EQ(num_refused > 0, bool{IBID_MALLOC_CAN_FAIL});
}

// ---- Reading -----------------------------------------------------------------------------------

absl::StatusOr<std::string> Ask(const std::shared_ptr<const IndexReader>& reader,
                                const std::string& text) {
  ParseOptions options;
  options.columns = {{"rank", ColumnType::kInteger},
                     {"share", ColumnType::kReal},
                     {"date", ColumnType::kDate},
                     {"source", ColumnType::kText}};
  options.synonyms = {{"rain", "falls"}};
  ASSIGN_OR_RETURN(const ParsedQuery parsed, ParseQuery(text, options));
  const Searcher searcher(reader);
  ASSIGN_OR_RETURN(const SearchResult found, searcher.Search(parsed.query, {.limit = 5}));
  std::string answer = absl::StrCat(found.total, "\n");
  for (const Hit& hit : found.hits) absl::StrAppend(&answer, hit.key, " ", hit.score, "\n");
  if (found.hits.empty()) return answer;
  ASSIGN_OR_RETURN(const Document document, searcher.GetDocument(found.hits[0]));
  ASSIGN_OR_RETURN(const std::vector<Match> matches,
                   searcher.Matches(found, found.hits[0], document, {}));
  const Snippet snippet = MakeSnippet(document, matches, {});
  return absl::StrCat(answer, HighlightSnippetHtml(snippet, "<b>", "</b>"));
}

// What returns no Status lets bad_alloc out, and the caller's own strings throw it, too.
absl::StatusOr<std::string> AskOrThrow(const std::shared_ptr<const IndexReader>& reader,
                                       const std::string& text) {
  try {
    return Ask(reader, text);
  } catch (const std::bad_alloc&) {
    return absl::ResourceExhaustedError("");
  }
}

class Reading : public testing::Test {
 protected:
  void SetUp() override {
    WriteIndexFiles(env_.get(), kDirectory, MakeEveryFeatureIndex({}));
    reader_ = *IndexReader::Open(kDirectory, env_.get());
  }

  std::unique_ptr<Env> env_ = NewMemoryEnv();
  std::shared_ptr<const IndexReader> reader_;
};

class AskOperation : public Operation {
 public:
  AskOperation(std::shared_ptr<const IndexReader> reader, std::string text)
      : reader_(std::move(reader)), text_(std::move(text)) {}

  absl::Status Run() override {
    absl::StatusOr<std::string> answer = AskOrThrow(reader_, text_);
    if (!answer.ok()) return answer.status();
    answer_ = *std::move(answer);
    return absl::OkStatus();
  }

  std::string Problem(const absl::Status& status) override {
    const std::string expected = *Ask(reader_, text_);  // the same reader, with memory again
    if (status.ok()) return answer_ == expected ? "" : absl::StrCat("answered ", answer_);
    return IsOutOfMemory(status) ? "" : status.ToString();
  }

 private:
  std::shared_ptr<const IndexReader> reader_;
  std::string text_, answer_;
};

TEST_F(Reading, AQueryIsAnsweredRightlyOrRefused) {
  for (const char* text :
       {"rain", "raining wa26 wb1", "rain AND wa0", "rain NOT wa0", "\"of the rain\"",
        "\"rain wa0\"~6", "wa0 NEAR/4 rain", "rain ADJ/2 wb1", "quote:falls", "title:rain", "w*",
        "wa0~1", "date:>2015-12-03 rain", "source:\"the wire\"", "~rain wa0^3", "rank:3..5",
        "(wa0 OR wc2) AND \"the rain\" NOT rank:1"}) {
    const std::string first = *Ask(reader_, text);
    ASSERT_FALSE(first.starts_with("0\n")) << text;
    Sweep(text, [&] { return std::make_unique<AskOperation>(reader_, text); });
  }
}

// An operation of one call that either gives what it should or a status.
class CallOperation : public Operation {
 public:
  explicit CallOperation(std::function<absl::StatusOr<std::string>()> call, std::string expected)
      : call_(std::move(call)), expected_(std::move(expected)) {}

  absl::Status Run() override {
    try {
      absl::StatusOr<std::string> given = call_();
      if (!given.ok()) return given.status();
      given_ = *std::move(given);
    } catch (const std::bad_alloc&) {  // of the test's own string
      return absl::ResourceExhaustedError("");
    }
    return absl::OkStatus();
  }

  std::string Problem(const absl::Status& status) override {
    if (status.ok()) return given_ == expected_ ? "" : absl::StrCat("gave ", given_);
    return IsOutOfMemory(status) ? "" : status.ToString();
  }

 private:
  std::function<absl::StatusOr<std::string>()> call_;
  std::string expected_, given_;
};

void SweepCall(const std::string& name, const std::function<absl::StatusOr<std::string>()>& call) {
  const absl::StatusOr<std::string> expected = call();
  ASSERT_TRUE(expected.ok()) << name << ": " << expected.status();
  Sweep(name, [&] { return std::make_unique<CallOperation>(call, *expected); });
}

TEST_F(Reading, OpeningRefreshingAndLookingUpGiveTheirAnswerOrAreRefused) {
  SweepCall("open", [&]() -> absl::StatusOr<std::string> {
    ASSIGN_OR_RETURN(const auto reader, IndexReader::Open(kDirectory, env_.get()));
    return absl::StrCat(reader->num_docs());
  });
  SweepCall("refresh", [&]() -> absl::StatusOr<std::string> {
    ASSIGN_OR_RETURN(const auto reader, reader_->Refresh());
    return absl::StrCat(reader->generation());
  });
  SweepCall("get", [&]() -> absl::StatusOr<std::string> {
    ASSIGN_OR_RETURN(const auto document, reader_->GetDocument("story/919-1"));
    return document ? document->text : "none";
  });
  SweepCall("terms", [&]() -> absl::StatusOr<std::string> {
    uint64_t sum = 0;
    RETURN_IF_ERROR(reader_->ForEachTerm("wa", [&](const TermStats& term) {
      sum += term.total_freq;
      return true;
    }));
    return absl::StrCat(sum);
  });
  SweepCall("postings", [&]() -> absl::StatusOr<std::string> {
    uint64_t sum = 0;
    RETURN_IF_ERROR(reader_->ForEachPosting("rain", [&](const TermPosting& posting) {
      sum += posting.freq + posting.positions.back();
      return true;
    }));
    return absl::StrCat(sum);
  });
}

TEST_F(Reading, CheckFindsASoundIndexSoundOrIsRefused) {
  for (const bool deep : {false, true}) {
    SweepCall(deep ? "check --deep" : "check", [&]() -> absl::StatusOr<std::string> {
      ASSIGN_OR_RETURN(const CheckReport report,
                       CheckIndex(kDirectory, env_.get(), {}, {.deep = deep}));
      return report.problems.empty() ? absl::StrCat(report.num_docs) : report.problems[0];
    });
  }
}

TEST_F(Reading, SalvageLeavesAWholeCopyOrNone) {
  SweepCall("salvage", [&]() -> absl::StatusOr<std::string> {
    const absl::StatusOr<SalvageReport> report = SalvageIndex(kDirectory, "copy", {}, env_.get());
    for (const Source& source : kSources) source.stop();
    const auto copy = CheckIndex("copy", env_.get());
    const bool is_whole = copy.ok() && copy->problems.empty();
    for (const std::string& name : env_->List("copy").value_or(std::vector<std::string>())) {
      env_->Remove(absl::StrCat("copy/", name)).IgnoreError();
    }
    env_->RemoveDirectory("copy").IgnoreError();
    if (absl::IsUnknown(report.status())) return absl::ResourceExhaustedError("");
    if (is_whole != report.ok()) return is_whole ? "a copy in spite of an error" : "a bad copy";
    if (!report.ok()) return report.status();
    return absl::StrCat(report->num_docs);
  });
}

// ---- Sources -----------------------------------------------------------------------------------

absl::StatusOr<std::string> ReadAll(const std::string& root) {
  return GuardMemory("reading", [&]() -> absl::StatusOr<std::string> {
    std::string read;
    SourceCallbacks callbacks;
    callbacks.on_document = [&](const Document& document) {
      absl::StrAppend(&read, document.key, " ", document.title, " ", document.text, "\n");
      return absl::OkStatus();
    };
    callbacks.on_problem = [&](const SourceProblem& problem) {
      absl::StrAppend(&read, problem.where, ": ", problem.what, "\n");
    };
    RETURN_IF_ERROR(ReadSource(root, {}, callbacks));
    return read;
  });
}

// What lacks memory is no fault of a document: it is never skipped for that. Without HTML, where
// libxml2 2.9 may go round for ever (docs/KNOWN_GAPS.md).
TEST(Sources, ADocumentIsReadOrTheReadingEndsForWantOfMemory) {
  const TemporaryFiles files;
  std::string lines;
  for (int i = 0; i < 20; ++i) {
    absl::StrAppend(&lines, R"({"id":"k)", i, R"(","text":"rain )", std::string(i * 50, 'a'),
                    "\"}\n");
  }
  files.Write("a.jsonl", lines);
  files.Write("b.txt", "rain");
  files.Write("d.jsonl.gz", Gzip(lines));
  files.Write("e.jsonl.zst", Zstd(lines));
  SweepCall("source", [&] { return ReadAll(files.root()); });
}

// ---- Writing -----------------------------------------------------------------------------------

// What a writer is asked to do; the first error ends it.
using Change = std::function<absl::Status(IndexWriter*)>;

class WriteOperation : public Operation {
 public:
  WriteOperation(const IndexFiles& files, const WriterOptions& options, const Change& change,
                 const IndexModel& before, const IndexModel& after, bool on_disk)
      : options_(options), change_(change), before_(before), after_(after) {
    if (on_disk) {
      env_ = Env::Posix();
      directory_ = temp_.emplace().Path(kDirectory);
    }
    if (!files.empty()) WriteIndexFiles(env_, directory_, files);
  }

  absl::Status Run() override {
    try {
      auto writer = IndexWriter::Open(directory_, options_, env_);
      RETURN_IF_ERROR(writer.status());
      const absl::Status status = change_(writer->get());
      refused_ = status.ok() || !(*writer)->Commit().ok();
      return status;
    } catch (const std::bad_alloc&) {  // of the caller's own documents
      return absl::ResourceExhaustedError("");
    }
  }

  std::string Problem(const absl::Status& status) override {
    if (!status.ok() && !IsOutOfMemory(status) && !absl::IsUnknown(status)) {
      return status.ToString();
    }
    const auto report = CheckIndex(directory_, env_);
    const bool is_there = !absl::IsNotFound(report.status());
    if (is_there && !report.ok()) return report.status().ToString();
    if (is_there && !report->problems.empty()) return report->problems[0];
    const IndexModel found = is_there ? ReadModel(env_, directory_) : IndexModel();
    const bool is_after = found == after_;
    if (!is_after && found != before_) return "neither the last commit nor the new one";
    if (status.ok() && !is_after) return "not the new commit";
    return KeptProblem(status, is_after);
  }

 private:
  // The message says which commit is kept; and the next writer goes on from there.
  std::string KeptProblem(const absl::Status& status, bool is_after) {
    const Generation now =
        before_.empty() && !is_after ? 0 : ManifestOf(env_, directory_).generation;
    const std::string_view message = MessageOf(status);
    const size_t kept = message.find("\nkept: commit ");
    if (kept != std::string_view::npos &&
        !message.substr(kept).starts_with(absl::StrCat("\nkept: commit ", now, ","))) {
      return absl::StrCat(status.message(), " but it is commit ", now);
    }
    auto writer = IndexWriter::Open(directory_, {.threads = 1}, env_);
    if (!writer.ok()) return absl::StrCat("no writer: ", writer.status().message());
    (*writer)->Add(MakeDocument("after", "", "rain again")).IgnoreError();
    const auto committed = (*writer)->Commit();
    if (!committed.ok()) return absl::StrCat("no commit: ", committed.status().message());
    const auto report = CheckIndex(directory_, env_);
    if (!report->problems.empty()) return report->problems[0];
    if (!report->warnings.empty()) return report->warnings[0];
    return refused_ ? "" : "it went on after an error";
  }

  std::optional<TempDirectory> temp_;  // where the index is on disk
  std::unique_ptr<Env> memory_ = NewMemoryEnv();
  Env* env_ = memory_.get();
  std::string directory_ = kDirectory;
  const WriterOptions& options_;
  const Change& change_;
  const IndexModel& before_;
  const IndexModel& after_;
  bool refused_ = true;  // what followed an error
};

class Writing : public testing::Test {
 protected:
  void SetUp() override {
    const std::unique_ptr<Env> env = NewMemoryEnv();
    auto writer = OpenWriter(env.get(), kDirectory, {.threads = 1});
    for (const size_t first : {0, 20, 40}) {
      for (Document& document : RandomDocuments(1, 20, first)) AddOrDie(writer.get(), document);
      CommitOrDie(writer.get());
    }
    writer.reset();
    files_ = ReadIndexFiles(env.get(), kDirectory);
    before_ = ReadModel(env.get(), kDirectory);
  }

  void SweepChange(const std::string& name, const WriterOptions& options, const Change& change,
                   bool is_new = false, bool on_disk = false) {
    const std::unique_ptr<Env> env = NewMemoryEnv();
    const IndexFiles files = is_new ? IndexFiles() : files_;
    if (!is_new) WriteIndexFiles(env.get(), kDirectory, files);
    {
      const auto writer = OpenWriter(env.get(), kDirectory, options);
      ASSERT_TRUE(change(writer.get()).ok());
    }
    const IndexModel before = is_new ? IndexModel() : before_;
    const IndexModel after = ReadModel(env.get(), kDirectory);
    Sweep(name, [&] {
      return std::make_unique<WriteOperation>(files, options, change, before, after, on_disk);
    });
  }

  IndexFiles files_;  // three commits
  IndexModel before_;
};

absl::Status AddAll(IndexWriter* writer, const std::vector<Document>& documents) {
  for (const Document& document : documents) {
    RETURN_IF_ERROR(writer->Add(document, "there").status());
  }
  return absl::OkStatus();
}

TEST_F(Writing, AFirstCommitIsMadeOrThereIsNoIndex) {
  const std::vector<Document> documents = RandomDocuments(2, 12);
  SweepChange(
      "first commit", {.threads = 1},
      [&](IndexWriter* writer) -> absl::Status {
        RETURN_IF_ERROR(AddAll(writer, documents));
        return writer->Commit().status();
      },
      /*is_new=*/true);
}

TEST_F(Writing, AdditionsReplacementsAndDeletionsAreCommittedOrNot) {
  const std::vector<Document> documents = RandomDocuments(2, 12, 55);
  SweepChange("add, replace, delete, commit", {.threads = 1},
              [&](IndexWriter* writer) -> absl::Status {
                RETURN_IF_ERROR(AddAll(writer, documents));
                RETURN_IF_ERROR(writer->Delete("doc-3").status());
                RETURN_IF_ERROR(writer->Delete("doc-60").status());
                return writer->Commit().status();
              });
}

// Files that stay open would be noticed.
TEST_F(Writing, SoAreThoseOfAnIndexOnDisk) {
  const std::vector<Document> documents = RandomDocuments(2, 12, 55);
  SweepChange(
      "on disk: add, delete, merge, commit", {.threads = 1},
      [&](IndexWriter* writer) -> absl::Status {
        RETURN_IF_ERROR(AddAll(writer, documents));
        RETURN_IF_ERROR(writer->Delete("doc-3").status());
        RETURN_IF_ERROR(writer->Commit().status());
        RETURN_IF_ERROR(writer->MergeToOne());
        return writer->Commit().status();
      },
      /*is_new=*/false, /*on_disk=*/true);
}

TEST_F(Writing, SoAreDocumentsOfSeveralUnitsOnAnyNumberOfThreads) {
  const std::vector<Document> documents = RandomDocuments(2, 250, 55);
  for (const int threads : {1, 2}) {
    SweepChange(absl::StrCat("units, threads ", threads),
                {.buffer_bytes = 1 << 16, .threads = threads},
                [&](IndexWriter* writer) -> absl::Status {
                  RETURN_IF_ERROR(AddAll(writer, documents));
                  return writer->Commit().status();
                });
  }
}

TEST_F(Writing, AMergeIsCommittedOrNot) {
  for (const int threads : {1, 2}) {
    SweepChange(absl::StrCat("merge, threads ", threads), {.threads = threads},
                [&](IndexWriter* writer) -> absl::Status {
                  RETURN_IF_ERROR(writer->Delete("doc-3").status());
                  RETURN_IF_ERROR(writer->MergeToOne());
                  return writer->Commit().status();
                });
  }
}

TEST_F(Writing, SoIsAMergeInAnotherOrder) {
  std::vector<Document> documents;
  for (int i = 0; i < 560; ++i) {  // fewer keep their order
    documents.push_back(MakeDocument(absl::StrCat("k", i), "", i % 2 == 0 ? "sea" : "rain wind"));
  }
  SweepChange("merge in another order", {.threads = 2}, [&](IndexWriter* writer) -> absl::Status {
    RETURN_IF_ERROR(AddAll(writer, documents));
    RETURN_IF_ERROR(writer->MergeToOne(DocumentOrder::kBySharedWords));
    ASSIGN_OR_RETURN(const CommitInfo info, writer->Commit());
    return info.order_note.empty() ? absl::OkStatus() : absl::InternalError(info.order_note);
  });
}

TEST_F(Writing, AMergeInTheBackgroundIsPutInPlaceOrNot) {
  SweepChange("merge in the background", {.threads = 1, .background_merges = true},
              [&](IndexWriter* writer) -> absl::Status {
                // A third of a segment's documents: worth writing anew.
                for (int i = 0; i < 8; ++i) {
                  RETURN_IF_ERROR(writer->Delete(absl::StrCat("doc-", i)).status());
                }
                RETURN_IF_ERROR(writer->Commit().status());
                RETURN_IF_ERROR(writer->WaitForMerge());
                return writer->Commit().status();
              });
}

TEST_F(Writing, ARollbackGoesBackToTheLastCommit) {
  const std::vector<Document> documents = RandomDocuments(2, 250, 55);
  SweepChange("rollback", {.buffer_bytes = 1 << 16, .threads = 1},
              [&](IndexWriter* writer) -> absl::Status {
                RETURN_IF_ERROR(AddAll(writer, documents));
                RETURN_IF_ERROR(writer->Delete("doc-3").status());
                RETURN_IF_ERROR(writer->Rollback());
                RETURN_IF_ERROR(writer->Add(documents[0]).status());
                return writer->Commit().status();
              });
}

}  // namespace
}  // namespace ibid
