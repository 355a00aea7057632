#include "common/format/pfor.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "common/format/byte_scanner.h"

namespace ibid {
namespace {

unsigned VarintBytes(unsigned bits) { return bits <= 7 ? 1 : (bits + 6) / 7; }

// Bytes of the exceptions at `width`, at least one: `counts[b]` numbers need b bits.
unsigned ExceptionBytes(const std::array<uint32_t, 34>& counts, unsigned width, unsigned max_bits) {
  unsigned bytes = 1;
  for (unsigned bits = width + 1; bits <= max_bits; ++bits) {
    bytes += counts[bits] * (1 + VarintBytes(bits - width));
  }
  return bytes;
}

// How many numbers need more than `width` bits; width < 32. Without a branch, so that compilers
// make vectors of it.
uint32_t CountWider(const uint32_t* values, unsigned width) {
  uint32_t count = 0;
  for (size_t i = 0; i < kBlockLength; ++i) count += values[i] >> width != 0 ? 1 : 0;
  return count;
}

unsigned MaxBits(const uint32_t* values) {
  uint32_t all_bits = 0;
  for (size_t i = 0; i < kBlockLength; ++i) all_bits |= values[i];
  return BitWidth(all_bits);
}

}  // namespace

// From the widest width on, numbers are counted only as far down as a smaller payload may lie.
PforShape ChoosePforShape(const uint32_t* values) {
  const unsigned max_bits = MaxBits(values);
  std::array<uint32_t, 34> counts = {};
  PforShape best = {max_bits, 0};
  unsigned best_bytes = best.payload_bytes();
  unsigned num_exceptions = 0;
  for (unsigned width = max_bits; width-- > 0;) {
    const unsigned wider = CountWider(values, width);
    counts[width + 1] = wider - num_exceptions;
    num_exceptions = wider;
    // Fewer bits only lead to more exceptions.
    if (2 * num_exceptions >= best_bytes) break;
    const unsigned exceptions = ExceptionBytes(counts, width, max_bits);
    if (exceptions > 255 || 16 * width + exceptions >= best_bytes) continue;
    best = {width, exceptions};
    best_bytes = best.payload_bytes();
  }
  return best;
}

PforShape PlainPforShape(const uint32_t* values) { return {MaxBits(values), 0}; }

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
