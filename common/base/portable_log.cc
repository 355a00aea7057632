#include "common/base/portable_log.h"

#include <bit>
#include <cstdint>

namespace ibid {
namespace {

constexpr double kLn2High = 6.93147180369123816490e-01;  // ln 2 cut to 33 bits, and the rest
constexpr double kLn2Low = 1.90821492927058770002e-10;
constexpr double kSqrt2 = 1.41421356237309504880;

}  // namespace

// x = m * 2^e with m = 1 + f in [sqrt(1/2), sqrt(2)); ln m = 2 artanh(s), s = f / (2 + f), |s| <=
// 0.172, so eleven odd terms leave an error below 1e-18 of the sum. The first term, 2s, is written
// f - s * f, which rounds f not at all (as in FreeBSD's e_log.c).
double PortableLog(double x) {
  const uint64_t bits = std::bit_cast<uint64_t>(x);
  int exponent = static_cast<int>(bits >> 52 & 0x7ff) - 1023;
  double mantissa = std::bit_cast<double>((bits & 0xfffffffffffffull) | 0x3ff0000000000000ull);
  if (mantissa >= kSqrt2) {
    mantissa *= 0.5;
    ++exponent;
  }
  const double f = mantissa - 1.0;
  const double s = f / (2.0 + f);
  const double s2 = s * s;
  double rest = 0.0;
  for (int term = 21; term >= 3; term -= 2) rest = rest * s2 + 2.0 / term;
  rest *= s2;
  const double e = static_cast<double>(exponent);
  return e * kLn2High - ((s * (f - rest) - e * kLn2Low) - f);
}

}  // namespace ibid
