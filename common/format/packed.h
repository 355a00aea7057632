// Numbers of one width side by side, lowest bits first, each readable in O(1).
//
// Writing appends to a string; reading takes a pointer into a Section whose range the caller has
// touched (PackedArrayBytes long): up to 8 bytes behind the range are loaded, which kSectionPadding
// covers. Widths are 0 to 56, or 64; PackedWidth gives only those. Thread-safe.
#ifndef IBID_COMMON_FORMAT_PACKED_H_
#define IBID_COMMON_FORMAT_PACKED_H_

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>

namespace ibid {

// A width that holds `largest`.
constexpr unsigned PackedWidth(uint64_t largest) {
  const unsigned width = static_cast<unsigned>(std::bit_width(largest));
  return width > 56 ? 64 : width;
}
constexpr bool IsPackedWidth(unsigned width) { return width <= 56 || width == 64; }

// Bytes of `count` numbers; count <= 2^40.
constexpr uint64_t PackedArrayBytes(uint64_t count, unsigned width) {
  return (count * width + 7) / 8;
}

// The little-endian number at `data`, wherever it lies.
inline uint64_t LoadU64(const uint8_t* data) {
  uint64_t value;
  std::memcpy(&value, data, sizeof(value));
  if constexpr (std::endian::native == std::endian::big) value = __builtin_bswap64(value);
  return value;
}
inline uint32_t LoadU32(const uint8_t* data) {
  uint32_t value;
  std::memcpy(&value, data, sizeof(value));
  if constexpr (std::endian::native == std::endian::big) value = __builtin_bswap32(value);
  return value;
}

// Number `index` of those packed at `data`.
inline uint64_t LoadPacked(const uint8_t* data, uint64_t index, unsigned width) {
  if (width == 64) return LoadU64(data + 8 * index);
  const uint64_t bit = index * width;
  return LoadU64(data + (bit >> 3)) >> (bit & 7) & ((uint64_t{1} << width) - 1);
}

// Packs numbers one after another into `out`, some at a time; Finish fills up the last byte.
class PackedAppender {
 public:
  PackedAppender(unsigned width, std::string* out) : width_(width), out_(out) {}
  void Add(uint64_t value) { AddBits(value, width_); }
  // Any number of bits up to 64.
  void AddBits(uint64_t value, unsigned width) {
    for (; width > 32; value >>= 32, width -= 32) AddFew(value & 0xffffffff, 32);
    AddFew(value, width);
  }
  void Finish() {
    Flush();
    for (; filled_ > 0; filled_ -= std::min(filled_, 8u), bits_ >>= 8) {
      out_->push_back(static_cast<char>(bits_));
    }
  }

 private:
  void AddFew(uint64_t value, unsigned width) {
    bits_ |= value << filled_;
    filled_ += width;
    if (filled_ < 32) return;
    auto word = static_cast<uint32_t>(bits_);
    if constexpr (std::endian::native == std::endian::big) word = __builtin_bswap32(word);
    std::memcpy(words_.data() + num_words_, &word, sizeof(word));
    if (++num_words_ == words_.size()) Flush();
    bits_ >>= 32;
    filled_ -= 32;
  }
  void Flush() {
    out_->append(reinterpret_cast<const char*>(words_.data()), num_words_ * sizeof(uint32_t));
    num_words_ = 0;
  }

  unsigned width_;
  unsigned filled_ = 0;  // of bits_; less than 32 between calls
  std::string* out_;
  uint64_t bits_ = 0;
  size_t num_words_ = 0;  // on their way to out_
  std::array<uint32_t, 32> words_;
};

// Appends all numbers to a SectionBuffer, or what else has Append(std::string_view), without
// holding their packed form as a whole.
template <typename Numbers, typename Out>
void AppendPacked(const Numbers& numbers, unsigned width, Out* out) {
  constexpr size_t kAtOnce = 4096;
  std::string bytes;
  PackedAppender packed(width, &bytes);
  for (const uint64_t number : numbers) {
    packed.Add(number);
    if (bytes.size() < kAtOnce) continue;
    out->Append(bytes);
    bytes.clear();
  }
  packed.Finish();
  out->Append(bytes);
}

}  // namespace ibid

#endif  // IBID_COMMON_FORMAT_PACKED_H_
