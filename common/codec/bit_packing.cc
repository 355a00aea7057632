#include "common/codec/bit_packing.h"

#include "common/codec/kernels.h"

namespace ibid {

void PackBlock(const uint32_t* values, unsigned width, uint8_t* out) {
  Kernels().blocks->pack[width](values, out);
}

void UnpackBlock(const uint8_t* in, unsigned width, uint32_t* values) {
  Kernels().blocks->unpack[width](in, values);
}

void PrefixSum(uint32_t base, uint32_t* values) { Kernels().prefix_sum(base, values); }

}  // namespace ibid
