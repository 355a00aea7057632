#include <gtest/gtest.h>

#include <string_view>
#include <vector>

#include "tests/common/text/render.h"

namespace ibid {
namespace {

struct Case {
  std::string_view text;
  std::string_view sentences;
};

void ExpectSentences(const std::vector<Case>& cases) {
  for (const Case& c : cases) {
    EXPECT_EQ(test::Regions(test::AnalyzeText(c.text), {.sentences = true}), c.sentences) << c.text;
  }
}

TEST(Sentences, AStopAndACapitalPartThem) {
  ExpectSentences({{"One. Two! Three? Four", "one / two / three / four /"},
                   {"one. two! three", "one two three /"},
                   {"One.Two", "one two /"},
                   {"One.  \t Two", "one / two /"},
                   {"One (two.) Three", "one two / three /"},
                   {"Wait... Then. Wait\u2026 Then", "wait / then / wait / then /"},
                   {"wait... then", "wait then /"}});
}

TEST(Sentences, SurviveAbbreviationsAndNumbers) {
  ExpectSentences(
      {{"Mr. Smith and Mrs. Jones met Gen. Lee.", "mr smith and mrs jones met gen lee /"},
       {"On Nov. 27 it rose 3.5 percent.", "on nov 27 it rose 3.5 percent /"},
       {"See No. 5 and p. 12.", "see no 5 and p 12 /"},
       {"She said no. He left.", "she said no / he left /"},
       {"J. R. Smith came.", "j r smith came /"},
       {"Plan B. The end.", "plan b / the end /"},
       {"Smith Jr. Then left. Smith Jr. Company", "smith jr / then left / smith jr company /"},
       {"In 2015. In 2016.", "in 2015 / in 2016 /"},
       {"St. Louis, e.g. The Arch.", "st louis eg the arch /"}});
}

TEST(Sentences, AnAcronymEndsOneBeforeAWordThatBeginsSentences) {
  ExpectSentences({{"in the U.S. The law", "in the us / the law /"},
                   {"in the U.S. Senate", "in the us senate /"},
                   {"in the U.S. in May", "in the us in may /"},
                   {"in the U.S. 20 people", "in the us 20 people /"},
                   {"in the \"U.S.\" Senators", "in the us / senators /"},
                   {"J.R. A. Smith", "jr a smith /"}});
}

TEST(Sentences, QuotationMarksFollowTheStop) {
  ExpectSentences({{"he \"said.\" He left", "he said / he left /"},
                   {"he \u201csaid.\u201d He left", "he said / he left /"},
                   {"'Why?' he asked. 'So!' They", "why he asked / so / they /"},
                   {"Gone. \"He left", "gone / he left /"}});
}

TEST(Sentences, OtherScripts) {
  ExpectSentences({{"Дом. Он", "дом / он /"},
                   {"дом. он", "дом он /"},
                   {"Été. Éric", "ete / eric /"},
                   {"我是。你是", "我是 / 你是 /"},
                   {"هل هذا؟ نعم", "هل هذا / نعم /"}});
}

TEST(Paragraphs, BlankLinesPartThem) {
  const auto paragraphs = [](std::string_view text) {
    return test::Regions(test::AnalyzeText(text), {.paragraphs = true});
  };
  EXPECT_EQ(paragraphs("a\nb\n\nc"), "a b // c //");
  EXPECT_EQ(paragraphs("\n\na\n\n\n\nb\n\n"), "a // b //");
  EXPECT_EQ(paragraphs("a\r\n \t\r\nb"), "a // b //");
  EXPECT_EQ(paragraphs("a\r\nb\rc\r\rd"), "a b c // d //");
  EXPECT_EQ(paragraphs("a\u2029b"), "a // b //");
  EXPECT_EQ(paragraphs("a\n\n***\n\nb"), "a // b //");
  EXPECT_EQ(paragraphs("a\n-\nb"), "a b //");
  EXPECT_EQ(paragraphs("e.g.\n\nb"), "eg // b //");
}

TEST(Paragraphs, EndASentence) {
  EXPECT_EQ(
      test::Regions(test::AnalyzeText("a headline\n\nthen text\nin lines"), {.sentences = true}),
      "a headline / then text in lines /");
}

TEST(Regions, OfATextWithoutTokensAreEmpty) {
  const AnalyzedText tokens = test::AnalyzeText("\"\" ... \n\n ''");
  EXPECT_TRUE(tokens.sentence_ends.empty());
  EXPECT_TRUE(tokens.paragraph_ends.empty());
  EXPECT_TRUE(tokens.quotations.empty());
}

}  // namespace
}  // namespace ibid
