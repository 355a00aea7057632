#include "common/base/byte_reader.h"

#include <algorithm>
#include <cstring>

#include "common/base/status_macros.h"
#include "common/base/strings.h"

namespace ibid {

absl::Status ByteReader::Corrupt(std::string_view what) const {
  return absl::DataLossError(StrCat(where_, ": at byte ", offset_, ": ", what));
}

absl::Status ByteReader::Truncated(uint64_t wanted) const {
  return Corrupt(StrCat("ends early: ", wanted, " bytes wanted, ", remaining(), " left"));
}

absl::StatusOr<uint8_t> ByteReader::U8() {
  if (remaining() < 1) return Truncated(1);
  return bytes_[offset_++];
}

absl::StatusOr<uint16_t> ByteReader::U16() {
  if (remaining() < 2) return Truncated(2);
  uint16_t value = static_cast<uint16_t>(bytes_[offset_] | bytes_[offset_ + 1] << 8);
  offset_ += 2;
  return value;
}

absl::StatusOr<uint32_t> ByteReader::U32() {
  if (remaining() < 4) return Truncated(4);
  uint32_t value = 0;
  for (size_t i = 0; i < 4; ++i) value |= static_cast<uint32_t>(bytes_[offset_ + i]) << (8 * i);
  offset_ += 4;
  return value;
}

absl::StatusOr<uint64_t> ByteReader::U64() {
  if (remaining() < 8) return Truncated(8);
  uint64_t value = 0;
  for (size_t i = 0; i < 8; ++i) value |= static_cast<uint64_t>(bytes_[offset_ + i]) << (8 * i);
  offset_ += 8;
  return value;
}

absl::StatusOr<uint64_t> ByteReader::Varint64() {
  uint64_t value = 0;
  size_t at = offset_;
  for (unsigned shift = 0;; shift += 7) {  // to the tenth byte at most, which is 0 or 1
    if (at == bytes_.size()) return Truncated(1 + at - offset_);
    const uint8_t byte = bytes_[at++];
    if (shift == 63 && byte > 1) return Corrupt("number wider than 64 bits");
    value |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) {
      offset_ = at;
      return value;
    }
  }
}

absl::StatusOr<uint32_t> ByteReader::Varint32() {
  const size_t begin = offset_;
  ASSIGN_OR_RETURN(const uint64_t value, Varint64());
  if (value > UINT32_MAX) {
    offset_ = begin;
    return Corrupt("number wider than 32 bits");
  }
  return static_cast<uint32_t>(value);
}

absl::StatusOr<std::string_view> ByteReader::Bytes(uint64_t count) {
  if (count > remaining()) return Truncated(count);
  std::string_view view(reinterpret_cast<const char*>(bytes_.data()) + offset_,
                        static_cast<size_t>(count));
  offset_ += static_cast<size_t>(count);
  return view;
}

absl::StatusOr<std::string_view> ByteReader::LengthPrefixed(uint64_t max_bytes) {
  ASSIGN_OR_RETURN(const uint64_t length, Varint64());
  if (length > max_bytes) {
    return Corrupt(StrCat("length ", length, ", at most ", max_bytes, " expected"));
  }
  return Bytes(length);
}

absl::Status ByteReader::Skip(uint64_t count) {
  if (count > remaining()) return Truncated(count);
  offset_ += static_cast<size_t>(count);
  return absl::OkStatus();
}

absl::Status ByteReader::Seek(uint64_t offset) {
  if (offset > bytes_.size()) {
    return Corrupt(StrCat("seek to byte ", offset, " of ", bytes_.size()));
  }
  offset_ = static_cast<size_t>(offset);
  return absl::OkStatus();
}

std::string_view RecordReader::Bytes(size_t count) {
  const auto read = bytes_.first(std::min(count, bytes_.size()));
  bytes_ = bytes_.subspan(read.size());
  return {reinterpret_cast<const char*>(read.data()), read.size()};
}

uint64_t RecordReader::LittleEndian(size_t num_bytes) {
  uint64_t value = 0;
  unsigned shift = 0;
  for (const char c : Bytes(num_bytes)) {
    value |= uint64_t{static_cast<uint8_t>(c)} << shift;
    shift += 8;
  }
  return value;
}

}  // namespace ibid
