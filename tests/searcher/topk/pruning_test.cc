// The best k found with bounds are those of looking at every document: the same documents in the
// same order, with scores equal bit for bit; over enough documents that blocks are left out.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "ibid/index_reader.h"
#include "ibid/searcher.h"
#include "searcher/match/snapshot.h"
#include "tests/oracle/test_index.h"
#include "tests/searcher/counted_clock.h"

namespace ibid {
namespace {

constexpr uint64_t kSeed = 20261121;
constexpr uint32_t kNumDocs = 9000;
constexpr uint32_t kNumWords = 400;

class PruningTest : public testing::Test {
 protected:
  PruningTest() : random_(kSeed), index_(OptionsWithoutStems()) {
    for (uint32_t i = 0; i < kNumDocs; ++i) {
      Document document;
      document.key = "d" + std::to_string(random_() % 1000000) + "." + std::to_string(i);
      keys_.push_back(document.key);
      document.text = Text(i);
      if (i % 3 == 0) document.title = Word() + ' ' + Word();  // operators stay inside a field
      document.fields.push_back({"part", {int64_t{i % 10}}});
      index_.Add(document);
      if (i == 6000 || i == 8000) index_.Commit();
    }
    index_.Commit();
  }

  static IndexOptions OptionsWithoutStems() {
    IndexOptions options;
    options.language = "none";
    return options;
  }

  // Word n about 1/n as often as the first, now and then in a run of its own.
  std::string Word() {
    const double u = static_cast<double>(random_() % 1000000 + 1) / 1000000.0;
    return "w" + std::to_string(static_cast<uint32_t>(std::pow(kNumWords, u)));
  }

  std::string Text(uint32_t doc) {
    std::string text;
    const uint32_t length = doc % 97 == 0 ? 400 : 3 + static_cast<uint32_t>(random_() % 40);
    for (uint32_t i = 0; i < length; ++i) {
      std::string word = Word();
      const uint32_t times = random_() % 50 == 0 ? 5 : 1;
      for (uint32_t j = 0; j < times; ++j) text += word + ' ';
    }
    return text;
  }

  std::string Clause() {
    switch (random_() % 8) {
      case 0:
        return '"' + Word() + ' ' + Word() + '"';
      case 1:
        return '(' + Word() + " NEAR/3 " + Word() + ')';
      default:
        return Word();
    }
  }

  std::string ManyWords(size_t count) {
    std::string text = Word();
    while (count-- > 0) text += " OR " + Word() + (random_() % 4 == 0 ? "^2" : "");
    if (random_() % 5 == 0) text += " OR " + Word() + "^0";
    return text;
  }

  std::string AnyQuery() {
    const std::string a = Word(), b = Word(), c = Word(), d = Word();
    const std::string tiny = "^0.0000000001";
    switch (random_() % 21) {
      case 0:
        return a;
      case 1:
        return a + " OR " + b;
      case 2:
        return a + " OR " + b + " OR " + c + " OR " + d;
      case 3:
        return a + ' ' + b + ' ' + c;
      case 4:
        return a + " AND " + b;
      case 5:
        return a + " AND " + b + " AND " + c;
      case 6:
        return '"' + a + ' ' + b + '"';
      case 7:
        return '"' + a + ' ' + b + ' ' + c + '"';
      case 8:
        return '"' + a + ' ' + b + "\"~3";
      case 9:
        return a + " NEAR/4 " + b;
      case 10:
        return a + " NEAR/6 " + b + " NEAR/6 " + c;
      case 11:
        return a + " ADJ/3 " + b;
      case 12:
        return '+' + a + ' ' + b + " -" + c;
      case 13:
        return '+' + Clause() + " +" + Clause() + ' ' + Clause();
      case 14:
        return '(' + a + " OR " + b + ") NOT " + c;
      case 15:
        return '(' + a + " OR " + b + ") FILTER part:3";
      case 16:
        return a + "^3 OR " + b + "^0.5 OR " + a;
      case 20:  // weights past what single precision can say
        return "((((" + a + tiny + " OR " + b + tiny + " OR " + c + ')' + tiny + ')' + tiny + ')' +
               tiny + ")^0.00003";
      case 17:
        return ManyWords(5 + random_() % 30);
      case 18:
        return '(' + ManyWords(5 + random_() % 30) + ") NOT " + a;
      default:
        return '(' + Clause() + ") AND (" + Clause() + ')';
    }
  }

  void ExpectSameBest(const Searcher& searcher, const std::string& text, SearchOptions options) {
    SCOPED_TRACE(text);
    const Query query = ParseFor(*searcher.reader(), text);
    options.limits.timeout_seconds = 0;  // none: a slow machine shall not cut one of the answers
    options.prune = false;
    const auto all = searcher.Search(query, options);
    ASSERT_TRUE(all.ok()) << all.status();
    options.prune = true;
    const auto counted = searcher.Search(query, options);
    ASSERT_TRUE(counted.ok()) << counted.status();
    EXPECT_EQ(HitLines(counted->hits), HitLines(all->hits));
    EXPECT_EQ(counted->total, all->total);
    options.exact_total = false;
    const auto best = searcher.Search(query, options);
    ASSERT_TRUE(best.ok()) << best.status();
    EXPECT_EQ(HitLines(best->hits), HitLines(all->hits));
    EXPECT_LE(best->total, all->total);
    options.limit = 0;
    options.offset = 0;
    const auto total = searcher.Search(query, options);
    ASSERT_TRUE(total.ok()) << total.status();
    EXPECT_EQ(total->total, all->total);
    verified_all_ += counted->work.candidates_verified;
    verified_best_ += best->work.candidates_verified;
  }

  void ExpectSameBestOfMany(int queries) {
    const Searcher searcher(index_.Reader());
    for (int i = 0; i < queries; ++i) {
      SearchOptions options;
      constexpr size_t kLimits[] = {1, 10, 10, 100, 1000};
      options.limit = kLimits[random_() % 5];
      if (random_() % 6 == 0) options.offset = random_() % 20;
      if (random_() % 5 == 0) {
        options.k1 = 0.3f * static_cast<float>(random_() % 8);
        options.b = 0.25f * static_cast<float>(random_() % 5);
      }
      ExpectSameBest(searcher, AnyQuery(), options);
    }
  }

  std::mt19937_64 random_;
  TestIndex index_;
  std::vector<std::string> keys_;
  uint64_t verified_all_ = 0, verified_best_ = 0;
};

TEST_F(PruningTest, FindsTheBestOfEverySegmentAndReadsFewerPositions) {
  ExpectSameBestOfMany(400);
  EXPECT_LT(verified_best_, verified_all_);
}

TEST_F(PruningTest, IsNotMisledByDeletedDocuments) {
  for (size_t i = 0; i < keys_.size(); i += 7) index_.Delete(keys_[i]);
  index_.Commit();
  ExpectSameBestOfMany(200);
}

TEST_F(PruningTest, HoldsForOneMergedSegment) {
  index_.MergeToOne();
  ExpectSameBestOfMany(300);
}

TEST_F(PruningTest, UnionsOfManyWordsAreThoseOfEveryDocument) {
  const Searcher segments(index_.Reader());
  for (int i = 0; i < 40; ++i) ExpectSameBest(segments, ManyWords(6 + i), {.limit = 3});
  index_.MergeToOne();
  const Searcher searcher(index_.Reader());
  // Few wanted: the words that a document needs first; many wanted: all of them at once.
  for (const size_t limit : {1, 5, 9, 400}) {
    for (int i = 0; i < 40; ++i) ExpectSameBest(searcher, ManyWords(6 + i), {.limit = limit});
  }
}

TEST_F(PruningTest, WordsAskedForAgainGiveTheSameBest) {
  const auto expect_same = [this](const Searcher& searcher) {
    const std::string words[] = {"w1", "w2", "w3", "w4", "w5", "w7", "w30", "w200"};
    for (int i = 0; i < 150; ++i) {
      std::string text = words[random_() % 5];
      for (uint64_t more = 2 + random_() % 2; more-- > 0;) text += ' ' + words[random_() % 5];
      constexpr size_t kLimits[] = {1, 3, 10, 100};
      ExpectSameBest(searcher, '"' + text + '"', {.limit = kLimits[random_() % 4]});
    }
    for (int i = 0; i < 150; ++i) {
      std::string text = words[random_() % 8];
      const char* between = random_() % 2 == 0 ? " OR " : " AND ";
      for (uint64_t more = 1 + random_() % 3; more-- > 0;) text += between + words[random_() % 8];
      if (random_() % 4 == 0) text = '(' + text + ") NOT w6";
      constexpr size_t kLimits[] = {1, 10, 100, 1000};
      ExpectSameBest(searcher, text, {.limit = kLimits[random_() % 4]});
    }
  };
  expect_same(Searcher(index_.Reader()));  // segments whose average lengths differ
  index_.MergeToOne();
  expect_same(Searcher(index_.Reader()));
  for (size_t i = 0; i < keys_.size(); i += 5) index_.Delete(keys_[i]);
  index_.Commit();
  expect_same(Searcher(index_.Reader()));
}

// What is kept of the first word goes, at some number of uses, between two looks at it: that of the
// second takes its room.
TEST_F(PruningTest, WhereTheRoomOfAWordIsTakenUnderWayTheBestAreTheSame) {
  index_.MergeToOne();
  const auto reader = index_.Reader();
  const Searcher searcher(reader);
  const SnapshotSegment& segment = reader->impl().segments.at(0);
  const TermInfo first = **segment.reader->terms().Find("w1");
  const TermInfo second = **segment.reader->terms().Find("w2");
  for (const char* text : {"w1 AND w2", "w1 OR w2"}) {
    const Query query = ParseFor(*reader, text);
    SearchOptions options{.limit = kNumDocs, .exact_total = false, .prune = false, .keys = false};
    options.limits.timeout_seconds = 0;
    const auto all = searcher.Search(query, options);
    ASSERT_TRUE(all.ok()) << all.status();
    options.prune = true;
    int taken = 0;
    for (int uses = 200; uses < 300; ++uses) {
      auto kept = std::make_shared<RangeImpactsOfLists>(12000);  // room for one
      const_cast<std::shared_ptr<RangeImpactsOfLists>&>(segment.range_impacts) = kept;
      for (int i = 0; i < 2; ++i) kept->Get(*segment.reader, first);
      for (int i = 0; i < uses; ++i) kept->Get(*segment.reader, second);
      const bool was_there = kept->Get(*segment.reader, first) != nullptr;
      const auto best = searcher.Search(query, options);
      ASSERT_TRUE(best.ok()) << best.status();
      ASSERT_EQ(best->hits.size(), all->hits.size()) << text << ", " << uses;
      for (size_t i = 0; i < all->hits.size(); ++i) {
        ASSERT_EQ(best->hits[i].doc, all->hits[i].doc) << text << ", " << uses;
        ASSERT_EQ(best->hits[i].score, all->hits[i].score) << text << ", " << uses;
      }
      taken += was_there && kept->Get(*segment.reader, first) == nullptr ? 1 : 0;
    }
    EXPECT_GT(taken, 0) << text;
  }
}

TEST_F(PruningTest, OutOfTimeTheTotalIsNoMoreThanTheTruth) {
  index_.MergeToOne();
  const Searcher searcher(index_.Reader());
  for (const char* text : {"w1 OR w2", "+w1 -w2", "+w2 -w1", "w3 OR w4", "+w2 -w7"}) {
    const Query query = ParseFor(*searcher.reader(), text);
    const auto all = searcher.Search(query, {});
    ASSERT_TRUE(all.ok()) << all.status();
    SearchOptions hurried;
    hurried.limits.timeout_seconds = CountedClock::kLimit;
    uint64_t looks = 2;
    for (uint64_t number = 2; number <= looks; ++number) {
      CountedClock clock;
      clock.OnLook(number, [&clock] { clock.Pass(); });
      const auto found = searcher.Search(query, hurried);
      ASSERT_TRUE(found.ok()) << found.status();
      EXPECT_LE(found->total, all->total) << text;
      EXPECT_TRUE(found->partial || found->total == all->total) << text;
      if (found->partial) looks = number + 1;
    }
    EXPECT_GT(looks, 5u) << text;
  }
}

TEST(PruningOfManyRequiredWords, EachOfHundredsOfFrequentWordsIsRequired) {
  constexpr uint32_t kWords = 257;
  TestIndex index({.language = "none"});
  std::string query;
  for (uint32_t w = 0; w < kWords; ++w) query += "+x" + std::to_string(w) + ' ';
  for (uint32_t i = 0; i < 1200; ++i) {
    std::string text;
    for (uint32_t w = 0; w < kWords; ++w) {
      if (i % 2 == 0 || w != i % kWords) text += 'x' + std::to_string(w) + ' ';
    }
    index.Add({.key = "d" + std::to_string(10000 + i), .text = text});
  }
  index.Commit();
  const Searcher searcher(index.Reader());
  const Query parsed = ParseFor(*searcher.reader(), query);
  SearchOptions options{.limit = 2000, .exact_total = false};
  options.limits.timeout_seconds = 0;
  for (int i = 0; i < 3; ++i) {
    const auto found = searcher.Search(parsed, options);
    ASSERT_TRUE(found.ok()) << found.status();
    EXPECT_EQ(found->hits.size(), 600u) << i;
  }
}

TEST(PruningOfDeepOperators, BoundsGrowWithTheNestingAndNeverWrap) {
  constexpr int kDepth = 40;
  std::string words, query = "w0";
  for (int i = 0; i <= kDepth; ++i) words += "w" + std::to_string(i) + ' ';
  for (int i = 1; i <= kDepth; ++i) query = '(' + query + " NEAR/200 w" + std::to_string(i) + ')';
  TestIndex index;
  for (int i = 0; i < 200; ++i) {
    std::string filler;
    for (int j = 0; j < 200 - i; ++j) filler += "filler ";
    index.Add({.key = "d" + std::to_string(1000 + i), .text = filler + words});
  }
  index.Commit();
  const Searcher searcher(index.Reader());
  SearchOptions options{.limit = 1, .exact_total = false};
  const auto best = searcher.Search(ParseFor(*searcher.reader(), query), options);
  ASSERT_TRUE(best.ok()) << best.status();
  options.prune = false;
  const auto all = searcher.Search(ParseFor(*searcher.reader(), query), options);
  ASSERT_TRUE(all.ok()) << all.status();
  ASSERT_EQ(best->hits.size(), 1u);
  EXPECT_EQ(HitLines(best->hits), HitLines(all->hits));
  EXPECT_GT(best->hits[0].key, "d1190") << "one of the shortest";
}

}  // namespace
}  // namespace ibid
