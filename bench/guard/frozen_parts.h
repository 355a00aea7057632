// Copies of the kernels of common/codec as they were when last accepted: what today's are timed
// against in one process. bench/guard/freeze.py makes them (docs/BENCHMARKS.md, "The guard").
#ifndef IBID_BENCH_GUARD_FROZEN_PARTS_H_
#define IBID_BENCH_GUARD_FROZEN_PARTS_H_

#include <cstddef>
#include <cstdint>

#include "common/codec/bit_packing_widths.h"
#include "common/codec/kernel_parts.h"

namespace ibid::frozen {

using kernels::BlockRoutines;
using kernels::MakeBlockRoutines;
using kernels::ScanRoutines;

extern const BlockRoutines kBlocksPortable;
void PrefixSumPortable(uint32_t base, uint32_t* values);
uint32_t Crc32cPortable(const uint8_t* data, size_t size, uint32_t crc);
extern const ScanRoutines kScansScalar;

#if IBID_X86_64_KERNELS
uint32_t Crc32cSse42(const uint8_t* data, size_t size, uint32_t crc);
void PrefixSumAvx2(uint32_t base, uint32_t* values);
extern const ScanRoutines kScansAvx2;
#endif

}  // namespace ibid::frozen

#endif  // IBID_BENCH_GUARD_FROZEN_PARTS_H_
