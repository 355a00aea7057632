#include "common/format/rice_block.h"

#include <array>
#include <cstddef>

#include "common/codec/scan.h"

namespace ibid {
namespace {

constexpr unsigned kMostUnaryBytes = 255;

// Bytes of the bit string at `width`; above kMostUnaryBytes where it cannot be written.
uint64_t UnaryBytes(const uint32_t* values, unsigned width) {
  uint64_t bits = kBlockLength;
  for (size_t i = 0; i < kBlockLength; ++i) bits += values[i] >> width;
  return (bits + 7) / 8;
}

}  // namespace

RiceBlockShape ChooseRiceBlockShape(const uint32_t* values) {
  RiceBlockShape best;
  for (unsigned width = 0; width <= kMaxRiceBlockWidth; ++width) {
    // Wider low bits alone are no smaller.
    if (best.unary_bytes > 0 && 16 * width >= best.payload_bytes()) break;
    const uint64_t bytes = UnaryBytes(values, width);
    if (bytes > kMostUnaryBytes) continue;
    const RiceBlockShape shape = {width, static_cast<unsigned>(bytes)};
    if (best.unary_bytes == 0 || shape.payload_bytes() < best.payload_bytes()) best = shape;
  }
  return best;
}

void AppendRiceBlock(const uint32_t* values, const RiceBlockShape& shape, std::string* out) {
  const size_t begin = out->size();
  const size_t unary = begin + PackedBytes(shape.width);
  out->resize(begin + shape.payload_bytes());
  std::array<uint32_t, kBlockLength> low;
  const uint32_t mask = (uint32_t{1} << shape.width) - 1;
  size_t bit = 0;
  for (size_t i = 0; i < kBlockLength; ++i, ++bit) {
    low[i] = values[i] & mask;
    bit += values[i] >> shape.width;
    char& byte = (*out)[unary + bit / 8];
    byte = static_cast<char>(byte | 1 << bit % 8);
  }
  PackBlock(low.data(), shape.width, reinterpret_cast<uint8_t*>(out->data()) + begin);
}

bool ReadRiceBlock(const uint8_t* in, const RiceBlockShape& shape, uint32_t* values) {
  // Each number's one, behind that of the number before it; the first's behind one at 0.
  std::array<uint32_t, 1 + kBlockLength + kScanSlack> ones;
  ones[0] = 0;
  const uint32_t count = ExpandBits(in + PackedBytes(shape.width), shape.unary_bytes, 1,
                                    kBlockLength, ones.data() + 1);
  if (count != kBlockLength) return false;
  UnpackBlock(in, shape.width, values);
  for (size_t i = 0; i < kBlockLength; ++i) {
    values[i] |= (ones[i + 1] - ones[i] - 1) << shape.width;
  }
  return true;
}

}  // namespace ibid
