// What Searcher promises beside its answers: orders, limits, errors, notes.
#include "ibid/searcher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "searcher/match/matcher.h"
#include "tests/oracle/test_index.h"

namespace ibid {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class SearcherTest : public testing::Test {
 protected:
  void SetUp() override {
    reader_ = IndexOf({{.key = "d", .text = "rebel rebel rebels", .date = "2015-11-13"},
                       {.key = "b", .text = "rebels advance on the city", .date = "2016-01-01"},
                       {.key = "c", .text = "rebel advanced", .date = "2014-05-05"},
                       {.key = "a", .title = "Rebels", .text = "undated, and no other word"}},
                      &index_);
  }

  std::vector<std::string> Keys(const std::string& text, const SearchOptions& options) const {
    const auto found = Searcher(reader_).Search(ParseFor(*reader_, text), options);
    EXPECT_TRUE(found.ok()) << found.status();
    std::vector<std::string> keys;
    if (!found.ok()) return keys;
    for (const Hit& hit : found->hits) keys.push_back(hit.key);
    return keys;
  }

  absl::Status Error(const std::string& text, const SearchOptions& options) const {
    return Searcher(reader_).Search(ParseFor(*reader_, text), options).status();
  }

  std::vector<std::string> NoteCodes(const std::string& text, const SearchOptions& options) const {
    const auto found = Searcher(reader_).Search(ParseFor(*reader_, text), options);
    EXPECT_TRUE(found.ok()) << found.status();
    std::vector<std::string> codes;
    if (!found.ok()) return codes;
    for (const QueryNote& note : found->notes) codes.push_back(note.code);
    return codes;
  }

  TestIndex index_;
  std::shared_ptr<const IndexReader> reader_;
};

TEST_F(SearcherTest, SortsByScoreDateOrKeyAndPutsUndatedOnesLast) {
  EXPECT_THAT(Keys("rebel", {.sort = SortOrder::kKey}), ElementsAre("a", "b", "c", "d"));
  EXPECT_THAT(Keys("rebel", {.sort = SortOrder::kDateAscending}), ElementsAre("c", "d", "b", "a"));
  EXPECT_THAT(Keys("rebel", {.sort = SortOrder::kDateDescending}), ElementsAre("b", "d", "c", "a"));
  EXPECT_THAT(Keys("rebel", {}), ElementsAre("d", "c", "b", "a"));
}

TEST_F(SearcherTest, EqualScoresGoByKey) {
  EXPECT_THAT(Keys("*", {}), ElementsAre("a", "b", "c", "d"));
  EXPECT_THAT(Keys("*", {.limit = 2}), ElementsAre("a", "b"));
}

TEST_F(SearcherTest, WithoutHitsWantedThereIsStillATotal) {
  const auto found = Searcher(reader_).Search(ParseFor(*reader_, "rebel"), {.limit = 0});
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found->total, 4u);
  EXPECT_THAT(found->hits, IsEmpty());
}

TEST_F(SearcherTest, OptionsOutOfRangeAreRefusedByName) {
  EXPECT_EQ(Error("x", {.k1 = -1.0f}).message(), "k1: a finite number >= 0 expected");
  EXPECT_EQ(Error("x", {.k1 = INFINITY}).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Error("x", {.b = 1.5f}).message(), "b: a number from 0 to 1 expected");
  EXPECT_EQ(Error("x", {.b = NAN}).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Error("x", {.limit = 600000, .offset = 600000}).message(),
            "limit plus offset: at most 1000000 results (limit max_results)");
  EXPECT_EQ(Error("x", {.limit = 10, .offset = SIZE_MAX}).code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(SearcherTest, AnOperatorThatNeedsTooManyStepsIsRefusedByTheNameOfTheLimit) {
  std::string text;
  for (int i = 0; i < 300; ++i) text += "a b a c b ";
  index_.Add({.key = "long", .text = text});
  index_.Commit();
  reader_ = index_.Reader();
  SearchOptions options;
  options.limits.max_interval_steps = 1000;
  const absl::Status status =
      Error("\"a b\" NEAR/3..90 \"b a\" NEAR/3..90 (a OR c) NEAR/3..90 \"a c\"", options);
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(std::string(status.message()), HasSubstr("limit max_interval_steps"));
}

TEST_F(SearcherTest, CancellingStopsALongSearch) {
  for (int i = 0; i < 3000; ++i) index_.Add({.key = std::to_string(i), .text = "word"});
  index_.Commit();
  reader_ = index_.Reader();
  std::atomic<bool> cancelled = true;
  EXPECT_EQ(Error("word", {.cancelled = &cancelled}).code(), absl::StatusCode::kCancelled);
  cancelled = false;
  EXPECT_TRUE(Error("word", {.cancelled = &cancelled}).ok());
}

TEST_F(SearcherTest, PastTheTimeLimitTheAnswerIsPartialAndSaysSo) {
  for (int i = 0; i < 3000; ++i) index_.Add({.key = std::to_string(i), .text = "word"});
  index_.Commit();
  reader_ = index_.Reader();
  SearchOptions options;
  options.limits.timeout_seconds = 1e-9;
  const auto found = Searcher(reader_).Search(ParseFor(*reader_, "word"), options);
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_TRUE(found->partial);
  EXPECT_FALSE(found->total_is_exact);
  EXPECT_LE(found->total, 3001u);
  ASSERT_EQ(found->notes.size(), 1u);
  EXPECT_EQ(found->notes[0].code, "timeout");
  EXPECT_THAT(found->notes[0].message, HasSubstr("stopped after"));
}

TEST_F(SearcherTest, NotesSayWhatTheQueryMeansOnThisIndex) {
  EXPECT_THAT(NoteCodes("zz*", {}), ElementsAre("no-expansion"));
  SearchOptions few;
  few.query_limits.max_expansions = 1;
  EXPECT_THAT(NoteCodes("re*", few), ElementsAre("expansion-cut"));
  EXPECT_THAT(NoteCodes("rebel", {}), IsEmpty());
}

TEST_F(SearcherTest, ACutExpansionIsPartialAndKeepsTheMostFrequentForms) {
  SearchOptions few;
  few.query_limits.max_expansions = 1;
  const auto found = Searcher(reader_).Search(ParseFor(*reader_, "rebel*"), few);
  ASSERT_TRUE(found.ok());
  EXPECT_TRUE(found->partial);
  EXPECT_FALSE(found->total_is_exact);
  EXPECT_EQ(found->total, 3u);  // rebels: a, b, d; rebel has two
}

TEST_F(SearcherTest, BoostsThatMultiplyBeyondAllNumbersStillRank) {
  std::string text = "rebels";
  for (int i = 0; i < 40; ++i) text = "(" + text + " nosuchword)^1e9";
  const SearchResult found = SearchAll(Searcher(reader_), "(" + text + ") OR rebel^0");
  ASSERT_FALSE(found.hits.empty());
  for (const Hit& hit : found.hits) EXPECT_TRUE(std::isfinite(hit.score)) << hit.key;
}

TEST_F(SearcherTest, AHitOfAnotherSnapshotIsRefused) {
  Hit hit;
  hit.segment = 9;
  EXPECT_EQ(Searcher(reader_).GetDocument(hit).status().message(),
            "the hit is not of this searcher's snapshot");
  EXPECT_FALSE(Searcher(reader_).Matches(Query(), hit, {}, {}).ok());
  hit.segment = 0;
  hit.doc = 99;
  EXPECT_FALSE(Searcher(reader_).GetDocument(hit).ok());
}

TEST_F(SearcherTest, AHitOrResultOfAnOlderSnapshotIsRefused) {
  const Searcher older(reader_);
  const SearchResult result = SearchAll(older, "rebels");
  ASSERT_FALSE(result.hits.empty());
  index_.Delete(result.hits[0].key);
  index_.Commit();
  const Searcher newer(*reader_->Refresh());
  EXPECT_EQ(newer.GetDocument(result.hits[0]).status().message(),
            "the hit is not of this searcher's snapshot");
  const SearchResult moved = SearchAll(newer, "rebels");
  ASSERT_FALSE(moved.hits.empty());
  EXPECT_EQ(newer.Matches(result, moved.hits[0], {}, {}).status().message(),
            "the result is not of this searcher's snapshot");
  EXPECT_TRUE(newer.GetDocument(moved.hits[0]).ok());
  EXPECT_TRUE(older.GetDocument(result.hits[0]).ok());
}

TEST(MatchContext, LooksAtTheTimeOnceInSoManySteps) {
  MatchContext context;
  int looks = 0;
  context.check_time = [&looks] {
    return ++looks < 3 ? absl::OkStatus() : absl::DeadlineExceededError("over");
  };
  for (int i = 0; i < 20; ++i) context.CountSteps(MatchContext::kStepsPerCheck / 5 + 1);
  EXPECT_EQ(looks, 4);
  EXPECT_EQ(context.status.message(), "over");
}

TEST_F(SearcherTest, MatchesAreBytesOfTheStoredFields) {
  const Searcher searcher(reader_);
  const std::string text = "\"advance on\" rebels";
  std::map<std::string, std::vector<std::string>> shown;
  for (const Hit& hit : SearchAll(searcher, text).hits) {
    const auto document = searcher.GetDocument(hit);
    ASSERT_TRUE(document.ok());
    const auto matches = searcher.Matches(ParseFor(*reader_, text), hit, *document, {});
    ASSERT_TRUE(matches.ok());
    for (const Match& match : *matches) {
      const bool in_title = match.field == Match::FieldId::kTitle;
      shown[hit.key].push_back((in_title ? document->title : document->text)
                                   .substr(match.byte_begin, match.byte_end - match.byte_begin));
    }
  }
  EXPECT_EQ(shown.size(), 4u);
  EXPECT_THAT(shown["a"], ElementsAre("Rebels"));
  EXPECT_THAT(shown["b"], ElementsAre("rebels", "advance on"));
  EXPECT_THAT(shown["d"], ElementsAre("rebel", "rebel", "rebels"));
}

TEST(SearcherOnAlnum, AGroupWhoseOtherMembersHoldNoWordScoresAsTheOneThatDoes) {
  TestIndex index({.analyzer = AnalyzerKind::kAlnum});
  const Searcher searcher(IndexOf({{.key = "1", .text = "a x b"}}, &index));
  EXPECT_EQ(HitLines(SearchAll(searcher, "(a NEAR/3 b) SYN \u00e9").hits),
            HitLines(SearchAll(searcher, "a NEAR/3 b").hits));
}

TEST_F(SearcherTest, AWordSpeltLikeAStemThatIsNotItsOwnIsAnotherWord) {
  TestIndex index;  // the stem of "database" is "databas", that of "databas" is "databa"
  const Searcher searcher(IndexOf({{.key = "1", .text = "databas"}}, &index));
  EXPECT_TRUE(SearchAll(searcher, "database").hits.empty());
  EXPECT_EQ(SearchAll(searcher, "databas").hits.size(), 1u);
}

TEST_F(SearcherTest, AnEmptyQueryFindsNothing) {
  const auto found = Searcher(reader_).Search(Query(), {});
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found->total, 0u);
}

}  // namespace
}  // namespace ibid
