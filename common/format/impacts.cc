#include "common/format/impacts.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace ibid {
namespace {

// Lucene's SmallFloat.longToInt4: four significant bits, the leading one implied.
constexpr uint32_t ToInt4(uint64_t value) {
  const unsigned bits = static_cast<unsigned>(std::bit_width(value));
  if (bits < 4) return static_cast<uint32_t>(value);
  const unsigned shift = bits - 4;
  const uint32_t low = static_cast<uint32_t>(value >> shift) & 0x07;
  return low | (shift + 1) << 3;
}

constexpr uint64_t FromInt4(uint32_t code) {
  const uint64_t low = code & 0x07;
  const uint32_t shift = code >> 3;
  return shift == 0 ? low : (low | 0x08) << (shift - 1);
}

// The codes of 4-bit floats that one byte has no need for: they give as many exact small lengths.
constexpr uint32_t kMaxLuceneLength = 0x7fffffff;
constexpr uint32_t kNumFreeValues = 255 - ToInt4(kMaxLuceneLength);

}  // namespace

uint8_t LengthToNorm(uint32_t length) {
  length = std::min(length, kMaxLuceneLength);
  if (length < kNumFreeValues) return static_cast<uint8_t>(length);
  return static_cast<uint8_t>(kNumFreeValues + ToInt4(length - kNumFreeValues));
}

uint32_t NormToLength(uint8_t norm) {
  if (norm < kNumFreeValues) return norm;
  return static_cast<uint32_t>(kNumFreeValues + FromInt4(norm - kNumFreeValues));
}

LengthTable MakeLengthTable(const Bm25Parameters& parameters, double average_length) {
  if (!(average_length > 0)) average_length = 1;
  const double k1 = parameters.k1, b = parameters.b;
  LengthTable table;
  for (size_t norm = 0; norm < table.size(); ++norm) {
    const double length = NormToLength(static_cast<uint8_t>(norm));
    table[norm] = static_cast<float>(k1 * (1 - b + b * length / average_length));
  }
  return table;
}

uint8_t ImpactUp(float share) {
  if (!(share > 0)) return 0;
  if (share >= 1) return 255;
  uint8_t impact = static_cast<uint8_t>(std::ceil(static_cast<double>(share) * 255));
  // The division by 255 rounds: the product may be one step off either way.
  while (impact > 0 && ImpactToShare(static_cast<uint8_t>(impact - 1)) >= share) --impact;
  while (impact < 255 && ImpactToShare(impact) < share) ++impact;
  return impact;
}

uint8_t ImpactDown(float share) {
  if (!(share > 0)) return 0;
  if (share >= 1) return 255;
  uint8_t impact = static_cast<uint8_t>(std::floor(static_cast<double>(share) * 255));
  while (impact < 255 && ImpactToShare(static_cast<uint8_t>(impact + 1)) <= share) ++impact;
  while (impact > 0 && ImpactToShare(impact) > share) --impact;
  return impact;
}

}  // namespace ibid
