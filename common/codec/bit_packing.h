// Blocks of 128 integers in as few bits as their widest needs.
//
//   unsigned width = BitWidth(largest);
//   PackBlock(values, width, out);      // PackedBytes(width) bytes
//   UnpackBlock(out, width, values);
//
// Layout (docs/FORMAT.md): four lanes of 32-bit words, value i in lane i % 4; each lane holds its
// 32 values one after another, lowest bits first, in `width` words; word w of lane l is the little
// endian number at byte 16 * w + 4 * l. After D. Lemire and L. Boytsov, "Decoding billions of
// integers per second through vectorization", Software: Practice and Experience 45 (2015).
//
// REQUIRES everywhere: width <= 32. Whoever takes a width from a file checks it first. Pointers
// need no alignment beyond their type's. Thread-safe.
#ifndef IBID_COMMON_CODEC_BIT_PACKING_H_
#define IBID_COMMON_CODEC_BIT_PACKING_H_

#include <bit>
#include <cstddef>
#include <cstdint>

namespace ibid {

inline constexpr size_t kBlockLength = 128;
inline constexpr unsigned kMaxBitWidth = 32;

constexpr size_t PackedBytes(unsigned width) { return size_t{16} * width; }

// Bits that `value` needs: 0 for 0.
constexpr unsigned BitWidth(uint32_t value) { return static_cast<unsigned>(std::bit_width(value)); }

// Writes PackedBytes(width) bytes. Bits of a value above `width` are dropped.
void PackBlock(const uint32_t* values, unsigned width, uint8_t* out);

// Writes 128 values. May read up to 64 bytes past PackedBytes(width).
void UnpackBlock(const uint8_t* in, unsigned width, uint32_t* values);

// values[i] = base + values[0] + ... + values[i], modulo 2^32, for 128 values.
void PrefixSum(uint32_t base, uint32_t* values);

}  // namespace ibid

#endif  // IBID_COMMON_CODEC_BIT_PACKING_H_
