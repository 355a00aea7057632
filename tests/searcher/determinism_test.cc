// One value for the bytes of an index and one for its answers, whatever made them: instruction set
// (CTest runs this program with each), compiler, number of threads, commits, merges, and the secret
// of the process by which its tables hash. The values are kept here, so that each build is held to
// those of all the others. They change with the format, the analysis, ICU, Snowball and zstd (these
// are of Debian 12): then the test prints the new ones.
#include <gtest/gtest.h>

#include <bit>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/text/analyzer.h"
#include "ibid/snippet.h"
#include "tests/indexer/index_model.h"
#include "tests/oracle/random_stories.h"
#include "tests/oracle/test_index.h"
#include "tests/oracle/wire_stories.h"

namespace ibid {
namespace {

constexpr std::string_view kBytes = "790af39031c3fc07";
constexpr std::string_view kAnswers = "ed769f2033d8a67e";

constexpr char kDirectory[] = "index";
constexpr uint64_t kSeed = 20150;
constexpr size_t kCommits = 7;

// FNV-1a: spelled out here, so that no routine of the library can move with what it tests.
class Fingerprint {
 public:
  void Add(std::string_view bytes) {
    for (const char byte : bytes) Mix(static_cast<unsigned char>(byte));
    Mix(0);
  }
  std::string text() const { return absl::StrFormat("%016x", hash_); }

 private:
  void Mix(unsigned char byte) { hash_ = (hash_ ^ byte) * 0x100000001b3; }
  uint64_t hash_ = 0xcbf29ce484222325;
};

// The wire stories, and more than a block of random ones.
std::vector<Document> Stories() {
  std::vector<Document> stories = WireStories();
  RandomStories random(kSeed, 40);
  for (int i = 0; i < 400; ++i) stories.push_back(random.Story(absl::StrCat("random/", i)));
  return stories;
}

std::vector<std::string> Queries() {
  std::vector<std::string> queries = {"the", "earthquake OR harbour", "\"of the\"",
                                      "s*",  "\"prime minister\"~8",  "government NEAR/10 said"};
  RandomStories random(kSeed + 1, 40);
  for (size_t i = 0; i < 250; ++i) queries.push_back(random.AnyQuery(i % 3));
  return queries;
}

// How the same documents come to the index.
struct Way {
  int threads = 1;
  size_t commits = 1;
  bool merged = false;
  DocumentOrder order = DocumentOrder::kKept;

  std::string text() const {
    return absl::StrCat("threads ", threads, ", commits ", commits, merged ? ", merged" : "",
                        order == DocumentOrder::kKept ? "" : " in another order");
  }
};

// The index "index" of the Env. The buffer is so small that each commit is made of many units.
std::unique_ptr<Env> IndexBy(const Way& way, const std::vector<Document>& stories) {
  std::unique_ptr<Env> env = NewMemoryEnv();
  const auto writer =
      OpenWriter(env.get(), kDirectory, {.buffer_bytes = 1 << 16, .threads = way.threads});
  const size_t at_once = (stories.size() + way.commits - 1) / way.commits;
  for (size_t i = 0; i < stories.size(); ++i) {
    AddOrDie(writer.get(), stories[i]);
    if ((i + 1) % at_once == 0) CommitOrDie(writer.get());
  }
  CommitOrDie(writer.get());
  if (way.merged) {
    EXPECT_TRUE(writer->MergeToOne(way.order).ok());
    CommitOrDie(writer.get());
  }
  return env;
}

std::string BytesOf(Env* env) {
  Fingerprint fingerprint;
  for (const auto& [name, bytes] : SectionBytes(env, kDirectory)) {
    fingerprint.Add(name);
    fingerprint.Add(bytes);
  }
  return fingerprint.text();
}

// Keys and bits of the scores of all hits, and of the best the snippet.
std::string AnswersOf(const std::shared_ptr<const IndexReader>& reader) {
  Fingerprint fingerprint;
  const Searcher searcher(reader);
  for (const std::string& text : Queries()) {
    const SearchResult found = SearchAll(searcher, text);
    fingerprint.Add(absl::StrCat(text, "\n", found.total, "\n", HitLines(found.hits)));
    if (found.hits.empty()) continue;
    const auto document = searcher.GetDocument(found.hits[0]);
    EXPECT_TRUE(document.ok()) << document.status();
    const auto matches = searcher.Matches(found, found.hits[0], *document, {});
    EXPECT_TRUE(matches.ok()) << matches.status();
    fingerprint.Add(HighlightSnippet(MakeSnippet(*document, *matches, {}), "[", "]"));
  }
  return fingerprint.text();
}

TEST(Determinism, TheBytesOfAnIndexAreTheKeptOnes) {
  const std::vector<Document> stories = Stories();
  ASSERT_GT(stories.size(), 500u);
  for (const Way& way : {Way{}, Way{.threads = 2}, Way{.commits = kCommits, .merged = true},
                         Way{.threads = 2, .commits = kCommits, .merged = true}}) {
    EXPECT_EQ(BytesOf(IndexBy(way, stories).get()), kBytes)
        << way.text() << ", " << AnalysisLibraryVersions();
  }
}

TEST(Determinism, TheAnswersOfAnIndexAreTheKeptOnes) {
  const std::vector<Document> stories = Stories();
  for (const Way& way :
       {Way{}, Way{.threads = 2}, Way{.commits = kCommits}, Way{.threads = 2, .commits = kCommits},
        Way{.commits = kCommits, .merged = true},
        Way{.threads = 2, .merged = true, .order = DocumentOrder::kBySharedWords}}) {
    const auto env = IndexBy(way, stories);
    const auto reader = IndexReader::Open(kDirectory, env.get());
    ASSERT_TRUE(reader.ok()) << reader.status();
    EXPECT_EQ((*reader)->Info().segments.size(), way.merged ? 1 : way.commits);
    EXPECT_EQ(AnswersOf(*reader), kAnswers) << way.text() << ", " << AnalysisLibraryVersions();
  }
}

}  // namespace
}  // namespace ibid
