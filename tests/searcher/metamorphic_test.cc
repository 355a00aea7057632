// Answers that must not change when the question, or the way the index came about, is turned.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "ibid/index_reader.h"
#include "ibid/searcher.h"
#include "searcher/rank/bm25.h"
#include "tests/oracle/random_stories.h"
#include "tests/oracle/test_index.h"

namespace ibid {
namespace {

constexpr uint64_t kSeed = 77;
constexpr size_t kNumStories = 60;

std::vector<Document> Stories(uint64_t seed) {
  RandomStories random(seed, 16);
  std::vector<Document> stories;
  for (size_t i = 0; i < kNumStories; ++i) {
    stories.push_back(random.Story("story" + std::to_string(i * 37 % kNumStories)));
  }
  return stories;
}

std::vector<std::string> Queries(uint64_t seed, size_t count) {
  RandomStories random(seed, 16);
  std::vector<std::string> queries;
  for (size_t i = 0; i < count; ++i) queries.push_back(random.AnyQuery(1 + i % 3));
  return queries;
}

class Metamorphic : public testing::Test {
 protected:
  void SetUp() override {
    SCOPED_TRACE("seed " + std::to_string(kSeed));
    reader_ = IndexOf(Stories(kSeed), &index_);
  }

  std::vector<std::string> Keys(const std::string& text) const {
    return SortedKeys(SearchAll(Searcher(reader_), text).hits);
  }

  TestIndex index_;
  std::shared_ptr<const IndexReader> reader_;
};

bool IsSubset(const std::vector<std::string>& part, const std::vector<std::string>& whole) {
  return std::includes(whole.begin(), whole.end(), part.begin(), part.end());
}

TEST_F(Metamorphic, TheOrderOfOperandsDoesNotChangeWhatMatches) {
  RandomStories random(kSeed + 1, 16);
  for (int i = 0; i < 150; ++i) {
    const std::string a = random.AnyQuery(1), b = random.AnyQuery(2);
    SCOPED_TRACE(a + "   " + b);
    for (const char* op : {" AND ", " OR ", " XOR "}) {
      ASSERT_EQ(Keys("(" + a + ")" + op + "(" + b + ")"), Keys("(" + b + ")" + op + "(" + a + ")"));
    }
    const std::string x = random.Positional(1), y = random.Positional(1);
    ASSERT_EQ(Keys("(" + x + ") NEAR/4 (" + y + ")"), Keys("(" + y + ") NEAR/4 (" + x + ")"));
  }
}

TEST_F(Metamorphic, BooleanOperatorsAreThoseOfSets) {
  RandomStories random(kSeed + 2, 16);
  const std::vector<std::string> all = Keys("*");
  EXPECT_EQ(all.size(), kNumStories);
  for (int i = 0; i < 150; ++i) {
    const std::string a = "(" + random.AnyQuery(1) + ")", b = "(" + random.AnyQuery(1) + ")";
    SCOPED_TRACE(a + "   " + b);
    const std::vector<std::string> in_a = Keys(a), in_b = Keys(b);
    std::vector<std::string> expected;
    std::set_intersection(in_a.begin(), in_a.end(), in_b.begin(), in_b.end(),
                          std::back_inserter(expected));
    ASSERT_EQ(Keys(a + " AND " + b), expected);
    ASSERT_EQ(Keys(a + " FILTER " + b), expected);
    expected.clear();
    std::set_union(in_a.begin(), in_a.end(), in_b.begin(), in_b.end(),
                   std::back_inserter(expected));
    ASSERT_EQ(Keys(a + " OR " + b), expected);
    ASSERT_EQ(Keys(a + " | " + b), expected);
    expected.clear();
    std::set_difference(in_a.begin(), in_a.end(), in_b.begin(), in_b.end(),
                        std::back_inserter(expected));
    ASSERT_EQ(Keys(a + " AND NOT " + b), expected);
    expected.clear();
    std::set_difference(all.begin(), all.end(), in_a.begin(), in_a.end(),
                        std::back_inserter(expected));
    ASSERT_EQ(Keys("NOT " + a), expected);
    ASSERT_EQ(Keys(a + " MAYBE " + b), in_a);
  }
}

TEST_F(Metamorphic, NarrowerOperatorsFindASubset) {
  RandomStories random(kSeed + 3, 16);
  for (int i = 0; i < 100; ++i) {
    const std::string a = "=" + std::string(random.Below(2) ? "rebels" : "the");
    const std::string b = random.Below(2) ? "=city" : "=said";
    const std::string phrase = "\"" + a.substr(1) + " " + b.substr(1) + "\"";
    const std::string n = std::to_string(1 + random.Below(5));
    const std::string more = std::to_string(6 + random.Below(5));
    EXPECT_TRUE(IsSubset(Keys(phrase), Keys(a + " AND " + b)));
    EXPECT_EQ(Keys(phrase), Keys(a + " ADJ/1 " + b));
    EXPECT_TRUE(IsSubset(Keys(a + " ADJ/" + n + " " + b), Keys(a + " NEAR/" + n + " " + b)));
    EXPECT_TRUE(IsSubset(Keys(a + " NEAR/" + n + " " + b), Keys(a + " NEAR/" + more + " " + b)));
    EXPECT_TRUE(IsSubset(Keys(a + " NEAR/s " + b), Keys(a + " NEAR/p " + b)));
    EXPECT_TRUE(IsSubset(Keys(phrase), Keys(phrase + "~" + n)));
    EXPECT_TRUE(IsSubset(Keys("title:" + a), Keys(a)));
    EXPECT_TRUE(IsSubset(Keys("quote:" + a), Keys(a)));
    EXPECT_TRUE(IsSubset(Keys(a), Keys(a.substr(1, 2) + "*")));
    EXPECT_TRUE(IsSubset(Keys(a), Keys(a.substr(1))));
    EXPECT_TRUE(IsSubset(Keys(a), Keys(a.substr(1) + "~")));
  }
}

TEST_F(Metamorphic, AnUnrelatedDocumentChangesNoSet) {
  const std::vector<std::string> queries = Queries(kSeed + 4, 150);
  std::map<std::string, std::vector<std::string>> before;
  for (const std::string& query : queries) before[query] = Keys(query);
  index_.Add({.key = "unrelated", .text = "Zzyzx qwfp."});
  index_.Commit();
  reader_ = index_.Reader();
  for (const std::string& query : queries) {
    std::vector<std::string> after = Keys(query);
    std::erase(after, "unrelated");  // what NOT and * match
    EXPECT_EQ(after, before[query]) << query;
  }
}

TEST(Splits, AnyDivisionIntoCommitsAndAnyMergeGiveTheSameAnswersAndScores) {
  const std::vector<Document> stories = Stories(kSeed + 5);
  const std::vector<std::string> queries = Queries(kSeed + 6, 200);
  TestIndex whole;
  const Searcher expected(IndexOf(stories, &whole));
  std::vector<std::string> answers;
  for (const std::string& query : queries) {
    answers.push_back(HitLines(SearchAll(expected, query).hits));
  }
  for (const size_t documents_a_commit : {1u, 7u, 25u}) {
    TestIndex split({}, documents_a_commit == 7 ? 2 : 1);
    for (size_t i = 0; i < stories.size(); ++i) {
      split.Add(stories[i]);
      if (i % documents_a_commit == documents_a_commit - 1) split.Commit();
    }
    split.Commit();
    for (const bool merged : {false, true}) {
      if (merged) split.MergeToOne();
      const Searcher searcher(split.Reader());
      EXPECT_TRUE(!merged || searcher.reader()->Info().segments.size() == 1);
      for (size_t i = 0; i < queries.size(); ++i) {
        ASSERT_EQ(HitLines(SearchAll(searcher, queries[i]).hits), answers[i])
            << queries[i] << ", " << documents_a_commit << " a commit, merged " << merged;
      }
    }
  }
}

TEST(Splits, DeletingAndAddingAnewIsAFreshIndexAfterAMerge) {
  const std::vector<Document> stories = Stories(kSeed + 7);
  TestIndex fresh, used;
  const Searcher expected(IndexOf(stories, &fresh));
  RandomStories other(kSeed + 8, 16);
  for (size_t i = 0; i < stories.size(); ++i) {
    if (i % 3 == 0) used.Add(other.Story(stories[i].key));
    if (i % 3 == 1) used.Add(stories[i]);
    used.Add(other.Story("gone" + std::to_string(i)));
  }
  used.Commit();
  for (size_t i = 0; i < stories.size(); ++i) {
    if (i % 4 == 0) used.Delete(stories[i].key);
    used.Add(stories[i]);
    used.Delete("gone" + std::to_string(i));
  }
  used.MergeToOne();
  const Searcher searcher(used.Reader());
  ASSERT_EQ(searcher.reader()->Info().num_deleted, 0u);
  for (const std::string& query : Queries(kSeed + 9, 200)) {
    EXPECT_EQ(HitLines(SearchAll(searcher, query).hits), HitLines(SearchAll(expected, query).hits))
        << query;
  }
}

TEST_F(Metamorphic, EveryPageIsAPieceOfTheWholeList) {
  const Searcher searcher(reader_);
  for (const std::string& text : Queries(kSeed + 10, 60)) {
    const SearchResult all = SearchAll(searcher, text);
    const Query query = ParseFor(*reader_, text);
    for (const size_t limit : {1u, 3u, 10u}) {
      for (size_t offset = 0; offset <= all.hits.size() + 1; offset += 4) {
        SearchOptions options;
        options.limit = limit;
        options.offset = offset;
        const auto page = searcher.Search(query, options);
        ASSERT_TRUE(page.ok());
        const size_t begin = std::min(offset, all.hits.size());
        const size_t end = std::min(offset + limit, all.hits.size());
        const std::vector<Hit> expected(all.hits.begin() + static_cast<ptrdiff_t>(begin),
                                        all.hits.begin() + static_cast<ptrdiff_t>(end));
        ASSERT_EQ(HitLines(page->hits), HitLines(expected)) << text << " from " << offset;
        ASSERT_EQ(page->total, all.total);
      }
    }
  }
}

TEST_F(Metamorphic, ASearcherSharedByThreadsAnswersEachAsIfAlone) {
  const Searcher searcher(reader_);
  const std::vector<std::string> queries = Queries(kSeed + 11, 60);
  std::vector<std::string> expected;
  for (const std::string& query : queries) {
    expected.push_back(HitLines(SearchAll(searcher, query).hits));
  }
  constexpr size_t kThreads = 4;
  std::vector<std::vector<std::string>> found(kThreads);
  std::vector<std::thread> threads;
  for (size_t t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (size_t i = 0; i < queries.size(); ++i) {
        const std::string& query = queries[(i + t * 7) % queries.size()];
        found[t].push_back(HitLines(SearchAll(searcher, query).hits));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (size_t t = 0; t < kThreads; ++t) {
    for (size_t i = 0; i < queries.size(); ++i) {
      EXPECT_EQ(found[t][i], expected[(i + t * 7) % queries.size()]);
    }
  }
}

TEST_F(Metamorphic, ABoostMultipliesTheScore) {
  const Searcher searcher(reader_);
  for (const char* text : {"rebel", "\"the rebel\"", "the NEAR/5 said"}) {
    const SearchResult plain = SearchAll(searcher, text);
    const SearchResult boosted = SearchAll(searcher, "(" + std::string(text) + ")^2");
    ASSERT_EQ(plain.hits.size(), boosted.hits.size());
    for (size_t i = 0; i < plain.hits.size(); ++i) {
      EXPECT_EQ(boosted.hits[i].key, plain.hits[i].key);
      EXPECT_EQ(boosted.hits[i].score, plain.hits[i].score * 2);  // a power of two is exact
    }
  }
}

// The value is what `what` says of the children's.
void ExpectConsistent(const Explanation& e) {
  SCOPED_TRACE(e.what);
  const auto value = [&e](size_t i) { return static_cast<float>(e.children[i].value); };
  if (e.what.ends_with("weight * freq / (freq + length norm)")) {
    ASSERT_EQ(e.children.size(), 3u);
    EXPECT_EQ(e.value, Bm25(value(0), value(1), value(2)));
    return;
  }
  float sum = 0, best = 0;
  for (size_t i = 0; i < e.children.size(); ++i) {
    ExpectConsistent(e.children[i]);
    sum += value(i);
    best = std::max(best, value(i));
  }
  if (e.what.starts_with("sum of") || e.what.ends_with(": sum of its words")) {
    EXPECT_EQ(e.value, sum);
  }
  EXPECT_TRUE(e.what != "best of" || e.value == best);
  EXPECT_TRUE(e.what.find("filter") == std::string::npos || e.value == 0.0);
}

TEST_F(Metamorphic, ExplanationsAddUpToTheScore) {
  const Searcher searcher(reader_);
  size_t i = 0;
  for (const std::string& text : Queries(kSeed + 12, 150)) {
    SearchOptions options;
    options.explain = true;
    if (++i % 3 == 0) options.proximity_score = ProximityScore::kFilter;
    for (const Hit& hit : SearchAll(searcher, text, options).hits) {
      ASSERT_TRUE(hit.explanation.has_value()) << text;
      ASSERT_EQ(hit.explanation->value, static_cast<double>(hit.score)) << text;
      ExpectConsistent(*hit.explanation);
    }
  }
}

}  // namespace
}  // namespace ibid
