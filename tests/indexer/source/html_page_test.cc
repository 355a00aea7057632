#include "indexer/source/html_page.h"

#include <gtest/gtest.h>

#include <string>

#include "indexer/source/html_cost.h"
#include "indexer/source/markup.h"

namespace ibid {
namespace {

TEST(HtmlPage, TitleAndTextWithoutMarkup) {
  const HtmlPage page = ExtractPage(
      "<!DOCTYPE html><html><head><title> A &amp; B </title><style>p{}</style>"
      "<script>var x = '<p>no</p>';</script></head><body><h1>Head</h1><p>One <b>bo</b>ld&nbsp;word."
      "</p><!-- no --><p>Two<br>lines &eacute;&#8217;&#x2014;</p></body></html>");
  EXPECT_EQ(page.title, "A & B");
  EXPECT_EQ(page.text, "Head\n\nOne bold word.\n\nTwo\nlines \xc3\xa9\xe2\x80\x99\xe2\x80\x94");
}

TEST(HtmlPage, CellsAndItemsDoNotRunTogether) {
  EXPECT_EQ(ExtractPage("<ul><li>a<li>b</ul><table><tr><td>c<td>d<tr><td>e</table>").text,
            "a\n\nb\n\nc d\ne");
}

TEST(HtmlPage, PreformattedTextKeepsItsLines) {
  EXPECT_EQ(ExtractPage("<p>a  b</p><pre>x\n  y\n\nz</pre>").text, "a b\n\nx\n  y\n\nz");
}

TEST(HtmlPage, MetaGivesDateAndSource) {
  const HtmlPage page = ExtractPage(
      "<meta property='article:published_time' content='2026-01-02T03:04:05Z'>"
      "<meta property=og:site_name content='The Outlet'><p>x");
  EXPECT_EQ(page.date, "2026-01-02T03:04:05");
  EXPECT_EQ(page.source, "The Outlet");
}

TEST(HtmlPage, NothingIsLoadedOrExpanded) {
  const HtmlPage page = ExtractPage(
      "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\"><!ENTITY a \"aaaa\">]><p>&e;&a;</p>");
  EXPECT_EQ(page.text.find("root"), std::string::npos);
  EXPECT_EQ(page.text.find("aaaa&"), std::string::npos);
}

TEST(HtmlPage, MarkupNestedTooDeepIsReadByLeavingOutTags) {
  std::string soup;
  for (int i = 0; i < 100000; ++i) soup += "<div>";
  const HtmlPage page = ExtractPage("<p>before</p>" + soup + "deep");
  EXPECT_TRUE(page.too_deep);
  EXPECT_TRUE(page.text.starts_with("before"));
  EXPECT_TRUE(page.text.ends_with("deep"));
}

TEST(HtmlPage, MarkupThatWouldTakeTooLongIsReadByLeavingOutTags) {
  std::string page = "<title>a &amp; b</title><table><td>x<td>y</table>";
  EXPECT_FALSE(ExtractPage(page).too_costly);
  page.append(kMaxHtmlMarks, '&');
  const HtmlPage ampersands = ExtractPage(page);
  EXPECT_TRUE(ampersands.too_costly);
  EXPECT_EQ(ampersands.title, "a & b");
  EXPECT_NE(ampersands.text.find("x y"), std::string::npos);

  std::string tag = "<p>before<a";
  for (int i = 0; i < 5000; ++i) tag += " b" + std::to_string(i);
  const HtmlPage attributes = ExtractPage(tag + ">after");
  EXPECT_TRUE(attributes.too_costly);
  EXPECT_EQ(attributes.text, "beforeafter");
}

TEST(HtmlPage, ControlCharactersAreLeftOut) {
  EXPECT_EQ(ExtractPage("<p>a\x01"
                        "b\x1f\xef\xbf\xbf\xef\xbf\xbe c\x7f\xef\xbf\xbd")
                .text,
            "ab c\x7f\xef\xbf\xbd");
}

TEST(HtmlPage, SoupOfEveryKindEnds) {
  for (const char* piece : {"<", "</", "<a ", "<a b='", "&", "&#", "<!--", "<b></i>", "<script>",
                            "</p>", "<table><tr>", "<!DOCTYPE", "<?x", "<a><b></a>"}) {
    std::string soup;
    while (soup.size() < 200000) soup += piece;
    EXPECT_LE(ExtractPage(soup).text.size(), soup.size() * 2) << piece;
  }
}

TEST(HtmlPage, TheDeclaredCharsetIsFound) {
  EXPECT_EQ(DeclaredCharset("<meta charset=\"KOI8-R\">"), "koi8-r");
  EXPECT_EQ(
      DeclaredCharset("<META HTTP-EQUIV=Content-Type CONTENT='text/html; charset=Shift_JIS'>"),
      "shift_jis");
  EXPECT_EQ(DeclaredCharset("<?xml version='1.0' encoding='ISO-8859-2'?><html>"), "iso-8859-2");
  EXPECT_EQ(DeclaredCharset("<p>x"), "");
}

TEST(Markup, EntitiesAreDecodedAndControlsDropped) {
  EXPECT_EQ(DecodeEntities("a &lt;&amp;&gt; &bogus; &#3;&#65;&#x42; &"), "a <&> &bogus;  AB &");
  EXPECT_EQ(DecodeEntities("&#xd800;&#99999999;&#x110000;&#;"),
            "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd&#;");
}

TEST(Markup, AttributesAreFoundInAnyQuotes) {
  EXPECT_EQ(Attribute(" A=\"1\" b = '2' c=3 d", "b"), "2");
  EXPECT_EQ(Attribute(" A=\"1\" b = '2' c=3 d", "a"), "1");
  EXPECT_EQ(Attribute(" A=\"1\" b = '2' c=3 d", "C"), "3");
  EXPECT_EQ(Attribute(" A=\"1", "a"), "1");
  EXPECT_EQ(Attribute("===", "a"), "");
}

TEST(Markup, LoneAnglesAreText) {
  EXPECT_EQ(StripMarkup("a < b > c <p>d</p> <3"), "a < b > c \n\nd\n\n <3");
}

}  // namespace
}  // namespace ibid
