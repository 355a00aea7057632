#include "common/text/quotations.h"

#include <algorithm>
#include <span>

namespace ibid {
namespace {

std::optional<QuotationFamily> FamilyOf(char32_t c) {
  switch (c) {
    case '"':
    case 0x201c:  // “
    case 0x201d:  // ”
    case 0x201e:  // „
    case 0x201f:  // ‟
      return QuotationFamily::kDouble;
    case '\'':
    case 0x2018:  // ‘
    case 0x2019:  // ’
    case 0x201a:  // ‚
    case 0x201b:  // ‛
      return QuotationFamily::kSingle;
    case 0xab:  // «
    case 0xbb:  // »
      return QuotationFamily::kGuillemet;
    case 0x2039:  // ‹
    case 0x203a:  // ›
      return QuotationFamily::kSingleGuillemet;
    case 0x300c:  // 「
    case 0x300d:  // 」
    case 0x300e:  // 『
    case 0x300f:  // 』
      return QuotationFamily::kCorner;
    default:
      return std::nullopt;
  }
}

class Pairer {
 public:
  Pairer(std::span<const QuotationMark> marks, const std::vector<uint32_t>& paragraph_ends,
         std::vector<TokenRange>* quotations)
      : marks_(marks), paragraph_ends_(paragraph_ends), quotations_(quotations) {}

  void Run() {
    for (size_t i = 0; i < marks_.size(); ++i) Take(i);
    if (is_open_) Close(ParagraphEnd(paragraph_));
  }

 private:
  void Take(size_t i) {
    const QuotationMark& mark = marks_[i];
    if (is_open_ && mark.paragraph != paragraph_) {
      if (Reopens(mark)) {
        paragraph_ = mark.paragraph;
        depth_ = 1;
        return;
      }
      Close(ParagraphEnd(paragraph_));
    }
    if (!is_open_) {
      if (mark.may_open && IsCredibleOpening(i)) Open(mark);
      return;
    }
    if (mark.family != opener_.family) return;
    if (Closes(i)) {
      if (--depth_ == 0) Close(mark.token);
    } else if (mark.may_open && !(mark.mark == '"' && opener_.mark == '"')) {
      // A straight mark inside straight ones is more often a lost closing mark than a quotation.
      ++depth_;
    }
  }

  // Whether the open quotation goes on in the next paragraph, which this mark begins.
  bool Reopens(const QuotationMark& mark) const {
    return mark.family == opener_.family && mark.may_open && mark.paragraph == paragraph_ + 1 &&
           BeginsParagraph(mark);
  }

  bool BeginsParagraph(const QuotationMark& mark) const {
    return mark.token == (mark.paragraph == 0 ? 0 : ParagraphEnd(mark.paragraph - 1));
  }

  uint32_t ParagraphEnd(uint32_t paragraph) const {
    return paragraph < paragraph_ends_.size() ? paragraph_ends_[paragraph]
           : paragraph_ends_.empty()          ? 0
                                              : paragraph_ends_.back();
  }

  // A single mark opens only what is closed in its paragraph or opens again in the next.
  bool IsCredibleOpening(size_t i) const {
    const QuotationMark& mark = marks_[i];
    if (mark.family != QuotationFamily::kSingle || mark.has_close_after) return true;
    if (!BeginsParagraph(mark) || i + 1 == marks_.size()) return false;
    const QuotationMark& next = marks_[i + 1];
    return next.family == mark.family && next.may_open && next.paragraph == mark.paragraph + 1 &&
           BeginsParagraph(next);
  }

  bool Closes(size_t i) const {
    const QuotationMark& mark = marks_[i];
    if (!mark.may_close) return false;
    switch (mark.mark) {
      case 0x201c:  // closes German „...“, else opens one inside another
        return opener_.mark == 0x201e || !mark.may_open;
      case 0x2018:
        return opener_.mark == 0x201a || !mark.may_open;
      case 0xab:
        return opener_.mark == 0xbb;
      case 0x2039:
        return opener_.mark == 0x203a;
      default:
        return !mark.is_doubtful || !NextOnlyCloses(i);
    }
  }

  // Whether the next mark of the family in the paragraph can only close: then a doubtful one before
  // it is an apostrophe or a sign for inches. Doubtful marks are of one family at a time, so that
  // no mark is passed twice.
  bool NextOnlyCloses(size_t i) const {
    const QuotationMark& mark = marks_[i];
    for (size_t next = i + 1; next < marks_.size(); ++next) {
      if (marks_[next].paragraph != mark.paragraph) return false;
      if (marks_[next].family != mark.family) continue;
      return marks_[next].may_close && !marks_[next].may_open;
    }
    return false;
  }

  void Open(const QuotationMark& mark) {
    is_open_ = true;
    opener_ = mark;
    paragraph_ = mark.paragraph;
    depth_ = 1;
  }

  void Close(uint32_t end) {
    is_open_ = false;
    if (opener_.token < end) quotations_->push_back({opener_.token, end});
  }

  std::span<const QuotationMark> marks_;
  const std::vector<uint32_t>& paragraph_ends_;
  std::vector<TokenRange>* quotations_;
  bool is_open_ = false;
  QuotationMark opener_;
  uint32_t paragraph_ = 0;  // the one the open quotation has come to
  uint32_t depth_ = 0;
};

}  // namespace

std::optional<QuotationMark> MakeQuotationMark(char32_t c, MarkNeighbor left, MarkNeighbor right) {
  const std::optional<QuotationFamily> family = FamilyOf(c);
  if (!family.has_value()) return std::nullopt;
  QuotationMark mark;
  mark.mark = c;
  mark.family = *family;
  const bool opens = left != MarkNeighbor::kWord && right != MarkNeighbor::kSpace;
  const bool closes =
      (left == MarkNeighbor::kWord || left == MarkNeighbor::kOther) && right != MarkNeighbor::kWord;
  switch (c) {
    case '"':
    case '\'':
      mark.may_open = opens;
      // A closing mark may lack the space after it (said."Then) or have one before it (said, " he).
      mark.may_close =
          closes || (c == '"' && (left == MarkNeighbor::kOther ||
                                  (left == MarkNeighbor::kSpace && right == MarkNeighbor::kSpace)));
      break;
    case 0x2018:  // ‘ “: opening, and closing in German
    case 0x201b:
      mark.may_open = opens;
      mark.may_close = closes;
      break;
    case 0x201c:
      mark.may_open = right != MarkNeighbor::kSpace;
      mark.may_close = closes;
      break;
    case 0x2019:
      mark.may_close = closes;
      break;
    case 0x201d:  // ” opens in Swedish
    case 0xbb:    // » opens in German books
    case 0x203a:
      mark.may_open = left == MarkNeighbor::kSpace && right == MarkNeighbor::kWord;
      mark.may_close = true;
      break;
    case 0xab:  // « » may have spaces inside
    case 0x2039:
      mark.may_open = true;
      mark.may_close = closes;
      break;
    case 0x300d:
    case 0x300f:
      mark.may_close = true;
      break;
    default:
      mark.may_open = true;
      break;
  }
  if (!mark.may_open && !mark.may_close) return std::nullopt;
  return mark;
}

void PairQuotations(std::vector<QuotationMark>* marks, const std::vector<uint32_t>& paragraph_ends,
                    std::vector<TokenRange>* quotations) {
  bool seen = false;
  uint32_t paragraph = 0;
  for (size_t i = marks->size(); i-- > 0;) {
    QuotationMark& mark = (*marks)[i];
    if (mark.family != QuotationFamily::kSingle) continue;
    mark.has_close_after = seen && paragraph == mark.paragraph;
    if (!mark.may_close) continue;
    seen = true;
    paragraph = mark.paragraph;
  }
  Pairer(*marks, paragraph_ends, quotations).Run();
}

}  // namespace ibid
