#include "tests/oracle/token_list.h"

#include <algorithm>

namespace ibid {
namespace {

void AppendRanges(const std::vector<uint32_t>& ends, Position begin,
                  std::vector<PositionRange>* ranges) {
  Position from = begin;
  for (const uint32_t end : ends) {
    ranges->push_back({from, begin + end});
    from = begin + end;
  }
}

void AppendField(const std::string& text, Analyzer* analyzer, std::vector<PositionRange>* field,
                 TokenList* list) {
  AnalyzedText analyzed;
  analyzer->Analyze(text, &analyzed);
  if (analyzed.num_tokens() == 0) return;
  const auto begin = static_cast<Position>(list->words.size());
  for (size_t i = 0; i < analyzed.num_tokens(); ++i) list->words.emplace_back(analyzed.term(i));
  field->push_back({begin, static_cast<Position>(list->words.size())});
  list->length += static_cast<uint32_t>(analyzed.num_tokens());
  AppendRanges(analyzed.sentence_ends, begin, &list->sentences);
  AppendRanges(analyzed.paragraph_ends, begin, &list->paragraphs);
  for (const TokenRange& range : analyzed.quotations) {
    list->quotations.push_back({begin + range.begin, begin + range.end});
  }
}

}  // namespace

const std::vector<PositionRange>& TokenList::Regions(RegionKind kind) const {
  switch (kind) {
    case RegionKind::kTitle:
      return titles;
    case RegionKind::kText:
      return texts;
    case RegionKind::kSentence:
      return sentences;
    case RegionKind::kParagraph:
      return paragraphs;
    case RegionKind::kQuotation:
      break;
  }
  return quotations;
}

bool TokenList::IsInside(RegionKind kind, const Interval& interval) const {
  const std::vector<PositionRange>& regions = Regions(kind);
  return std::any_of(regions.begin(), regions.end(), [&interval](const PositionRange& range) {
    return range.begin <= interval.first && interval.last < range.end;
  });
}

bool TokenList::IsInsideOneField(const Interval& interval) const {
  return IsInside(RegionKind::kTitle, interval) || IsInside(RegionKind::kText, interval);
}

TokenList MakeTokenList(const Document& document, Analyzer* analyzer) {
  TokenList list;
  AppendField(document.title, analyzer, &list.titles, &list);
  if (!list.words.empty()) list.words.emplace_back();
  AppendField(document.text, analyzer, &list.texts, &list);
  return list;
}

}  // namespace ibid
