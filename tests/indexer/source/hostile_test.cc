// Hostile inputs, and every file of the shared collection of them where it is there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "common/base/strings.h"
#include "common/text/analyzer.h"
#include "indexer/source/input_buffer.h"
#include "indexer/source/json_document.h"
#include "tests/indexer/source/read_files.h"

namespace ibid {
namespace {

namespace fs = std::filesystem;

std::string CorporaDirectory() {
  const char* set = std::getenv("IBID_CORPORA");
  return set != nullptr ? set : std::string(IBID_SOURCE_DIR) + "/../shared/corpora";
}

std::string Bytes(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream out;
  out << in.rdbuf();
  return out.str();
}

// The unpacked collection; empty, with the reason, where it cannot be had.
std::string Unpack(const TemporaryFiles& files) {
  const std::string archive = CorporaDirectory() + "/nasty-open.tar.zst";
  if (!fs::exists(archive)) return "";
  const std::string command = StrCat("tar --zstd -xf '", archive, "' -C '", files.root(), "'");
  return std::system(command.c_str()) == 0 ? files.root() : "";
}

TEST(Hostile, EveryFileOfTheCollectionIsReadOrRefused) {
  const TemporaryFiles files;
  if (Unpack(files).empty()) GTEST_SKIP() << "no nasty-open.tar.zst in " << CorporaDirectory();
  for (const SourceFormat format :
       {SourceFormat::kAuto, SourceFormat::kText, SourceFormat::kJsonLines, SourceFormat::kTrec,
        SourceFormat::kReuters, SourceFormat::kHtml}) {
    const Found found = Read(files.root(), {.format = format});
    EXPECT_TRUE(found.status.ok()) << found.status;
    for (const Document& document : found.documents) {
      EXPECT_TRUE(IsValidUtf8(document.title)) << document.key;
      EXPECT_TRUE(IsValidUtf8(document.text)) << document.key;
    }
    EXPECT_TRUE(format != SourceFormat::kAuto || found.documents.size() > 400) << Describe(found);
  }
}

// The suite's files stand as a value inside an object, which is what a line must be.
TEST(Hostile, JsonIsAcceptedAndRefusedAsJsonTestSuiteSays) {
  const TemporaryFiles files;
  if (Unpack(files).empty()) GTEST_SKIP() << "no nasty-open.tar.zst in " << CorporaDirectory();
  JsonDocumentParser parser;
  int num_read = 0;
  for (const fs::directory_entry& entry :
       fs::directory_iterator(files.root() + "/nasty/json/test_parsing")) {
    const std::string name = entry.path().filename();
    std::string json = StrCat("{\"text\":\"x\",\"v\":", Bytes(entry.path()), "}");
    const size_t length = json.size();
    json.append(InputBuffer::kPadding, '\0');
    const absl::StatusOr<JsonDocument> read =
        parser.Parse(std::string_view(json).substr(0, length));
    // Names begin with y (accept), n (refuse) or i (either).
    EXPECT_TRUE(name[0] != 'y' || read.ok()) << name << ": " << read.status();
    EXPECT_TRUE(name[0] != 'n' || !read.ok()) << name;
    ++num_read;
  }
  EXPECT_GT(num_read, 300);
}

TEST(Hostile, RandomChangesOfGoodFilesDoNoHarm) {
  const std::vector<std::pair<std::string, std::string>> seeds = {
      {"a.txt", "title: T\ndate: 2026-01-02\nx: y\n\ntext \xe2\x80\x9cq\xe2\x80\x9d"},
      {"a.jsonl",
       "{\"id\":\"1\",\"text\":\"a\\u00e9\\n\",\"v\":[1,2.5,{\"x\":null}]}\n{\"text\":\"b\"}\n"},
      {"a.json", "[\n{\"id\":\"1\",\n\"text\":\"a\"},\n{\"text\":\"b\"}\n]"},
      {"a.trec", "<DOC><DOCNO>1</DOCNO><TEXT>a <P>b</TEXT></DOC>\n<DOC><DOCNO>2</DOCNO>c</DOC>"},
      {"a.sgm",
       "<REUTERS NEWID=\"1\"><DATE>26-FEB-1987</DATE><TOPICS><D>x</D></TOPICS>"
       "<TEXT><TITLE>t</TITLE><BODY>b</BODY></TEXT></REUTERS>"},
      {"a.html",
       "<html><meta charset=koi8-r><title>t</title><p class='x'>a&eacute;<br>b</p></html>"},
      {"a.gz", Gzip("some words in a packed file")},
      {"a.zst", Zstd("some words in a packed file")}};
  const uint32_t seed = std::random_device()();
  SCOPED_TRACE(StrCat("seed ", seed));
  std::mt19937 random(seed);
  const TemporaryFiles files;
  for (int round = 0; round < 300; ++round) {
    for (const auto& [name, content] : seeds) {
      std::string bytes = content;
      for (int i = 0; i < 3; ++i) bytes[random() % bytes.size()] = static_cast<char>(random());
      if (round % 3 == 0) bytes.resize(random() % bytes.size());
      const std::string path = files.Write(name, bytes);
      EXPECT_TRUE(Read(path).status.ok());
    }
  }
}

}  // namespace
}  // namespace ibid
