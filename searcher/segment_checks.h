// Holds the structures of one segment against one another, once its bytes are known to be sound.
#ifndef IBID_SEARCHER_SEGMENT_CHECKS_H_
#define IBID_SEARCHER_SEGMENT_CHECKS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/format/manifest.h"
#include "common/format/segment_reader.h"

namespace ibid {

// Walks every list and record: dictionaries in order, postings within the segment, frequencies
// equal to the positions found, totals equal to what properties and manifest say, stems equal to
// the union of their forms, lists of pairs to what positions give, bounds never below what they
// bound, norms equal to the lengths that the regions have, keys sorted and each document's, stored
// records readable. Appends one line a problem and stops after a few in each structure.
// ResourceExhausted where the check itself lacked memory, which says nothing of the segment.
absl::Status CheckSegmentStructures(const SegmentReader& segment, const SegmentMeta& meta,
                                    std::vector<std::string>* problems);

// What a part of a check found: appended to the problems, unless the check lacked memory or
// descriptors, which is no problem of the index and is returned.
absl::Status KeepProblem(const absl::Status& found, std::vector<std::string>* problems);

}  // namespace ibid

#endif  // IBID_SEARCHER_SEGMENT_CHECKS_H_
