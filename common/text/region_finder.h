// Finds sentences, paragraphs and quotations in a text that has been cut into tokens.
//
//   RegionFinder finder;
//   finder.Begin(text, &out);
//   finder.Read(tokens, 0);
//   finder.Finish();              // out has sentence_ends, paragraph_ends, quotations
//
// Reads only what stands between tokens, which may come in parts. Linear; keeps its buffer; not
// thread-safe.
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
  // Replaces the regions of `out`. Text and `out` must live until Finish.
  void Begin(std::string_view text, AnalyzedText* out);
  // Tokens [first, part.num_tokens()) are the text's next. The one before them, if there is one, is
  // at first - 1.
  void Read(const AnalyzedText& part, size_t first);
  void Finish();

 private:
  void ReadGap(size_t begin, size_t end, std::string_view next_term);
  void TakeMark(char32_t c, size_t at, size_t after, size_t gap_end, MarkNeighbor left);
  MarkNeighbor NeighborAfter(size_t at, size_t gap_end) const;
  void EndParagraph();
  void PairMarks();

  std::string_view text_;
  AnalyzedText* out_ = nullptr;
  std::vector<QuotationMark> marks_;  // not yet paired
  uint32_t next_token_ = 0;           // its number in the text
  uint32_t sentence_begin_ = 0;
  size_t gap_begin_ = 0;  // where the token before ends
  // Of the gap being read.
  Stop stop_;
  std::string_view next_term_;
  size_t num_marks_in_gap_ = 0;
};

}  // namespace ibid

#endif  // IBID_COMMON_TEXT_REGION_FINDER_H_
