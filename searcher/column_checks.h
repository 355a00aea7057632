// Holds the columns of one segment against themselves.
#ifndef IBID_SEARCHER_COLUMN_CHECKS_H_
#define IBID_SEARCHER_COLUMN_CHECKS_H_

#include "absl/status/status.h"
#include "common/format/segment_reader.h"

namespace ibid {

// Reads every value: each document has as many as its column says, the distinct texts are sorted.
absl::Status CheckColumnValues(const SegmentReader& segment);

}  // namespace ibid

#endif  // IBID_SEARCHER_COLUMN_CHECKS_H_
