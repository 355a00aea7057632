#include "indexer/source/encoding.h"

#include <gtest/gtest.h>

namespace ibid {
namespace {

using std::string_view_literals::operator""sv;

std::string DecodeUtf16(std::string_view bytes, ByteOrderMark mark, size_t chunk) {
  StringStream input(bytes);
  Utf16Stream stream(&input, mark);
  std::string text;
  std::string block(chunk, '\0');
  while (true) {
    const absl::StatusOr<size_t> n = stream.Read({block.data(), block.size()});
    if (!n.ok() || *n == 0) return text;
    text.append(block, 0, *n);
  }
}

TEST(Encoding, Utf8StaysAsItIsButForItsMark) {
  EXPECT_EQ(DecodeText("na\xc3\xafve").text, "na\xc3\xafve");
  EXPECT_EQ(DecodeText("\xef\xbb\xbfx").text, "x");
}

TEST(Encoding, TextThatIsNotUtf8IsWindows1252) {
  const DecodedText text = DecodeText("caf\xe9 \x93quoted\x94 \x80 5");
  EXPECT_TRUE(text.windows_1252);
  EXPECT_EQ(text.text, "caf\xc3\xa9 \xe2\x80\x9cquoted\xe2\x80\x9d \xe2\x82\xac 5");
}

TEST(Encoding, AMalformedByteInUtf8IsReplacedAndCounted) {
  const DecodedText text = DecodeText("na\xc3\xafve caf\xe9, \xe2\x82\xac 5");
  EXPECT_FALSE(text.windows_1252);
  EXPECT_EQ(text.num_replaced, 1u);
  EXPECT_EQ(text.text, "na\xc3\xafve caf\xef\xbf\xbd, \xe2\x82\xac 5");
}

TEST(Encoding, AByteThatMakesNoSenseInWindows1252IsReplaced) {
  const DecodedText text = DecodeText("good \xff bad \x81");
  EXPECT_FALSE(text.windows_1252);
  EXPECT_EQ(text.num_replaced, 2u);
}

TEST(Encoding, Utf16OfBothOrdersInAnyChunks) {
  for (const size_t chunk : {1u, 2u, 3u, 100u}) {
    EXPECT_EQ(DecodeUtf16("\0a\xd8\x3d\xde\x00"sv, ByteOrderMark::kUtf16Big, chunk),
              "a\xf0\x9f\x98\x80");
    EXPECT_EQ(DecodeUtf16("a\0\x3d\xd8\x00\xde"sv, ByteOrderMark::kUtf16Little, chunk),
              "a\xf0\x9f\x98\x80");
  }
}

TEST(Encoding, LoneSurrogatesAndOddBytesBecomeReplacements) {
  EXPECT_EQ(DecodeUtf16("\xd8\x3d\0a\xdc\0\xd8\0!"sv, ByteOrderMark::kUtf16Big, 10),
            "\xef\xbf\xbd"
            "a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
}

}  // namespace
}  // namespace ibid
