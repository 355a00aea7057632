#include "common/base/byte_reader.h"

#include <string>

#include "absl/status/status.h"
#include "common/base/byte_writer.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ibid {
namespace {

using testing::HasSubstr;

TEST(ByteReader, ReadsWhatByteWriterWrote) {
  ByteWriter out;
  out.U8(0xab);
  out.U16(0x1234);
  out.U32(0xdeadbeef);
  out.U64(0x0123456789abcdef);
  out.Varint64(0);
  out.Varint64(127);
  out.Varint64(128);
  out.Varint64(UINT64_MAX);
  out.Varint32(UINT32_MAX);
  out.LengthPrefixed("rebels");
  out.Bytes("!");

  ByteReader in(out.view(), "test");
  EXPECT_EQ(*in.U8(), 0xab);
  EXPECT_EQ(*in.U16(), 0x1234);
  EXPECT_EQ(*in.U32(), 0xdeadbeef);
  EXPECT_EQ(*in.U64(), 0x0123456789abcdefu);
  EXPECT_EQ(*in.Varint64(), 0u);
  EXPECT_EQ(*in.Varint64(), 127u);
  EXPECT_EQ(*in.Varint64(), 128u);
  EXPECT_EQ(*in.Varint64(), UINT64_MAX);
  EXPECT_EQ(*in.Varint32(), UINT32_MAX);
  EXPECT_EQ(*in.LengthPrefixed(6), "rebels");
  EXPECT_EQ(*in.Bytes(1), "!");
  EXPECT_TRUE(in.empty());
}

TEST(ByteWriter, WritesLittleEndian) {
  ByteWriter out;
  out.U16(0x0102);
  out.U32(0x03040506);
  EXPECT_EQ(out.view(), std::string_view("\x02\x01\x06\x05\x04\x03", 6));
  out.Clear();
  EXPECT_EQ(out.size(), 0u);
}

TEST(ByteReader, RefusesToReadPastTheEndAndStaysInPlace) {
  ByteReader in(std::string_view("abc"), "seg: terms");
  EXPECT_EQ(in.U32().status(),
            absl::DataLossError("seg: terms: at byte 0: ends early: 4 bytes wanted, 3 left"));
  EXPECT_FALSE(in.U64().ok());
  EXPECT_FALSE(in.Bytes(4).ok());
  EXPECT_FALSE(in.Bytes(UINT64_MAX).ok());
  EXPECT_FALSE(in.Skip(4).ok());
  EXPECT_FALSE(in.Seek(4).ok());
  EXPECT_EQ(in.offset(), 0u);
  EXPECT_EQ(*in.Bytes(3), "abc");
  EXPECT_FALSE(in.U8().ok());
  EXPECT_FALSE(in.U16().ok());
  EXPECT_FALSE(in.Varint64().ok());
}

TEST(ByteReader, SeekAndSkipReachTheEndItself) {
  ByteReader in(std::string_view("abc"), "test");
  EXPECT_TRUE(in.Skip(3).ok());
  EXPECT_TRUE(in.empty());
  EXPECT_TRUE(in.Seek(1).ok());
  EXPECT_EQ(*in.U8(), 'b');
  EXPECT_TRUE(in.Seek(3).ok());
  EXPECT_EQ(in.remaining(), 0u);
}

TEST(ByteReader, RefusesNumbersWiderThanTheirType) {
  const std::string eleven_bytes = std::string(10, '\x80') + '\x01';
  EXPECT_THAT(ByteReader(eleven_bytes, "t").Varint64().status().message(), HasSubstr("64 bits"));
  const std::string bit_64 = std::string(9, '\xff') + '\x02';
  EXPECT_THAT(ByteReader(bit_64, "t").Varint64().status().message(), HasSubstr("64 bits"));
  const std::string largest = std::string(9, '\xff') + '\x01';
  EXPECT_EQ(*ByteReader(largest, "t").Varint64(), UINT64_MAX);

  ByteWriter out;
  out.Varint64(uint64_t{1} << 32);
  ByteReader in(out.view(), "t");
  EXPECT_THAT(in.Varint32().status().message(), HasSubstr("32 bits"));
  EXPECT_EQ(in.offset(), 0u);
  EXPECT_EQ(*in.Varint64(), uint64_t{1} << 32);
}

TEST(ByteReader, RefusesALengthPastItsBound) {
  ByteWriter out;
  out.LengthPrefixed("abcd");
  EXPECT_EQ(ByteReader(out.view(), "t").LengthPrefixed(3).status().message(),
            "t: at byte 1: length 4, at most 3 expected");
  const std::string huge = std::string(9, '\xff') + '\x01';
  EXPECT_FALSE(ByteReader(huge, "t").LengthPrefixed(UINT64_MAX).ok());
}

TEST(ByteReader, CorruptNamesWhereAndTheOffset) {
  ByteReader in(std::string_view("abc"), "seg: terms");
  ASSERT_TRUE(in.Skip(2).ok());
  EXPECT_EQ(in.Corrupt("no such term"), absl::DataLossError("seg: terms: at byte 2: no such term"));
}

TEST(RecordReader, ReadsWhatByteWriterWroteAndZerosBehindIt) {
  ByteWriter out;
  out.U8(0xab);
  out.U16(0x1234);
  out.U32(0xdeadbeef);
  out.U64(0x0123456789abcdef);
  out.Bytes("rebels");
  out.U16(0xfedc);
  const std::string_view bytes = out.view();
  RecordReader in({reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()});
  EXPECT_EQ(in.U8(), 0xab);
  EXPECT_EQ(in.U16(), 0x1234);
  EXPECT_EQ(in.U32(), 0xdeadbeef);
  EXPECT_EQ(in.U64(), 0x0123456789abcdefu);
  EXPECT_EQ(in.Bytes(6), "rebels");
  EXPECT_EQ(in.U64(), 0xfedcu);
  EXPECT_EQ(in.U32(), 0u);
  EXPECT_EQ(in.Bytes(3), "");
}

}  // namespace
}  // namespace ibid
