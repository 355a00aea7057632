#include "bench/engines/query_sampler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "bench/engines/word_corpus.h"
#include "tests/support/temp_directory.h"

namespace ibid::bench {
namespace {

class QuerySamplerTest : public testing::Test {
 protected:
  void SetUp() override {
    words_ = directory_.Path("words.txt");
    const auto info = WriteWordCorpus({IBID_SOURCE_DIR "/corpus/wire.jsonl"}, words_);
    ASSERT_TRUE(info.ok()) << info.status().message();
    EXPECT_EQ(info->num_docs, 124u);
  }
  std::vector<BenchQuery> Sample(const SampleOptions& options) {
    return SampleQueries(words_, options).value();
  }
  // Whether the words stand side by side somewhere in the corpus.
  bool IsInCorpus(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text += " " + word;
    text += " ";
    WordCorpusReader reader = WordCorpusReader::Open(words_).value();
    while (const std::string* document = reader.Next()) {
      if ((" " + *document + " ").find(text) != std::string::npos) return true;
    }
    return false;
  }
  TempDirectory directory_;
  std::string words_;
};

TEST_F(QuerySamplerTest, GivesAsManyOfEachClassAsAskedAllDifferent) {
  std::map<std::string, std::set<std::string>> classes;
  for (const BenchQuery& query : Sample({.per_class = 12})) {
    EXPECT_TRUE(classes[query.query_class].insert(FormatBenchQuery(query)).second);
  }
  EXPECT_EQ(classes.size(), 10u);
  for (const auto& [name, queries] : classes) EXPECT_EQ(queries.size(), 12u) << name;
}

TEST_F(QuerySamplerTest, TheSameSeedGivesTheSameQueries) {
  const auto texts = [&](uint64_t seed) {
    std::string all;
    for (const BenchQuery& query : Sample({.per_class = 5, .seed = seed})) {
      all += FormatBenchQuery(query) + "\n";
    }
    return all;
  };
  EXPECT_EQ(texts(1), texts(1));
  EXPECT_NE(texts(1), texts(2));
}

TEST_F(QuerySamplerTest, PhrasesStandInTheCorpus) {
  size_t phrases = 0;
  for (const BenchQuery& query : Sample({.per_class = 8})) {
    if (!query.query_class.ends_with("phrase") && !query.query_class.starts_with("phrase"))
      continue;
    ++phrases;
    EXPECT_TRUE(IsInCorpus(query.clauses[0].words)) << FormatBenchQuery(query);
  }
  EXPECT_EQ(phrases, 32u);
}

TEST_F(QuerySamplerTest, StopPhrasesAreOfTheMostFrequentWordsAndOtherPhrasesAreNotOnlyOfThem) {
  std::set<std::string> stop_words;
  const auto queries = Sample({.per_class = 60, .num_stop_words = 10});
  for (const BenchQuery& query : queries) {
    if (query.query_class != "stop phrase") continue;
    stop_words.insert(query.clauses[0].words.begin(), query.clauses[0].words.end());
  }
  EXPECT_LE(stop_words.size(), 10u);
  EXPECT_TRUE(stop_words.contains("the"));
  for (const BenchQuery& query : queries) {
    if (!query.query_class.starts_with("phrase")) continue;
    size_t others = 0;
    for (const std::string& word : query.clauses[0].words)
      others += stop_words.contains(word) ? 0 : 1;
    EXPECT_GT(others, 0u) << FormatBenchQuery(query);
  }
}

TEST_F(QuerySamplerTest, AnEmptyCorpusIsAnError) {
  directory_.Write("empty.txt", "");
  EXPECT_TRUE(absl::IsNotFound(SampleQueries(directory_.Path("empty.txt"), {}).status()));
  EXPECT_TRUE(absl::IsNotFound(SampleQueries(directory_.Path("none.txt"), {}).status()));
}

TEST(WordCorpus, WordsAreLowerCasedRunsOfLettersAndDigits) {
  EXPECT_EQ(WordsOf("The U.S. said: 3.5% -- caf\xc3\xa9!"), "the u s said 3 5 caf");
  EXPECT_EQ(WordsOf("..."), "");
}

TEST(WordCorpus, LongWordsAreCutForAllAlike) {
  for (const size_t length : {63, 64, 65, 71, 72, 73, 200, 5000}) {
    const std::string expected(std::min<size_t>(length, kMaxWordBytes), 'x');
    EXPECT_EQ(WordsOf(std::string(length, 'X') + " y"), expected + " y") << length;
  }
}

}  // namespace
}  // namespace ibid::bench
