// A disk that is full, of every size up to one on which the work fits: the error names the file and
// the cause, the last commit stays, and a reader of it; once there is room, the next writer goes
// on. Five sizes by default; with IBID_EVERY_SIZE set, each multiple of 4 KiB.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "ibid/check_index.h"
#include "ibid/index_reader.h"
#include "ibid/index_writer.h"
#include "tests/fault/own_mounts.h"
#include "tests/indexer/index_model.h"
#include "tests/indexer/random_documents.h"
#include "tests/oracle/test_index.h"
#include "tests/support/temp_directory.h"

namespace ibid {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;

constexpr size_t kPage = 4096;
constexpr size_t kPlenty = size_t{64} << 20;

std::string AnswersOf(const std::shared_ptr<const IndexReader>& reader) {
  std::string answers;
  for (const char* text : {"the", "of AND the", "\"of the\"", "a*"}) {
    answers += HitLines(SearchAll(Searcher(reader), text).hits) + "\n";
  }
  return answers;
}

// Work on an index: what its last acknowledged commit shows, and a reader that holds it.
class Work {
 public:
  Work(std::string directory, int threads) : directory_(std::move(directory)), threads_(threads) {}

  // Three commits: documents of several units; others, replaced ones and a deletion; a merge.
  absl::Status Run() {
    ASSIGN_OR_RETURN(const auto writer,
                     IndexWriter::Open(directory_, {.buffer_bytes = 1 << 16, .threads = threads_}));
    RETURN_IF_ERROR(AddAndCommit(writer.get(), RandomDocuments(1, 200)));
    RETURN_IF_ERROR(writer->Delete("doc-3").status());
    RETURN_IF_ERROR(AddAndCommit(writer.get(), RandomDocuments(2, 60, 180)));
    RETURN_IF_ERROR(writer->MergeToOne());
    RETURN_IF_ERROR(writer->Commit().status());
    Keep();
    return absl::OkStatus();
  }

  // The last acknowledged commit is there and whole, and answers through either reader.
  void ExpectKept() const {
    const auto manifest = ReadCommittedManifest(Env::Posix(), directory_);
    if (reader_ == nullptr) {
      EXPECT_TRUE(absl::IsNotFound(manifest.status())) << manifest.status();
      return;
    }
    ASSERT_TRUE(manifest.ok()) << manifest.status();
    EXPECT_EQ(manifest->generation, reader_->generation());
    EXPECT_EQ(ReadModel(Env::Posix(), directory_), model_);
    EXPECT_EQ(AnswersOf(reader_), answers_);
    const auto other = IndexReader::Open(directory_);
    ASSERT_TRUE(other.ok()) << other.status();
    EXPECT_EQ(AnswersOf(*other), answers_);
  }

  bool has_commit() const { return reader_ != nullptr; }
  Generation generation() const { return reader_->generation(); }

 private:
  absl::Status AddAndCommit(IndexWriter* writer, const std::vector<Document>& documents) {
    for (const Document& document : documents) RETURN_IF_ERROR(writer->Add(document).status());
    RETURN_IF_ERROR(writer->Commit().status());
    Keep();
    return absl::OkStatus();
  }

  void Keep() {
    const auto reader = IndexReader::Open(directory_);
    ASSERT_TRUE(reader.ok()) << reader.status();
    reader_ = *reader;
    answers_ = AnswersOf(reader_);
    model_ = ReadModel(Env::Posix(), directory_);
  }

  std::string directory_;
  int threads_;
  std::shared_ptr<const IndexReader> reader_;
  std::string answers_;
  IndexModel model_;
};

void ExpectSound(const std::string& directory) {
  const auto report = CheckIndex(directory);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_THAT(report->problems, ::testing::IsEmpty());
  EXPECT_THAT(report->warnings, ::testing::IsEmpty());  // nothing left over
}

// Whether the work fitted into so many bytes.
bool WorkOn(size_t bytes, int threads) {
  SCOPED_TRACE(StrCat(bytes, " bytes, threads ", threads));
  const TempDirectory temp;
  const MemoryMount disk(temp.path(), bytes);
  const std::string directory = temp.Path("index");
  Work work(directory, threads);
  const absl::Status status = work.Run();
  work.ExpectKept();
  if (status.ok()) {
    ExpectSound(directory);
    return true;
  }
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  EXPECT_THAT(std::string(MessageOf(status)),
              ContainsRegex("(seg_|live_|MANIFEST|LOCK|index)[^\n]*: No space left on device"));
  if (work.has_commit()) {
    EXPECT_THAT(std::string(MessageOf(status)),
                HasSubstr(StrCat("\nkept: commit ", work.generation(), ",")));
  }
  disk.Resize(kPlenty);
  const auto writer = OpenWriter(Env::Posix(), directory);
  AddOrDie(writer.get(), MakeDocument("after", "", "there is room again"));
  CommitOrDie(writer.get());
  ExpectSound(directory);
  return false;
}

TEST(DiskFull, OfAnySizeTheLastCommitStaysAndTheErrorNamesFileAndCause) {
  const std::string problem = EnterOwnMounts();
  if (!problem.empty()) GTEST_SKIP() << "may not mount a file system of its own: " << problem;
  const bool all = std::getenv("IBID_EVERY_SIZE") != nullptr;
  std::vector<size_t> sizes = {1, 3, 12, 25, 50};  // pages
  size_t num_full = 0;
  bool fits = false;
  for (size_t i = 0; all ? !fits : i < sizes.size(); ++i) {
    fits = WorkOn((all ? i + 1 : sizes[i]) * kPage, i % 2 == 0 ? 1 : 2);
    num_full += fits ? 0 : 1;
    if (HasFatalFailure()) return;
  }
  EXPECT_GE(num_full, sizes.size());
  EXPECT_TRUE(fits || WorkOn(kPlenty, 2));
  std::printf("figures: full disks: %zu sizes\n", num_full);
}

}  // namespace
}  // namespace ibid
