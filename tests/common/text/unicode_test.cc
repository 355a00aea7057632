#include "common/text/unicode.h"

#include <gtest/gtest.h>

#include <string>

#include "common/text/analyzer.h"
#include "common/text/utf8.h"

namespace ibid {
namespace {

std::string Repeat(std::string_view piece, size_t times) {
  std::string text;
  for (size_t i = 0; i < times; ++i) text += piece;
  return text;
}

TEST(FoldText, FoldsCaseAccentsAndQuotesOfWholeText) {
  EXPECT_EQ(FoldText("The Café’s “Straße”"), "the cafe's \"strasse\"");
  EXPECT_EQ(FoldText(""), "");
}

TEST(FoldText, ComposedAndDecomposedFormsFoldAlike) {
  EXPECT_EQ(FoldText("caf\u00e9"), FoldText("cafe\u0301"));
  EXPECT_EQ(FoldText("\u1ef1"), FoldText("u\u031b\u0323"));
  EXPECT_EQ(FoldText("\u0439"), FoldText("\u0438\u0306"));
  EXPECT_EQ(FoldText("\u304c"), FoldText("\u304b\u3099"));
  EXPECT_EQ(FoldText("\uff76\uff9e"), FoldText("\u30ac"));
  EXPECT_EQ(FoldText("\ud55c"), FoldText("\u1112\u1161\u11ab"));
}

TEST(FoldText, RemovesMarksThatOnlyQualify) {
  EXPECT_EQ(FoldText("שָׁלוֹם"), "שלום");
  EXPECT_EQ(FoldText("مُحَمَّد"), "محمد");
  EXPECT_EQ(FoldText("Tiếng Việt"), "tieng viet");
}

TEST(FoldText, KeepsMarksThatSpell) {
  EXPECT_EQ(FoldText("हिन्दी"), "हिन्दी");
  EXPECT_EQ(FoldText("ที่"), "ที่");
  EXPECT_EQ(FoldText("Йод Їжак"), "йод їжак");
}

TEST(FoldText, FoldingTwiceChangesNothingMore) {
  for (char32_t c = 1; c <= 0x2ffff; ++c) {
    if (c >= 0xd800 && c <= 0xdfff) continue;
    std::string text;
    AppendUtf8(c, &text);
    const std::string once = FoldText(text);
    ASSERT_EQ(FoldText(once), once) << "U+" << std::hex << static_cast<uint32_t>(c);
  }
}

TEST(FoldText, MalformedBytesBecomeTheReplacementCharacter) {
  EXPECT_EQ(FoldText("A\xff"
                     "B"),
            "a\ufffdb");
}

TEST(TextFolder, StopsSoonAfterTheBytesAskedFor) {
  std::string out = "x";
  TextFolder::Get().Append(Repeat("É", 100000), &out, 100);
  EXPECT_GE(out.size(), 100u);
  EXPECT_LE(out.size(), 1000u);
}

TEST(TextFolder, ALongRowOfMarksFoldsToItsLetter) {
  EXPECT_EQ(FoldText("e" + Repeat("\u0301", 100000) + "f"), "ef");
  // Marks that stay are kept up to thirty in a row.
  EXPECT_EQ(FoldText("क" + Repeat("\u0941", 1000)), "क" + Repeat("\u0941", 30));
}

TEST(WordClass, FollowsUnicode) {
  EXPECT_EQ(WordClassOf(U'é'), WordClass::kLetter);
  EXPECT_EQ(WordClassOf(U'\u05d0'), WordClass::kHebrew);
  EXPECT_EQ(WordClassOf(U'\u0663'), WordClass::kDigit);
  EXPECT_EQ(WordClassOf(U'\u0301'), WordClass::kMark);
  EXPECT_EQ(WordClassOf(U'\u00ad'), WordClass::kMark);
  EXPECT_EQ(WordClassOf(U'\u200b'), WordClass::kSeparator);
  EXPECT_EQ(WordClassOf(U'\u2019'), WordClass::kApostrophe);
  EXPECT_EQ(WordClassOf(U'\u4e2d'), WordClass::kDictionary);
  EXPECT_EQ(WordClassOf(U'\u0e01'), WordClass::kDictionary);
  EXPECT_EQ(WordClassOf(U'²'), WordClass::kSingle);
  EXPECT_EQ(WordClassOf(U'\U0001f44d'), WordClass::kEmoji);
  EXPECT_EQ(WordClassOf(U'\U0001f1eb'), WordClass::kRegional);
  EXPECT_EQ(WordClassOf(U'©'), WordClass::kSeparator);
  EXPECT_EQ(WordClassOf(kReplacementCharacter), WordClass::kSeparator);
}

}  // namespace
}  // namespace ibid
