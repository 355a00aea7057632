#include "common/codec/bit_packing.h"

#include <array>
#include <memory>
#include <random>
#include <vector>

#include "common/codec/kernels.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ibid {
namespace {

using Values = std::array<uint32_t, kBlockLength>;

constexpr uint32_t MaskOf(unsigned width) {
  return width == 32 ? 0xffffffffu : (uint32_t{1} << width) - 1;
}

Values RandomValues(unsigned width, uint32_t seed) {
  std::mt19937 random(seed);
  Values values;
  for (uint32_t& value : values) value = static_cast<uint32_t>(random()) & MaskOf(width);
  return values;
}

TEST(BitPacking, BitWidthCountsTheBitsOfAValue) {
  EXPECT_EQ(BitWidth(0), 0u);
  EXPECT_EQ(BitWidth(1), 1u);
  EXPECT_EQ(BitWidth(127), 7u);
  EXPECT_EQ(BitWidth(128), 8u);
  EXPECT_EQ(BitWidth(0xffffffff), 32u);
}

TEST(BitPacking, ValuesLieInFourLanes) {
  Values values = {};
  values[0] = 1;  // lane 0, row 0
  values[5] = 2;  // lane 1, row 1
  uint8_t out[PackedBytes(3)];
  PackBlock(values.data(), 3, out);
  EXPECT_EQ(out[0], 1);
  EXPECT_EQ(out[4], 2 << 3);
  for (size_t i = 0; i < sizeof(out); ++i) {
    if (i != 0 && i != 4) {
      EXPECT_EQ(out[i], 0) << i;
    }
  }
}

class EveryKernel : public testing::TestWithParam<const KernelSet*> {
 protected:
  void Pack(const Values& values, unsigned width, uint8_t* out) {
    GetParam()->blocks->pack[width](values.data(), out);
  }
  Values Unpack(const uint8_t* in, unsigned width) {
    Values values;
    GetParam()->blocks->unpack[width](in, values.data());
    return values;
  }
};

TEST_P(EveryKernel, UnpacksWhatItPackedAtEveryWidth) {
  for (unsigned width = 0; width <= kMaxBitWidth; ++width) {
    for (uint32_t seed = 0; seed < 20; ++seed) {
      const Values values = RandomValues(width, seed * 100 + width);
      std::vector<uint8_t> packed(PackedBytes(width) + 64);
      Pack(values, width, packed.data());
      ASSERT_EQ(Unpack(packed.data(), width), values) << width << " " << seed;
    }
  }
}

TEST_P(EveryKernel, PacksTheBytesOfTheScalarOne) {
  const KernelSet& scalar = ChooseKernels("scalar");
  for (unsigned width = 0; width <= kMaxBitWidth; ++width) {
    const Values values = RandomValues(32, width);  // bits above the width are dropped
    std::vector<uint8_t> expected(PackedBytes(width) + 1, 0xa5);
    scalar.blocks->pack[width](values.data(), expected.data());
    std::vector<uint8_t> packed(PackedBytes(width) + 1, 0xa5);
    Pack(values, width, packed.data());
    ASSERT_EQ(packed, expected) << width;
  }
}

TEST_P(EveryKernel, WritesExactly128ValuesAndReadsAtMost64BytesMore) {
  for (unsigned width = 0; width <= kMaxBitWidth; ++width) {
    // Exactly sized heap blocks: a sanitizer reports one byte too many on either side.
    const auto packed = std::make_unique<uint8_t[]>(PackedBytes(width) + 64);
    const auto values = std::make_unique<uint32_t[]>(kBlockLength + 1);
    values[kBlockLength] = 0xdeadbeef;
    GetParam()->blocks->unpack[width](packed.get(), values.get());
    ASSERT_EQ(values[kBlockLength], 0xdeadbeefu);
  }
}

TEST_P(EveryKernel, ReadsFromAnyByteAddress) {
  for (size_t shift = 0; shift < 16; ++shift) {
    const Values values = RandomValues(11, static_cast<uint32_t>(shift));
    std::vector<uint8_t> packed(PackedBytes(11) + 64 + 16);
    Pack(values, 11, packed.data() + shift);
    ASSERT_EQ(Unpack(packed.data() + shift, 11), values) << shift;
  }
}

TEST_P(EveryKernel, SumsPrefixesModulo2To32) {
  for (unsigned width : {0u, 1u, 7u, 20u, 32u}) {
    Values values = RandomValues(width, width);
    Values expected;
    uint32_t sum = 0xfffffff0;
    for (size_t i = 0; i < kBlockLength; ++i) expected[i] = sum += values[i];
    GetParam()->prefix_sum(0xfffffff0, values.data());
    ASSERT_EQ(values, expected) << width;
  }
}

INSTANTIATE_TEST_SUITE_P(BitPacking, EveryKernel, testing::ValuesIn(RunnableKernels()),
                         [](const auto& param) { return std::string(param.param->name); });

}  // namespace
}  // namespace ibid
