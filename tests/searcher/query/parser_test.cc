// The trees that queries become.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "ibid/query.h"
#include "searcher/query/ast.h"

namespace ibid {
namespace {

ParsedQuery Parse(const std::string& text, const ParseOptions& options = {}) {
  auto parsed = ParseQuery(text, options);
  EXPECT_TRUE(parsed.ok()) << parsed.status();
  return *std::move(parsed);
}

TEST(Parser, AWordOutsideQuotesStandsForItsStemAndOneInsideForItself) {
  const ParsedQuery plain = Parse("Rebels");
  EXPECT_EQ(plain.query.root()->kind, NodeKind::kWord);
  EXPECT_EQ(plain.query.root()->text, "Rebels");
  EXPECT_FALSE(plain.query.root()->literal);
  EXPECT_TRUE(Parse("\"Rebels\"").query.root()->literal);
}

TEST(Parser, PhraseChildrenAreWordsInOrderWithTheirPlacesInTheText) {
  const ParsedQuery parsed = Parse("x \"big, bad wolf\"~2");
  const QueryNode& phrase = *parsed.query.root()->children[1];
  EXPECT_EQ(phrase.kind, NodeKind::kPhrase);
  EXPECT_EQ(phrase.slop, 2u);
  ASSERT_EQ(phrase.children.size(), 3u);
  EXPECT_EQ(phrase.children[0]->text, "big,");
  EXPECT_TRUE(phrase.children[0]->literal);
  EXPECT_EQ(phrase.children[2]->text, "wolf");
  EXPECT_EQ(phrase.children[2]->byte_begin, 12u);
  EXPECT_EQ(phrase.children[2]->byte_end, 16u);
}

TEST(Parser, StemmedPhrasesHoldWordsThatAreNotLiteral) {
  const ParsedQuery parsed = Parse("s\"running dogs\"");
  EXPECT_TRUE(parsed.query.root()->stemmed);
  EXPECT_FALSE(parsed.query.root()->children[0]->literal);
}

TEST(Parser, PatternsHoldWildcardsAnyWordsAndAlternatives) {
  const ParsedQuery parsed = Parse("p\"hol* (said|says) * attck~1 war\"");
  const QueryNode& phrase = *parsed.query.root();
  EXPECT_TRUE(phrase.pattern);
  ASSERT_EQ(phrase.children.size(), 5u);
  EXPECT_EQ(phrase.children[0]->kind, NodeKind::kWildcard);
  EXPECT_EQ(phrase.children[1]->kind, NodeKind::kOr);
  EXPECT_EQ(phrase.children[1]->children.size(), 2u);
  EXPECT_EQ(phrase.children[2]->kind, NodeKind::kAnyWord);
  EXPECT_EQ(phrase.children[3]->kind, NodeKind::kFuzzy);
  EXPECT_TRUE(phrase.children[4]->literal);
}

TEST(Parser, DistancesBecomeGaps) {
  const ParsedQuery near = Parse("a NEAR/5 b");
  EXPECT_FALSE(near.query.root()->ordered);
  EXPECT_EQ(near.query.root()->distance.max_gap, 4u);
  EXPECT_EQ(near.query.root()->distance.min_gap, 0u);
  const ParsedQuery exact = Parse("a ADJ/=3 b");
  EXPECT_TRUE(exact.query.root()->ordered);
  EXPECT_EQ(exact.query.root()->distance, (Distance{2, 2, std::nullopt}));
  EXPECT_EQ(Parse("a NEAR/2..5 b").query.root()->distance, (Distance{1, 4, std::nullopt}));
  EXPECT_EQ(Parse("a NEAR/s b").query.root()->distance,
            (Distance{0, std::nullopt, RegionKind::kSentence}));
  EXPECT_EQ(Parse("a NEAR/p:5 b").query.root()->distance, (Distance{0, 4, RegionKind::kParagraph}));
}

TEST(Parser, AnAndInsideNearIsANearWithoutBound) {
  const ParsedQuery parsed = Parse("(a AND b) NEAR/3 c");
  const QueryNode& inner = *parsed.query.root()->children[0];
  EXPECT_EQ(inner.kind, NodeKind::kNear);
  EXPECT_EQ(inner.distance, Distance());
  EXPECT_FALSE(inner.ordered);
}

TEST(Parser, FieldsGoDownToWhatHasAPlaceInTheText) {
  const ParsedQuery parsed = Parse("title:((a NEAR/2 b) OR NOT c)");
  const QueryNode& root = *parsed.query.root();
  EXPECT_EQ(root.kind, NodeKind::kOr);
  EXPECT_EQ(root.children[0]->kind, NodeKind::kRegion);
  EXPECT_EQ(root.children[0]->region, RegionKind::kTitle);
  EXPECT_EQ(root.children[0]->children[0]->kind, NodeKind::kNear);
  EXPECT_EQ(root.children[1]->kind, NodeKind::kNot);
  EXPECT_EQ(root.children[1]->children[0]->kind, NodeKind::kRegion);
}

TEST(Parser, RangesHoldWholeDaysOrTimes) {
  const ParsedQuery parsed = Parse("date:>2016-02");
  const QueryNode& range = *parsed.query.root();
  EXPECT_EQ(range.kind, NodeKind::kRange);
  EXPECT_EQ(range.field, "date");
  EXPECT_EQ(range.lower, (Bound{"2016-02-29", false}));
  EXPECT_EQ(range.upper, std::nullopt);
}

TEST(Parser, ColumnsAreThoseOfTheIndex) {
  ParseOptions options;
  options.columns = {{"pages", ColumnType::kInteger}, {"place", ColumnType::kText}};
  EXPECT_EQ(Parse("pages:1,000..2,000", options).canonical, "pages:1000..2000");
  EXPECT_EQ(Parse("place:Paris", options).query.root()->kind, NodeKind::kColumn);
  EXPECT_EQ(Parse("date:2015", options).notes.at(0).code, "unknown-field");
  EXPECT_EQ(Parse("2015-11-01..2015-11-30", options).query.root()->kind, NodeKind::kWord);
}

TEST(Parser, UnknownFieldsAreGuessed) {
  EXPECT_EQ(Parse("tilte:x").notes.at(0).message,
            "no field tilte; did you mean title?; read as text");
  EXPECT_EQ(Parse("Date:2015").notes.at(0).message,
            "no field Date; did you mean date?; read as text");
  EXPECT_EQ(Parse("Reykjavik:x").notes.at(0).message, "no field Reykjavik; read as text");
}

TEST(Parser, AllWordsMakesListsRequireEachWord) {
  ParseOptions options;
  options.all_words = true;
  EXPECT_EQ(Parse("a b -c", options).canonical, "+a +b -c");
  EXPECT_EQ(Parse("a b", options).canonical, "a AND b");
  EXPECT_EQ(Parse("a OR b", options).canonical, "a b");
  EXPECT_EQ(Parse("(a b c)@2", options).canonical, "(a b c)@2");
}

TEST(Parser, SynonymsCountAsOneTerm) {
  ParseOptions options;
  options.synonyms = {{"US", "United States", "U.S."}};
  EXPECT_EQ(Parse("~us", options).canonical, "US SYN s\"United States\" SYN U.S.");
  EXPECT_EQ(Parse("~\"united states\" x", options).canonical,
            "(US SYN s\"United States\" SYN U.S.) x");
  EXPECT_EQ(Parse("~uk", options).notes.at(0).code, "no-synonyms");
}

TEST(Parser, NotesComeInOrderOfPosition) {
  const ParsedQuery parsed = Parse("foo:x ) bar:y \"open");
  ASSERT_EQ(parsed.notes.size(), 4u);
  for (size_t i = 1; i < parsed.notes.size(); ++i) {
    EXPECT_LE(parsed.notes[i - 1].byte_begin, parsed.notes[i].byte_begin);
  }
}

TEST(Parser, AnEmptyQueryMatchesNothing) {
  for (const char* text : {"", "   ", "()", "- ... !", "\"\"", "AND"}) {
    EXPECT_EQ(Parse(text).query.root(), nullptr) << text;
    EXPECT_EQ(Parse(text).query, Query()) << text;
  }
}

TEST(QuoteQueryText, ParsesToTheWordsOfTheText) {
  const std::string text =
      "AND (title:x -y) \"quoted\" foo:bar wom?n* ~a^2 NEAR/3 /re/ >=5 [a TO b] 2015-01..2015-02 | "
      "\u201ccurly\u201d a\\b =c {d +e !f";
  const ParsedQuery parsed = Parse(QuoteQueryText(text));
  EXPECT_TRUE(parsed.notes.empty());
  const std::vector<std::string> words = {"AND",
                                          "(title:x",
                                          "-y)",
                                          "\"quoted\"",
                                          "foo:bar",
                                          "wom?n*",
                                          "~a^2",
                                          "NEAR/3",
                                          "/re/",
                                          ">=5",
                                          "[a",
                                          "TO",
                                          "b]",
                                          "2015-01..2015-02",
                                          "\u201ccurly\u201d",
                                          "a\\b",
                                          "=c",
                                          "{d",
                                          "+e",
                                          "!f"};
  const QueryNode& root = *parsed.query.root();
  ASSERT_EQ(root.kind, NodeKind::kOr);
  ASSERT_EQ(root.children.size(), words.size());
  for (size_t i = 0; i < words.size(); ++i) {
    EXPECT_EQ(root.children[i]->kind, NodeKind::kWord);
    EXPECT_EQ(root.children[i]->text, words[i]);
  }
}

}  // namespace
}  // namespace ibid
