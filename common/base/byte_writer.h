// Builds little-endian bytes: the sister of ByteReader.
//
//   ByteWriter out;
//   out.Varint64(name.size());
//   out.Bytes(name);
//   file->Append(out.view());
//
// Not thread-safe.
#ifndef IBID_COMMON_BASE_BYTE_WRITER_H_
#define IBID_COMMON_BASE_BYTE_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace ibid {

// LEB128.
inline void AppendVarint(uint64_t value, std::string* out) {
  for (; value >= 0x80; value >>= 7) out->push_back(static_cast<char>(value | 0x80));
  out->push_back(static_cast<char>(value));
}

class ByteWriter {
 public:
  void U8(uint8_t value) { bytes_.push_back(static_cast<char>(value)); }
  void U16(uint16_t value);
  void U32(uint32_t value);
  void U64(uint64_t value);
  void Varint64(uint64_t value) { AppendVarint(value, &bytes_); }
  void Varint32(uint32_t value) { Varint64(value); }
  void Bytes(std::string_view bytes) { bytes_.append(bytes); }
  void LengthPrefixed(std::string_view bytes);  // Varint64 length, then the bytes

  size_t size() const { return bytes_.size(); }
  std::string_view view() const { return bytes_; }
  std::string& bytes() { return bytes_; }
  void Clear() { bytes_.clear(); }

 private:
  std::string bytes_;
};

}  // namespace ibid

#endif  // IBID_COMMON_BASE_BYTE_WRITER_H_
