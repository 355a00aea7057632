#include "searcher/result/plain_text.h"

#include <gtest/gtest.h>

#include <string>

namespace ibid {
namespace {

// The text as DecodeCodePoint and AppendUtf8 hand it on.
std::string Recode(std::string_view text) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    const plain::CodePoint c = plain::DecodeCodePoint(text, at);
    plain::AppendUtf8(c.value, out);
    at += c.length;
  }
  return out;
}

TEST(PlainText, WellFormedTextComesBackUnchanged) {
  const std::string text = "a é — 水 \U0001F600 \U0010FFFF";
  EXPECT_EQ(Recode(text), text);
}

TEST(PlainText, EachMaximalSubpartBecomesOneReplacementCharacter) {
  EXPECT_EQ(Recode("\xff"), "\uFFFD");
  EXPECT_EQ(Recode("a\x80z"), "a\uFFFDz");
  EXPECT_EQ(Recode("\xe2\x82"), "\uFFFD");  // cut after two bytes of three
  EXPECT_EQ(Recode("\xe2\x82z"), "\uFFFDz");
  EXPECT_EQ(Recode("\xc0\xaf"), "\uFFFD\uFFFD");                      // overlong
  EXPECT_EQ(Recode("\xed\xa0\x80"), "\uFFFD\uFFFD\uFFFD");            // a surrogate
  EXPECT_EQ(Recode("\xf4\x90\x80\x80"), "\uFFFD\uFFFD\uFFFD\uFFFD");  // past U+10FFFF
  EXPECT_EQ(Recode("\xf0\x9f\x98"), "\uFFFD");
}

TEST(PlainText, TheStartOfACharacterIsFoundFromAnyOfItsBytes) {
  const std::string text = "a\U0001F600z";
  for (size_t at = 1; at <= 4; ++at) EXPECT_EQ(plain::CodePointStart(text, at), 1u) << at;
  EXPECT_EQ(plain::CodePointStart(text, 5), 5u);
  EXPECT_EQ(plain::CodePointStart(text, 99), text.size());
  EXPECT_EQ(plain::CodePointStart("\x80\x80\x80\x80\x80", 4), 4u);
}

TEST(PlainText, ControlsAndDirectionOverridesAreNotShown) {
  for (const char32_t c :
       {0x00, 0x07, 0x09, 0x0a, 0x1b, 0x7f, 0x80, 0x9b, 0x9f, 0x202a, 0x202e, 0x2066, 0x2069}) {
    EXPECT_FALSE(plain::IsShown(c)) << static_cast<unsigned>(c);
  }
  for (const char32_t c : {0x20, 0x7e, 0xa0, 0x2029, 0x202f, 0x2065, 0x206a, 0xfffd}) {
    EXPECT_TRUE(plain::IsShown(c)) << static_cast<unsigned>(c);
  }
}

}  // namespace
}  // namespace ibid
