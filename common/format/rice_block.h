// Blocks of 128 numbers in Rice codes (R. F. Rice, "Some practical universal noiseless coding
// techniques", JPL 79-22, 1979), laid out for reading all at once: the low bits of all first
// (common/codec/bit_packing.h), then a bit string that has a one for each number, behind as many
// zeros as what the low bits leave out, the lowest bit of a byte first. Gaps of scattered documents
// come within a few hundredths of a bit of their entropy, where PFOR takes about one more.
//
// Thread-safe.
#ifndef IBID_COMMON_FORMAT_RICE_BLOCK_H_
#define IBID_COMMON_FORMAT_RICE_BLOCK_H_

#include <cstdint>
#include <string>

#include "common/codec/bit_packing.h"

namespace ibid {

// Up to this width, 128 numbers sum to less than 2^31, whatever the bits are.
inline constexpr unsigned kMaxRiceBlockWidth = 20;

struct RiceBlockShape {
  unsigned width = 0;        // of the low bits, 0 to kMaxRiceBlockWidth
  unsigned unary_bytes = 0;  // 1 to 255; 0: the numbers are too large for any width

  unsigned payload_bytes() const { return 16 * width + unary_bytes; }
};

// The shape of the smallest payload, counted exactly; of those, the one of the least width.
RiceBlockShape ChooseRiceBlockShape(const uint32_t* values);
void AppendRiceBlock(const uint32_t* values, const RiceBlockShape& shape, std::string* out);

// Reads a payload of `shape` at `in`; payload_bytes() and kSectionPadding more must be readable.
// False where the bit string has not 128 ones; `values` is then unspecified.
bool ReadRiceBlock(const uint8_t* in, const RiceBlockShape& shape, uint32_t* values);

}  // namespace ibid

#endif  // IBID_COMMON_FORMAT_RICE_BLOCK_H_
