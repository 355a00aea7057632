// What one query may cost on an index: every limit of SearchLimits that holds before documents are
// looked at.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <vector>

#include "common/base/strings.h"
#include "ibid/searcher.h"
#include "searcher/match/binder.h"
#include "tests/oracle/test_index.h"
#include "tests/searcher/counted_clock.h"

namespace ibid {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class SearchLimitsTest : public testing::Test {
 protected:
  // Two segments; "word1" is the most frequent of the terms that begin with word only in their sum.
  void SetUp() override {
    index_.Add({.key = "a", .text = "word1 word2 word3 other1 other2"});
    index_.Add({.key = "b", .text = "word2 word4 other2"});
    index_.Commit();
    index_.Add({.key = "c", .text = "word1 word5 other3"});
    index_.Add({.key = "d", .text = "word1 word6 other3"});
    index_.Commit();
    reader_ = index_.Reader();
  }

  absl::StatusOr<SearchResult> Search(const std::string& text, const SearchOptions& options) const {
    return Searcher(reader_).Search(ParseFor(*reader_, text), options);
  }

  std::vector<std::string> Messages(const std::string& text, const SearchOptions& options) const {
    const auto found = Search(text, options);
    EXPECT_TRUE(found.ok()) << found.status();
    std::vector<std::string> messages;
    if (!found.ok()) return messages;
    for (const QueryNote& note : found->notes) messages.push_back(note.message);
    return messages;
  }

  std::string Refused(const std::string& text, const SearchOptions& options) const {
    const absl::Status status = Search(text, options).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted) << status;
    return std::string(MessageOf(status));
  }

  // "prefix0suffix prefix1suffix ...".
  static std::string Words(size_t count, const std::string& prefix, const std::string& suffix) {
    std::string text;
    for (size_t i = 0; i < count; ++i) text += StrCat(prefix, i, suffix, " ");
    return text;
  }

  TestIndex index_;
  std::shared_ptr<const IndexReader> reader_;
};

TEST_F(SearchLimitsTest, TheWildcardsOfAQueryShareItsExpansionsEqually) {
  SearchOptions options;
  options.limits.max_query_expansions = 4;
  EXPECT_THAT(Messages("word*", options),
              ElementsAre("\"word*\" matches 6 terms; used the 4 most frequent"
                          " (--max-query-expansions)"));
  EXPECT_THAT(Messages("word* other*", options),
              ElementsAre("\"word*\" matches 6 terms; used the 2 most frequent"
                          " (--max-query-expansions)",
                          "\"other*\" matches 3 terms; used the 2 most frequent"
                          " (--max-query-expansions)"));
  options.limits.max_query_expansions = 9;
  EXPECT_THAT(Messages("word*", options), IsEmpty());
}

TEST_F(SearchLimitsTest, EveryWildcardHasOneTermHoweverManyThereAre) {
  SearchOptions options;
  options.limits.max_query_expansions = 1;
  const auto found = Search("word* AND other*", options);
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_TRUE(found->partial);
  // word1 (a, c, d) before word2; other2 (a, b) before other3 (c, d), as frequent.
  ASSERT_EQ(found->hits.size(), 1u);
  EXPECT_EQ(found->hits[0].key, "a");
}

TEST_F(SearchLimitsTest, TheMostFrequentTermsAreThoseOfTheWholeSnapshot) {
  SearchOptions options;
  options.query_limits.max_expansions = 1;
  const auto split = Search("word*", options);
  ASSERT_TRUE(split.ok());
  EXPECT_EQ(split->total, 3u);
  index_.MergeToOne();
  reader_ = index_.Reader();
  const auto merged = Search("word*", options);
  ASSERT_TRUE(merged.ok());
  EXPECT_EQ(merged->total, 3u);
}

TEST_F(SearchLimitsTest, ReadingTheDictionaryTooOftenIsRefusedByTheNameOfTheLimit) {
  SearchOptions options;
  options.limits.max_terms_read = 0;
  EXPECT_TRUE(Search(Words(kFreeDictionaryWalks, "w", "x~"), options).ok());
  // The larger segment has 6 terms; together they have 10, and each may be read 32 times.
  EXPECT_EQ(Refused(Words(100, "w", "x~"), options),
            "query: 600 terms or more to compare with wildcards and fuzzy words, limit 320 "
            "(--max-terms-read)");
  EXPECT_EQ(Refused(Words(100, "*w", "x"), options),
            "query: 600 terms or more to compare with wildcards and fuzzy words, limit 320 "
            "(--max-terms-read)");
  EXPECT_EQ(Refused(Words(100, "w*", "x"), options),
            "query: 321 terms or more to compare with wildcards and fuzzy words, limit 320 "
            "(--max-terms-read)");
  options.limits.max_terms_read = 10000;
  EXPECT_TRUE(Search(Words(100, "w", "x~"), options).ok());
}

TEST_F(SearchLimitsTest, EqualPatternsAreLookedUpOnce) {
  SearchOptions options;
  options.limits.max_terms_read = 0;
  std::string text;
  for (int i = 0; i < 100; ++i) text += "wrd1~ *d1 ";
  const auto found = Search(text, options);
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->total, 3u);
}

TEST_F(SearchLimitsTest, MemoryPastTheLimitIsRefusedByTheNameOfTheLimit) {
  SearchOptions options;
  options.limits.memory_bytes = 100000;
  EXPECT_TRUE(Search("word1 word2", options).ok());
  EXPECT_THAT(Refused(Words(100, "word", ""), options),
              testing::ContainsRegex("^query: 1[0-9]{2},[0-9]{3} bytes of memory or more, "
                                     "limit 100,000 \\(--max-memory\\)$"));
  std::string nested = "(word1 NEAR word2)";
  for (int i = 0; i < 30; ++i) nested = StrCat("(", nested, " NEAR \"word1 word2\")");
  EXPECT_THAT(Refused(nested, options), HasSubstr("(--max-memory)"));
}

TEST_F(SearchLimitsTest, ManyShortWildcardsStayWithinTheDefaultMemory) {
  std::string text;
  for (int i = 0; i < 2000; ++i) text += StrCat("t", i, " ");
  for (int i = 0; i < 20; ++i) index_.Add({.key = StrCat("many", i), .text = text});
  index_.Commit();
  reader_ = index_.Reader();
  SearchOptions options;
  options.limits.timeout_seconds = 0;  // none: a slow machine shall not cut the answer
  const auto found = Search(Words(500, "t*", "*"), options);
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_TRUE(found->partial);
  EXPECT_EQ(found->total, 20u);
  options.limits.max_query_expansions = 1000000;
  std::string same;
  for (int i = 0; i < 500; ++i) same += "t* ";
  EXPECT_THAT(Refused(same, options), HasSubstr("limit 67,108,864 (--max-memory)"));
}

TEST_F(SearchLimitsTest, TheTimeLimitHoldsWhileWordsAreLookedUp) {
  CountedClock clock;
  SearchOptions options;
  options.limits.timeout_seconds = CountedClock::kLimit;
  for (const char* text : {"word*", "*d1", "wrd1~", "p\"word1 wor*\"", "-word* word1"}) {
    clock.Restart();
    clock.OnLook(4, [&clock] { clock.Pass(); });  // behind those at the beginnings of both
    const auto found = Search(text, options);
    ASSERT_TRUE(found.ok()) << found.status();
    EXPECT_TRUE(found->partial);
    EXPECT_FALSE(found->total_is_exact);
    EXPECT_EQ(found->bound, nullptr) << "its words were not looked up";
    EXPECT_THAT(found->hits, IsEmpty());
    ASSERT_EQ(found->notes.size(), 1u);
    EXPECT_EQ(found->notes[0].message,
              "stopped after 1000.0 s; results are from 0 % of the documents");
  }
}

TEST_F(SearchLimitsTest, CancellingStopsTheLookingUpOfWords) {
  const std::atomic<bool> cancelled = true;
  EXPECT_EQ(Search("word*", {.cancelled = &cancelled}).status().code(),
            absl::StatusCode::kCancelled);
  EXPECT_EQ(
      BindQuery(ParseFor(*reader_, "word*"), reader_->impl(), {.cancelled = &cancelled}).status(),
      absl::CancelledError("search cancelled"));
}

TEST_F(SearchLimitsTest, NotesOfOneKindAfterAnotherAreCutOffAndCounted) {
  const std::vector<std::string> messages = Messages(Words(40, "none", "*"), {});
  ASSERT_EQ(messages.size(), 33u);
  EXPECT_EQ(messages.front(), "\"none0*\" matches no term of the index");
  EXPECT_EQ(messages.back(), "8 more of this kind");
}

}  // namespace
}  // namespace ibid
