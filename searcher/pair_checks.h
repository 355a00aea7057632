// Holds the lists of phrases of a segment against the positions of its words.
#ifndef IBID_SEARCHER_PAIR_CHECKS_H_
#define IBID_SEARCHER_PAIR_CHECKS_H_

#include "absl/status/status.h"
#include "common/format/segment_reader.h"

namespace ibid {

// DataLoss where the segment's lists of pairs are not those that its words' positions give: a list
// too many or missing, other documents or frequencies, a coverage or a number of bytes that does
// not fit; where a list of three words, of which none must be there, is not what the positions
// give. One sentence, without the segment's name. Memory: 16 bytes a pair of words, about 60 a
// list of three.
absl::Status CheckPairs(const SegmentReader& segment);

}  // namespace ibid

#endif  // IBID_SEARCHER_PAIR_CHECKS_H_
