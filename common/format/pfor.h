// Blocks of 128 numbers, packed at a width that a few of them may exceed ("patched frame of
// reference": M. Zukowski, S. Heman, N. Nes, P. Boncz, "Super-scalar RAM-CPU cache compression",
// ICDE 2006). Payload: the low bits (common/codec/bit_packing.h), then the exceptions: their number
// u8, the index of each u8, what exceeds the width of each as a varint.
//
// Thread-safe.
#ifndef IBID_COMMON_FORMAT_PFOR_H_
#define IBID_COMMON_FORMAT_PFOR_H_

#include <cstdint>
#include <string>

#include "common/codec/bit_packing.h"

namespace ibid {

struct PforShape {
  unsigned width = 0;            // 0 to kMaxBitWidth
  unsigned exception_bytes = 0;  // at most 255; 0: no exceptions

  unsigned payload_bytes() const { return 16 * width + exception_bytes; }
};

// The shape of the smallest payload, counted exactly.
PforShape ChoosePforShape(const uint32_t* values);
// A shape without exceptions, found faster.
PforShape PlainPforShape(const uint32_t* values);
void AppendPfor(const uint32_t* values, const PforShape& shape, std::string* out);

// Reads a payload of `shape` at `in`; payload_bytes() and kSectionPadding more must be readable.
// False where the exceptions are not as described; `values` is then unspecified.
bool ReadPfor(const uint8_t* in, const PforShape& shape, uint32_t* values);

}  // namespace ibid

#endif  // IBID_COMMON_FORMAT_PFOR_H_
