#include "common/text/word_cutter.h"

#include <algorithm>

#include "common/text/ascii.h"
#include "common/text/utf8.h"
#include "ibid/limits.h"

namespace ibid {
namespace {

// UTF-16 units that the dictionaries see at a time; longer runs without punctuation are cut.
constexpr size_t kMaxDictionaryUnits = 2048;
// Letters on either side of the & in names such as AT&T; longer words are words of their own.
constexpr int kMaxAmpersandLetters = 3;

constexpr std::string_view kZeroWidthJoiner = "\xe2\x80\x8d";

bool IsLetter(WordClass c) { return c == WordClass::kLetter || c == WordClass::kHebrew; }
bool IsWord(WordClass c) { return IsLetter(c) || c == WordClass::kDigit; }
bool IsL(char32_t c) { return c == 'l' || c == 'L'; }

WordClass AsciiWordClass(char c) {
  switch (ByteClassOf(c)) {
    case ByteClass::kLetter:
      return WordClass::kLetter;
    case ByteClass::kDigit:
      return WordClass::kDigit;
    default:
      return c == '\'' ? WordClass::kApostrophe : WordClass::kSeparator;
  }
}

bool IsAllAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<uint8_t>(c) < 0x80; });
}

}  // namespace

void WordCutter::Begin(std::string_view text) {
  text_ = text;
  last_word_end_ = SIZE_MAX;
  chain_ = '\0';
  num_cut_terms_ = 0;
}

WordCutter::Unit WordCutter::UnitAt(size_t at) const {
  const CodePoint c = DecodeUtf8(text_, at);
  Unit unit;
  unit.value = c.value;
  unit.end = at + c.num_bytes;
  unit.word_class =
      c.num_bytes == 1 && !c.malformed ? AsciiWordClass(text_[at]) : WordClassOf(c.value);
  while (unit.end < text_.size() && static_cast<uint8_t>(text_[unit.end]) >= 0x80) {
    const CodePoint mark = DecodeNonAscii(text_, unit.end);
    if (WordClassOf(mark.value) != WordClass::kMark) break;
    unit.end += mark.num_bytes;
  }
  return unit;
}

bool WordCutter::IsWordAt(size_t at) const {
  return at < text_.size() && IsWord(UnitAt(at).word_class);
}

bool WordCutter::IsDigitAt(size_t at) const {
  return at < text_.size() && UnitAt(at).word_class == WordClass::kDigit;
}

size_t WordCutter::CutStretch(size_t at, size_t max_tokens, TokenWriter* writer) {
  writer_ = writer;
  max_tokens_ = max_tokens;
  while (at < text_.size() && ByteClassOf(text_[at]) != ByteClass::kSeparator &&
         writer->num_tokens() < max_tokens) {
    at = chain_ != '\0' ? ContinueChain(at) : CutWord(at, UnitAt(at));
  }
  return at;
}

// Writes the word at `at`, if one begins there, and returns the end of what was looked at.
size_t WordCutter::CutWord(size_t at, const Unit& first) {
  switch (first.word_class) {
    case WordClass::kLetter:
    case WordClass::kHebrew:
      return CutAcronym(at, first);
    case WordClass::kDigit:
      return CutNumber(at);
    case WordClass::kHangul: {
      const size_t end = RunEnd(at, WordClass::kHangul);
      Emit(at, end, end);
      return end;
    }
    case WordClass::kSingle:
      Emit(at, first.end, first.end);
      return first.end;
    case WordClass::kEmoji:
    case WordClass::kRegional:
      return CutEmoji(at, first);
    case WordClass::kDictionary:
      return CutDictionaryRun(at);
    default:
      return first.end;
  }
}

// Whether the word at `at` follows another and a dot, as the second part of "reuters.com" does.
bool WordCutter::IsAfterWordDot(size_t at) const {
  return at > 0 && text_[at - 1] == '.' && last_word_end_ == at - 1;
}

// The end of the characters of one class from `at` on.
size_t WordCutter::RunEnd(size_t at, WordClass word_class) const {
  while (at < text_.size()) {
    const Unit unit = UnitAt(at);
    if (unit.word_class != word_class) break;
    at = unit.end;
  }
  return at;
}

// Writes all but the last of a chain of digits and chain_ that begins at `at`; returns where the
// last begins, and chain_ is 0. Where the writer has enough, returns where the next begins.
size_t WordCutter::CutDigitChain(size_t at) {
  while (writer_->num_tokens() < max_tokens_) {
    const size_t end = DigitsEnd(at);
    if (!IsAt(end, chain_) || !IsDigitAt(end + 1)) {
      chain_ = '\0';
      break;
    }
    Emit(at, end, end);
    at = end + 1;
  }
  return at;
}

size_t WordCutter::ContinueChain(size_t at) {
  const char separator = chain_;
  at = CutDigitChain(at);
  if (chain_ != '\0') return at;
  return separator == ',' ? CutFraction(at, DigitsEnd(at), /*joined=*/false) : EmitWord(at);
}

// A word that begins with a digit: whole where it is one number (20,000 or 3.5), cut at each
// separator where it is not (1,5 or 1.2.3).
size_t WordCutter::CutNumber(size_t at) {
  if (IsAfterWordDot(at)) return EmitWord(at);
  size_t end = DigitsEnd(at);
  bool grouped = end - at <= 3 && text_[at] != '0';
  bool joined = false;
  while (IsAt(end, ',') && IsDigitAt(end + 1)) {
    const size_t group_end = DigitsEnd(end + 1);
    grouped = grouped && group_end - end == 4;
    end = group_end;
    joined = true;
  }
  if (joined && !grouped) {
    chain_ = ',';
    return ContinueChain(at);
  }
  return CutFraction(at, end, joined);
}

// The number [at, end), of groups where it is `joined`, and what follows it.
size_t WordCutter::CutFraction(size_t at, size_t end, bool joined) {
  if (IsAt(end, '.') && IsDigitAt(end + 1)) {
    const size_t fraction_end = DigitsEnd(end + 1);
    if (IsAt(fraction_end, '.') && IsDigitAt(fraction_end + 1)) {
      Emit(at, end, end, ',');
      chain_ = '.';
      return ContinueChain(end + 1);
    }
    end = fraction_end;
    joined = true;
  }
  if (!joined) return EmitWord(at);
  WordEnd word{end, SkipPossessive(end)};
  if (IsWordAt(end)) word = PlainWordEnd(end);
  Emit(at, word.term, word.range, ',');
  return word.range;
}

// The end of single letters that each have a dot after them, at least two (the last dot may be
// missing); 0 where there is no such thing at `at`.
size_t WordCutter::AcronymEnd(size_t at, const Unit& first) const {
  if (!IsAt(first.end, '.') || IsAfterWordDot(at)) return 0;
  size_t dot = first.end;
  for (int letters = 1;; ++letters) {
    const size_t next = dot + 1;
    const size_t dotted_end = letters >= 2 ? next : 0;
    if (next >= text_.size()) return dotted_end;
    const Unit unit = UnitAt(next);
    if (!IsWord(unit.word_class)) return dotted_end;
    if (!IsLetter(unit.word_class)) return 0;
    if (!IsAt(unit.end, '.')) {
      const WordEnd word = PlainWordEnd(next);
      return word.term == unit.end ? unit.end : 0;
    }
    dot = unit.end;
  }
}

size_t WordCutter::CutAcronym(size_t at, const Unit& first) {
  const size_t end = AcronymEnd(at, first);
  if (end == 0) return EmitWord(at);
  const size_t range_end = SkipPossessive(end);
  Emit(at, end, range_end, '.');
  return range_end;
}

size_t WordCutter::CutEmoji(size_t at, const Unit& first) {
  size_t end = first.end;
  if (first.word_class == WordClass::kRegional) {
    if (end < text_.size()) {
      const Unit second = UnitAt(end);
      if (second.word_class == WordClass::kRegional) end = second.end;
    }
  } else {
    while (end < text_.size() && text_.substr(0, end).ends_with(kZeroWidthJoiner)) {
      const Unit next = UnitAt(end);
      if (next.word_class != WordClass::kEmoji) break;
      end = next.end;
    }
  }
  Emit(at, end, end);
  return end;
}

size_t WordCutter::CutDictionaryRun(size_t at) {
  run_.clear();
  run_bytes_.clear();
  size_t end = at;
  while (end < text_.size() && run_.size() < kMaxDictionaryUnits) {
    const CodePoint c = DecodeUtf8(text_, end);
    if (c.num_bytes == 1) break;
    const WordClass word_class = WordClassOf(c.value);
    if (word_class != WordClass::kDictionary && word_class != WordClass::kMark) break;
    if (c.value < 0x10000) {
      run_.push_back(static_cast<char16_t>(c.value));
    } else {
      run_.push_back(static_cast<char16_t>(0xd7c0 + (c.value >> 10)));
      run_.push_back(static_cast<char16_t>(0xdc00 + (c.value & 0x3ff)));
      run_bytes_.push_back(static_cast<uint32_t>(end));
    }
    run_bytes_.push_back(static_cast<uint32_t>(end));
    end += c.num_bytes;
  }
  size_t begin = at;
  if (breaker_ == nullptr) breaker_ = DictionaryBreaker::Create().value();
  for (const uint32_t word_end : breaker_->WordEnds(run_)) {
    const size_t byte_end = word_end < run_bytes_.size() ? run_bytes_[word_end] : end;
    if (byte_end > begin) Emit(begin, byte_end, byte_end);
    begin = std::max(begin, byte_end);
  }
  return end;
}

// Whether `joiner`, which follows `left`, holds it together with what comes next.
bool WordCutter::Joins(const Unit& left, const Unit& joiner) const {
  if (joiner.end >= text_.size()) return false;
  if (joiner.word_class == WordClass::kApostrophe) {
    return IsLetter(left.word_class) && IsLetter(UnitAt(joiner.end).word_class);
  }
  if (joiner.value == '"' || joiner.word_class == WordClass::kGershayim) {
    return left.word_class == WordClass::kHebrew &&
           UnitAt(joiner.end).word_class == WordClass::kHebrew;
  }
  return joiner.word_class == WordClass::kMiddleDot && IsL(left.value) &&
         IsL(UnitAt(joiner.end).value);
}

// The end of the letters, digits and inner joiners from `at` on, without a possessive 's.
WordCutter::WordEnd WordCutter::PlainWordEnd(size_t at) const {
  Unit last = UnitAt(at);
  size_t apostrophe = 0;
  while (last.end < text_.size()) {
    Unit next = UnitAt(last.end);
    if (!IsWord(next.word_class)) {
      if (!Joins(last, next)) break;
      apostrophe = next.word_class == WordClass::kApostrophe ? last.end : 0;
      if (apostrophe != 0) at = next.end;
      next = UnitAt(next.end);
    }
    last = next;
  }
  const bool is_possessive = apostrophe != 0 && last.end == at + 1 && AsciiLower(text_[at]) == 's';
  if (is_possessive) return {apostrophe, last.end};
  return {last.end, SkipPossessive(last.end)};
}

// The end of an 's that stands at `at`; `at` where there is none.
size_t WordCutter::SkipPossessive(size_t at) const {
  if (at >= text_.size()) return at;
  const Unit apostrophe = UnitAt(at);
  if (apostrophe.word_class != WordClass::kApostrophe || apostrophe.end >= text_.size()) return at;
  const Unit s = UnitAt(apostrophe.end);
  if ((s.value != 's' && s.value != 'S') || s.end != apostrophe.end + 1) return at;
  if (s.end >= text_.size()) return s.end;
  const Unit next = UnitAt(s.end);
  return IsWord(next.word_class) || Joins(s, next) ? at : s.end;
}

// The end of a word of one to kMaxAmpersandLetters letters at `at`; 0 where there is none.
size_t WordCutter::ShortWordEnd(size_t at) const {
  size_t end = at;
  for (int letters = 0; end < text_.size(); ++letters) {
    const Unit unit = UnitAt(end);
    if (!IsLetter(unit.word_class)) break;
    if (letters == kMaxAmpersandLetters) return 0;
    end = unit.end;
  }
  if (end == at) return 0;
  return PlainWordEnd(at).term == end ? end : 0;
}

// The end of the name that the word [at, end) and an ampersand begin, as in AT&T; `end` if none.
size_t WordCutter::AmpersandEnd(size_t at, size_t end) const {
  if (!IsAt(end, '&') || ShortWordEnd(at) != end) return end;
  while (IsAt(end, '&')) {
    const size_t next = ShortWordEnd(end + 1);
    // An entity that nobody decoded ("R&amp;D"), the next parameter of a URL ("?a=b&c=d").
    if (next == 0 || IsAt(next, ';') || IsAt(next, '=')) break;
    end = next;
  }
  return end;
}

// The end of the word [at, end) with the ++ or # of a language's name.
size_t WordCutter::SuffixEnd(size_t at, size_t end) const {
  const auto letter_at = [this](size_t i) {
    return i < text_.size() && IsLetter(UnitAt(i).word_class);
  };
  if (IsAt(end, '+') && IsAt(end + 1, '+')) {
    return IsAt(end + 2, '+') || letter_at(end + 2) || !letter_at(at) ? end : end + 2;
  }
  if (IsAt(end, '#') && end - at == 1 && letter_at(at)) {
    return IsAt(end + 1, '#') || letter_at(end + 1) ? end : end + 1;
  }
  return end;
}

size_t WordCutter::EmitWord(size_t at) {
  WordEnd word = PlainWordEnd(at);
  if (word.term == word.range) {
    word.term = AmpersandEnd(at, word.term);
    word.term = SuffixEnd(at, word.term);
    word.range = SkipPossessive(word.term);
  }
  Emit(at, word.term, word.range);
  return word.range;
}

// Writes the token of text [begin, term_end), folded and without `drop`, over [begin, range_end).
void WordCutter::Emit(size_t begin, size_t term_end, size_t range_end, char drop) {
  last_word_end_ = range_end;
  const std::string_view word = text_.substr(begin, term_end - begin);
  std::string_view folded = word;
  if (!IsAllAscii(word)) {
    term_.clear();
    TextFolder::Get().Append(word, &term_, 2 * kMaxTermBytes);
    std::erase(term_, ' ');
    folded = term_;
  }
  char* to = writer_->TermSpace(kMaxTermBytes + 1);
  size_t size = 0;
  for (size_t i = 0; i < folded.size() && size <= kMaxTermBytes; ++i) {
    if (drop == '\0' || folded[i] != drop) to[size++] = AsciiLower(folded[i]);
  }
  if (size > kMaxTermBytes) {
    ++num_cut_terms_;
    size = CutLength(std::string_view(to, size), kMaxTermBytes);
  }
  if (size > 0) writer_->Commit(size, begin, range_end);
}

}  // namespace ibid
