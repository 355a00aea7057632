// Lists of adjacent pairs: for two frequent words, the documents that have them side by side (the
// second at the position behind the first), how often, and, for the most frequent words, where the
// first one stands. A phrase of such words is then answered from lists that are about as long as
// its answer, not from those of "of" and "the".
//
// A segment has the lists of all pairs of words that stand in at least so many of its documents,
// so absence means something:
//
//   const PairCoverage& pairs = segment.pair_coverage();
//   if (pairs.Covers(of_info, the_info)) {
//     ASSIGN_OR_RETURN(auto pair, segment.FindPair("of", "the"));
//     if (!pair) ...                          // no document of the segment has "of the"
//   }
//
// Which words: Zipf's law makes a few hundred words most of a text, and phrases of them most of the
// work (Williams, Zobel, Bahle, "Fast Phrase Querying with Combined Indexes", TOIS 22, 2004).
#ifndef IBID_COMMON_FORMAT_PAIR_COVERAGE_H_
#define IBID_COMMON_FORMAT_PAIR_COVERAGE_H_

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "common/format/term_info.h"

namespace ibid {

// Which pairs of surface forms have lists in a segment. A plain value.
struct PairCoverage {
  // Both words must stand in so many documents, deleted ones included. 0: there are no lists.
  uint32_t min_doc_freq = 0;
  // Both must stand in so many for the list to have positions. 0: no list has.
  uint32_t positions_min_doc_freq = 0;
  uint32_t num_words = 0;  // that stand in min_doc_freq documents

  // The list, if there is none, would be empty. The numbers are the words' doc_freq.
  bool Covers(uint32_t first, uint32_t second) const {
    return min_doc_freq > 0 && std::min(first, second) >= min_doc_freq;
  }
  bool HasPositions(uint32_t first, uint32_t second) const {
    return positions_min_doc_freq > 0 && std::min(first, second) >= positions_min_doc_freq;
  }
  bool Covers(const TermInfo& first, const TermInfo& second) const {
    return Covers(first.doc_freq, second.doc_freq);
  }
  bool HasPositions(const TermInfo& first, const TermInfo& second) const {
    return HasPositions(first.doc_freq, second.doc_freq);
  }

  bool operator==(const PairCoverage&) const = default;
};

// The pair's name in the dictionary of pairs. Terms have no zero byte.
inline std::string PairKey(std::string_view first, std::string_view second) {
  std::string key;
  key.reserve(first.size() + 1 + second.size());
  key.append(first).push_back('\0');
  return key.append(second);
}

}  // namespace ibid

#endif  // IBID_COMMON_FORMAT_PAIR_COVERAGE_H_
