// CRC-32C (Castagnoli polynomial 0x1EDC6F41, reflected; RFC 3720 appendix B.4).
//
// The fastest kernel this CPU runs is chosen once; all give the same number. Thread-safe.
#ifndef IBID_COMMON_CODEC_CRC32C_H_
#define IBID_COMMON_CODEC_CRC32C_H_

#include <cstddef>
#include <cstdint>
#include <span>

namespace ibid {

// The CRC of `bytes`; Crc32c(b, Crc32c(a)) is that of a and b joined. Crc32c of nothing is 0.
uint32_t Crc32c(std::span<const uint8_t> bytes, uint32_t crc = 0);

}  // namespace ibid

#endif  // IBID_COMMON_CODEC_CRC32C_H_
