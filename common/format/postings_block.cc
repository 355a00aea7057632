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

// Numbers in PFOR or in Rice's code.
struct SubBlock {
  bool is_rice = false;
  PforShape pfor;
  RiceBlockShape rice;
  uint32_t header_bytes = 0;  // 0: not sound

  uint32_t bytes() const {
    return header_bytes + (is_rice ? rice.payload_bytes() : pfor.payload_bytes());
  }
};

SubBlock ReadHeader(std::span<const uint8_t> bytes) {
  SubBlock block;
  if (bytes.empty()) return block;
  const unsigned width = bytes[0] & kBlockWidthMask;
  const uint8_t kind = bytes[0] & kBlockKindMask;
  if (kind == kBlockIsBitset || width > kMaxBitWidth) return block;
  block.pfor.width = width;
  uint32_t header_bytes = 1;
  if (kind != 0) {
    if (bytes.size() < 2 || bytes[1] == 0) return block;
    header_bytes = 2;
    block.is_rice = kind == kBlockIsRice;
    if (block.is_rice && width > kMaxRiceBlockWidth) return block;
    block.pfor.exception_bytes = bytes[1];
    block.rice = {width, bytes[1]};
  }
  block.header_bytes = header_bytes;
  if (block.bytes() > bytes.size()) block.header_bytes = 0;
  return block;
}

bool ReadPayload(std::span<const uint8_t> bytes, const SubBlock& block, uint32_t* values) {
  const uint8_t* payload = bytes.data() + block.header_bytes;
  return block.is_rice ? ReadRiceBlock(payload, block.rice, values)
                       : ReadPfor(payload, block.pfor, values);
}

SubBlock ChooseSubBlock(const uint32_t* values, BlockCoding coding) {
  SubBlock block;
  block.pfor = coding == BlockCoding::kPlain ? PlainPforShape(values) : ChoosePforShape(values);
  block.header_bytes = block.pfor.exception_bytes > 0 ? 2 : 1;
  if (coding != BlockCoding::kSmall) return block;
  block.rice = ChooseRiceBlockShape(values);
  block.is_rice = block.rice.unary_bytes > 0 && 2 + block.rice.payload_bytes() < block.bytes();
  if (block.is_rice) block.header_bytes = 2;
  return block;
}

void AppendSubBlock(const uint32_t* values, const SubBlock& block, std::string* out) {
  if (block.is_rice) {
    out->push_back(static_cast<char>(block.rice.width | kBlockIsRice));
    out->push_back(static_cast<char>(block.rice.unary_bytes));
    return AppendRiceBlock(values, block.rice, out);
  }
  const bool has_exceptions = block.pfor.exception_bytes > 0;
  out->push_back(static_cast<char>(block.pfor.width | (has_exceptions ? kBlockHasExceptions : 0)));
  if (has_exceptions) out->push_back(static_cast<char>(block.pfor.exception_bytes));
  AppendPfor(values, block.pfor, out);
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
  const SubBlock block = ChooseSubBlock(gaps.data(), coding);
  const uint64_t bitset_bytes = static_cast<uint64_t>(docs[kBlockLength - 1] - previous + 7) / 8;
  // A Rice block of width 0 is a bitset under another name, which is read more slowly.
  const uint64_t most_bytes = block.bytes() - (block.is_rice ? 0 : 1);
  if (coding != BlockCoding::kPlain && bitset_bytes <= 255 && bitset_bytes + 2 <= most_bytes) {
    AppendBitset(docs, previous, static_cast<uint32_t>(bitset_bytes), out);
    return;
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
  if (!block.is_rice && (block.pfor.width > 23 || block.pfor.exception_bytes > 0)) {
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
