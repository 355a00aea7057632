#include "searcher/match/text_patterns.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "tests/oracle/vocabulary.h"

namespace ibid {
namespace {

constexpr uint32_t kSeed = 99;

std::string RandomText(std::mt19937* random, const std::vector<std::string>& letters,
                       size_t longest) {
  std::string text;
  for (size_t i = 0, n = (*random)() % (longest + 1); i < n; ++i) {
    text += letters[(*random)() % letters.size()];
  }
  return text;
}

TEST(TextPatterns, WildcardsMatchAsTheDefinitionSays) {
  std::mt19937 random(kSeed);
  size_t matches = 0;
  for (int round = 0; round < 100000; ++round) {
    const std::string pattern = RandomText(&random, {"a", "b", "\u00e9", "*", "?"}, 6);
    const std::string text = RandomText(&random, {"a", "b", "\u00e9"}, 7);
    const bool expected = NaiveWildcardMatch(NaiveCodePoints(pattern), NaiveCodePoints(text));
    ASSERT_EQ(WildcardMatch(pattern, text), expected)
        << "seed " << kSeed << ": " << pattern << " on " << text;
    matches += expected ? 1 : 0;
  }
  EXPECT_GT(matches, 5000u);
}

TEST(TextPatterns, ManyStarsTakeNoMoreThanTheProductOfTheLengths) {
  std::string pattern;
  for (int i = 0; i < 100; ++i) pattern += "a*";
  EXPECT_FALSE(WildcardMatch(pattern + "b", std::string(20000, 'a')));
  EXPECT_TRUE(WildcardMatch(pattern, std::string(20000, 'a')));
}

TEST(TextPatterns, MalformedBytesCountAsOneCharacter) {
  EXPECT_TRUE(WildcardMatch("a?", "a\xff"));
  EXPECT_TRUE(WildcardMatch("??", "\xe2\x80"));
  EXPECT_FALSE(WildcardMatch("?", "\xe2\x80"));
  EXPECT_EQ(CodePoints("a\u00e9\xff").size(), 3u);
}

TEST(TextPatterns, TheLiteralPrefixEndsBeforeTheFirstWildcard) {
  EXPECT_EQ(LiteralPrefix("wom?n*"), "wom");
  EXPECT_EQ(LiteralPrefix("*x"), "");
  EXPECT_EQ(LiteralPrefix("word"), "word");
}

TEST(TextPatterns, EditDistanceIsThatOfTheWholeTable) {
  std::mt19937 random(kSeed);
  size_t matches = 0;
  for (int round = 0; round < 100000; ++round) {
    const std::string word = RandomText(&random, {"a", "b", "c", "\u00e9"}, 7);
    const std::string text = RandomText(&random, {"a", "b", "c", "\u00e9"}, 7);
    const int edits = 1 + static_cast<int>(random() % 2);
    const bool expected = NaiveEditDistance(NaiveCodePoints(word), NaiveCodePoints(text)) <=
                          static_cast<size_t>(edits);
    EditDistanceMatcher matcher(word, edits);
    ASSERT_EQ(matcher.Matches(text), expected)
        << "seed " << kSeed << ": " << word << " and " << text << " within " << edits;
    ASSERT_EQ(matcher.Matches(text), expected) << "asked again";
    matches += expected ? 1 : 0;
  }
  EXPECT_GT(matches, 2000u);
}

TEST(TextPatterns, OneMatcherForManyWordsSaysWhatANewOneForEachWould) {
  std::mt19937 random(kSeed);
  for (int round = 0; round < 500; ++round) {
    const std::string word = RandomText(&random, {"a", "b", "\u00e9"}, 7);
    const int edits = 1 + static_cast<int>(random() % 2);
    std::vector<std::string> texts;
    for (int i = 0; i < 50; ++i) texts.push_back(RandomText(&random, {"a", "b", "\u00e9"}, 9));
    if (random() % 2 == 0) std::sort(texts.begin(), texts.end());
    EditDistanceMatcher matcher(word, edits);
    for (const std::string& text : texts) {
      ASSERT_EQ(matcher.Matches(text), EditDistanceMatcher(word, edits).Matches(text))
          << "seed " << kSeed << ": " << word << " and " << text << " within " << edits;
    }
  }
}

TEST(TextPatterns, ExchangedNeighboursAreOneEdit) {
  EXPECT_TRUE(EditDistanceMatcher("minister", 1).Matches("minsiter"));
  EXPECT_FALSE(EditDistanceMatcher("minister", 1).Matches("mnisiter"));
  EXPECT_TRUE(EditDistanceMatcher("attack", 1).Matches("attck"));
  EXPECT_FALSE(EditDistanceMatcher("ca", 2).Matches("abcd"));
}

}  // namespace
}  // namespace ibid
