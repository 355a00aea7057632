// The general rules for words, for any text: one stretch between separators at a time.
//
//   WordCutter cutter;
//   cutter.Begin(text);
//   at = cutter.CutStretch(at, SIZE_MAX, &writer);   // the words from `at` to the next separator
//
// Everything a rule looks at lies in one stretch: between two of its words never stands an ASCII
// byte of ByteClass::kSeparator. Linear in the stretch. Not thread-safe.
#ifndef IBID_COMMON_TEXT_WORD_CUTTER_H_
#define IBID_COMMON_TEXT_WORD_CUTTER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/text/token_writer.h"
#include "common/text/unicode.h"

namespace ibid {

class WordCutter {
 public:
  void Begin(std::string_view text);

  // Writes the words from `at` up to an ASCII separator or the end and returns its place. The byte
  // before `at` is no part of a word. Returns earlier where the writer has `max_tokens`; from there
  // the next call must go on.
  size_t CutStretch(size_t at, size_t max_tokens, TokenWriter* writer);

  // Terms that were cut to kMaxTermBytes since Begin.
  uint32_t num_cut_terms() const { return num_cut_terms_; }

 private:
  // A character with the marks that follow it.
  struct Unit {
    char32_t value = 0;
    WordClass word_class = WordClass::kSeparator;
    size_t end = 0;
  };
  // Where a word ends for its term, and where for its byte range.
  struct WordEnd {
    size_t term = 0;
    size_t range = 0;
  };

  Unit UnitAt(size_t at) const;
  bool IsWordAt(size_t at) const;
  bool IsDigitAt(size_t at) const;
  bool IsAt(size_t at, char c) const { return at < text_.size() && text_[at] == c; }

  size_t CutWord(size_t at, const Unit& first);
  size_t CutNumber(size_t at);
  size_t CutDigitChain(size_t at);
  size_t ContinueChain(size_t at);
  size_t CutFraction(size_t at, size_t end, bool joined);
  size_t CutAcronym(size_t at, const Unit& first);
  size_t CutEmoji(size_t at, const Unit& first);
  size_t CutDictionaryRun(size_t at);
  size_t EmitWord(size_t at);

  size_t RunEnd(size_t at, WordClass word_class) const;
  size_t DigitsEnd(size_t at) const { return RunEnd(at, WordClass::kDigit); }
  WordEnd PlainWordEnd(size_t at) const;
  bool Joins(const Unit& left, const Unit& joiner) const;
  size_t SkipPossessive(size_t at) const;
  bool IsAfterWordDot(size_t at) const;
  size_t AcronymEnd(size_t at, const Unit& first) const;
  size_t AmpersandEnd(size_t at, size_t end) const;
  size_t ShortWordEnd(size_t at) const;
  size_t SuffixEnd(size_t at, size_t end) const;
  void Emit(size_t begin, size_t term_end, size_t range_end, char drop = '\0');

  std::unique_ptr<DictionaryBreaker> breaker_;  // once there is something for it
  std::string_view text_;
  TokenWriter* writer_ = nullptr;
  size_t last_word_end_ = SIZE_MAX;
  size_t max_tokens_ = SIZE_MAX;
  char chain_ = '\0';  // the separator of a chain of digits that is being cut; 0: none
  uint32_t num_cut_terms_ = 0;
  std::string term_;                 // the folded term being made
  std::u16string run_;               // a window of a run for the dictionary
  std::vector<uint32_t> run_bytes_;  // where each unit of run_ lies in the text
};

}  // namespace ibid

#endif  // IBID_COMMON_TEXT_WORD_CUTTER_H_
