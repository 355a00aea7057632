// What ends a search before its time: the time limit and the caller's flag. The clock is one that
// counts the looks at it, so that the end comes at each of them in turn.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <limits>
#include <string>

#include "ibid/searcher.h"
#include "tests/oracle/test_index.h"
#include "tests/searcher/counted_clock.h"

namespace ibid {
namespace {

using testing::HasSubstr;

// Operators that take many steps in a document of two words in turn.
constexpr const char* kHeavy[] = {"\"a b\"~40", "a NEAR/50 b NEAR/50 a",
                                  "\"a b\"~30 OR (a ADJ/30 b ADJ/30 a)"};

std::string InTurn(int words) {
  std::string text;
  for (int i = 0; i < words; ++i) text += i % 2 == 0 ? "a " : "b ";
  return text;
}

class SearchDeadlineTest : public testing::Test {
 protected:
  void Add(int documents, int words) {
    for (int i = 0; i < documents; ++i) {
      index_.Add({.key = "k" + std::to_string(num_added_++), .text = InTurn(words)});
    }
    index_.Commit();
    reader_ = index_.Reader();
  }

  SearchOptions Options(bool prune) const {
    SearchOptions options{.prune = prune, .cancelled = &cancelled_};
    options.limits.timeout_seconds = CountedClock::kLimit;
    return options;
  }

  absl::StatusOr<SearchResult> Search(const std::string& text, const SearchOptions& options) {
    clock_.Restart();
    cancelled_ = false;
    return Searcher(reader_).Search(ParseFor(*reader_, text), options);
  }

  // The flag is set at look `number`.
  absl::Status CancelledAt(uint64_t number, const std::string& text, const SearchOptions& options) {
    clock_.OnLook(number, [this] { cancelled_ = true; });
    const absl::Status status = Search(text, options).status();
    clock_.OnLook(0, {});
    return status;
  }

  TestIndex index_;
  std::shared_ptr<const IndexReader> reader_;
  std::atomic<bool> cancelled_ = false;
  CountedClock clock_;
  int num_added_ = 0;
};

TEST_F(SearchDeadlineTest, ACancelledSearchIsCancelledAtWhateverLookTheFlagIsSet) {
  Add(6, 3000);
  Add(6, 3000);
  for (const char* text : kHeavy) {
    for (const bool prune : {true, false}) {
      const SearchOptions options = Options(prune);
      const auto all = Search(text, options);
      ASSERT_TRUE(all.ok()) << all.status();
      EXPECT_EQ(all->total, 12u);
      const uint64_t looks = clock_.looks();
      EXPECT_GT(looks, 1u) << text;
      for (uint64_t number = 1; number < looks; ++number) {
        EXPECT_EQ(CancelledAt(number, text, options), absl::CancelledError("search cancelled"))
            << text << ", look " << number << " of " << looks;
      }
    }
  }
}

TEST_F(SearchDeadlineTest, CancellingGoesBeforeTheLimitOnSteps) {
  Add(4, 3000);
  Add(1, 20000);
  for (const bool prune : {true, false}) {
    SearchOptions options = Options(prune);
    options.limits.max_interval_steps = 600000;
    EXPECT_TRUE(absl::IsResourceExhausted(Search(kHeavy[0], options).status()));
    const uint64_t looks = clock_.looks();
    for (uint64_t number = 1; number <= looks; ++number) {
      EXPECT_EQ(CancelledAt(number, kHeavy[0], options), absl::CancelledError("search cancelled"))
          << "look " << number << " of " << looks;
    }
  }
}

TEST_F(SearchDeadlineTest, ATimeLimitThatIsOverGivesAPartialAnswerThatSaysSo) {
  Add(3000, 2);
  for (const double seconds : {-1.0, -1e-300, -std::numeric_limits<double>::infinity()}) {
    for (const char* text : {"a", "a AND b", "\"a b\"", "a OR b", "*", "a*"}) {
      for (const size_t limit : {0, 10}) {
        SearchOptions options{.limit = limit, .prune = false};
        options.limits.timeout_seconds = seconds;
        const auto found = Search(text, options);
        ASSERT_TRUE(found.ok()) << found.status();
        EXPECT_TRUE(found->partial) << text;
        EXPECT_FALSE(found->total_is_exact) << text;
        ASSERT_EQ(found->notes.size(), 1u) << text;
        EXPECT_EQ(found->notes[0].code, "timeout");
      }
    }
  }
}

TEST_F(SearchDeadlineTest, ATimeLimitOf0OrInfinityIsNone) {
  Add(3000, 2);
  for (const double seconds : {0.0, -0.0, std::numeric_limits<double>::infinity()}) {
    SearchOptions options;
    options.limits.timeout_seconds = seconds;
    const auto found = Search("\"a b\"", options);
    ASSERT_TRUE(found.ok()) << found.status();
    EXPECT_FALSE(found->partial);
    EXPECT_EQ(found->total, 3000u);
  }
}

TEST_F(SearchDeadlineTest, ATimeLimitThatIsNoNumberIsRefused) {
  Add(1, 2);
  SearchOptions options;
  options.limits.timeout_seconds = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(Search("a", options).status(),
            absl::InvalidArgumentError("timeout_seconds: a number expected"));
}

// Forms of queries that look at few candidates, or at none.
constexpr const char* kForms[] = {"*",      "a",           "NOT x",   "\"a b\"", "a NEAR b",
                                  "a OR b", "+a -\"b a\"", "a AND b", "x",       "a*"};

TEST_F(SearchDeadlineTest, AFlagSetBeforeTheSearchEndsItHoweverFewTheCandidates) {
  Add(3, 4);
  for (const char* text : kForms) {
    for (const bool prune : {true, false}) {
      for (const size_t limit : {0, 10}) {
        SearchOptions options{.limit = limit, .prune = prune, .cancelled = &cancelled_};
        cancelled_ = true;
        clock_.Restart();
        EXPECT_EQ(Searcher(reader_).Search(ParseFor(*reader_, text), options).status(),
                  absl::CancelledError("search cancelled"))
            << text;
        EXPECT_EQ(clock_.looks(), 1u) << "as its time began";
      }
    }
  }
}

TEST_F(SearchDeadlineTest, WhereverTheTimePassesTheAnswerIsPartialAndNoMoreThanTheTruth) {
  for (int i = 0; i < 4; ++i) Add(3, 4);
  for (const char* text : kForms) {
    for (const bool prune : {true, false}) {
      SearchOptions options = Options(prune);
      clock_.OnLook(0, {});
      const auto all = Search(text, options);
      ASSERT_TRUE(all.ok()) << all.status();
      EXPECT_FALSE(all->partial);
      const uint64_t looks = clock_.looks();
      EXPECT_GE(looks, 7u) << "at its beginning, before it looks words up, in each segment";
      for (uint64_t number = 2; number <= looks; ++number) {
        clock_.OnLook(number, [this] { clock_.Pass(); });
        const auto found = Search(text, options);
        ASSERT_TRUE(found.ok()) << found.status();
        EXPECT_LE(found->total, all->total) << text;
        EXPECT_LE(found->hits.size(), found->total) << text;
        EXPECT_TRUE(found->partial) << text << ", look " << number << " of " << looks;
        EXPECT_FALSE(found->total_is_exact) << text;
        ASSERT_EQ(found->notes.size(), 1u) << text;
        EXPECT_THAT(found->notes[0].message, HasSubstr("stopped after 1000.0 s; "));
      }
    }
  }
}

TEST_F(SearchDeadlineTest, MatchesAreAllOrAnError) {
  Add(1, 20000);
  const Searcher searcher(reader_);
  for (const char* text : {"a", "\"a b a b\"", "a NEAR/5 b", kHeavy[0]}) {
    const Query query = ParseFor(*reader_, text);
    SearchOptions options = Options(true);
    clock_.OnLook(0, {});
    const auto found = Search(text, options);
    ASSERT_TRUE(found.ok()) << found.status();
    ASSERT_EQ(found->hits.size(), 1u);
    const auto document = searcher.GetDocument(found->hits[0]);
    ASSERT_TRUE(document.ok()) << document.status();
    const auto matches = [&](bool of_result) {
      clock_.Restart();
      cancelled_ = false;
      return of_result ? searcher.Matches(*found, found->hits[0], *document, options)
                       : searcher.Matches(query, found->hits[0], *document, options);
    };
    for (const bool of_result : {true, false}) {
      const auto all = matches(of_result);
      ASSERT_TRUE(all.ok()) << all.status();
      EXPECT_GE(all->size(), 9999u);
      const uint64_t looks = clock_.looks();
      EXPECT_GE(looks, 6u) << text;
      for (uint64_t number = 1; number < looks; ++number) {
        clock_.OnLook(number, [this] { cancelled_ = true; });
        EXPECT_EQ(matches(of_result).status(), absl::CancelledError("search cancelled"))
            << text << ", look " << number << " of " << looks;
      }
      for (uint64_t number = 2; number <= looks; ++number) {
        clock_.OnLook(number, [this] { clock_.Pass(); });
        EXPECT_TRUE(absl::IsDeadlineExceeded(matches(of_result).status()))
            << text << ", look " << number << " of " << looks;
      }
      clock_.OnLook(0, {});
    }
  }
}

TEST_F(SearchDeadlineTest, MatchesGoByTheSameTimeLimits) {
  Add(1, 2);
  const Searcher searcher(reader_);
  const auto found = Search("a", {});
  ASSERT_TRUE(found.ok()) << found.status();
  const auto document = searcher.GetDocument(found->hits.at(0));
  ASSERT_TRUE(document.ok()) << document.status();
  const auto code_of = [&](double seconds) {
    SearchOptions options;
    options.limits.timeout_seconds = seconds;
    return searcher.Matches(*found, found->hits[0], *document, options).status().code();
  };
  EXPECT_EQ(code_of(-1), absl::StatusCode::kDeadlineExceeded);
  EXPECT_EQ(code_of(std::numeric_limits<double>::quiet_NaN()), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code_of(0), absl::StatusCode::kOk);
}

TEST_F(SearchDeadlineTest, TheClockIsLookedAtInsideAnOperator) {
  Add(1, 60000);
  for (const bool prune : {true, false}) {
    SearchOptions options = Options(prune);
    const auto all = Search(kHeavy[0], options);
    ASSERT_TRUE(all.ok()) << all.status();
    EXPECT_EQ(all->total, 1u);
    const uint64_t looks = clock_.looks();
    EXPECT_GT(looks, 10u);
    for (uint64_t number = 2; number < looks; ++number) {
      clock_.OnLook(number, [this] { clock_.Pass(); });
      const auto found = Search(kHeavy[0], options);
      ASSERT_TRUE(found.ok()) << found.status();
      EXPECT_TRUE(found->partial) << "look " << number << " of " << looks;
      EXPECT_LE(clock_.looks(), number + 2) << "one look ends it, one is for the note";
      EXPECT_TRUE(absl::IsCancelled(CancelledAt(number, kHeavy[0], options)));
      EXPECT_LE(clock_.looks(), number + 1) << "that of the words' own time";
    }
  }
}

TEST_F(SearchDeadlineTest, OperatorsOfLinearTimeAreCountedToo) {
  Add(1, 100000);
  std::string words, phrases;
  for (int i = 0; i < 30; ++i) {
    words += (i > 0 ? " OR (a NEAR/" : "(a NEAR/") + std::to_string(i + 5) + " b)";
    phrases += (i > 0 ? " OR \"a" : "\"a") + std::string(i % 2 == 0 ? " b a" : " b") + "\"^" +
               std::to_string(i + 1);
  }
  for (const std::string& text : {words, phrases}) {
    const auto all = Search(text, Options(false));
    ASSERT_TRUE(all.ok()) << all.status();
    EXPECT_GT(clock_.looks(), 10u) << text;
  }
}

// An operator that is given up in the middle of a document has neither matched nor excluded it.
TEST_F(SearchDeadlineTest, WhereverTheTimePassesNoHitIsWrong) {
  Add(3, 5000);
  index_.Add({.key = "short", .text = "b a a"});
  Add(3, 5000);
  for (const char* text :
       {"+a -\"a b\"~40", "(a OR b) -\"a b\"~40", "a AND b AND NOT (a NEAR/9 b NEAR/9 a)",
        "NOT \"a b\"~40", "+a \"a b\"~40 \"b a\"~30", "a OR \"a b\"~40 OR \"b a\"~30"}) {
    for (const bool prune : {true, false}) {
      SearchOptions options = Options(prune);
      clock_.OnLook(0, {});
      const auto all = Search(text, options);
      ASSERT_TRUE(all.ok()) << all.status();
      const uint64_t looks = clock_.looks();
      for (uint64_t number = 2; number <= looks; ++number) {
        clock_.OnLook(number, [this] { clock_.Pass(); });
        const auto found = Search(text, options);
        ASSERT_TRUE(found.ok()) << found.status();
        EXPECT_LE(found->total, all->total) << text;
        for (const Hit& hit : found->hits) {
          const auto is_same = [&hit](const Hit& h) {
            return h.key == hit.key && h.score == hit.score;
          };
          EXPECT_TRUE(std::any_of(all->hits.begin(), all->hits.end(), is_same))
              << text << ", " << hit.key << ", look " << number << " of " << looks;
        }
      }
    }
  }
}

TEST_F(SearchDeadlineTest, AnExplanationIsWholeOrMissing) {
  Add(2, 10000);
  SearchOptions options = Options(true);
  options.explain = true;
  const auto all = Search(kHeavy[0], options);
  ASSERT_TRUE(all.ok()) << all.status();
  const uint64_t looks = clock_.looks();
  int only_explanations_missing = 0;
  for (uint64_t number = 2; number < looks; ++number) {
    clock_.OnLook(number, [this] { clock_.Pass(); });
    const auto found = Search(kHeavy[0], options);
    ASSERT_TRUE(found.ok()) << found.status();
    EXPECT_TRUE(found->partial);
    ASSERT_EQ(found->notes.size(), 1u);
    const bool all_hits = found->hits.size() == all->hits.size() && found->total_is_exact;
    only_explanations_missing += all_hits ? 1 : 0;
    EXPECT_EQ(found->notes[0].message == "stopped after 1000.0 s; some hits are not explained",
              all_hits)
        << found->notes[0].message;
    for (const Hit& hit : found->hits) {
      if (!hit.explanation) continue;
      EXPECT_EQ(hit.explanation->value, all->hits.at(0).explanation->value);
    }
    EXPECT_TRUE(absl::IsCancelled(CancelledAt(number, kHeavy[0], options))) << number;
  }
  EXPECT_GT(only_explanations_missing, 0);
}

}  // namespace
}  // namespace ibid
