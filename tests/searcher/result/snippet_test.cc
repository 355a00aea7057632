#include "ibid/snippet.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "ibid/limits.h"
#include "searcher/result/plain_text.h"

namespace ibid {
namespace {

// Every occurrence of each word in the field, as a match.
std::vector<Match> MatchesOf(const std::string& field, const std::vector<std::string>& words,
                             Match::FieldId id = Match::FieldId::kText) {
  std::vector<Match> matches;
  for (const std::string& word : words) {
    for (size_t at = field.find(word); at != std::string::npos; at = field.find(word, at + 1)) {
      matches.push_back({.field = id, .byte_begin = at, .byte_end = at + word.size()});
    }
  }
  return matches;
}

std::string Show(const Document& document, const std::vector<Match>& matches, size_t words = 2) {
  return HighlightSnippet(MakeSnippet(document, matches, {.context_words = words}), "[", "]");
}

std::string Repeat(const std::string& piece, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += piece;
  return out;
}

TEST(MakeSnippet, ShowsTheMatchWithWordsOnBothSides) {
  const Document document{.text = "one two three four five six seven eight"};
  EXPECT_EQ(Show(document, MatchesOf(document.text, {"five"})), "…three four [five] six seven…");
}

TEST(MakeSnippet, HasNoMarkOfOmissionWhereNothingIsLeftOut) {
  const Document document{.text = "two three four\n"};
  EXPECT_EQ(Show(document, MatchesOf(document.text, {"three"})), "two [three] four");
}

TEST(MakeSnippet, PrefersTheStretchWithMostDifferentMatches) {
  const Document document{.text = "paris paris paris " + Repeat("filler ", 30) +
                                  "the paris talks " + Repeat("filler ", 30)};
  EXPECT_EQ(Show(document, MatchesOf(document.text, {"paris", "talks"})),
            "…filler the [paris] [talks] filler filler…");
}

TEST(MakeSnippet, TakesTheEarliestOfEqualStretches) {
  const Document document{.text = "a Paris b " + Repeat("filler ", 30) + "c paris d"};
  EXPECT_EQ(Show(document, MatchesOf(document.text, {"Paris", "paris"})), "a [Paris] b filler…");
}

TEST(MakeSnippet, FoldsWhiteSpaceIntoOneLine) {
  const Document document{.text = "one\r\n\r\n  two\t\u2029three\u00a0four"};
  EXPECT_EQ(Show(document, MatchesOf(document.text, {"two"}), 9), "one [two] three four");
}

TEST(MakeSnippet, HighlightsAWholeIntervalThroughAParagraphsEnd) {
  const Document document{.text = "a prime\n\n minister b"};
  EXPECT_EQ(Show(document, {{.byte_begin = 2, .byte_end = 18}}), "a [prime minister] b");
}

TEST(MakeSnippet, MergesMatchesThatOverlap) {
  const Document document{.text = "one two three four"};
  EXPECT_EQ(Show(document, {{.byte_begin = 4, .byte_end = 13},
                            {.byte_begin = 8, .byte_end = 18},
                            {.byte_begin = 4, .byte_end = 7}}),
            "one [two three four]");
}

TEST(MakeSnippet, UsesTheTitleWhereOnlyThatMatches) {
  const Document document{.title = "Mine rescue", .text = "Nothing here."};
  EXPECT_EQ(Show(document, MatchesOf(document.title, {"rescue"}, Match::FieldId::kTitle)),
            "Mine [rescue]");
}

TEST(MakeSnippet, ShowsTheBeginningWhereNothingMatches) {
  const Document document{.title = "T", .text = "one two three four five six"};
  EXPECT_EQ(Show(document, {}), "one two three four…");
  EXPECT_EQ(Show({.title = "Only a title"}, {}), "Only a title");
  EXPECT_EQ(Show({}, {}), "");
}

TEST(MakeSnippet, LeavesOutControlsAndReplacesMalformedBytes) {
  const Document document{.text = "a\x1b[2J\u202e b\xff c"};
  EXPECT_EQ(Show(document, MatchesOf(document.text, {"b"}), 5), "a[2J [b]\uFFFD c");
}

TEST(MakeSnippet, MatchesInsideACharacterHighlightAllOfIt) {
  const Document document{.text = "x 水道 y"};
  EXPECT_EQ(Show(document, {{.byte_begin = 3, .byte_end = 4}}), "x [水]道 y");
}

TEST(MakeSnippet, MatchesOutsideTheFieldAreIgnored) {
  const Document document{.text = "short"};
  EXPECT_EQ(Show(document, {{.byte_begin = 90, .byte_end = 95},
                            {.byte_begin = 4, .byte_end = 2},
                            {.byte_begin = 3, .byte_end = SIZE_MAX}}),
            "sho[rt]");
}

TEST(MakeSnippet, CountsCharactersWhereWordsHaveNoSpaces) {
  const Document document{.text = "東京都知事選挙"};
  EXPECT_EQ(Show(document, MatchesOf(document.text, {"知"}), 2), "…京都[知]事選…");
}

TEST(MakeSnippet, StaysWithinItsLimitOnOneEndlessWord) {
  const std::string text(20 << 20, 'x');
  const Snippet snippet =
      MakeSnippet({.text = text}, {{.byte_begin = 1000, .byte_end = text.size() - 5}}, {});
  EXPECT_LE(snippet.text.size(), kMaxSnippetBytes);
  ASSERT_EQ(snippet.highlights.size(), 1u);
}

// Any text, any matches: valid UTF-8 within the limit, highlights in order and inside the text.
TEST(MakeSnippet, GivesSoundOutputForAnyBytes) {
  std::mt19937 random(4711);
  SCOPED_TRACE("seed 4711");
  const std::string pieces[] = {"word", " ",      "\n",         "\x1b",
                                "é",    "水",     "\xff",       "\xe2\x82",
                                "<b>",  "\u202e", "\U0001F600", std::string(1, '\0')};
  for (int round = 0; round < 3000; ++round) {
    Document document;
    for (unsigned i = random() % 200; i > 0; --i) document.text += pieces[random() % 12];
    document.title = document.text.substr(0, random() % 20);
    std::vector<Match> matches;
    for (unsigned i = random() % 12; i > 0; --i) {
      const size_t begin = random() % 1000;
      matches.push_back({.field = random() % 4 ? Match::FieldId::kText : Match::FieldId::kTitle,
                         .byte_begin = begin,
                         .byte_end = begin + random() % 40});
    }
    const Snippet snippet = MakeSnippet(document, matches, {.context_words = random() % 30});
    EXPECT_LE(snippet.text.size(), kMaxSnippetBytes);
    EXPECT_EQ(SafeForTerminal(snippet.text), snippet.text);
    EXPECT_EQ(snippet.text.find('\n'), std::string::npos);
    size_t done = 0;
    for (const auto& [begin, end] : snippet.highlights) {
      EXPECT_LE(done, begin);
      EXPECT_LT(begin, end);
      EXPECT_LE(end, snippet.text.size());
      EXPECT_EQ(plain::CodePointStart(snippet.text, begin), begin);
      done = end;
    }
  }
}

}  // namespace
}  // namespace ibid
