#include "common/base/strings.h"

#include "gtest/gtest.h"

namespace ibid {
namespace {

TEST(Strings, StrCatJoinsTextAndNumbers) {
  const std::string text = "seg";
  EXPECT_EQ(StrCat(text, std::string_view(": "), 12, " of ", UINT64_MAX, " ", INT64_MIN),
            "seg: 12 of 18446744073709551615 -9223372036854775808");
  EXPECT_EQ(StrCat(), "");
  EXPECT_EQ(StrCat(absl::DataLossError("torn").message()), "torn");
}

TEST(Strings, WithCommasGroupsByThree) {
  EXPECT_EQ(WithCommas(0), "0");
  EXPECT_EQ(WithCommas(999), "999");
  EXPECT_EQ(WithCommas(1000), "1,000");
  EXPECT_EQ(WithCommas(114688), "114,688");
  EXPECT_EQ(WithCommas(1234567), "1,234,567");
}

TEST(Strings, HumanBytesKeepsOneDecimal) {
  EXPECT_EQ(HumanBytes(0), "0 bytes");
  EXPECT_EQ(HumanBytes(999), "999 bytes");
  EXPECT_EQ(HumanBytes(1000), "1.0 kB");
  EXPECT_EQ(HumanBytes(999949), "999.9 kB");
  EXPECT_EQ(HumanBytes(999950), "1.0 MB");
  EXPECT_EQ(HumanBytes(3145728), "3.1 MB");
  EXPECT_EQ(HumanBytes(UINT64_MAX), "18.4 EB");
}

TEST(Strings, Hex8PadsWithZeros) {
  EXPECT_EQ(Hex8(0x1d0fc2aa), "1d0fc2aa");
  EXPECT_EQ(Hex8(10), "0000000a");
}

TEST(Strings, BaseNameIsWhatFollowsTheLastSlash) {
  EXPECT_EQ(BaseName("/data/idx/MANIFEST"), "MANIFEST");
  EXPECT_EQ(BaseName("MANIFEST"), "MANIFEST");
  EXPECT_EQ(BaseName("/data/"), "");
}

}  // namespace
}  // namespace ibid
