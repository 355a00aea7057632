// Indexes that released formats left behind: tests/golden/v1 to v4, made by the program of their
// time from first.jsonl, second.jsonl and a few deletions:
//
//   ibid index -i vN --pairs 100 first.jsonl; ibid index -i vN second.jsonl   (v1 without --pairs)
//   ibid index -i vN third.jsonl                                              (from v4 on)
//   ibid delete -i vN story/5 note/007 late/3
//
// Every build opens, checks, asks and extends them, and refuses what a later format would be.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "common/base/strings.h"
#include "common/codec/crc32c.h"
#include "ibid/check_index.h"
#include "ibid/index_writer.h"
#include "ibid/version.h"
#include "indexer/source/source.h"
#include "tests/fault/every_feature_index.h"
#include "tests/oracle/test_index.h"
#include "tests/support/files.h"

namespace ibid {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

constexpr char kGolden[] = IBID_SOURCE_DIR "/tests/golden/";
constexpr char kDirectory[] = "index";

const char* const kQueries[] = {
    "rain",
    "the rain",
    "\"of the rain\"",
    "\"rains flooded the\"",
    "\"tide mark\"",
    "\"mark tide mark\"",
    "flood NEAR/5 rain",
    "rain ADJ/s keeper",
    "quote:falls",
    "title:harbour",
    "caf* OR ridg?",
    "barrls~",
    "date:2030..2031-06",
    "source:\"the courier\"",
    "pages:>5",
    "share:0.2..1.5",
    "tags:sea",
    "seen:2029-05",
    "rain NOT note",
    "+flood barrels^2",
};

// With the checksum at the end put right.
std::string Resealed(std::string bytes) {
  bytes.resize(bytes.size() - 4);
  const std::vector<uint8_t> covered(bytes.begin(), bytes.end());
  const uint32_t crc = Crc32c(covered);
  for (int shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(crc >> shift & 0xff);
  return bytes;
}

class GoldenIndexTest : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    files_ = ReadIndexFiles(Env::Posix(), kGolden + GetParam());
    WriteIndexFiles(env_.get(), kDirectory, files_);
  }

  // The third makes lists of pairs with bitsets and blocks in Rice codes.
  static std::vector<std::string> Sources() {
    std::vector<std::string> names = {"first.jsonl", "second.jsonl"};
    if (std::stoi(GetParam().substr(1)) >= 4) names.push_back("third.jsonl");
    return names;
  }

  // What the old program did, done by this one.
  std::unique_ptr<TestIndex> SameByThisProgram() {
    auto index = std::make_unique<TestIndex>();
    for (const std::string& name : Sources()) {
      const SourceCallbacks callbacks = {.on_document = [&](const Document& document) {
        index->Add(document);
        return absl::OkStatus();
      }};
      const absl::Status read = ReadSource(kGolden + name, {}, callbacks);
      EXPECT_TRUE(read.ok()) << read;
      index->Commit();
    }
    for (const char* key : {"story/5", "note/007", "late/3"}) index->Delete(key);
    index->Commit();
    return index;
  }

  std::shared_ptr<const IndexReader> Open() {
    const auto reader = IndexReader::Open(kDirectory, env_.get());
    EXPECT_TRUE(reader.ok()) << reader.status();
    return reader.ok() ? *reader : nullptr;
  }

  static std::string Answers(const std::shared_ptr<const IndexReader>& reader) {
    std::string answers;
    for (const char* query : kQueries) {
      const SearchResult found = SearchAll(Searcher(reader), query);
      answers += query + (" " + std::to_string(found.total)) + "\n" + HitLines(found.hits);
    }
    return answers;
  }

  std::vector<std::string> Problems() {
    const absl::StatusOr<CheckReport> report = CheckIndex(kDirectory, env_.get());
    EXPECT_TRUE(report.ok()) << report.status();
    return report.ok() ? report->problems : std::vector<std::string>{"not checked"};
  }

  IndexFiles files_;
  std::unique_ptr<Env> env_ = NewMemoryEnv();
};

TEST_P(GoldenIndexTest, IsOfItsVersionAndSound) {
  const std::string& manifest = files_.at("MANIFEST");
  EXPECT_EQ("v" + std::to_string(manifest[8]), GetParam());
  EXPECT_THAT(Problems(), IsEmpty());
}

// Where ICU and Snowball are those that the index was made with: words may be cut otherwise by
// others, of which the manifest tells.
TEST_P(GoldenIndexTest, AnswersAsAnIndexThatThisProgramMakes) {
  const std::shared_ptr<const IndexReader> old = Open();
  ASSERT_NE(old, nullptr);
  EXPECT_EQ(old->num_docs(), Sources().size() == 2 ? 274u : 874u);
  const std::unique_ptr<TestIndex> fresh = SameByThisProgram();
  EXPECT_EQ(Answers(old), Answers(fresh->Reader()));
  for (const char* key : {"story/0", "story/6", "note/255", "late/2"}) {
    EXPECT_EQ(**old->GetDocument(key), **fresh->Reader()->GetDocument(key));
  }
  EXPECT_FALSE(old->GetDocument("story/5")->has_value());
}

TEST_P(GoldenIndexTest, IsWrittenOnInTheFormatOfToday) {
  WriterOptions options;
  options.threads = 1;
  auto writer = IndexWriter::Open(kDirectory, options, env_.get());
  ASSERT_TRUE(writer.ok()) << writer.status();
  ASSERT_TRUE((*writer)->Add({.key = "new", .text = "zebra rain"}).ok());
  ASSERT_TRUE((*writer)->Commit().ok());
  EXPECT_THAT(Problems(), IsEmpty());
  EXPECT_EQ(SearchAll(Searcher(Open()), "zebra").total, 1u);
  ASSERT_TRUE((*writer)->MergeToOne().ok());
  ASSERT_TRUE((*writer)->Commit().ok());
  EXPECT_THAT(Problems(), IsEmpty());
  EXPECT_EQ(SearchAll(Searcher(Open()), "zebra OR rain").total,
            SearchAll(Searcher(Open()), "*").total - 1);  // late/2 has neither
}

TEST_P(GoldenIndexTest, OfANewerVersionIsRefusedByNameAndLeftAlone) {
  std::string manifest = files_.at("MANIFEST");
  manifest[8] = static_cast<char>(kFormatVersion + 1);
  // Any checksum but the right one is damage; a newer program would have written the right one.
  WriteFileOrDie(env_.get(), "index/MANIFEST", Resealed(manifest));
  const std::string expected = "index: format " + std::to_string(kFormatVersion + 1) +
                               "; this program reads 1-" + std::to_string(kFormatVersion);
  const IndexFiles before = ReadIndexFiles(env_.get(), kDirectory);
  for (const absl::Status& status : {IndexReader::Open(kDirectory, env_.get()).status(),
                                     CheckIndex(kDirectory, env_.get()).status(),
                                     IndexWriter::Open(kDirectory, {}, env_.get()).status()}) {
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_THAT(std::string(status.message()), HasSubstr(expected));
  }
  EXPECT_EQ(ReadIndexFiles(env_.get(), kDirectory), before);
}

// v3_one: second.jsonl indexed by the program of version 3, one segment without deletions.
TEST(GoldenSegment, ThatIsTheOnlyOneIsMergedIntoTheFormatOfToday) {
  const auto env = NewMemoryEnv();
  WriteIndexFiles(env.get(), kDirectory, ReadIndexFiles(Env::Posix(), StrCat(kGolden, "v3_one")));
  auto writer = IndexWriter::Open(kDirectory, {}, env.get());
  ASSERT_TRUE(writer.ok()) << writer.status();
  for (const uint64_t generation : {2, 2}) {  // once is enough
    ASSERT_TRUE((*writer)->MergeToOne().ok());
    ASSERT_TRUE((*writer)->Commit().ok());
    EXPECT_EQ((*writer)->generation(), generation);
  }
  std::string segment;
  for (const auto& [name, bytes] : ReadIndexFiles(env.get(), kDirectory)) {
    if (name.starts_with("seg_")) segment = bytes;
  }
  EXPECT_EQ(static_cast<uint32_t>(segment[8]), kFormatVersion);
  const absl::StatusOr<CheckReport> report = CheckIndex(kDirectory, env.get());
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_THAT(report->problems, IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Formats, GoldenIndexTest, testing::Values("v1", "v2", "v3", "v4"),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace ibid
