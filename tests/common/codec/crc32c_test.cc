#include "common/codec/crc32c.h"

#include <random>
#include <string_view>
#include <vector>

#include "common/codec/kernels.h"
#include "gtest/gtest.h"

namespace ibid {
namespace {

uint32_t BitByBit(const uint8_t* data, size_t size, uint32_t crc) {
  crc = ~crc;
  for (size_t i = 0; i < size; ++i) {
    crc ^= data[i];
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82f63b78u : 0u);
  }
  return ~crc;
}

std::vector<uint8_t> RandomBytes(size_t size) {
  std::mt19937 random(20240607);
  std::vector<uint8_t> bytes(size);
  for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(random());
  return bytes;
}

std::span<const uint8_t> AsBytes(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

TEST(Crc32c, GivesThePublishedValues) {
  EXPECT_EQ(Crc32c(AsBytes("123456789")), 0xe3069283u);
  // RFC 3720, appendix B.4.
  std::vector<uint8_t> bytes(32, 0x00);
  EXPECT_EQ(Crc32c(bytes), 0x8a9136aau);
  bytes.assign(32, 0xff);
  EXPECT_EQ(Crc32c(bytes), 0x62a8ab43u);
  for (size_t i = 0; i < 32; ++i) bytes[i] = static_cast<uint8_t>(i);
  EXPECT_EQ(Crc32c(bytes), 0x46dd794eu);
  for (size_t i = 0; i < 32; ++i) bytes[i] = static_cast<uint8_t>(31 - i);
  EXPECT_EQ(Crc32c(bytes), 0x113fdb5cu);
}

TEST(Crc32c, OfNothingIsZero) {
  EXPECT_EQ(Crc32c({}), 0u);
  EXPECT_EQ(Crc32c({}, 0x12345678u), 0x12345678u);
}

TEST(Crc32c, OfTwoPartsIsThatOfTheWhole) {
  const std::vector<uint8_t> bytes = RandomBytes(10000);
  const std::span<const uint8_t> whole(bytes);
  for (size_t cut : {size_t{0}, size_t{1}, size_t{4096}, size_t{9999}, size_t{10000}}) {
    EXPECT_EQ(Crc32c(whole.subspan(cut), Crc32c(whole.first(cut))), Crc32c(whole));
  }
}

class EveryKernel : public testing::TestWithParam<const KernelSet*> {};

TEST_P(EveryKernel, EqualsTheBitByBitSumForAllShortLengthsAndAlignments) {
  const std::vector<uint8_t> bytes = RandomBytes(1024);
  for (size_t begin = 0; begin < 16; ++begin) {
    for (size_t size = 0; begin + size <= 1000; size += size < 300 ? 1 : 37) {
      ASSERT_EQ(GetParam()->crc32c(bytes.data() + begin, size, 77),
                BitByBit(bytes.data() + begin, size, 77))
          << begin << " " << size;
    }
  }
}

TEST_P(EveryKernel, EqualsTheBitByBitSumForLongBytes) {
  const std::vector<uint8_t> bytes = RandomBytes(100003);
  for (size_t size : {4031u, 4032u, 4033u, 4416u, 8064u, 16384u, 65536u, 100000u}) {
    EXPECT_EQ(GetParam()->crc32c(bytes.data() + 3, size, 0), BitByBit(bytes.data() + 3, size, 0));
  }
}

INSTANTIATE_TEST_SUITE_P(Crc32c, EveryKernel, testing::ValuesIn(RunnableKernels()),
                         [](const auto& param) { return std::string(param.param->name); });

}  // namespace
}  // namespace ibid
