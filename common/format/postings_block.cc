#include "common/format/postings_block.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <numeric>

#include "common/codec/scan.h"
#include "common/format/packed.h"
#include "common/format/pfor.h"
#include "common/format/rice_block.h"

namespace ibid {
namespace {

constexpr uint8_t kBlockKindMask = kBlockHasExceptions | kBlockIsBitset;

bool IsBitset(std::span<const uint8_t> bytes) {
  return !bytes.empty() && (bytes[0] & kBlockKindMask) == kBlockIsBitset;
}

// 128 numbers in PFOR or in Rice codes: the low `width` bits of each, then what exceeds them.
struct SubBlock {
  bool is_rice = false;
  unsigned width = 0;
  unsigned extra_bytes = 0;   // of exceptions or of the unary part
  uint32_t header_bytes = 0;  // 0: not sound

  uint32_t bytes() const { return header_bytes + 16 * width + extra_bytes; }
};

SubBlock ReadHeader(std::span<const uint8_t> bytes) {
  SubBlock block;
  if (bytes.empty()) return block;
  const uint8_t kind = bytes[0] & kBlockKindMask;
  block.is_rice = kind == kBlockIsRice;
  block.width = bytes[0] & kBlockWidthMask;
  if (kind == kBlockIsBitset || block.width > (block.is_rice ? kMaxRiceBlockWidth : kMaxBitWidth)) {
    return block;
  }
  uint32_t header_bytes = 1;
  if (kind != 0) {
    if (bytes.size() < 2 || bytes[1] == 0) return block;
    block.extra_bytes = bytes[1];
    header_bytes = 2;
  }
  if (header_bytes + block.bytes() <= bytes.size()) block.header_bytes = header_bytes;
  return block;
}

bool ReadPayload(std::span<const uint8_t> bytes, const SubBlock& block, uint32_t* values) {
  const uint8_t* payload = bytes.data() + block.header_bytes;
  return block.is_rice ? ReadRiceBlock(payload, {block.width, block.extra_bytes}, values)
                       : ReadPfor(payload, {block.width, block.extra_bytes}, values);
}

// Rice codes where they are smaller than PFOR and than `other_bytes`, what another way takes.
SubBlock ChooseSubBlock(const uint32_t* values, BlockCoding coding,
                        uint64_t other_bytes = UINT64_MAX) {
  const PforShape pfor =
      coding == BlockCoding::kPlain ? PlainPforShape(values) : ChoosePforShape(values);
  const SubBlock block = {.width = pfor.width,
                          .extra_bytes = pfor.exception_bytes,
                          .header_bytes = pfor.exception_bytes > 0 ? 2u : 1u};
  if (coding != BlockCoding::kSmall) return block;
  const RiceBlockShape rice = ChooseRiceBlockShape(values);
  const SubBlock small = {
      .is_rice = true, .width = rice.width, .extra_bytes = rice.unary_bytes, .header_bytes = 2};
  const bool is_smaller = small.bytes() < std::min<uint64_t>(block.bytes(), other_bytes);
  return rice.unary_bytes > 0 && is_smaller ? small : block;
}

void AppendSubBlock(const uint32_t* values, const SubBlock& block, std::string* out) {
  const uint8_t kind =
      block.is_rice ? kBlockIsRice : (block.extra_bytes > 0 ? kBlockHasExceptions : 0);
  out->push_back(static_cast<char>(block.width | kind));
  if (kind != 0) out->push_back(static_cast<char>(block.extra_bytes));
  if (block.is_rice) return AppendRiceBlock(values, {block.width, block.extra_bytes}, out);
  AppendPfor(values, {block.width, block.extra_bytes}, out);
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

void AppendDocsBlock(const uint32_t* docs, int64_t previous, BlockCoding coding, std::string* out) {
  std::array<uint32_t, kBlockLength> gaps;
  gaps[0] = static_cast<uint32_t>(docs[0] - previous - 1);
  for (size_t i = 1; i < kBlockLength; ++i) gaps[i] = docs[i] - docs[i - 1] - 1;
  const uint64_t bits = static_cast<uint64_t>(docs[kBlockLength - 1] - previous);
  const bool may_be_bitset = coding != BlockCoding::kPlain && bits <= 8 * 255;
  const uint64_t bitset_bytes = may_be_bitset ? 2 + (bits + 7) / 8 : UINT64_MAX;
  // Of the same size as Rice codes, a bitset is read faster.
  const SubBlock block = ChooseSubBlock(gaps.data(), coding, bitset_bytes);
  if (bitset_bytes < block.bytes()) {
    return AppendBitset(docs, previous, static_cast<uint32_t>(bitset_bytes - 2), out);
  }
  AppendSubBlock(gaps.data(), block, out);
}

void AppendFreqsBlock(const uint32_t* freqs, BlockCoding coding, std::string* out) {
  std::array<uint32_t, kBlockLength> values;
  for (size_t i = 0; i < kBlockLength; ++i) values[i] = freqs[i] - 1;
  AppendSubBlock(values.data(), ChooseSubBlock(values.data(), coding), out);
}

uint32_t ReadDocsBlock(std::span<const uint8_t> bytes, int64_t previous, uint32_t num_docs,
                       uint32_t* docs) {
  if (IsBitset(bytes)) return ReadBitset(bytes, previous, num_docs, docs);
  const SubBlock block = ReadHeader(bytes);
  if (block.header_bytes == 0 || !ReadPayload(bytes, block, docs)) return 0;
  // 128 gaps of 23 bits cannot overflow 31 bits, nor can those in Rice's code; others are summed
  // with care.
  if (!block.is_rice && (block.width > 23 || block.extra_bytes > 0)) {
    const uint64_t sum = std::accumulate(docs, docs + kBlockLength, uint64_t{0});
    if (previous + static_cast<int64_t>(sum + kBlockLength) >= int64_t{num_docs}) return 0;
  }
  PrefixSum(static_cast<uint32_t>(previous), docs);
  for (uint32_t i = 0; i < kBlockLength; ++i) docs[i] += i + 1;
  if (docs[kBlockLength - 1] >= num_docs) return 0;
  return block.bytes();
}

uint32_t DocsBlockBytes(std::span<const uint8_t> bytes) {
  if (IsBitset(bytes)) {
    return bytes.size() < 2 || bytes.size() < 2u + bytes[1] ? 0 : 2u + bytes[1];
  }
  const SubBlock block = ReadHeader(bytes);
  return block.header_bytes == 0 ? 0 : block.bytes();
}

bool ReadFreqsBlock(std::span<const uint8_t> bytes, uint32_t* freqs) {
  const SubBlock block = ReadHeader(bytes);
  if (block.header_bytes == 0 || block.bytes() != bytes.size()) return false;
  if (!ReadPayload(bytes, block, freqs)) return false;
  uint32_t wrapped = 0;
  for (size_t i = 0; i < kBlockLength; ++i) wrapped |= ++freqs[i] == 0 ? 1 : 0;
  return wrapped == 0;
}

}  // namespace ibid
