// What the engine reads in a segment, as text: one fact a line.
#ifndef IBID_TESTS_DOCS_DUMP_SEGMENT_H_
#define IBID_TESTS_DOCS_DUMP_SEGMENT_H_

#include <string>

#include "absl/status/statusor.h"
#include "common/format/segment_reader.h"

namespace ibid {

absl::StatusOr<std::string> DumpSegment(const SegmentReader& segment);

}  // namespace ibid

#endif  // IBID_TESTS_DOCS_DUMP_SEGMENT_H_
