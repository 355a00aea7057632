// For the words of a union: the highest impact of each word in each range of documents, and the
// sums of what they may score there.
//
// A range is 2^shift documents, shift being CoarseRangeShift of the segment. After C. Dimopoulos,
// S. Nepomnyachiy and T. Suel, "A candidate filtering mechanism for fast top-k query processing on
// modern CPUs", SIGIR 2013 (live blocks).
#ifndef IBID_SEARCHER_TOPK_RANGE_BOUNDS_H_
#define IBID_SEARCHER_TOPK_RANGE_BOUNDS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "common/format/postings_cursor.h"
#include "searcher/match/range_impacts.h"
#include "searcher/topk/impact_bounds.h"

namespace ibid {

// Not thread-safe.
class RangeBounds {
 public:
  RangeBounds(uint32_t num_docs, size_t num_terms);

  uint32_t shift() const { return shift_; }
  uint32_t num_ranges() const { return num_ranges_; }

  // Fills the row of a term: with what is `kept` of its list; or, where that is null, of a short
  // list with the bounds of its very documents, of another with the block maxima. `norms` have been
  // touched.
  void Fill(size_t term, std::shared_ptr<const RangeImpacts> kept, PostingsCursor& cursor,
            const ImpactScale& scale, float weight, const uint8_t* norms,
            const LengthTable& lengths);

  // What term may score in a range.
  float Of(size_t term, uint32_t range) const {
    return scales_[term] * static_cast<float>(rows_[term][range]);
  }
  bool MayHold(size_t term, DocId doc) const { return rows_[term][doc >> shift_] != 0; }
  float OfDoc(size_t term, DocId doc) const { return Of(term, doc >> shift_); }

  // Sums of the terms in `order` from place `from` on, by range. Valid until the next call.
  const float* Sum(std::span<const uint32_t> order, size_t from);

 private:
  void FillByPostings(uint8_t* row, PostingsCursor& cursor, const ImpactScale& scale,
                      const uint8_t* norms, const LengthTable& lengths) const;
  void FillByBlocks(uint8_t* row, PostingsCursor& cursor, const ImpactScale& scale) const;

  uint32_t shift_;
  uint32_t num_ranges_;
  uint32_t stride_;  // num_ranges_, rounded up to whole vectors
  std::vector<const uint8_t*> rows_;
  std::vector<std::shared_ptr<const RangeImpacts>> kept_;  // which hold rows
  std::vector<std::vector<uint8_t>> own_;                  // the other rows
  std::vector<float> scales_;  // of a term: score for each unit of its row
  std::vector<float> sums_;
};

}  // namespace ibid

#endif  // IBID_SEARCHER_TOPK_RANGE_BOUNDS_H_
