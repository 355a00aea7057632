#include "common/text/region_finder.h"

#include <optional>

#include "common/base/release.h"
#include "common/text/abbreviations.h"
#include "common/text/ascii.h"
#include "common/text/unicode.h"
#include "common/text/utf8.h"

namespace ibid {
namespace {

// A text of more gives their memory back.
constexpr size_t kKeptMarks = size_t{1} << 16;

// Quotation marks between two tokens that are looked at; more are decoration, and would cost memory
// without a token to account for it.
constexpr size_t kMaxMarksInGap = 16;

// Marks are paired paragraph by paragraph where there are so many, and within one that has more: no
// quotation reaches over such a place.
constexpr size_t kManyMarks = size_t{1} << 16;
constexpr size_t kMaxMarks = size_t{1} << 17;

constexpr char32_t kParagraphSeparator = 0x2029;

bool IsAnySpace(char32_t c) { return c < 0x80 ? IsAsciiSpace(static_cast<char>(c)) : IsSpace(c); }

bool IsQuotationMark(char32_t c) {
  return c == '"' || c == '\'' || c == 0xab || c == 0xbb || (c >= 0x2018 && c <= 0x201f) ||
         c == 0x2039 || c == 0x203a || (c >= 0x300c && c <= 0x300f);
}

StopKind StopKindOf(char32_t c) {
  switch (c) {
    case '.':
      return StopKind::kFullStop;
    case '!':
    case '?':
    case 0x203c:
    case 0x203d:
    case 0x2047:
    case 0x2048:
    case 0x2049:
    case 0x061f:  // Arabic question mark
    case 0x06d4:  // Arabic full stop
      return StopKind::kStrong;
    case 0x2026:
      return StopKind::kEllipsis;
    case 0x0964:  // Devanagari danda
    case 0x0965:
    case 0x3002:
    case 0xff01:
    case 0xff0e:
    case 0xff1f:
    case 0xff61:
      return StopKind::kWide;
    default:
      return StopKind::kNone;
  }
}

MarkNeighbor NeighborOf(char32_t c) {
  if (IsAnySpace(c) || c == 0) return MarkNeighbor::kSpace;
  switch (c) {
    case '(':
    case '[':
    case '{':
    case '<':
    case '=':
    case 0x2014:  // dashes may stand on either side of a mark
    case 0x2013:
      return MarkNeighbor::kOpening;
    default:
      return MarkNeighbor::kOther;
  }
}

// What lies between most tokens: one byte, or a comma and a space.
bool IsPlainGap(std::string_view text, size_t begin, size_t end) {
  if (begin == 0 || text[begin - 1] == '.') return false;
  if (end - begin == 1) return static_cast<uint8_t>(text[begin]) < 0x80;
  return end - begin == 2 && text[begin] == ',' && text[begin + 1] == ' ';
}

}  // namespace

void RegionFinder::Begin(std::string_view text, AnalyzedText* out) {
  text_ = text;
  out_ = out;
  marks_.clear();
  next_token_ = 0;
  sentence_begin_ = 0;
  gap_begin_ = 0;
  out->sentence_ends.clear();
  out->paragraph_ends.clear();
  out->quotations.clear();
}

void RegionFinder::Read(const AnalyzedText& part, size_t first) {
  const SentenceRules rules(text_, &part);
  for (size_t i = first; i < part.num_tokens(); ++i, ++next_token_) {
    const size_t gap_end = part.begins[i];
    if (gap_end > gap_begin_ && !IsPlainGap(text_, gap_begin_, gap_end)) {
      ReadGap(gap_begin_, gap_end, part.term(i));
      const bool is_paragraph_end =
          !out_->paragraph_ends.empty() && out_->paragraph_ends.back() == next_token_;
      const bool last_begins_sentence = sentence_begin_ + 1 == next_token_;
      if (next_token_ > 0 &&
          (is_paragraph_end || rules.EndsBefore(i, last_begins_sentence, stop_))) {
        out_->sentence_ends.push_back(next_token_);
        sentence_begin_ = next_token_;
      }
      if (marks_.size() >= kMaxMarks) PairMarks();
    }
    gap_begin_ = part.ends[i];
  }
}

void RegionFinder::Finish() {
  if (next_token_ == 0) return;
  ReadGap(gap_begin_, text_.size(), {});
  out_->sentence_ends.push_back(next_token_);
  EndParagraph();
  PairMarks();
  if (marks_.capacity() > kKeptMarks) Release(&marks_);
}

void RegionFinder::PairMarks() {
  PairQuotations(&marks_, out_->paragraph_ends, &out_->quotations);
  marks_.clear();
}

// Reads what stands between two tokens: the mark that may end the sentence, blank lines,
// quotation marks.
void RegionFinder::ReadGap(size_t begin, size_t end, std::string_view next_term) {
  stop_ = Stop();
  next_term_ = next_term;
  num_marks_in_gap_ = 0;
  MarkNeighbor left = begin == 0 ? MarkNeighbor::kSpace : MarkNeighbor::kWord;
  if (begin > 0 && text_[begin - 1] == '.') {
    stop_.kind = StopKind::kFullStop;
    stop_.touches_word = true;
    stop_.is_inside_word = true;
  }
  bool is_line_blank = false;  // nothing but space since a line's end
  for (size_t at = begin; at < end;) {
    const CodePoint c = DecodeUtf8(text_, at);
    const size_t after = at + c.num_bytes;
    const bool is_line_end =
        c.value == '\n' || (c.value == '\r' && (after == text_.size() || text_[after] != '\n'));
    if (c.value == kParagraphSeparator || (is_line_end && is_line_blank)) EndParagraph();
    is_line_blank = is_line_end || (is_line_blank && IsAnySpace(c.value));
    const StopKind kind = StopKindOf(c.value);
    if (IsAnySpace(c.value)) {
      stop_.has_space_after = stop_.kind != StopKind::kNone;
    } else if (kind != StopKind::kNone && kind >= stop_.kind) {
      // Two full stops are an ellipsis.
      const bool is_second = kind == StopKind::kFullStop && stop_.kind == StopKind::kFullStop;
      stop_.touches_word = at == begin && !is_second;
      stop_.kind = is_second ? StopKind::kEllipsis : kind;
      stop_.has_space_after = false;
    } else if (IsQuotationMark(c.value)) {
      stop_.has_quote_after |= stop_.kind != StopKind::kNone && !stop_.has_space_after;
      TakeMark(c.value, at, after, end, left);
    }
    left = NeighborOf(c.value);
    at = after;
  }
}

MarkNeighbor RegionFinder::NeighborAfter(size_t at, size_t gap_end) const {
  if (at >= text_.size()) return MarkNeighbor::kSpace;
  if (at >= gap_end) return MarkNeighbor::kWord;
  return NeighborOf(DecodeUtf8(text_, at).value);
}

void RegionFinder::TakeMark(char32_t c, size_t at, size_t after, size_t gap_end,
                            MarkNeighbor left) {
  if (num_marks_in_gap_ == kMaxMarksInGap) return;
  const MarkNeighbor right = NeighborAfter(after, gap_end);
  std::optional<QuotationMark> mark = MakeQuotationMark(c, left, right);
  if (!mark.has_value()) return;
  const bool is_single = mark->family == QuotationFamily::kSingle;
  if (mark->may_open && is_single && right == MarkNeighbor::kWord && IsElision(next_term_)) {
    mark->may_open = false;
    if (!mark->may_close) return;
  }
  if (left == MarkNeighbor::kWord) {
    const char last = text_[at - 1];
    const bool straight_or_single = is_single || c == '"';
    mark->is_doubtful =
        straight_or_single && (IsAsciiDigit(last) || (is_single && AsciiLower(last) == 's'));
  }
  mark->token = next_token_;
  mark->paragraph = static_cast<uint32_t>(out_->paragraph_ends.size());
  marks_.push_back(*mark);
  ++num_marks_in_gap_;
}

// Ends the paragraph before the next token, if it has a token.
void RegionFinder::EndParagraph() {
  std::vector<uint32_t>& ends = out_->paragraph_ends;
  const uint32_t last = ends.empty() ? 0 : ends.back();
  if (next_token_ <= last) return;
  ends.push_back(next_token_);
  if (marks_.size() >= kManyMarks) PairMarks();
}

}  // namespace ibid
