#include "common/format/postings_block.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <numeric>

#include "common/codec/scan.h"
#include "common/format/packed.h"
#include "common/format/pfor.h"

namespace ibid {
namespace {

struct SubBlock {
  PforShape shape;
  uint32_t header_bytes = 0;  // 0: not sound
};

SubBlock ReadHeader(std::span<const uint8_t> bytes) {
  SubBlock block;
  if (bytes.empty()) return block;
  block.shape.width = bytes[0] & kBlockWidthMask;
  if (block.shape.width > kMaxBitWidth) return block;
  const bool has_exceptions = (bytes[0] & kBlockHasExceptions) != 0;
  if (has_exceptions) {
    if (bytes.size() < 2 || bytes[1] == 0) return block;
    block.shape.exception_bytes = bytes[1];
  }
  const uint32_t header_bytes = has_exceptions ? 2 : 1;
  if (header_bytes + block.shape.payload_bytes() > bytes.size()) return block;
  block.header_bytes = header_bytes;
  return block;
}

void AppendSubBlock(const uint32_t* values, const PforShape& shape, std::string* out) {
  const bool has_exceptions = shape.exception_bytes > 0;
  out->push_back(static_cast<char>(shape.width | (has_exceptions ? kBlockHasExceptions : 0)));
  if (has_exceptions) out->push_back(static_cast<char>(shape.exception_bytes));
  AppendPfor(values, shape, out);
}

void AppendBitset(const uint32_t* docs, int64_t previous, uint32_t num_bytes, std::string* out) {
  out->push_back(static_cast<char>(kBlockIsBitset));
  out->push_back(static_cast<char>(num_bytes));
  const size_t begin = out->size();
  out->resize(begin + num_bytes);
  for (size_t i = 0; i < kBlockLength; ++i) {
    const size_t bit = static_cast<size_t>(docs[i] - previous - 1);
    char& byte = (*out)[begin + bit / 8];
    byte = static_cast<char>(byte | 1 << bit % 8);
  }
}

// Bytes read, or 0.
uint32_t ReadBitset(std::span<const uint8_t> bytes, int64_t previous, uint32_t num_docs,
                    uint32_t* docs) {
  if (bytes[0] != kBlockIsBitset || bytes.size() < 2 || bytes.size() < 2u + bytes[1]) return 0;
  const uint32_t num_bytes = bytes[1];
  const uint32_t count = ExpandBits(bytes.data() + 2, num_bytes,
                                    static_cast<uint32_t>(previous + 1), kBlockLength, docs);
  if (count != kBlockLength || docs[kBlockLength - 1] >= num_docs) return 0;
  return 2 + num_bytes;
}

}  // namespace

void AppendDocsBlock(const uint32_t* docs, int64_t previous, std::string* out, SegmentUse use) {
  std::array<uint32_t, kBlockLength> gaps;
  gaps[0] = static_cast<uint32_t>(docs[0] - previous - 1);
  for (size_t i = 1; i < kBlockLength; ++i) gaps[i] = docs[i] - docs[i - 1] - 1;
  if (use == SegmentUse::kPassing) {
    return AppendSubBlock(gaps.data(), PlainPforShape(gaps.data()), out);
  }
  const PforShape shape = ChoosePforShape(gaps.data());
  const uint64_t bitset_bytes = static_cast<uint64_t>(docs[kBlockLength - 1] - previous + 7) / 8;
  const unsigned header_bytes = shape.exception_bytes > 0 ? 2 : 1;
  if (bitset_bytes <= 255 && bitset_bytes + 2 < header_bytes + shape.payload_bytes()) {
    AppendBitset(docs, previous, static_cast<uint32_t>(bitset_bytes), out);
    return;
  }
  AppendSubBlock(gaps.data(), shape, out);
}

void AppendFreqsBlock(const uint32_t* freqs, std::string* out, SegmentUse use) {
  std::array<uint32_t, kBlockLength> values;
  for (size_t i = 0; i < kBlockLength; ++i) values[i] = freqs[i] - 1;
  const PforShape shape =
      use == SegmentUse::kPassing ? PlainPforShape(values.data()) : ChoosePforShape(values.data());
  AppendSubBlock(values.data(), shape, out);
}

uint32_t ReadDocsBlock(std::span<const uint8_t> bytes, int64_t previous, uint32_t num_docs,
                       uint32_t* docs) {
  if (!bytes.empty() && (bytes[0] & kBlockIsBitset) != 0) {
    return ReadBitset(bytes, previous, num_docs, docs);
  }
  const SubBlock block = ReadHeader(bytes);
  if (block.header_bytes == 0) return 0;
  if (!ReadPfor(bytes.data() + block.header_bytes, block.shape, docs)) return 0;
  // 128 gaps of 23 bits cannot overflow 31 bits; others are summed with care.
  if (block.shape.width > 23 || block.shape.exception_bytes > 0) {
    const uint64_t sum = std::accumulate(docs, docs + kBlockLength, uint64_t{0});
    if (previous + static_cast<int64_t>(sum + kBlockLength) >= int64_t{num_docs}) return 0;
  }
  PrefixSum(static_cast<uint32_t>(previous), docs);
  for (uint32_t i = 0; i < kBlockLength; ++i) docs[i] += i + 1;
  if (docs[kBlockLength - 1] >= num_docs) return 0;
  return block.header_bytes + block.shape.payload_bytes();
}

uint32_t DocsBlockBytes(std::span<const uint8_t> bytes) {
  if (!bytes.empty() && (bytes[0] & kBlockIsBitset) != 0) {
    return bytes.size() < 2 || bytes.size() < 2u + bytes[1] ? 0 : 2u + bytes[1];
  }
  const SubBlock block = ReadHeader(bytes);
  return block.header_bytes == 0 ? 0 : block.header_bytes + block.shape.payload_bytes();
}

bool ReadFreqsBlock(std::span<const uint8_t> bytes, uint32_t* freqs) {
  const SubBlock block = ReadHeader(bytes);
  if (block.header_bytes == 0 || (bytes[0] & kBlockIsBitset) != 0) return false;
  if (block.header_bytes + block.shape.payload_bytes() != bytes.size()) return false;
  if (!ReadPfor(bytes.data() + block.header_bytes, block.shape, freqs)) return false;
  uint32_t wrapped = 0;
  for (size_t i = 0; i < kBlockLength; ++i) wrapped |= ++freqs[i] == 0 ? 1 : 0;
  return wrapped == 0;
}

}  // namespace ibid
