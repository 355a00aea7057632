// Where a commit has more documents than the buffer bears the keys of, parts of it are put aside on
// disk: nothing that a caller sees depends on it.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "common/base/strings.h"
#include "tests/indexer/index_model.h"
#include "tests/indexer/random_documents.h"

namespace ibid {
namespace {

constexpr size_t kLargeBuffer = size_t{256} << 20;
constexpr size_t kSmallBuffer = size_t{1} << 13;  // keys of some eighty documents

WriterOptions Options(size_t buffer_bytes, IndexOptions index = {}) {
  WriterOptions options;
  options.index = index;
  options.threads = 2;
  options.buffer_bytes = buffer_bytes;
  return options;
}

// What a run of random calls gave, one line a call, and what the index then holds.
struct RandomRun {
  std::vector<std::string> outcomes;
  std::map<std::string, std::string> sections;
};

std::string Describe(const CommitInfo& info) {
  return StrCat("commit: ", info.num_docs, " documents, ", info.added, " added, ", info.replaced,
                " replaced, ", info.unchanged, " unchanged, ", info.deleted, " deleted, ",
                info.repeated, " repeated");
}

std::string KeysWith(IndexWriter* writer, std::string_view prefix) {
  std::vector<std::string> keys;
  const absl::Status status =
      writer->ForEachKey(prefix, [&](std::string_view key) { keys.emplace_back(key); });
  EXPECT_TRUE(status.ok()) << status;
  std::sort(keys.begin(), keys.end());
  std::string text;
  for (const std::string& key : keys) text += key + " ";
  return text;
}

// Keys come again with the same content, with other content, from elsewhere, and are deleted.
RandomRun RunAtRandom(uint32_t seed, size_t buffer_bytes, const IndexOptions& index) {
  std::mt19937 random(seed);
  const std::vector<Document> documents = RandomDocuments(seed, 400);
  const auto env = NewMemoryEnv();
  const auto writer = OpenWriter(env.get(), "index", Options(buffer_bytes, index));
  RandomRun run;
  for (int call = 0; call < 1200; ++call) {
    const size_t choice = random() % 400;
    if (random() % 300 == 0) {
      run.outcomes.push_back(Describe(CommitOrDie(writer.get())));
    } else if (random() % 8 == 0) {
      const auto deleted = writer->Delete(documents[choice].key);
      run.outcomes.push_back(StrCat("deleted: ", deleted.value() ? 1 : 0));
    } else {
      Document document = documents[choice];
      if (random() % 3 == 0) document.text += " once more";
      const std::string origin = random() % 3 == 0 ? "elsewhere" : random() % 2 == 0 ? "" : "here";
      const auto added = writer->Add(std::move(document), origin);
      run.outcomes.push_back(StrCat("added: ", static_cast<int>(added.value())));
    }
  }
  run.outcomes.push_back(KeysWith(writer.get(), "doc-1"));
  EXPECT_TRUE(writer->MergeToOne().ok());
  run.outcomes.push_back(Describe(CommitOrDie(writer.get())));
  run.sections = SectionBytes(env.get(), "index");
  return run;
}

TEST(WriterSpill, NoOutcomeAndNoByteDependsOnIt) {
  const IndexOptions stored;
  IndexOptions unstored;
  unstored.store_text = false;
  for (uint32_t seed = 1; seed <= 4; ++seed) {
    SCOPED_TRACE(seed);
    const IndexOptions& index = seed % 2 == 0 ? unstored : stored;
    const RandomRun in_memory = RunAtRandom(seed, kLargeBuffer, index);
    const RandomRun spilled = RunAtRandom(seed, kSmallBuffer, index);
    ASSERT_EQ(spilled.outcomes, in_memory.outcomes);
    EXPECT_TRUE(spilled.sections == in_memory.sections);
  }
}

TEST(WriterSpill, PutsPartsAsideAndHidesThemUntilTheCommit) {
  const auto env = NewMemoryEnv();
  const auto writer = OpenWriter(env.get(), "index", Options(kSmallBuffer));
  const auto documents = RandomDocuments(5, 500);
  size_t most_files = 0;
  for (const Document& document : documents) {
    AddOrDie(writer.get(), document);
    most_files = std::max(most_files, env->List("index")->size());
  }
  // Lock, manifest, one file a part of some eighty documents; units come and go.
  EXPECT_GE(env->List("index")->size(), 2u + 5u);
  EXPECT_LT(most_files, 2u + 5u + 12u);
  EXPECT_TRUE(SectionBytes(env.get(), "index").empty());
  CommitOrDie(writer.get());
  EXPECT_EQ(ManifestOf(env.get(), "index").segments.size(), 1u);
  EXPECT_EQ(env->List("index")->size(), 3u);
  EXPECT_EQ(ReadModel(env.get(), "index"), ExpectedModel(documents, IndexOptions{}));
}

TEST(WriterSpill, ManyPartsAreMergedWithEachOther) {
  const auto env = NewMemoryEnv();
  const auto writer = OpenWriter(env.get(), "index", Options(/*buffer_bytes=*/1));
  std::vector<Document> documents;
  for (int i = 0; i < 64 * 64 * 2; ++i) {
    documents.push_back(MakeDocument(StrCat("k", i), "", StrCat("word ", i % 10)));
    AddOrDie(writer.get(), documents.back());
  }
  // Each 64 documents are a part; eight parts are one.
  EXPECT_LT(env->List("index")->size(), 2u + 3 * 8u);
  CommitOrDie(writer.get());
  EXPECT_TRUE(ReadModel(env.get(), "index") == ExpectedModel(documents, IndexOptions{}));
}

TEST(WriterSpill, ARollbackForgetsWhatWasPutAside) {
  const auto env = NewMemoryEnv();
  const auto writer = OpenWriter(env.get(), "index", Options(kSmallBuffer));
  const auto kept = RandomDocuments(6, 20);
  for (const Document& document : kept) AddOrDie(writer.get(), document);
  CommitOrDie(writer.get());
  for (const Document& document : RandomDocuments(7, 300)) AddOrDie(writer.get(), document);
  ASSERT_TRUE(writer->Rollback().ok());
  EXPECT_EQ(env->List("index")->size(), 3u);
  CommitOrDie(writer.get());
  EXPECT_EQ(ReadModel(env.get(), "index"), ExpectedModel(kept, IndexOptions{}));
}

}  // namespace
}  // namespace ibid
