#include "common/format/pfor.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "common/format/byte_scanner.h"

namespace ibid {
namespace {

unsigned VarintBytes(unsigned bits) { return bits <= 7 ? 1 : (bits + 6) / 7; }

// Bytes of the exceptions at `width`: `counts[b]` numbers need b bits.
unsigned ExceptionBytes(const std::array<uint8_t, 33>& counts, unsigned width, unsigned max_bits) {
  unsigned bytes = 0;
  for (unsigned bits = width + 1; bits <= max_bits; ++bits) {
    bytes += counts[bits] * (1 + VarintBytes(bits - width));
  }
  return bytes == 0 ? 0 : bytes + 1;
}

}  // namespace

PforShape ChoosePforShape(const uint32_t* values) {
  // Several tables, so that counting one number need not wait for the one before.
  std::array<std::array<uint8_t, 33>, 4> tables = {};
  uint32_t all_bits = 0;
  for (size_t i = 0; i < kBlockLength; i += 4) {
    for (size_t j = 0; j < 4; ++j) {
      ++tables[j][BitWidth(values[i + j])];
      all_bits |= values[i + j];
    }
  }
  std::array<uint8_t, 33> counts;
  for (size_t b = 0; b < counts.size(); ++b) {
    counts[b] = static_cast<uint8_t>(tables[0][b] + tables[1][b] + tables[2][b] + tables[3][b]);
  }
  const unsigned max_bits = BitWidth(all_bits);
  PforShape best;
  unsigned best_bytes = UINT32_MAX;
  unsigned num_exceptions = 0;
  for (unsigned width = max_bits + 1; width-- > 0;) {
    if (width < max_bits) num_exceptions += counts[width + 1];
    // Fewer bits only lead to more exceptions.
    if (2 * num_exceptions >= best_bytes) break;
    const unsigned exceptions = ExceptionBytes(counts, width, max_bits);
    if (exceptions > 255 || 16 * width + exceptions >= best_bytes) continue;
    best = {width, exceptions};
    best_bytes = best.payload_bytes();
  }
  return best;
}

void AppendPfor(const uint32_t* values, const PforShape& shape, std::string* out) {
  const size_t begin = out->size();
  out->resize(begin + PackedBytes(shape.width));
  PackBlock(values, shape.width, reinterpret_cast<uint8_t*>(out->data()) + begin);
  if (shape.exception_bytes == 0) return;
  std::array<uint8_t, kBlockLength> places;
  size_t count = 0;
  for (size_t i = 0; i < kBlockLength; ++i) {
    places[count] = static_cast<uint8_t>(i);
    count += values[i] >> shape.width != 0 ? 1 : 0;
  }
  out->push_back(static_cast<char>(count));
  out->append(reinterpret_cast<const char*>(places.data()), count);
  for (size_t i = 0; i < count; ++i) {
    uint32_t high = values[places[i]] >> shape.width;
    for (; high >= 0x80; high >>= 7) out->push_back(static_cast<char>(high | 0x80));
    out->push_back(static_cast<char>(high));
  }
}

bool ReadPfor(const uint8_t* in, const PforShape& shape, uint32_t* values) {
  if (shape.exception_bytes > 0 && shape.width >= kMaxBitWidth) return false;
  UnpackBlock(in, shape.width, values);
  if (shape.exception_bytes == 0) return true;
  ByteScanner scanner(in + PackedBytes(shape.width), in + shape.payload_bytes());
  const uint8_t count = scanner.U8();
  const std::string_view indexes = scanner.Bytes(count);
  if (!scanner.ok()) return false;
  const uint64_t max_high = UINT32_MAX >> shape.width;
  for (const char c : indexes) {
    const uint8_t index = static_cast<uint8_t>(c);
    const uint64_t high = scanner.Varint(max_high);
    if (index >= kBlockLength) return false;
    values[index] |= static_cast<uint32_t>(high << shape.width);
  }
  return scanner.ok() && scanner.empty();
}

}  // namespace ibid
