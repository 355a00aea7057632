// The integers that every part of ibid speaks.
#ifndef IBID_TYPES_H_
#define IBID_TYPES_H_

#include <cstdint>

namespace ibid {

// A document inside one segment: dense, from 0. Users know documents by their key.
using DocId = uint32_t;

// Past every real document: what a cursor at its end reports.
inline constexpr DocId kNoMoreDocs = 0x7fffffff;

// The place of a token in its document: 0 for the first token of the title, one more for each
// token; one position is left free between the title and the text.
using Position = uint32_t;

// Past every real position.
inline constexpr Position kNoMorePositions = 0xffffffff;

// Counts the commits of one index, from 1; 0 is the empty index before its first commit.
using Generation = uint64_t;

}  // namespace ibid

#endif  // IBID_TYPES_H_
