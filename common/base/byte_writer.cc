#include "common/base/byte_writer.h"

namespace ibid {
namespace {

void AppendFixed(uint64_t value, size_t count, std::string* bytes) {
  for (size_t i = 0; i < count; ++i) bytes->push_back(static_cast<char>(value >> (8 * i)));
}

}  // namespace

void ByteWriter::U16(uint16_t value) { AppendFixed(value, 2, &bytes_); }
void ByteWriter::U32(uint32_t value) { AppendFixed(value, 4, &bytes_); }
void ByteWriter::U64(uint64_t value) { AppendFixed(value, 8, &bytes_); }

void ByteWriter::LengthPrefixed(std::string_view bytes) {
  Varint64(bytes.size());
  Bytes(bytes);
}

}  // namespace ibid
