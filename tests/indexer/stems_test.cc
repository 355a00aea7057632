// The dictionary of stems against every token's stem.
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "common/text/analyzer.h"
#include "tests/indexer/index_model.h"
#include "tests/indexer/random_documents.h"

namespace ibid {
namespace {

using StemFrequencies = std::map<std::string, std::map<std::string, uint32_t>>;

// The stems that some token of another spelling has, with their frequencies by document.
StemFrequencies ExpectedStems(const std::vector<Document>& documents, const IndexOptions& options) {
  const auto analyzer = Analyzer::Create(options);
  EXPECT_TRUE(analyzer.ok()) << analyzer.status();
  StemFrequencies stems;
  std::map<std::string, bool> differs;
  AnalyzedText words;
  for (const Document& document : documents) {
    for (const std::string* field : {&document.title, &document.text}) {
      (*analyzer)->Analyze(*field, &words);
      for (size_t i = 0; i < words.num_tokens(); ++i) {
        const std::string stem((*analyzer)->Stem(words.term(i)));
        ++stems[stem][document.key];
        if (stem != words.term(i)) differs[stem] = true;
      }
    }
  }
  std::erase_if(stems, [&](const auto& entry) { return !differs.contains(entry.first); });
  return stems;
}

TEST(Stems, HoldEveryTokenOfEveryFormOnce) {
  const auto documents = RandomDocuments(11, 400);
  const auto env = NewMemoryEnv();
  const auto writer = OpenWriter(env.get(), "index");
  for (const Document& document : documents) AddOrDie(writer.get(), document);
  CommitOrDie(writer.get());
  const StemFrequencies expected = ExpectedStems(documents, writer->index_options());
  EXPECT_GT(expected.size(), 10u);
  EXPECT_EQ(ReadStems(env.get(), "index"), expected);
}

TEST(Stems, AreGatheredAnewWhereFormsComeTogetherInAMerge) {
  // "cities" alone, "city" alone, then a plain stem that another segment has a form of.
  const std::vector<Document> documents = {
      MakeDocument("a", "", "cities"), MakeDocument("b", "", "city rebel"),
      MakeDocument("c", "", "rebels city cities"), MakeDocument("d", "", "rebel")};
  const auto env = NewMemoryEnv();
  const auto writer = OpenWriter(env.get(), "index");
  for (const Document& document : documents) {
    AddOrDie(writer.get(), document);
    CommitOrDie(writer.get());
  }
  ASSERT_TRUE(writer->MergeToOne().ok());
  CommitOrDie(writer.get());
  const StemFrequencies expected = ExpectedStems(documents, writer->index_options());
  EXPECT_EQ(expected.at("rebel").size(), 3u);
  EXPECT_EQ(ReadStems(env.get(), "index"), expected);
}

TEST(Stems, GoWhereTheirLastFormIsDeleted) {
  const auto env = NewMemoryEnv();
  const auto writer = OpenWriter(env.get(), "index");
  AddOrDie(writer.get(), MakeDocument("a", "", "rebel"));
  AddOrDie(writer.get(), MakeDocument("b", "", "rebels"));
  AddOrDie(writer.get(), MakeDocument("c", "", "rebel"));
  AddOrDie(writer.get(), MakeDocument("d", "", "rebel"));
  CommitOrDie(writer.get());
  EXPECT_TRUE(writer->Delete("b").value_or(false));
  ASSERT_TRUE(writer->MergeToOne().ok());
  CommitOrDie(writer.get());
  EXPECT_TRUE(ReadStems(env.get(), "index").empty());
}

TEST(Stems, AreAbsentWithoutAStemmer) {
  const auto env = NewMemoryEnv();
  WriterOptions options;
  options.index = IndexOptions{.language = "none"};
  const auto writer = OpenWriter(env.get(), "index", options);
  AddOrDie(writer.get(), MakeDocument("a", "", "rebels rebel"));
  CommitOrDie(writer.get());
  EXPECT_TRUE(ReadStems(env.get(), "index").empty());
}

}  // namespace
}  // namespace ibid
