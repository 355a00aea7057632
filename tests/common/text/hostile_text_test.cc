// Texts that are made to hurt: each must be analysed whole, in work that grows with its length.
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "ibid/limits.h"
#include "tests/common/text/render.h"

namespace ibid {
namespace {

constexpr size_t kMegabyte = size_t{1} << 20;

std::string Fill(std::string_view piece, size_t bytes) {
  std::string text;
  text.reserve(bytes + piece.size());
  while (text.size() < bytes) text += piece;
  return text;
}

TEST(HostileText, TwentyMegabytesOfOneWordAreOneToken) {
  const AnalyzedText tokens = test::AnalyzeText(std::string(20 * kMegabyte, 'a'));
  ASSERT_EQ(tokens.num_tokens(), 1u);
  EXPECT_EQ(tokens.term(0).size(), kMaxTermBytes);
  EXPECT_EQ(tokens.ends[0], 20 * kMegabyte);
  EXPECT_EQ(tokens.num_cut_terms, 1u);
}

TEST(HostileText, TwentyMegabytesOfOneAccentedWordAreOneToken) {
  const AnalyzedText tokens = test::AnalyzeText(Fill("é", 20 * kMegabyte));
  ASSERT_EQ(tokens.num_tokens(), 1u);
  EXPECT_EQ(tokens.term(0), std::string(kMaxTermBytes, 'e'));
}

TEST(HostileText, TwentyMegabytesOfNulsAreNoToken) {
  const AnalyzedText tokens = test::AnalyzeText(std::string(20 * kMegabyte, '\0'));
  EXPECT_EQ(tokens.num_tokens(), 0u);
  EXPECT_EQ(tokens.num_replaced_bytes, 0u);
}

TEST(HostileText, TwentyMegabytesOfMarksBelongToOneLetter) {
  const std::string marks = Fill("\u0301", 20 * kMegabyte);
  EXPECT_EQ(test::AnalyzeText(marks).num_tokens(), 0u);
  const AnalyzedText tokens = test::AnalyzeText("e" + marks + "f'" + marks + "g");
  ASSERT_EQ(tokens.num_tokens(), 1u);
  EXPECT_EQ(tokens.term(0), "ef'g");
}

TEST(HostileText, MalformedBytesAreCountedOneByOne) {
  const AnalyzedText tokens = test::AnalyzeText(std::string(4 * kMegabyte, '\xff'));
  EXPECT_EQ(tokens.num_tokens(), 0u);
  EXPECT_EQ(tokens.num_replaced_bytes, 4 * kMegabyte);
}

TEST(HostileText, LongChainsOfJoinersAreCutOnce) {
  // Each would take hours if a rule looked at the rest of the chain again from every part of it.
  const size_t bytes = 4 * kMegabyte;
  EXPECT_EQ(test::AnalyzeText(Fill("a.", bytes)).num_tokens(), 1u);
  EXPECT_EQ(test::AnalyzeText(Fill("a.", bytes) + "bcd").num_tokens(), bytes / 2 + 1);
  EXPECT_EQ(test::AnalyzeText(Fill("1,", bytes)).num_tokens(), bytes / 2);
  EXPECT_EQ(test::AnalyzeText(Fill("1.", bytes)).num_tokens(), bytes / 2);
  EXPECT_EQ(test::AnalyzeText("1" + Fill(",000", bytes)).num_tokens(), 1u);
  EXPECT_EQ(test::AnalyzeText(Fill("a'", bytes)).num_tokens(), 1u);
  EXPECT_EQ(test::AnalyzeText(Fill("a&", bytes)).num_tokens(), 1u);
  EXPECT_EQ(test::AnalyzeText(Fill("1.2,", bytes)).num_tokens(), bytes / 4);
  EXPECT_EQ(test::AnalyzeText(Fill("a#1.b++", bytes)).num_tokens(), (bytes / 7 + 1) * 3);
}

TEST(HostileText, SeasOfQuotationMarksEnd) {
  const size_t bytes = 2 * kMegabyte;
  for (const std::string_view piece :
       {"\"", "'", "a' ", "'a ", "\"a' ", "5\" \"a ", "s' \" ", "\u201ca ", "a\u201d ", "\"a\n\n",
        "'a\n\n", "\u2018\u201c\u00ab", "'a \"b s' "}) {
    const std::string text = Fill(piece, bytes);
    const AnalyzedText tokens = test::AnalyzeText(text);
    uint32_t last = 0;
    for (const TokenRange& range : tokens.quotations) {
      ASSERT_LE(last, range.begin) << piece;
      ASSERT_LT(range.begin, range.end) << piece;
      last = range.end;
    }
    EXPECT_LE(last, tokens.num_tokens()) << piece;
  }
}

TEST(HostileText, LongRunsForTheDictionaryAreCovered) {
  const std::string text = Fill("中国人", kMegabyte);
  const AnalyzedText tokens = test::AnalyzeText(text);
  ASSERT_GT(tokens.num_tokens(), kMegabyte / 9 / 2);
  EXPECT_EQ(tokens.begins.front(), 0u);
  EXPECT_EQ(tokens.ends.back(), text.size());
  for (size_t i = 1; i < tokens.num_tokens(); ++i) {
    ASSERT_EQ(tokens.begins[i], tokens.ends[i - 1]) << i;
  }
}

TEST(HostileText, FamiliesOfEmojiEnd) {
  EXPECT_EQ(test::AnalyzeText(Fill("👩\u200d", kMegabyte)).num_tokens(), 1u);
  EXPECT_EQ(test::AnalyzeText(Fill("🇫🇷", 800)).num_tokens(), 100u);
}

}  // namespace
}  // namespace ibid
