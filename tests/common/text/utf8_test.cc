#include "common/text/utf8.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "common/text/analyzer.h"

namespace ibid {
namespace {

using std::string_view_literals::operator""sv;

std::string Replaced(std::string_view text, uint64_t* count) {
  *count = 0;
  return ReplaceMalformedUtf8(text, count);
}

TEST(Utf8, EveryCodePointReadsBackAsItWasWritten) {
  for (char32_t c = 0; c <= 0x10ffff; ++c) {
    if (c >= 0xd800 && c <= 0xdfff) continue;
    std::string text;
    AppendUtf8(c, &text);
    const CodePoint read = DecodeUtf8(text, 0);
    ASSERT_FALSE(read.malformed) << static_cast<uint32_t>(c);
    ASSERT_EQ(read.value, c);
    ASSERT_EQ(read.num_bytes, text.size());
  }
}

TEST(Utf8, WellFormedTextIsValid) {
  EXPECT_TRUE(IsValidUtf8(""));
  EXPECT_TRUE(IsValidUtf8("plain ASCII that is longer than eight bytes"));
  EXPECT_TRUE(IsValidUtf8("na\xc3\xafve \xe2\x82\xac \xf0\x9f\x91\x8d"));
  EXPECT_TRUE(IsValidUtf8("a\0b"sv));
}

TEST(Utf8, MalformedSequencesAreInvalid) {
  for (const std::string_view bad :
       {"\x80"sv, "\xc0\xaf"sv, "\xc3"sv, "\xe0\x80\x80"sv, "\xed\xa0\x80"sv, "\xf4\x90\x80\x80"sv,
        "\xf8\x88\x80\x80\x80"sv, "\xff"sv, "a\xe2\x82"sv, "12345678\xfe"sv}) {
    EXPECT_FALSE(IsValidUtf8(bad));
  }
}

TEST(Utf8, EachMaximalSubpartIsOneReplacement) {
  // The Unicode Standard, table 3-8: 61 F1 80 80 E1 80 C2 62 80 63 80 BF 64.
  uint64_t count = 0;
  EXPECT_EQ(Replaced("\x61\xf1\x80\x80\xe1\x80\xc2\x62\x80\x63\x80\xbf\x64", &count),
            "a\ufffd\ufffd\ufffdb\ufffdc\ufffd\ufffdd");
  EXPECT_EQ(count, 6u);
  EXPECT_EQ(Replaced("\xe0\x80\x80", &count), "\ufffd\ufffd\ufffd");
  EXPECT_EQ(Replaced("\xf0\x9f\x91", &count), "\ufffd");
}

TEST(Utf8, ReplacingAddsToTheCount) {
  uint64_t count = 5;
  EXPECT_EQ(ReplaceMalformedUtf8("\xff ok \xff", &count), "\ufffd ok \ufffd");
  EXPECT_EQ(count, 7u);
}

TEST(Utf8, CountsWhatReplacingReplaces) {
  const std::string_view text = "caf\xc3\xa9 \xe2\x80 \xc3( \xf0\x9f\x91\x8d\x80 end";
  uint64_t count = 0;
  Replaced(text, &count);
  EXPECT_EQ(CountMalformedUtf8(text), count);
  EXPECT_EQ(count, 3u);
}

TEST(Utf8, CutsBetweenCharacters) {
  EXPECT_EQ(CutLength("abc", 5), 3u);
  EXPECT_EQ(CutLength("abc", 2), 2u);
  EXPECT_EQ(CutLength("a\xc3\xa9", 2), 1u);
  EXPECT_EQ(CutLength("\xf0\x9f\x91\x8d", 3), 0u);
}

}  // namespace
}  // namespace ibid
