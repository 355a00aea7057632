#include "common/base/portable_log.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <random>

namespace ibid {
namespace {

// Doubles that lie between two others, counted.
int64_t UlpsApart(double a, double b) {
  const auto ordered = [](double x) {
    const auto bits = std::bit_cast<int64_t>(x);
    return bits < 0 ? INT64_MIN - bits : bits;
  };
  return std::abs(ordered(a) - ordered(b));
}

TEST(PortableLog, IsWithinTwoUlpsOfTheLibrarysOnNumbersOfAnySize) {
  const uint64_t seed = 31;
  std::mt19937_64 random(seed);
  for (int i = 0; i < 1000000; ++i) {
    const uint64_t exponent = 1 + random() % 2046;
    const double x = std::bit_cast<double>(exponent << 52 | random() >> 12);
    ASSERT_LE(UlpsApart(PortableLog(x), std::log(x)), 2) << "seed " << seed << " x " << x;
  }
}

TEST(PortableLog, IsWithinTwoUlpsAroundOneAndWhereIdfsLie) {
  const uint64_t seed = 32;
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> near_one(0.5, 2.0), large(1.0, 1e8);
  for (int i = 0; i < 1000000; ++i) {
    for (const double x : {near_one(random), large(random), 1.0 + large(random) * 1e-16}) {
      ASSERT_LE(UlpsApart(PortableLog(x), std::log(x)), 2) << "seed " << seed << " x " << x;
    }
  }
  EXPECT_EQ(PortableLog(1.0), 0.0);
  EXPECT_EQ(PortableLog(2.0), std::log(2.0));
}

TEST(PortableLog, HasTheseBitsOnEveryMachine) {
  EXPECT_EQ(std::bit_cast<uint64_t>(PortableLog(2.0)), 0x3fe62e42fefa39efull);
  EXPECT_EQ(std::bit_cast<uint64_t>(PortableLog(10.0)), 0x40026bb1bbb55516ull);
}

}  // namespace
}  // namespace ibid
