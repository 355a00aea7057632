// A document as the brute-force engine sees it: its words one after another, and where its regions
// begin and end.
#ifndef IBID_TESTS_ORACLE_TOKEN_LIST_H_
#define IBID_TESTS_ORACLE_TOKEN_LIST_H_

#include <cstdint>
#include <string>
#include <vector>

#include "common/format/regions.h"
#include "common/text/analyzer.h"
#include "ibid/document.h"
#include "ibid/types.h"
#include "searcher/match/intervals.h"
#include "searcher/query/ast.h"

namespace ibid {

struct TokenList {
  // The word at each position; "" at the one between title and text, which is no word.
  std::vector<std::string> words;
  uint32_t length = 0;  // words of title and text
  std::vector<PositionRange> titles, texts, sentences, paragraphs, quotations;

  const std::vector<PositionRange>& Regions(RegionKind kind) const;
  // Whether `interval` lies inside one region of the kind.
  bool IsInside(RegionKind kind, const Interval& interval) const;
  // Whether it lies in the title or in the text.
  bool IsInsideOneField(const Interval& interval) const;
};

TokenList MakeTokenList(const Document& document, Analyzer* analyzer);

}  // namespace ibid

#endif  // IBID_TESTS_ORACLE_TOKEN_LIST_H_
