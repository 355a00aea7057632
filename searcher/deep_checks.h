// Analyses the stored documents of one segment again and holds the segment against what comes out.
#ifndef IBID_SEARCHER_DEEP_CHECKS_H_
#define IBID_SEARCHER_DEEP_CHECKS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/format/segment_reader.h"
#include "common/text/analyzer.h"

namespace ibid {

// Every document's regions; every term's documents, frequencies and positions, as sums of 64-bit
// hashes; which stem has which forms, and its own list; of columns of texts and integers the
// values, of other columns that there are not more than the document gives. Appends one line a
// structure that differs. The segment must be sound by CheckSegmentStructures and have stored
// documents; `analyzer` is that of the index. Memory: some 100 bytes a term of the segment;
// ResourceExhausted where there is none.
absl::Status CheckAgainstStoredText(const SegmentReader& segment, Analyzer* analyzer,
                                    std::vector<std::string>* problems);

}  // namespace ibid

#endif  // IBID_SEARCHER_DEEP_CHECKS_H_
