#include "indexer/source/html_cost.h"

#include <gtest/gtest.h>

#include <string>

namespace ibid {
namespace {

std::string Repeat(std::string_view piece, size_t count) {
  std::string text;
  for (size_t i = 0; i < count; ++i) text += piece;
  return text;
}

uint64_t Pairs(std::string_view page) { return MeasureHtml(page).attribute_pairs; }

TEST(HtmlCost, TagsAndReferencesAreMarks) {
  EXPECT_EQ(MeasureHtml("").marks, 0u);
  EXPECT_EQ(MeasureHtml("no markup at all").marks, 0u);
  EXPECT_EQ(MeasureHtml("<p>a &amp; b</p> < & <").marks, 6u);
}

TEST(HtmlCost, AttributesAndWhatIsNoneAreMarks) {
  EXPECT_EQ(MeasureHtml("<a b c=d e='f g' h = \"i\">").marks, 5u);
  EXPECT_EQ(MeasureHtml("<a / / = *b >").marks, 5u);
}

TEST(HtmlCost, AttributesOfOneTagAreComparedWithOneAnother) {
  EXPECT_EQ(Pairs("<a" + Repeat(" b", 100) + ">"), 5000u);
  EXPECT_EQ(Pairs(Repeat("<a b c>", 100)), 200u);
  EXPECT_EQ(Pairs("<a" + Repeat(" b", 100)), 5000u) << "a tag that nothing ends";
  EXPECT_EQ(Pairs("<a " + Repeat("b='c'", 100) + ">"), 5000u);
}

TEST(HtmlCost, WordsInQuotedValuesAreNoAttributes) {
  EXPECT_EQ(Pairs("<a b=\"" + Repeat("word ", 1000) + "\">"), 0u);
  EXPECT_EQ(Pairs("<a b= '" + Repeat("word > ", 1000) + "'>"), 0u);
}

TEST(HtmlCost, TextBetweenTagsCostsNothing) {
  EXPECT_EQ(Pairs("<p>" + Repeat("words 'and' \"words\" = ", 1000) + "</p>"), 0u);
}

TEST(HtmlCost, ATagCountsWhereverItSeemsToStand) {
  const std::string tag = "<a" + Repeat(" b", 1000) + ">";
  for (const char* before : {"<!-- <i x=' -->", "<script> '<i x=\"' </script>", "<i x='<j y=\"'>",
                             "<?<i '", "<i \"", "<i y=\"'\">", "<i =\"", "<i/=' ", "<_x='"}) {
    EXPECT_GE(Pairs(before + tag), 500'000u) << before;
  }
}

TEST(HtmlCost, RealPagesAreCheapAndMadeOnesAreNot) {
  EXPECT_TRUE(IsCheapHtml(Repeat("<tr><td class='a'>12</td><td>7</td></tr>\n", 10000)));
  EXPECT_TRUE(IsCheapHtml("<a" + Repeat(" bc", 150) + ">"));
  EXPECT_FALSE(IsCheapHtml("<a" + Repeat(" bc", 1000) + ">"));
  EXPECT_TRUE(IsCheapHtml(std::string(kMaxHtmlMarks, '&')));
  EXPECT_FALSE(IsCheapHtml(std::string(kMaxHtmlMarks + 1, '&')));
}

}  // namespace
}  // namespace ibid
