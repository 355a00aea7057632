// Holds the dictionary of stems of a segment against its surface forms.
#ifndef IBID_SEARCHER_STEM_CHECKS_H_
#define IBID_SEARCHER_STEM_CHECKS_H_

#include "absl/status/status.h"
#include "common/format/segment_reader.h"

namespace ibid {

// DataLoss where a stem has no forms, or one that is no term or the form of another stem, too;
// where a term that is no form is spelled as a stem; or where the list of a stem is not the union
// of its forms' with their frequencies added up. Whether the forms have that stem, only the text
// could say (CheckAgainstStoredText). One sentence, without the segment's name. Memory: a bit a
// term.
absl::Status CheckStems(const SegmentReader& segment);

}  // namespace ibid

#endif  // IBID_SEARCHER_STEM_CHECKS_H_
