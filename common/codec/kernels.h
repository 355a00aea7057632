// The routines that exist once per instruction set, and the choice among them.
//
//   Kernels().crc32c(data, size, 0);
//
// The choice is made at the first call and never changes: the best set that this CPU runs, or the
// one that the environment variable IBID_KERNELS names (scalar, portable, sse42, avx2). A name that
// is unknown, or that this CPU cannot run, is as if none were given. All sets give the same bytes.
// Thread-safe.
//
// The functions that other rooms call are in crc32c.h, bit_packing.h and scan.h.
#ifndef IBID_COMMON_CODEC_KERNELS_H_
#define IBID_COMMON_CODEC_KERNELS_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "common/codec/kernel_parts.h"

namespace ibid {

struct KernelSet {
  const char* name;
  uint32_t (*crc32c)(const uint8_t* data, size_t size, uint32_t crc);
  const kernels::BlockRoutines* blocks;
  void (*prefix_sum)(uint32_t base, uint32_t* values);
  const kernels::ScanRoutines* scans;
};

const KernelSet& Kernels();

// Every set that this CPU runs, slowest first; for tests and benchmarks.
std::vector<const KernelSet*> RunnableKernels();

// The set of that name among the runnable ones; else the last of them.
const KernelSet& ChooseKernels(std::string_view name);

}  // namespace ibid

#endif  // IBID_COMMON_CODEC_KERNELS_H_
