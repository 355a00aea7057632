#include "common/format/tail_codec.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>

#include "common/codec/bit_packing.h"
#include "common/format/byte_scanner.h"
#include "common/format/packed.h"
#include "common/format/rice.h"

namespace ibid {
namespace {

// Bits of a Rice parameter, and of one more than a parameter.
constexpr unsigned kParameterBits = 5;

uint64_t VarintBytes(uint64_t value) {
  return (static_cast<uint64_t>(std::bit_width(value | 1)) + 6) / 7;
}

uint64_t GapCode(uint32_t gap, uint32_t freq) { return uint64_t{gap} << 1 | (freq == 1 ? 1 : 0); }

uint64_t VarintPostingsBytes(std::span<const uint32_t> gaps, std::span<const uint32_t> freqs) {
  uint64_t bytes = 0;
  for (size_t i = 0; i < gaps.size(); ++i) {
    bytes += VarintBytes(GapCode(gaps[i], freqs[i]));
    if (freqs[i] != 1) bytes += VarintBytes(freqs[i] - 2);
  }
  return bytes;
}

// Writes varints at a place that has room for them.
class VarintWriter {
 public:
  explicit VarintWriter(char* to) : to_(to) {}
  void Put(uint64_t value) {
    for (; value >= 0x80; value >>= 7) *to_++ = static_cast<char>(value | 0x80);
    *to_++ = static_cast<char>(value);
  }
  char* end() const { return to_; }

 private:
  char* to_;
};

void AppendVarintPostings(std::span<const uint32_t> gaps, std::span<const uint32_t> freqs,
                          std::string* out) {
  std::array<char, kMaxTailBytes> bytes;
  VarintWriter varints(bytes.data());
  for (size_t i = 0; i < gaps.size(); ++i) {
    varints.Put(GapCode(gaps[i], freqs[i]));
    if (freqs[i] != 1) varints.Put(freqs[i] - 2);
  }
  out->append(bytes.data(), varints.end());
}

void AppendVarints(std::span<const uint32_t> values, std::string* out) {
  std::array<char, kMaxTailBytes> bytes;
  VarintWriter varints(bytes.data());
  for (const uint32_t value : values) varints.Put(value);
  out->append(bytes.data(), varints.end());
}

bool ReadVarintPostings(ByteScanner in, uint32_t n, int64_t previous, uint32_t num_docs,
                        uint32_t* docs, uint32_t* freqs) {
  for (uint32_t i = 0; i < n; ++i) {
    const uint64_t code = in.Varint(UINT32_MAX);
    previous += static_cast<int64_t>(code >> 1) + 1;
    if (previous >= num_docs) return false;
    docs[i] = static_cast<uint32_t>(previous);
    freqs[i] = (code & 1) != 0 ? 1 : static_cast<uint32_t>(in.Varint(UINT32_MAX - 2) + 2);
  }
  return in.ok() && in.empty();
}

bool ReadRicePostings(std::span<const uint8_t> bytes, uint32_t n, int64_t previous,
                      uint32_t num_docs, uint32_t* docs, uint32_t* freqs) {
  BitScanner in(bytes.data(), bytes.data() + bytes.size());
  const uint32_t k = in.Bits(kParameterBits);
  const uint32_t freq_code = in.Bits(kParameterBits);
  for (uint32_t i = 0; i < n; ++i) {
    const uint64_t gap = in.Rice(k);
    if (gap >= num_docs) return false;
    previous += static_cast<int64_t>(gap) + 1;
    if (previous >= num_docs) return false;
    docs[i] = static_cast<uint32_t>(previous);
  }
  if (freq_code == 0) {
    std::fill_n(freqs, n, 1);
    return in.AtEnd();
  }
  for (uint32_t i = 0; i < n; ++i) {
    const uint64_t value = in.Rice(freq_code - 1);
    if (value >= UINT32_MAX) return false;
    freqs[i] = static_cast<uint32_t>(value) + 1;
  }
  return in.AtEnd();
}

}  // namespace

void AppendTailPostings(std::span<const uint32_t> gaps, std::span<const uint32_t> freqs,
                        std::string* out, SegmentUse use) {
  if (gaps.size() < kMinCodedTail) return AppendVarintPostings(gaps, freqs, out);
  if (use == SegmentUse::kPassing) {
    out->push_back(static_cast<char>(kTailVarints));
    return AppendVarintPostings(gaps, freqs, out);
  }
  std::array<uint32_t, kBlockLength> lower;
  uint32_t largest = 0;
  for (size_t i = 0; i < freqs.size(); ++i) {
    lower[i] = freqs[i] - 1;
    largest = std::max(largest, lower[i]);
  }
  const std::span<const uint32_t> freq_values(lower.data(), freqs.size());
  const unsigned k = ChooseRiceParameter(gaps);
  const unsigned freq_k = largest == 0 ? 0 : ChooseRiceParameter(freq_values);
  uint64_t bits = 2 * kParameterBits + RiceBits(gaps, k);
  if (largest > 0) bits += RiceBits(freq_values, freq_k);
  if (8 * (VarintPostingsBytes(gaps, freqs) + 1) <= bits) {
    out->push_back(static_cast<char>(kTailVarints));
    return AppendVarintPostings(gaps, freqs, out);
  }
  PackedAppender packed(kParameterBits, out);
  packed.Add(k);
  packed.Add(largest == 0 ? 0 : freq_k + 1);
  AppendRice(gaps, k, &packed);
  if (largest > 0) AppendRice(freq_values, freq_k, &packed);
  packed.Finish();
}

bool ReadTailPostings(std::span<const uint8_t> bytes, uint32_t n, int64_t previous,
                      uint32_t num_docs, uint32_t* docs, uint32_t* freqs) {
  if (bytes.empty() || bytes.size() > kMaxTailBytes) return false;
  if (n < kMinCodedTail) {
    return ReadVarintPostings(ByteScanner(bytes), n, previous, num_docs, docs, freqs);
  }
  if ((bytes[0] & 31) == kTailVarints) {
    return ReadVarintPostings(ByteScanner(bytes.subspan(1)), n, previous, num_docs, docs, freqs);
  }
  return ReadRicePostings(bytes, n, previous, num_docs, docs, freqs);
}

void AppendTailValues(std::span<const uint32_t> values, std::string* out, SegmentUse use) {
  if (values.size() < kMinCodedTail) return AppendVarints(values, out);
  if (use == SegmentUse::kPassing) {
    out->push_back(static_cast<char>(kTailVarints));
    return AppendVarints(values, out);
  }
  const unsigned k = ChooseRiceParameter(values);
  uint64_t bytes = 0;
  for (const uint32_t value : values) bytes += VarintBytes(value);
  if (8 * (bytes + 1) <= kParameterBits + RiceBits(values, k)) {
    out->push_back(static_cast<char>(kTailVarints));
    return AppendVarints(values, out);
  }
  PackedAppender packed(kParameterBits, out);
  packed.Add(k);
  AppendRice(values, k, &packed);
  packed.Finish();
}

bool ReadTailValues(std::span<const uint8_t> bytes, uint32_t n, uint32_t* values) {
  if (n == 0) return bytes.empty();
  if (bytes.empty() || bytes.size() > kMaxTailBytes) return false;
  if (n < kMinCodedTail || (bytes[0] & 31) == kTailVarints) {
    ByteScanner in(n < kMinCodedTail ? bytes : bytes.subspan(1));
    for (uint32_t i = 0; i < n; ++i) values[i] = static_cast<uint32_t>(in.Varint(UINT32_MAX));
    return in.ok() && in.empty();
  }
  BitScanner in(bytes.data(), bytes.data() + bytes.size());
  const uint32_t k = in.Bits(kParameterBits);
  for (uint32_t i = 0; i < n; ++i) {
    const uint64_t value = in.Rice(k);
    if (value > UINT32_MAX) return false;
    values[i] = static_cast<uint32_t>(value);
  }
  return in.AtEnd();
}

}  // namespace ibid
