// ByteReader's fast sister for hot loops: bounds-checked as well, but a failure is remembered
// instead of returned, so that a run of reads is checked once at its end. A failed read gives 0.
//
//   ByteScanner in(begin, end);
//   const uint64_t a = in.Varint(), b = in.Varint();
//   if (!in.ok()) return section.Corrupt(...);
//
// Not thread-safe; the bytes must outlive it.
#ifndef IBID_COMMON_FORMAT_BYTE_SCANNER_H_
#define IBID_COMMON_FORMAT_BYTE_SCANNER_H_

#include <cstdint>
#include <span>
#include <string_view>

namespace ibid {

class ByteScanner {
 public:
  ByteScanner(const uint8_t* begin, const uint8_t* end) : at_(begin), end_(end) {}
  explicit ByteScanner(std::span<const uint8_t> bytes)
      : ByteScanner(bytes.data(), bytes.data() + bytes.size()) {}

  bool ok() const { return ok_; }
  bool empty() const { return at_ == end_; }
  const uint8_t* at() const { return at_; }
  uint64_t remaining() const { return static_cast<uint64_t>(end_ - at_); }

  uint8_t U8() {
    if (at_ == end_) return Fail();
    return *at_++;
  }
  // LEB128 of at most 64 bits.
  uint64_t Varint() {
    if (at_ != end_ && *at_ < 0x80) return *at_++;
    return LongVarint();
  }
  // As above, but a number above `max` is a failure.
  uint64_t Varint(uint64_t max) {
    const uint64_t value = Varint();
    return value <= max ? value : Fail();
  }
  std::string_view Bytes(uint64_t count) {
    if (count > remaining()) {
      Fail();
      return {};
    }
    const std::string_view bytes(reinterpret_cast<const char*>(at_), count);
    at_ += count;
    return bytes;
  }
  uint8_t Fail() {
    ok_ = false;
    at_ = end_;
    return 0;
  }

 private:
  uint64_t LongVarint() {
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && at_ != end_; shift += 7) {
      const uint8_t byte = *at_++;
      if (shift == 63 && byte > 1) return Fail();
      value |= static_cast<uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    return Fail();
  }

  const uint8_t* at_;
  const uint8_t* end_;
  bool ok_ = true;
};

// Signed differences as unsigned numbers, small ones small.
constexpr uint64_t ZigZag(int64_t value) {
  return static_cast<uint64_t>(value) << 1 ^ static_cast<uint64_t>(value >> 63);
}
constexpr int64_t UnZigZag(uint64_t value) {
  return static_cast<int64_t>(value >> 1) ^ -static_cast<int64_t>(value & 1);
}

}  // namespace ibid

#endif  // IBID_COMMON_FORMAT_BYTE_SCANNER_H_
