#include "common/codec/crc32c.h"

#include "common/codec/kernels.h"

namespace ibid {

uint32_t Crc32c(std::span<const uint8_t> bytes, uint32_t crc) {
  return Kernels().crc32c(bytes.data(), bytes.size(), crc);
}

}  // namespace ibid
