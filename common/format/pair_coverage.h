// Lists of phrases of frequent words: for two words, or for three, the documents that have them
// side by side, each at the position behind the one before, and how often. A phrase of such words
// is then answered from lists that are about as long as its answer, not from those of "of" and
// "the".
//
// A segment has the lists of all pairs of words that are frequent enough, so absence means
// something; of three words it has those that its writer found worth their bytes:
//
//   const PairCoverage& pairs = segment.pair_coverage();
//   if (pairs.Covers(of_info, the_info)) {
//     ASSIGN_OR_RETURN(auto pair, segment.FindPair("of", "the"));
//     if (!pair) ...                          // no document of the segment has "of the"
//   }
//   if (pairs.MayHaveTriple(one_info, of_info, the_info)) {
//     ASSIGN_OR_RETURN(auto triple, segment.FindTriple("one", "of", "the"));
//     if (!triple) ...                        // nothing is said
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

// Orders pairs of words by what lists of theirs save for their bytes, from the document
// frequencies: the product of both, to which the documents that have both words are proportional by
// chance, times the rarer one, since phrases of three and four words are the dearer the more
// frequent the rarest is. The same number on every machine.
inline double PairWeight(uint32_t first, uint32_t second) {
  return double{1} * first * second * std::min(first, second);
}

// Which pairs of surface forms have lists in a segment. A plain value. Frequencies are of
// documents, deleted ones included.
struct PairCoverage {
  // Both words must stand in so many documents. 0: there are no lists.
  uint32_t min_doc_freq = 0;
  // And their PairWeight must be so much.
  double min_weight = 0;
  // Each word of a list of three stands in so many. 0: there is none.
  uint32_t triple_min_doc_freq = 0;
  uint32_t num_words = 0;  // that stand in min_doc_freq documents; the rarer have few pairs

  // The list, if there is none, would be empty. The numbers are the words' doc_freq.
  bool Covers(uint32_t first, uint32_t second) const {
    return min_doc_freq > 0 && std::min(first, second) >= min_doc_freq &&
           PairWeight(first, second) >= min_weight;
  }
  bool Covers(const TermInfo& first, const TermInfo& second) const {
    return Covers(first.doc_freq, second.doc_freq);
  }
  bool MayHaveTriple(const TermInfo& first, const TermInfo& second, const TermInfo& third) const {
    return triple_min_doc_freq > 0 &&
           std::min({first.doc_freq, second.doc_freq, third.doc_freq}) >= triple_min_doc_freq;
  }

  bool operator==(const PairCoverage&) const = default;
};

// The name of a list in the dictionary of pairs. Terms have no zero byte.
inline std::string PairKey(std::string_view first, std::string_view second) {
  std::string key;
  key.reserve(first.size() + 1 + second.size());
  key.append(first).push_back('\0');
  return key.append(second);
}
inline std::string TripleKey(std::string_view first, std::string_view second,
                             std::string_view third) {
  return PairKey(PairKey(first, second), third);
}

}  // namespace ibid

#endif  // IBID_COMMON_FORMAT_PAIR_COVERAGE_H_
