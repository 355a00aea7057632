#include "common/text/quotations.h"

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

#include "tests/common/text/render.h"

namespace ibid {
namespace {

struct Case {
  std::string_view text;
  std::string_view quotations;
};

void ExpectQuotations(const std::vector<Case>& cases) {
  for (const Case& c : cases) {
    EXPECT_EQ(test::Regions(test::AnalyzeText(c.text), {.quotations = true}), c.quotations)
        << c.text;
  }
}

TEST(Quotations, StraightMarksPairByTheirSurroundings) {
  ExpectQuotations({{"He said \"yes\" and \"no.\"", "he said [yes] and [no]"},
                    {"(\"yes\")", "[yes]"},
                    {"said,\"Yes,\"he", "said [yes] he"},
                    {"\"a\"-\"b\"", "[a] [b]"},
                    {"word\u2014\"yes\"\u2014word", "word [yes] word"},
                    {"\"Yes, \" he said. \"No. \"", "[yes] he said [no]"},
                    {"\"lost, he said. \"Yes,\" she", "[lost he said yes] she"},
                    {"he said \"no\" to \"it\"?", "he said [no] to [it]"},
                    {"\"$5 million\"", "[5 million]"},
                    {"\"\" a \"b\"", "a [b]"},
                    {"href=\"x\" title=\"y z\"", "href [x] title [y z]"}});
}

TEST(Quotations, InchesAndFeetOpenNothing) {
  ExpectQuotations({{"a 5\" pipe and a 6\" pipe", "a 5 pipe and a 6 pipe"},
                    {"he is 6'2\" tall", "he is 6 2 tall"},
                    {"6' tall and 5' wide", "6 tall and 5 wide"},
                    {"\"a 5\" pipe,\" he said", "[a 5 pipe] he said"},
                    {"\"in 2015\" he said", "[in 2015] he said"},
                    {"\"in 2015\" and \"in 2016\"", "[in 2015] and [in 2016]"}});
}

TEST(Quotations, SingleMarksAreToldFromApostrophes) {
  ExpectQuotations({{"he said 'yes' to 'all of it'.", "he said [yes] to [all of it]"},
                    {"\u2018I don\u2019t,\u2019 he said", "[i don't] he said"},
                    {"'The dog's bowl', he said", "[the dog bowl] he said"},
                    {"'The boys' bowl,' he said", "[the boys bowl] he said"},
                    {"'the boys' and 'the girls'", "[the boys] and [the girls]"},
                    {"the boys' and girls' schools", "the boys and girls schools"},
                    {"rock 'n' roll, 'em and '90s'", "rock n roll em and 90s"},
                    {"an 'unclosed one\n\nhere' and", "an unclosed one here and"},
                    {"'One.\n\n'Two,' he said", "[one two] he said"},
                    {"O'Brien's 'word' isn't", "o'brien [word] isn't"}});
}

TEST(Quotations, InnerOnesBelongToTheOuter) {
  ExpectQuotations({{"\"he 'said' so\" x", "[he said so] x"},
                    {"'he \"said\" so' x", "[he said so] x"},
                    {"\u201che \u201csaid\u201d so\u201d x", "[he said so] x"},
                    {"\u201che \"said\" so\u201d x", "[he said so] x"},
                    {"\"'Yes,' he said,\" she said", "[yes he said] she said"}});
}

TEST(Quotations, MarksOfOtherLanguages) {
  ExpectQuotations({{"\u201eJa\u201c, sagte er", "[ja] sagte er"},
                    {"\u201eJa\u201d powiedział", "[ja] powiedzial"},
                    {"\u00ab oui \u00bb dit", "[oui] dit"},
                    {"\u00aboui\u00bb et \u00abnon\u00bb", "[oui] et [non]"},
                    {"\u00bbJa\u00ab und \u00bbnein\u00ab", "[ja] und [nein]"},
                    {"\u201dJa\u201d sa", "[ja] sa"},
                    {"\u201aja\u2018 und", "[ja] und"},
                    {"\u300c本\u300dです", "[本] です"}});
}

TEST(Quotations, GoOnInAParagraphThatOpensAgain) {
  ExpectQuotations({{"\"One.\n\n\"Two.\n\n\"Three.\"\n\nfour", "[one two three] four"},
                    {"\u201cOne.\n\n\u201cTwo.\u201d x", "[one two] x"},
                    {"\"One.\n\nTwo \"three\" four", "[one] two [three] four"},
                    {"\"One.\n\nTwo.\n\n\"Three\"", "[one] two [three]"},
                    {"x \"one", "x [one]"}});
}

TEST(Quotations, AreNeverEmptyAndNeverOverlap) {
  const AnalyzedText tokens = test::AnalyzeText(
      "\"\" '' \u201c\u201d \" a \" ' b ' \"'\u201cc'\u201d\" \"d 'e\" f' \u00ab\u00bb");
  uint32_t last = 0;
  for (const TokenRange& range : tokens.quotations) {
    EXPECT_LT(range.begin, range.end);
    EXPECT_LE(last, range.begin);
    last = range.end;
  }
  EXPECT_LE(last, tokens.num_tokens());
}

TEST(MakeQuotationMark, KnowsWhatIsNoMark) {
  EXPECT_FALSE(MakeQuotationMark('a', MarkNeighbor::kSpace, MarkNeighbor::kWord).has_value());
  // An apostrophe between words can neither open nor close.
  EXPECT_FALSE(MakeQuotationMark('\'', MarkNeighbor::kWord, MarkNeighbor::kWord).has_value());
}

}  // namespace
}  // namespace ibid
