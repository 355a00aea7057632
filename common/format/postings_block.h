// One block of 128 postings: documents, then frequencies, each readable alone.
//
// Thread-safe.
#ifndef IBID_COMMON_FORMAT_POSTINGS_BLOCK_H_
#define IBID_COMMON_FORMAT_POSTINGS_BLOCK_H_

#include <cstdint>
#include <span>
#include <string>

#include "common/codec/bit_packing.h"

namespace ibid {

// The first byte of a sub-block: the width in its low six bits, and:
inline constexpr uint8_t kBlockWidthMask = 0x3f;
inline constexpr uint8_t kBlockHasExceptions = 0x40;  // a byte with their size follows
inline constexpr uint8_t kBlockIsBitset = 0x80;       // a byte with the bitset's size follows
inline constexpr uint8_t kBlockIsRice = 0xc0;  // a byte with the size of its unary part follows

enum class BlockCoding : uint8_t {
  kPlain,    // packed at one width; written fastest
  kPatched,  // as PFOR or a bitset, whichever is smaller; read fastest
  kSmall,    // or in Rice's code, where that is smaller still
};

// `docs` increase; `previous` is the document before them, or -1.
void AppendDocsBlock(const uint32_t* docs, int64_t previous, BlockCoding coding, std::string* out);
void AppendFreqsBlock(const uint32_t* freqs, BlockCoding coding, std::string* out);

// Reads the documents at the front of `bytes` (kSectionPadding more must be readable) and returns
// how many bytes they took; 0 where they are not sound: increasing from `previous`, below num_docs.
uint32_t ReadDocsBlock(std::span<const uint8_t> bytes, int64_t previous, uint32_t num_docs,
                       uint32_t* docs);
// How many bytes the documents at the front of `bytes` take, without reading them; 0 where that is
// no sound beginning, or more than there are.
uint32_t DocsBlockBytes(std::span<const uint8_t> bytes);
// Reads frequencies that fill `bytes`. False where they are not sound.
bool ReadFreqsBlock(std::span<const uint8_t> bytes, uint32_t* freqs);

}  // namespace ibid

#endif  // IBID_COMMON_FORMAT_POSTINGS_BLOCK_H_
