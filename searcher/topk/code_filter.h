// Which documents of a stretch may be wanted, by the codes of words that they must all have
// (searcher/match/range_impacts.h): those with at least a least code of each word.
//
//   CodeFilter filter;
//   for (const RangeImpacts* word : words) filter.Add(*word);
//   filter.SetLeast(0, 9); ...
//   if (filter.Select(first, last)) ... if (filter.Chooses(doc)) ...
//
// What is added must outlive it. Not thread-safe.
#ifndef IBID_SEARCHER_TOPK_CODE_FILTER_H_
#define IBID_SEARCHER_TOPK_CODE_FILTER_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "common/codec/scan.h"
#include "ibid/types.h"
#include "searcher/match/range_impacts.h"

namespace ibid {

class CodeFilter {
 public:
  // At most kMostSummedCodes words, with codes. Their least code is 1 until SetLeast.
  void Add(const RangeImpacts& word);
  // 16: no document is wanted.
  void SetLeast(size_t word, uint32_t least);

  // Looks at documents first to last, first <= last, both of the segment; whether any is chosen.
  bool Select(DocId first, DocId last);
  void SelectAll() { masks_.clear(); }
  bool selects_all() const { return masks_.empty(); }
  // `doc` lies between those of the last Select.
  bool Chooses(DocId doc) const {
    return (masks_[doc / kCodesPerRange - first_range_] >> doc % kCodesPerRange & 1) != 0;
  }
  // Of the last Select.
  size_t num_ranges() const { return masks_.size(); }

 private:
  std::vector<const uint8_t*> codes_;  // of each word
  std::vector<uint8_t> values_;        // 16 for each word: 1 where the code is enough
  uint32_t first_range_ = 0;
  std::vector<uint64_t> masks_;  // a bit for each document from there on
};

}  // namespace ibid

#endif  // IBID_SEARCHER_TOPK_CODE_FILTER_H_
