// What the dictionary says of one term.
#ifndef IBID_COMMON_FORMAT_TERM_INFO_H_
#define IBID_COMMON_FORMAT_TERM_INFO_H_

#include <array>
#include <cstdint>
#include <vector>

#include "ibid/types.h"

namespace ibid {

// The ranks whose impacts are kept for a term (0-based index into TermInfo::kth_impacts).
inline constexpr std::array<uint32_t, 3> kKthRanks = {10, 100, 1000};

// An impact is freq / (freq + K(norm)) times 255, rounded up, under the segment's own average
// length and the default k1 and b (common/format/impacts.h): the largest share of a term's weight
// that a document can get.
struct TermInfo {
  uint32_t doc_freq = 0;    // documents, deleted ones included
  uint64_t total_freq = 0;  // occurrences in them

  uint64_t postings_offset = 0;   // into the postings section
  uint64_t postings_bytes = 0;    // blocks, tail and skip data
  uint64_t positions_offset = 0;  // into the positions section
  uint64_t positions_bytes = 0;   // 0: the term has no positions (stems)

  uint8_t max_impact = 0;                   // no document's impact is above
  std::array<uint8_t, 3> kth_impacts = {};  // kKthRanks[i] documents have at least this; 0: unknown

  // A term with positions that stands in one document once is kept whole in the dictionary:
  // doc_freq == total_freq == 1, no bytes elsewhere, and max_impact is 255 (the caller has the
  // norm).
  bool inlined = false;
  DocId inline_doc = 0;
  Position inline_position = 0;

  // Stems only: ordinals of the surface forms in the dictionary of terms, increasing. A stem with
  // one form has no postings of its own: they are the form's, and all other members here are 0.
  std::vector<uint32_t> forms;

  bool operator==(const TermInfo&) const = default;
};

}  // namespace ibid

#endif  // IBID_COMMON_FORMAT_TERM_INFO_H_
