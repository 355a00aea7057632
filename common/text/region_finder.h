// Finds sentences, paragraphs and quotations in a text that has been cut into tokens.
//
//   RegionFinder finder;
//   finder.Find(text, &tokens);   // fills sentence_ends, paragraph_ends, quotations
//
// Reads only what stands between tokens. Linear; keeps its buffer; not thread-safe.
#ifndef IBID_COMMON_TEXT_REGION_FINDER_H_
#define IBID_COMMON_TEXT_REGION_FINDER_H_

#include <cstddef>
#include <string_view>
#include <vector>

#include "common/text/analyzer.h"
#include "common/text/quotations.h"
#include "common/text/sentences.h"

namespace ibid {

class RegionFinder {
 public:
  // `tokens` holds the tokens of `text`; its regions are replaced.
  void Find(std::string_view text, AnalyzedText* tokens);

 private:
  void ReadGap(size_t begin, size_t end, size_t next_token);
  void TakeMark(char32_t c, size_t at, size_t after, size_t gap_end, MarkNeighbor left);
  MarkNeighbor NeighborAfter(size_t at, size_t gap_end) const;
  void EndParagraph();

  std::string_view text_;
  AnalyzedText* tokens_ = nullptr;
  std::vector<QuotationMark> marks_;
  // Of the gap being read.
  Stop stop_;
  size_t next_token_ = 0;
  size_t num_marks_in_gap_ = 0;
};

}  // namespace ibid

#endif  // IBID_COMMON_TEXT_REGION_FINDER_H_
