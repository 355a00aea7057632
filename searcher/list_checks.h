// Holds one list of postings against all that is said of it elsewhere, for `ibid check`.
#ifndef IBID_SEARCHER_LIST_CHECKS_H_
#define IBID_SEARCHER_LIST_CHECKS_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/format/impacts.h"
#include "common/format/segment_reader.h"
#include "common/format/term_info.h"
#include "ibid/types.h"

namespace ibid {

// Belongs to one thread. All that it refers to outlives it.
class ListCheck {
 public:
  // `lengths`: of the segment; `ends`: of each document, one past its last position, as far as they
  // are known.
  ListCheck(const SegmentReader& segment, const LengthTable& lengths,
            const std::vector<Position>& ends)
      : segment_(segment), lengths_(lengths), ends_(ends) {}

  // What is wrong with the list that `info` tells of, or nothing; an error where it cannot be read
  // to its end. Walks it once, decoding all of it, and looks at each block by the skip data, too,
  // and where the directory of positions leads. `with_positions`: it must have them.
  absl::StatusOr<std::string> Run(const TermInfo& info, bool with_positions);
  uint64_t num_values() const { return num_values_; }  // postings and positions of the last Run

 private:
  class Impacts;
  absl::StatusOr<std::string> ComplaintOfBlock(PostingsCursor& cursor) const;
  absl::StatusOr<std::string> ComplaintOfPositions(PostingsCursor& cursor, uint32_t freq);
  absl::StatusOr<std::string> ComplaintOfDirectory(const TermInfo& info, uint32_t freq);

  const SegmentReader& segment_;
  const LengthTable& lengths_;
  const std::vector<Position>& ends_;
  uint64_t occurrences_ = 0;  // before the posting that is looked at
  uint64_t num_values_ = 0;
  std::vector<Position> positions_;  // of that posting
  std::vector<Position> again_;      // the same, read by way of the directory
};

}  // namespace ibid

#endif  // IBID_SEARCHER_LIST_CHECKS_H_
