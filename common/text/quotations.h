// Pairs quotation marks: which stretch of tokens is quoted.
//
//   std::vector<QuotationMark> marks = ...;   // in the order of the text
//   PairQuotations(&marks, text.paragraph_ends, &text.quotations);
//
// No state; any thread.
#ifndef IBID_COMMON_TEXT_QUOTATIONS_H_
#define IBID_COMMON_TEXT_QUOTATIONS_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "common/text/analyzer.h"

namespace ibid {

// Marks of one family end one another's quotations.
enum class QuotationFamily : uint8_t { kDouble, kSingle, kGuillemet, kSingleGuillemet, kCorner };

struct QuotationMark {
  char32_t mark = 0;
  uint32_t token = 0;      // of the first token after the mark
  uint32_t paragraph = 0;  // counted from 0
  QuotationFamily family = QuotationFamily::kDouble;
  bool may_open = false;  // by what stands around it
  bool may_close = false;
  bool is_doubtful = false;      // may be an apostrophe (dogs') or a sign for inches (5")
  bool has_close_after = false;  // set by PairQuotations, for single marks
};

// What stands on either side of a mark.
enum class MarkNeighbor : uint8_t { kSpace, kWord, kOpening, kOther };

// The mark that `c` is between such neighbours; nothing where it is none or could do nothing.
std::optional<QuotationMark> MakeQuotationMark(char32_t c, MarkNeighbor left, MarkNeighbor right);

// Appends the quoted ranges. `paragraph_ends`: one past the last token of each paragraph that a
// mark names. Linear.
void PairQuotations(std::vector<QuotationMark>* marks, const std::vector<uint32_t>& paragraph_ends,
                    std::vector<TokenRange>* quotations);

}  // namespace ibid

#endif  // IBID_COMMON_TEXT_QUOTATIONS_H_
