// The engine against the brute-force engine on real prose: the wire stories, with their sentences,
// quotations and dates, and queries made of their words.
#include "tests/oracle/wire_stories.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "common/text/analyzer.h"
#include "tests/oracle/naive_engine.h"
#include "tests/oracle/random_stories.h"
#include "tests/oracle/same_answers.h"
#include "tests/oracle/test_index.h"
#include "tests/oracle/token_list.h"

namespace ibid {
namespace {

constexpr uint64_t kSeed = 1204;

class WireStoriesTest : public testing::Test {
 protected:
  void SetUp() override {
    const std::vector<Document> stories = WireStories();
    ASSERT_GT(stories.size(), 100u);
    reader_ = IndexOf(stories, &index_);
    oracle_ = std::make_unique<NaiveEngine>(OracleOf(*reader_));
    const std::unique_ptr<Analyzer> analyzer = *Analyzer::Create({});
    for (const Document& story : stories) {
      tokens_.push_back(MakeTokenList(story, analyzer.get()).words);
    }
  }

  // Two words of every story, then those of a dozen places in a row of one.
  std::vector<std::string> WordsOfAPlace(std::mt19937_64* random) const {
    const std::vector<std::string>& story = tokens_[(*random)() % tokens_.size()];
    std::map<std::string, size_t> counts;
    const size_t begin = (*random)() % story.size();
    for (size_t i = begin; i < std::min(begin + 12, story.size()); ++i) {
      if (!story[i].empty()) ++counts[story[i]];
    }
    std::vector<std::string> words = {"the", "said"};
    for (const auto& [word, count] : counts) words.push_back(word);
    return words;
  }

  TestIndex index_;
  std::shared_ptr<const IndexReader> reader_;
  std::unique_ptr<NaiveEngine> oracle_;
  std::vector<std::vector<std::string>> tokens_;
};

TEST_F(WireStoriesTest, RandomQueriesOverWordsOfOnePlaceAreAnsweredAsByBruteForce) {
  std::mt19937_64 random(kSeed);
  for (size_t i = 0; i < 150; ++i) {
    SCOPED_TRACE("seed " + std::to_string(kSeed) + ", query " + std::to_string(i));
    RandomStories queries(random(), WordsOfAPlace(&random));
    ExpectSameAnswers(reader_, *oracle_, queries.AnyQuery(i % 3), {.limit = 1000});
    if (HasFatalFailure()) return;
  }
}

// The words next to one another in a story find that story.
TEST_F(WireStoriesTest, EveryPieceOfAStoryInQuotesFindsIt) {
  std::mt19937_64 random(kSeed + 1);
  const Searcher searcher(reader_);
  const std::vector<Document> stories = WireStories();
  for (size_t i = 0; i < 300; ++i) {
    const size_t number = random() % stories.size();
    const std::vector<std::string>& words = tokens_[number];
    const size_t begin = random() % words.size();
    std::string phrase;
    for (size_t at = begin; at < words.size() && at < begin + 6 && !words[at].empty(); ++at) {
      phrase += words[at] + " ";
    }
    if (phrase.empty()) continue;
    const std::vector<std::string> keys =
        SortedKeys(SearchAll(searcher, "\"" + phrase + "\"").hits);
    EXPECT_TRUE(std::binary_search(keys.begin(), keys.end(), stories[number].key)) << phrase;
  }
}

}  // namespace
}  // namespace ibid
