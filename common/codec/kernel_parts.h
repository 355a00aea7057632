// What each instruction set's file contributes to the table in kernels.cc.
//
// Files compiled for an instruction set include nothing that has inline functions of its own
// (standard containers, Abseil): the linker could otherwise keep their copy for everybody.
#ifndef IBID_COMMON_CODEC_KERNEL_PARTS_H_
#define IBID_COMMON_CODEC_KERNEL_PARTS_H_

#include <cstddef>
#include <cstdint>

#if defined(__x86_64__)
#define IBID_X86_64_KERNELS 1
#else
#define IBID_X86_64_KERNELS 0
#endif

namespace ibid::kernels {

// One routine for each width from 0 to 32.
struct BlockRoutines {
  void (*pack[33])(const uint32_t* values, uint8_t* out);
  void (*unpack[33])(const uint8_t* in, uint32_t* values);
};

uint32_t Crc32cPortable(const uint8_t* data, size_t size, uint32_t crc);

extern const BlockRoutines kBlocksScalar;
void PrefixSumScalar(uint32_t base, uint32_t* values);

extern const BlockRoutines kBlocksPortable;
void PrefixSumPortable(uint32_t base, uint32_t* values);

#if IBID_X86_64_KERNELS
uint32_t Crc32cSse42(const uint8_t* data, size_t size, uint32_t crc);  // and PCLMULQDQ
void PrefixSumAvx2(uint32_t base, uint32_t* values);
#endif

}  // namespace ibid::kernels

#endif  // IBID_COMMON_CODEC_KERNEL_PARTS_H_
