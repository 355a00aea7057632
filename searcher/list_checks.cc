#include "searcher/list_checks.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/format/position_stream.h"
#include "common/format/postings_cursor.h"
#include "ibid/limits.h"

namespace ibid {
namespace {

// Of positions for which the directory says once where they begin.
constexpr uint64_t kValuesOfAnchor = uint64_t{kPositionAnchorBlocks} * kBlockLength;

}  // namespace

// The shares of a list's postings, against the ranks that the dictionary keeps of them.
class ListCheck::Impacts {
 public:
  explicit Impacts(const TermInfo& info) {
    for (size_t i = 0; i < kKthRanks.size(); ++i) {
      at_least_[i] = ImpactToShare(info.kth_impacts[i]);
    }
  }
  void Add(float share) {
    for (size_t i = 0; i < at_least_.size(); ++i) counts_[i] += share >= at_least_[i] ? 1 : 0;
  }
  std::string Complaint(const TermInfo& info) const {
    for (size_t i = 0; i < kKthRanks.size(); ++i) {
      const bool is_known = info.kth_impacts[i] > 0;
      if (!is_known || counts_[i] >= kKthRanks[i]) continue;
      return absl::StrCat(counts_[i], " documents have an impact of ", info.kth_impacts[i],
                          " or more; dictionary says ", kKthRanks[i]);
    }
    return "";
  }

 private:
  std::array<float, kKthRanks.size()> at_least_ = {};
  std::array<uint64_t, kKthRanks.size()> counts_ = {};
};

absl::StatusOr<std::string> ListCheck::Run(const TermInfo& info, bool with_positions) {
  PostingsCursor cursor = segment_.Postings(info);
  Impacts impacts(info);
  uint64_t docs = 0;
  uint64_t next_anchor = kValuesOfAnchor;
  uint32_t block = UINT32_MAX;
  occurrences_ = 0;
  num_values_ = 0;
  for (; cursor.doc() != kNoMoreDocs; cursor.Next()) {
    const DocId doc = cursor.doc();
    const auto wrong = [doc](const std::string& what) {
      return absl::StrCat("document ", doc, ": ", what);
    };
    if (cursor.block() != block) {
      block = cursor.block();
      ASSIGN_OR_RETURN(const std::string complaint, ComplaintOfBlock(cursor));
      if (!complaint.empty()) return wrong(complaint);
      if (with_positions && cursor.positions_before_block() != occurrences_) {
        return wrong(absl::StrCat(occurrences_, " positions before its block; skip data say ",
                                  cursor.positions_before_block()));
      }
      cursor.ShallowSeek(doc);
    }
    const uint32_t freq = cursor.freq();
    ASSIGN_OR_RETURN(const uint8_t norm, segment_.Norm(doc));
    const float share = TermFrequencyShare(static_cast<float>(freq), lengths_[norm]);
    const uint8_t bound = std::min<uint8_t>(cursor.block_max_impact(), info.max_impact);
    // ImpactUp(share) > bound, by its definition; 255 bounds every share.
    if ((bound < 255 && share > ImpactToShare(bound)) || freq > cursor.block_max_freq() ||
        norm < cursor.block_min_norm()) {
      return wrong("above its block's bound");
    }
    impacts.Add(share);
    if (with_positions) {
      ASSIGN_OR_RETURN(std::string complaint, ComplaintOfPositions(cursor, freq));
      if (complaint.empty() && occurrences_ >= next_anchor) {
        next_anchor = (occurrences_ / kValuesOfAnchor + 1) * kValuesOfAnchor;
        ASSIGN_OR_RETURN(complaint, ComplaintOfDirectory(info, freq));
      }
      if (!complaint.empty()) return wrong(complaint);
    }
    ++docs;
    occurrences_ += freq;
  }
  RETURN_IF_ERROR(cursor.status());
  num_values_ = with_positions ? docs + occurrences_ : docs;
  if (docs != info.doc_freq || occurrences_ != info.total_freq) {
    return absl::StrCat(docs, " documents, ", occurrences_, " occurrences; dictionary says ",
                        info.doc_freq, ", ", info.total_freq);
  }
  return impacts.Complaint(info);
}

// A search comes to a block by the skip data, from the first or the last of its documents.
absl::StatusOr<std::string> ListCheck::ComplaintOfBlock(PostingsCursor& cursor) const {
  const uint32_t block = cursor.block();
  const DocId first = cursor.docs()[0], last = cursor.docs()[cursor.size() - 1];
  const bool found = cursor.FindBlock(first, 0) == block && cursor.FindBlock(last, 0) == block;
  RETURN_IF_ERROR(cursor.status());
  return found ? "" : "not in the block to which the skip data lead";
}

absl::StatusOr<std::string> ListCheck::ComplaintOfPositions(PostingsCursor& cursor, uint32_t freq) {
  positions_.clear();
  cursor.AppendPositions(&positions_);
  RETURN_IF_ERROR(cursor.status());
  if (positions_.size() != freq || !std::is_sorted(positions_.begin(), positions_.end())) {
    return absl::StrCat("frequency ", freq, ", ", positions_.size(), " positions");
  }
  const DocId doc = cursor.doc();
  if (freq > 0 && doc < ends_.size() && positions_.back() >= ends_[doc]) {
    return absl::StrCat("position ", positions_.back(), ", but the text ends at ", ends_[doc]);
  }
  return "";
}

// A stream that has read nothing yet comes to the positions by its directory alone.
absl::StatusOr<std::string> ListCheck::ComplaintOfDirectory(const TermInfo& info, uint32_t freq) {
  PostingsCursor cursor = segment_.Postings(info);
  const PositionRun run = {.begin = occurrences_, .freq = freq};
  again_.clear();
  if (!cursor.AppendPositionsOf({&run, 1}, kNoMorePositions, &again_)) return cursor.status();
  return again_ == positions_ ? "" : "other positions where their directory leads";
}

}  // namespace ibid
