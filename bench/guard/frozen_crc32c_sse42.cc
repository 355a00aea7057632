// The CRC32 instruction answers after three cycles but may start in each, so three stretches of
// the data are summed side by side. Joining them multiplies a sum by a power of x modulo the
// polynomial, as in V. Gopal et al., "Fast CRC Computation for iSCSI Polynomial Using CRC32
// Instruction" (Intel, 2011).
#include <nmmintrin.h>
#include <wmmintrin.h>

#include "bench/guard/frozen_parts.h"  // a copy: freeze.py

namespace ibid::frozen {
namespace {

constexpr uint32_t kPolynomial = 0x82f63b78;  // reflected: bit 31 is x^0

// x^exponent modulo the polynomial, reflected.
constexpr uint32_t PowerOfX(unsigned exponent) {
  uint32_t power = 0x80000000;
  for (unsigned i = 0; i < exponent; ++i) {
    power = (power >> 1) ^ ((power & 1) != 0 ? kPolynomial : 0);
  }
  return power;
}

uint64_t Load64(const uint8_t* data) {
  uint64_t word;
  __builtin_memcpy(&word, data, sizeof(word));
  return word;
}

// The sum after as many zero bytes as `power` stands for: x^(8 * bytes - 33). The product of two
// reflected 32-bit polynomials lies one bit low in 64, and the instruction multiplies by x^32.
uint64_t Shift(uint64_t crc, uint32_t power) {
  const __m128i product = _mm_clmulepi64_si128(_mm_cvtsi64_si128(static_cast<long long>(crc)),
                                               _mm_cvtsi64_si128(static_cast<long long>(power)), 0);
  return _mm_crc32_u64(0, static_cast<uint64_t>(_mm_cvtsi128_si64(product)));
}

// Sums three stretches of kBytes while that many are left.
template <size_t kBytes>
uint64_t SumStretches(uint64_t crc, const uint8_t** data, size_t* size) {
  constexpr uint32_t kPower = PowerOfX(8 * kBytes - 33);
  while (*size >= 3 * kBytes) {
    const uint8_t* at = *data;
    uint64_t second = 0;
    uint64_t third = 0;
    for (size_t i = 0; i < kBytes; i += 8) {
      crc = _mm_crc32_u64(crc, Load64(at + i));
      second = _mm_crc32_u64(second, Load64(at + i + kBytes));
      third = _mm_crc32_u64(third, Load64(at + i + 2 * kBytes));
    }
    crc = Shift(crc, kPower) ^ second;
    crc = Shift(crc, kPower) ^ third;
    *data += 3 * kBytes;
    *size -= 3 * kBytes;
  }
  return crc;
}

}  // namespace

uint32_t Crc32cSse42(const uint8_t* data, size_t size, uint32_t crc) {
  uint64_t sum = ~crc;
  // A frame of 16 KiB is four times the first size and a rest of 256 bytes.
  sum = SumStretches<1344>(sum, &data, &size);
  sum = SumStretches<128>(sum, &data, &size);
  for (; size >= 8; data += 8, size -= 8) sum = _mm_crc32_u64(sum, Load64(data));
  uint32_t narrow = static_cast<uint32_t>(sum);
  for (; size > 0; ++data, --size) narrow = _mm_crc32_u8(narrow, *data);
  return ~narrow;
}

}  // namespace ibid::frozen
