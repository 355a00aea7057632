#include <gtest/gtest.h>

#include <string>

#include "common/base/strings.h"
#include "ibid/query.h"

namespace ibid {
namespace {

QueryNote Note(size_t begin, size_t end) {
  return {NoteSeverity::kWarning, begin, end, "code", "what is wrong", ""};
}

TEST(FormatNote, ShowsTheQueryWithTheBytesMarked) {
  EXPECT_EQ(FormatNote("a AND bcd", Note(6, 9)),
            "warning: what is wrong\n"
            "      a AND bcd\n"
            "            ^~~\n");
}

TEST(FormatNote, CountsCharactersNotBytes) {
  EXPECT_EQ(FormatNote("caf\u00e9 x", Note(6, 7)),
            "warning: what is wrong\n"
            "      caf\u00e9 x\n"
            "           ^\n");
}

TEST(FormatNote, GivesWideCharactersTwoColumnsAndCombiningOnesNone) {
  EXPECT_EQ(FormatNote("\u6771\u4eac e\u0301 x", Note(11, 12)),
            "warning: what is wrong\n"
            "      \u6771\u4eac e\u0301 x\n"
            "             ^\n");
}

TEST(FormatNote, ShowsControlCharactersAsQuestionMarks) {
  EXPECT_EQ(FormatNote("a\x1b[2J\n\u202e\xff b", Note(0, 1)),
            "warning: what is wrong\n"
            "      a?[2J??? b\n"
            "      ^\n");
}

TEST(FormatNote, CutsALongQueryAroundTheCaret) {
  const std::string text = std::string(1000, 'a') + " b " + std::string(1000, 'c');
  const std::string shown = FormatNote(text, Note(1001, 1002));
  EXPECT_LT(shown.size(), 500u);
  EXPECT_NE(shown.find("      ..." + std::string(39, 'a') + " b ccc"), std::string::npos);
  EXPECT_NE(shown.find("\n         " + std::string(40, ' ') + "^\n"), std::string::npos);
}

TEST(FormatNote, TakesSpansOutsideTheQuery) {
  EXPECT_EQ(FormatNote("", Note(7, 3)), "warning: what is wrong\n      \n      ^\n");
}

TEST(FormatNote, ShowsTheReadingThatTheNoteTellsAbout) {
  const std::string text = "hollande \"prime minister\" NEAR/5 paris AND attck~";
  const auto parsed = ParseQuery(text, {});
  ASSERT_TRUE(parsed.ok());
  ASSERT_EQ(parsed->notes.size(), 1u);
  EXPECT_EQ(parsed->notes[0].fixit, parsed->canonical);
  EXPECT_EQ(FormatNote(text, parsed->notes[0]),
            "note: implicit and explicit operators mixed; read as  hollande ((\"prime minister\" "
            "NEAR/5 paris) AND attck~1)\n"
            "      hollande \"prime minister\" NEAR/5 paris AND attck~\n"
            "               ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~\n");
}

TEST(StrictParsing, NamesTheColumnOfTheFirstWarning) {
  ParseOptions options;
  options.strict = true;
  const auto parsed = ParseQuery("caf\u00e9 in the \"prime", options);
  ASSERT_FALSE(parsed.ok());
  EXPECT_EQ(MessageOf(parsed.status()), "query: column 13: missing closing quote");
}

}  // namespace
}  // namespace ibid
