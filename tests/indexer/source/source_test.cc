#include "indexer/source/source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "common/base/strings.h"
#include "ibid/limits.h"
#include "tests/indexer/source/read_files.h"

namespace ibid {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> Keys(const Found& found) {
  std::vector<std::string> keys;
  for (const Document& document : found.documents) keys.push_back(document.key);
  return keys;
}

TEST(Source, DirectoriesAreReadRecursivelyInTheOrderOfTheirPaths) {
  const TemporaryFiles files;
  files.Write("b.txt", "b");
  files.Write("a/z.txt", "z");
  files.Write("a/deep/er/x.txt", "x");
  files.Write(".hidden/y.txt", "y");
  const Found found = Read(files.root());
  EXPECT_TRUE(found.status.ok()) << found.status;
  EXPECT_THAT(Keys(found), ElementsAre("a/deep/er/x.txt", "a/z.txt", "b.txt"));
  EXPECT_THAT(found.problems, IsEmpty());
}

TEST(Source, SymbolicLinksAreNotFollowedButNamed) {
  const TemporaryFiles files;
  const TemporaryFiles outside;
  outside.Write("secret.txt", "secret");
  files.Write("a.txt", "a");
  std::filesystem::create_symlink(outside.root() + "/secret.txt", files.root() + "/link.txt");
  std::filesystem::create_directory_symlink(outside.root(), files.root() + "/linked");
  const Found found = Read(files.root(), {.strict = true});
  EXPECT_TRUE(found.status.ok()) << found.status;
  EXPECT_THAT(Keys(found), ElementsAre("a.txt"));
  EXPECT_THAT(found.problems,
              ElementsAre("link.txt: skipped: symbolic link", "linked: skipped: symbolic link"));
}

TEST(Source, GlobsChooseByNameOrByPath) {
  const TemporaryFiles files;
  files.Write("a.txt", "a");
  files.Write("n/b.txt", "b");
  files.Write("n/c.md", "c");
  EXPECT_THAT(Keys(Read(files.root(), {.globs = {"*.txt"}})), ElementsAre("a.txt", "n/b.txt"));
  EXPECT_THAT(Keys(Read(files.root(), {.globs = {"n/*"}})), ElementsAre("n/b.txt", "n/c.md"));
}

TEST(Source, ExcludedDirectoriesAreNotEntered) {
  const TemporaryFiles files;
  files.Write("a.txt", "a");
  files.Write("index/segment.txt", "x");
  const Found found = Read(files.root(), {.excluded_directories = {files.root() + "/./index"}});
  EXPECT_THAT(Keys(found), ElementsAre("a.txt"));
  EXPECT_THAT(found.problems, IsEmpty());
}

TEST(Source, ANamedFileHasItsNormalisedPathAsKey) {
  const TemporaryFiles files;
  files.Write("n/a.txt", "a");
  EXPECT_THAT(Keys(Read(files.root() + "//n/./../n/a.txt")),
              ElementsAre(files.root() + "/n/a.txt"));
}

TEST(Source, KeyPrefixStandsBeforeEveryKey) {
  const TemporaryFiles files;
  files.Write("a.txt", "a");
  files.Write("b.jsonl", "{\"id\":\"7\",\"text\":\"x\"}\n{\"text\":\"y\"}\n");
  EXPECT_THAT(Keys(Read(files.root(), {.key_prefix = "r/"})),
              ElementsAre("r/a.txt", "r/7", "r/b.jsonl#2"));
}

TEST(Source, LinesBehindMuchWhiteSpaceAreRead) {
  const Found found = ReadFile("a.jsonl", std::string(200000, '\n') + "{\"text\":\"x\"}\n");
  EXPECT_EQ(found.documents.size(), 1u);
}

TEST(Source, AMissingPathIsNotFound) {
  const Found found = Read("no/such/file.txt");
  EXPECT_TRUE(absl::IsNotFound(found.status)) << found.status;
}

TEST(Source, StrictMakesTheFirstBadDocumentAnError) {
  const Found found = ReadFile("a.jsonl", "{\"text\":\"x\"}\n{bad}\n", {.strict = true});
  EXPECT_TRUE(absl::IsInvalidArgument(found.status));
  EXPECT_TRUE(
      MessageOf(found.status)
          .ends_with(
              "a.jsonl:2: bad JSON (a bracket, comma, colon or name is missing or too many)"))
      << found.status;
}

TEST(Source, TheCallersErrorStopsTheReading) {
  const TemporaryFiles files;
  files.Write("a.txt", "a");
  files.Write("b.txt", "b");
  int calls = 0;
  const SourceCallbacks callbacks{.on_document = [&](Document) {
    ++calls;
    return absl::AbortedError("enough");
  }};
  EXPECT_EQ(ReadSource(files.root(), {}, callbacks), absl::AbortedError("enough"));
  EXPECT_EQ(calls, 1);
}

TEST(Source, CancelledStopsBetweenDocuments) {
  const TemporaryFiles files;
  files.Write("a.jsonl", "{\"text\":\"1\"}\n{\"text\":\"2\"}\n{\"text\":\"3\"}\n");
  int calls = 0;
  const SourceCallbacks callbacks{.on_document =
                                      [&](Document) {
                                        ++calls;
                                        return absl::OkStatus();
                                      },
                                  .cancelled = [&] { return calls == 2; }};
  EXPECT_TRUE(absl::IsCancelled(ReadSource(files.root(), {}, callbacks)));
  EXPECT_EQ(calls, 2);
}

TEST(Source, BytesReadAddUpToTheSizeOfTheFiles) {
  const TemporaryFiles files;
  files.Write("a.txt", std::string(1000, 'a'));
  files.Write("b.txt.gz", Gzip(std::string(1000000, 'b')));
  files.Write("c.bin", std::string("\0\1\2", 3));
  const absl::StatusOr<uint64_t> size = SourceBytes(files.root(), {});
  ASSERT_TRUE(size.ok());
  EXPECT_EQ(Read(files.root()).num_bytes, *size);
  EXPECT_LT(*size, 3000u);
}

TEST(Source, ListSourceNamesTheFilesThatWouldBeRead) {
  const TemporaryFiles files;
  files.Write("a.txt", "a");
  files.Write("n/b.bin", "b");
  std::vector<std::string> paths;
  ASSERT_TRUE(ListSource(
                  files.root() + "/", {}, [&](const std::string& path) { paths.push_back(path); },
                  [](const SourceProblem&) {})
                  .ok());
  EXPECT_THAT(paths, ElementsAre(files.root() + "/a.txt", files.root() + "/n/b.bin"));
}

TEST(Source, FormatNamesAreThoseOfTheFlag) {
  EXPECT_EQ(*ParseSourceFormat("jsonl"), SourceFormat::kJsonLines);
  EXPECT_EQ(*ParseSourceFormat("auto"), SourceFormat::kAuto);
  EXPECT_EQ(ParseSourceFormat("pdf").status().message(),
            "unknown format \"pdf\"; the formats are auto, text, jsonl, trec, reuters and html");
}

TEST(Source, TheFormatOptionOverridesTheName) {
  const Found found = ReadFile("a.jsonl", "{\"text\":\"x\"}", {.format = SourceFormat::kText});
  EXPECT_EQ(Describe(found), "key `a.jsonl` text `{\"text\":\"x\"}`");
}

TEST(Source, PackedFilesAreReadAsWhatTheyHold) {
  const std::string lines = "{\"id\":\"1\",\"text\":\"x\"}\n";
  EXPECT_EQ(Describe(ReadFile("a.jsonl.gz", Gzip(lines) + Gzip("{\"id\":\"2\",\"text\":\"y\"}"))),
            "key `1` text `x` / key `2` text `y`");
  EXPECT_EQ(Describe(ReadFile("a.jsonl.zst", Zstd(lines) + Zstd("{\"id\":\"2\",\"text\":\"y\"}"))),
            "key `1` text `x` / key `2` text `y`");
  EXPECT_EQ(Describe(ReadFile("a.html.gz", Gzip("<title>T</title><p>x"))),
            "key `a.html.gz` title `T` text `x`");
}

std::string ManyLines() {
  std::string lines;
  for (int i = 0; i < 20000; ++i)
    lines += StrCat("{\"id\":", i, ",\"text\":\"w", i * 7919, "\"}\n");
  return lines;
}

TEST(Source, DocumentsBeforeTheEndOfATruncatedArchiveAreKept) {
  for (const bool gzip : {true, false}) {
    const std::string packed = gzip ? Gzip(ManyLines()) : Zstd(ManyLines());
    const Found found =
        ReadFile(gzip ? "a.jsonl.gz" : "a.jsonl.zst", packed.substr(0, packed.size() / 2));
    EXPECT_TRUE(found.status.ok());
    ASSERT_GT(found.documents.size(), gzip ? 1000u : 0u);
    EXPECT_LT(found.documents.size(), 20000u);
    ASSERT_EQ(found.problems.size(), 1u);
    EXPECT_THAT(found.problems[0], testing::HasSubstr(gzip ? "stopped: the gzip data ends early"
                                                           : "stopped: the zstd data ends early"));
  }
}

TEST(Source, DamagedArchivesAreReported) {
  std::string gzip = Gzip("some text that is packed");
  gzip[12] = '\xff';
  EXPECT_THAT(ReadFile("a.txt.gz", gzip).problems,
              ElementsAre(testing::StartsWith("a.txt.gz: skipped: the gzip data is damaged (")));
  std::string zstd = Zstd("some text that is packed");
  zstd[8] = '\xff';
  EXPECT_THAT(ReadFile("a.txt.zst", zstd).problems,
              ElementsAre(testing::StartsWith("a.txt.zst: skipped: the zstd data is damaged (")));
}

TEST(Source, ABombIsStoppedAtTheLimitOfADocument) {
  const std::string bomb = Gzip(std::string(kMaxDocumentBytes + 1, 'a'));
  EXPECT_EQ(Describe(ReadFile("a.txt.gz", bomb)), "a.txt.gz: skipped: larger than 64 MB");
  const std::string line =
      Zstd(StrCat(std::string(kMaxDocumentBytes + 1, 'a'), "\n{\"text\":\"x\"}"));
  EXPECT_EQ(Describe(ReadFile("a.jsonl.zst", line)),
            "key `a.jsonl.zst#2` text `x` / a.jsonl.zst:1: skipped: larger than 64 MB");
}

}  // namespace
}  // namespace ibid
