// Slicing by eight: M. E. Kounavis and F. L. Berry, "A Systematic Approach to Building High
// Performance Software-based CRC Generators", ISCC 2005.
#include "bench/guard/frozen_parts.h"  // a copy: freeze.py

namespace ibid::frozen {
namespace {

constexpr uint32_t kPolynomial = 0x82f63b78;  // 0x1EDC6F41, reflected

struct Tables {
  uint32_t at[8][256];
};

constexpr Tables MakeTables() {
  Tables tables = {};
  for (uint32_t byte = 0; byte < 256; ++byte) {
    uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? kPolynomial : 0);
    tables.at[0][byte] = crc;
  }
  for (int slice = 1; slice < 8; ++slice) {
    for (uint32_t byte = 0; byte < 256; ++byte) {
      const uint32_t before = tables.at[slice - 1][byte];
      tables.at[slice][byte] = (before >> 8) ^ tables.at[0][before & 0xff];
    }
  }
  return tables;
}

constexpr Tables kTables = MakeTables();

uint32_t LoadLittleEndian32(const uint8_t* data) {
  return static_cast<uint32_t>(data[0]) | static_cast<uint32_t>(data[1]) << 8 |
         static_cast<uint32_t>(data[2]) << 16 | static_cast<uint32_t>(data[3]) << 24;
}

}  // namespace

uint32_t Crc32cPortable(const uint8_t* data, size_t size, uint32_t crc) {
  crc = ~crc;
  for (; size >= 8; data += 8, size -= 8) {
    const uint32_t low = crc ^ LoadLittleEndian32(data);
    const uint32_t high = LoadLittleEndian32(data + 4);
    crc = kTables.at[7][low & 0xff] ^ kTables.at[6][low >> 8 & 0xff] ^
          kTables.at[5][low >> 16 & 0xff] ^ kTables.at[4][low >> 24] ^ kTables.at[3][high & 0xff] ^
          kTables.at[2][high >> 8 & 0xff] ^ kTables.at[1][high >> 16 & 0xff] ^
          kTables.at[0][high >> 24];
  }
  for (; size > 0; ++data, --size) crc = (crc >> 8) ^ kTables.at[0][(crc ^ *data) & 0xff];
  return ~crc;
}

}  // namespace ibid::frozen
