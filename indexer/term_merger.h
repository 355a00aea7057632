// Walks the terms of all inputs of a merge at once, in byte order.
//
//   ASSIGN_OR_RETURN(TermMerger merger, TermMerger::Open(inputs));
//   while (true) {
//     ASSIGN_OR_RETURN(const bool more, merger.Next());
//     if (!more) break;
//     for (const uint32_t input : merger.holders()) Use(merger.term(), merger.info(input));
//   }
//
// Not thread-safe; valid while the inputs live.
#ifndef IBID_INDEXER_TERM_MERGER_H_
#define IBID_INDEXER_TERM_MERGER_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/format/term_dictionary.h"
#include "indexer/segment_merge.h"

namespace ibid {

class TermMerger {
 public:
  static absl::StatusOr<TermMerger> Open(const std::vector<MergeInput>& inputs);

  // Moves to the next term; false past the last. holders() are the inputs that have it, in order.
  absl::StatusOr<bool> Next();

  std::string_view term() const { return term_; }
  const std::vector<uint32_t>& holders() const { return holders_; }
  const TermInfo& info(uint32_t input) const { return cursors_[input].info(); }

 private:
  bool Later(uint32_t a, uint32_t b) const;
  void Push(uint32_t input);

  std::vector<TermCursor> cursors_;
  std::vector<uint32_t> heap_;
  std::vector<uint32_t> holders_;
  std::string term_;
};

}  // namespace ibid

#endif  // IBID_INDEXER_TERM_MERGER_H_
