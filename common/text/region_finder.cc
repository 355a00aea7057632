#include "common/text/region_finder.h"

#include <optional>

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

void RegionFinder::Find(std::string_view text, AnalyzedText* tokens) {
  text_ = text;
  tokens_ = tokens;
  marks_.clear();
  tokens->sentence_ends.clear();
  tokens->paragraph_ends.clear();
  tokens->quotations.clear();
  const size_t num_tokens = tokens->num_tokens();
  if (num_tokens == 0) return;
  const SentenceRules rules(text, tokens);
  size_t sentence_begin = 0;
  size_t gap_begin = 0;
  for (size_t i = 0; i < num_tokens; ++i) {
    const size_t gap_end = tokens->begins[i];
    if (gap_end > gap_begin && !IsPlainGap(text, gap_begin, gap_end)) {
      ReadGap(gap_begin, gap_end, i);
      const bool is_paragraph_end =
          !tokens->paragraph_ends.empty() && tokens->paragraph_ends.back() == i;
      if (i > 0 && (is_paragraph_end || rules.EndsBefore(i, sentence_begin, stop_))) {
        tokens->sentence_ends.push_back(static_cast<uint32_t>(i));
        sentence_begin = i;
      }
    }
    gap_begin = tokens->ends[i];
  }
  ReadGap(gap_begin, text.size(), num_tokens);
  const auto end = static_cast<uint32_t>(num_tokens);
  tokens->sentence_ends.push_back(end);
  next_token_ = num_tokens;
  EndParagraph();
  PairQuotations(&marks_, tokens->paragraph_ends, &tokens->quotations);
  if (marks_.capacity() > kKeptMarks) marks_ = {};
}

// Reads what stands between two tokens: the mark that may end the sentence, blank lines,
// quotation marks.
void RegionFinder::ReadGap(size_t begin, size_t end, size_t next_token) {
  stop_ = Stop();
  next_token_ = next_token;
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
  if (mark->may_open && is_single && right == MarkNeighbor::kWord &&
      IsElision(tokens_->term(next_token_))) {
    mark->may_open = false;
    if (!mark->may_close) return;
  }
  if (left == MarkNeighbor::kWord) {
    const char last = text_[at - 1];
    const bool straight_or_single = is_single || c == '"';
    mark->is_doubtful =
        straight_or_single && (IsAsciiDigit(last) || (is_single && AsciiLower(last) == 's'));
  }
  mark->token = static_cast<uint32_t>(next_token_);
  mark->paragraph = static_cast<uint32_t>(tokens_->paragraph_ends.size());
  marks_.push_back(*mark);
  ++num_marks_in_gap_;
}

// Ends the paragraph before the next token, if it has a token.
void RegionFinder::EndParagraph() {
  std::vector<uint32_t>& ends = tokens_->paragraph_ends;
  const uint32_t last = ends.empty() ? 0 : ends.back();
  if (next_token_ > last) ends.push_back(static_cast<uint32_t>(next_token_));
}

}  // namespace ibid
