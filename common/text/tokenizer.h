// Cuts text into words and folds them.
//
//   Tokenizer tokenizer;
//   tokenizer.Begin("AT&T's 20,000 cafés");
//   tokenizer.Cut(SIZE_MAX, &out);   // at&t 20000 cafes
//
// Words are those of UAX #29 (Unicode 15), with the additions and cuts of docs/ANALYSIS.md. Plain
// ASCII words are found by a table; whatever needs a look at its neighbours goes through
// WordCutter, which knows all of Unicode. Not thread-safe: keeps buffers and an ICU breaker.
#ifndef IBID_COMMON_TEXT_TOKENIZER_H_
#define IBID_COMMON_TEXT_TOKENIZER_H_

#include <string_view>

#include "common/text/analyzer.h"
#include "common/text/ascii_block.h"
#include "common/text/word_cutter.h"

namespace ibid {

class Tokenizer {
 public:
  // `text` must live until it has been cut.
  void Begin(std::string_view text);
  // Appends terms and byte ranges to `out` until it has `max_tokens` or some more, or the text
  // ends; whether there is more text. Leaves regions and counts alone.
  bool Cut(size_t max_tokens, AnalyzedText* out);
  // Of the whole text, once it has been cut.
  uint32_t num_cut_terms() const { return num_cut_ + cutter_.num_cut_terms(); }
  uint32_t CountReplacedBytes() const;

  // The same tokens by the general rules alone, without the shortcut for ASCII words (for tests).
  void CutPlainly(std::string_view text, AnalyzedText* out);

 private:
  // Where the plain words of a block end, and what stands there: nothing that is known, the
  // beginning of a stretch for the cutter, or a word that fills the block.
  struct BlockEnd {
    size_t at = 0;
    bool is_stretch = false;
    bool is_long_word = false;
  };

  BlockEnd CutBlock(const AsciiBlock& block, size_t base, TokenWriter* writer);
  size_t CutLongWord(size_t at, size_t max_tokens, TokenWriter* writer);
  size_t CutStretch(size_t at, size_t max_tokens, TokenWriter* writer);

  WordCutter cutter_;
  std::string_view text_;
  size_t at_ = 0;
  bool in_stretch_ = false;  // at_ is where the cutter stopped
  bool high_ = false;        // there may be bytes that are not ASCII
  uint32_t num_cut_ = 0;     // besides those of the cutter
};

}  // namespace ibid

#endif  // IBID_COMMON_TEXT_TOKENIZER_H_
