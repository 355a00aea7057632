#include "common/text/sentences.h"

#include <algorithm>

#include "common/text/abbreviations.h"
#include "common/text/ascii.h"
#include "common/text/unicode.h"
#include "common/text/utf8.h"

namespace ibid {
namespace {

// A longer number before a full stop ends a sentence as any word does ("in 2015.").
constexpr size_t kMaxListNumberDigits = 3;

bool IsShortNumber(std::string_view term, size_t max_digits) {
  return term.size() <= max_digits && std::all_of(term.begin(), term.end(), IsAsciiDigit);
}

}  // namespace

bool SentenceRules::EndsBefore(size_t next, bool last_begins_sentence, const Stop& stop) const {
  if (stop.kind == StopKind::kNone) return false;
  if (stop.kind == StopKind::kWide) return true;
  if (!stop.has_space_after) return false;
  if (IsLowercase(DecodeUtf8(text_, tokens_.begins[next]).value)) return false;
  if (stop.kind != StopKind::kFullStop || stop.has_quote_after || !stop.touches_word) return true;
  return FullStopEnds(next, last_begins_sentence, stop);
}

// A full stop directly after a word, then space and a word that is not in lower case.
bool SentenceRules::FullStopEnds(size_t next, bool last_begins_sentence, const Stop& stop) const {
  const size_t last = next - 1;
  const std::string_view term = tokens_.term(last);
  const bool before_digit = IsAsciiDigit(FirstByte(next));
  const Abbreviation kind = FindAbbreviation(term);
  if (kind == Abbreviation::kBeforeName) return false;
  if (stop.is_inside_word) return !before_digit && LooksLikeBeginning(next);
  if (term.size() == 1 && !IsAsciiDigit(term[0])) {
    const bool is_initial = FirstByte(last) >= 'A' && FirstByte(last) <= 'Z';
    if (before_digit) return false;
    return !is_initial || LooksLikeBeginning(next);
  }
  if (IsShortNumber(term, kMaxListNumberDigits)) {
    if (last_begins_sentence) return false;  // "1. The first point"
    return !(IsShortNumber(term, 2) && IsMonthAfterOrdinal(tokens_.term(next)));
  }
  if (kind == Abbreviation::kBeforeNumber) return !before_digit;
  if (kind == Abbreviation::kAnywhere) return !before_digit && LooksLikeBeginning(next);
  return true;
}

// Whether a capitalised word mostly begins a sentence, rather than a name.
bool SentenceRules::LooksLikeBeginning(size_t token) const {
  const size_t end = tokens_.ends[token];
  const bool is_initial =
      tokens_.term(token).size() == 1 && end < text_.size() && text_[end] == '.';
  return !is_initial && IsSentenceStarter(tokens_.term(token));
}

}  // namespace ibid
