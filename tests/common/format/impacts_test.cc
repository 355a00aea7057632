#include "common/format/impacts.h"

#include <cmath>

#include "common/format/skip_data.h"
#include "gtest/gtest.h"

namespace ibid {
namespace {

TEST(Norms, LengthsToFortyAreExact) {
  for (uint32_t length = 0; length <= 40; ++length) {
    EXPECT_EQ(NormToLength(LengthToNorm(length)), length);
  }
}

// Values of Lucene's SmallFloat.byte4ToInt.
TEST(Norms, TheCodeIsLucenes) {
  EXPECT_EQ(NormToLength(40), 40u);
  EXPECT_EQ(NormToLength(41), 42u);
  EXPECT_EQ(NormToLength(48), 56u);
  EXPECT_EQ(NormToLength(100), 3096u);
  EXPECT_EQ(NormToLength(255), 2013265944u);
}

TEST(Norms, LengthsAreRoundedDownByAtMostAnEighth) {
  uint8_t last = 0;
  for (uint64_t length = 0; length <= UINT32_MAX; length += 1 + length / 50) {
    const uint8_t norm = LengthToNorm(static_cast<uint32_t>(length));
    EXPECT_GE(norm, last);
    last = norm;
    EXPECT_LE(NormToLength(norm), length);
    if (length < 2013265944u) {
      EXPECT_GE(NormToLength(norm) + NormToLength(norm) / 8 + 1, length);
    }
  }
  for (unsigned norm = 0; norm < 256; ++norm) {
    EXPECT_EQ(LengthToNorm(NormToLength(static_cast<uint8_t>(norm))), norm);
  }
}

TEST(Impacts, BoundsHoldForEveryNormAndFrequency) {
  for (const double average : {1.0, 40.0, 333.3, 9000.0}) {
    for (const Bm25Parameters parameters : {Bm25Parameters(), Bm25Parameters{0.4f, 0.0f},
                                            Bm25Parameters{3.0f, 1.0f}, Bm25Parameters{0, 0}}) {
      const LengthTable table = MakeLengthTable(parameters, average);
      for (const float k : table) {
        for (uint32_t freq = 1; freq < 3000; freq += 1 + freq / 40) {
          const float share = TermFrequencyShare(static_cast<float>(freq), k);
          ASSERT_GE(ImpactToShare(ImpactUp(share)), share);
          ASSERT_LE(ImpactToShare(ImpactDown(share)), share);
          ASSERT_LE(ImpactUp(share) - ImpactDown(share), 1);
        }
      }
    }
  }
}

TEST(Impacts, BoundsHoldAroundEveryStep) {
  for (int impact = 0; impact <= 255; ++impact) {
    const float step = ImpactToShare(static_cast<uint8_t>(impact));
    for (const float share : {std::nextafter(step, 0.0f), step, std::nextafter(step, 2.0f)}) {
      if (share > 1) continue;
      EXPECT_GE(ImpactToShare(ImpactUp(share)), share);
      EXPECT_LE(ImpactToShare(ImpactDown(share)), share);
    }
    EXPECT_EQ(ImpactUp(step), impact);
    EXPECT_EQ(ImpactDown(step), impact);
  }
}

TEST(Impacts, TheLengthTableIsTheFormula) {
  const LengthTable table = MakeLengthTable(Bm25Parameters(), 50);
  EXPECT_FLOAT_EQ(table[0], 1.2f * 0.25f);
  EXPECT_FLOAT_EQ(table[LengthToNorm(40)], 1.2f * (0.25f + 0.75f * 40 / 50));
  EXPECT_EQ(MakeLengthTable(Bm25Parameters(), 0), MakeLengthTable(Bm25Parameters(), 1));
}

TEST(MaxFreq, TheCodeNeverUnderstates) {
  for (uint64_t freq = 1; freq <= UINT32_MAX; freq += 1 + freq / 30) {
    const uint32_t decoded = DecodeMaxFreq(EncodeMaxFreq(static_cast<uint32_t>(freq)));
    EXPECT_GE(decoded, freq);
    if (freq <= 40) {
      EXPECT_EQ(decoded, freq);
    }
  }
  EXPECT_EQ(DecodeMaxFreq(EncodeMaxFreq(UINT32_MAX)), UINT32_MAX);
}

}  // namespace
}  // namespace ibid
