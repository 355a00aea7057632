// Reads numbers and strings from bytes that came from a file, never past their end.
//
//   ByteReader in(bytes, "seg_0000000007.ibid: terms");
//   ASSIGN_OR_RETURN(uint64_t count, in.Varint64());
//   ASSIGN_OR_RETURN(std::string_view name, in.Bytes(count));
//
// A failed read is DataLoss that names `where` and the offset. Not thread-safe; the bytes must
// outlive it.
#ifndef IBID_COMMON_BASE_BYTE_READER_H_
#define IBID_COMMON_BASE_BYTE_READER_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace ibid {

class ByteReader {
 public:
  // `where` must outlive the reader; it opens every error message.
  ByteReader(std::span<const uint8_t> bytes, std::string_view where)
      : bytes_(bytes), where_(where) {}
  ByteReader(std::string_view bytes, std::string_view where)
      : bytes_(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()), where_(where) {}

  size_t offset() const { return offset_; }
  size_t remaining() const { return bytes_.size() - offset_; }
  bool empty() const { return remaining() == 0; }

  absl::StatusOr<uint8_t> U8();
  absl::StatusOr<uint16_t> U16();  // little endian, as all fixed numbers
  absl::StatusOr<uint32_t> U32();
  absl::StatusOr<uint64_t> U64();
  absl::StatusOr<uint32_t> Varint32();  // LEB128; DataLoss past 5 bytes or 32 bits
  absl::StatusOr<uint64_t> Varint64();  // LEB128; DataLoss past 10 bytes
  absl::StatusOr<std::string_view> Bytes(uint64_t count);
  // A Varint64 length, at most `max_bytes`, and as many bytes.
  absl::StatusOr<std::string_view> LengthPrefixed(uint64_t max_bytes);
  absl::Status Skip(uint64_t count);
  absl::Status Seek(uint64_t offset);

  // DataLoss "<where>: at byte <offset>: <what>".
  absl::Status Corrupt(std::string_view what) const;

 private:
  absl::Status Truncated(uint64_t wanted) const;

  std::span<const uint8_t> bytes_;
  std::string_view where_;
  size_t offset_ = 0;
};

// Reads records whose length was compared before, so that nothing is left to fail: behind the end
// there are zeros. Not thread-safe; the bytes must outlive it.
class RecordReader {
 public:
  explicit RecordReader(std::span<const uint8_t> bytes) : bytes_(bytes) {}

  uint8_t U8() { return static_cast<uint8_t>(LittleEndian(1)); }
  uint16_t U16() { return static_cast<uint16_t>(LittleEndian(2)); }
  uint32_t U32() { return static_cast<uint32_t>(LittleEndian(4)); }
  uint64_t U64() { return LittleEndian(8); }
  std::string_view Bytes(size_t count);  // as many as there are

 private:
  uint64_t LittleEndian(size_t num_bytes);

  std::span<const uint8_t> bytes_;  // not yet read
};

}  // namespace ibid

#endif  // IBID_COMMON_BASE_BYTE_READER_H_
