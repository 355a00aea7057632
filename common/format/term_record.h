// One term's record in a dictionary block, as docs/FORMAT.md describes it.
#ifndef IBID_COMMON_FORMAT_TERM_RECORD_H_
#define IBID_COMMON_FORMAT_TERM_RECORD_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "common/format/byte_scanner.h"
#include "common/format/term_dictionary.h"
#include "common/format/term_info.h"
#include "ibid/limits.h"

namespace ibid {

// Half a length byte that says: a varint with the rest follows.
inline constexpr uint32_t kLongLength = 15;
// What stands in the place of a document frequency (twice it, plus one where each is 1) that is 0:
inline constexpr uint64_t kPlaceHead = 0;   // offsets follow, then the record proper
inline constexpr uint64_t kInlineHead = 1;  // the document and the position of the one posting
// Bytes of the end of a dictionary section.
inline constexpr uint64_t kDictionaryTrailerBytes = 16;
// Offsets and sizes in records stay below this, so that sums of them do not overflow.
inline constexpr uint64_t kMaxFileOffset = uint64_t{1} << 56;

inline size_t MaxDictionaryTermBytes(DictionaryKind kind) {
  return kind == DictionaryKind::kPairs ? 3 * kMaxTermBytes + 2 : kMaxTermBytes;
}

// The first eight bytes of a term as a number that sorts as they do.
inline uint64_t DictionaryBlockKey(std::string_view term) {
  uint64_t key = 0;
  for (size_t i = 0; i < 8; ++i) {
    key = key << 8 | (i < term.size() ? static_cast<uint8_t>(term[i]) : 0);
  }
  return key;
}

struct TermLengths {
  size_t prefix = 0;
  size_t suffix = 0;  // at least 1
};
TermLengths ReadTermLengths(ByteScanner* in);

// Reads what follows the suffix. False where a number is out of range; in->ok() must be checked
// too.
bool ReadTermInfo(ByteScanner* in, DictionaryKind kind, DictionaryPlace* place, TermInfo* info);

// Reads a block's head.
DictionaryPlace ReadDictionaryPlace(ByteScanner* in, DictionaryKind kind);

}  // namespace ibid

#endif  // IBID_COMMON_FORMAT_TERM_RECORD_H_
