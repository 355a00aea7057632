// Whether a sentence ends between two tokens.
//
//   SentenceRules rules(text, &tokens);
//   if (rules.EndsBefore(i, /*last_begins_sentence=*/false, stop)) ...
//
// The rules of docs/ANALYSIS.md: a stop and space, then a word that is not in lower case; a full
// stop after an abbreviation, an initial or a number asks the next word. Reads the text and the
// tokens given, which must live longer; not changed by use.
#ifndef IBID_COMMON_TEXT_SENTENCES_H_
#define IBID_COMMON_TEXT_SENTENCES_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "common/text/analyzer.h"

namespace ibid {

// The mark between two tokens that may end a sentence.
enum class StopKind : uint8_t {
  kNone,
  kFullStop,
  kEllipsis,
  kStrong,  // ! ?
  kWide,    // the full stops of Chinese and Japanese, Hindi ...: no space needed, never doubtful
};

struct Stop {
  StopKind kind = StopKind::kNone;
  bool touches_word = false;     // the full stop stands directly after the token
  bool is_inside_word = false;   // ... or belongs to it: U.S.
  bool has_quote_after = false;  // said." He
  bool has_space_after = false;
};

class SentenceRules {
 public:
  SentenceRules(std::string_view text, const AnalyzedText* tokens)
      : text_(text), tokens_(*tokens) {}

  // `last_begins_sentence`: whether token next - 1 is the first of its sentence. next > 0.
  bool EndsBefore(size_t next, bool last_begins_sentence, const Stop& stop) const;

 private:
  bool FullStopEnds(size_t next, bool last_begins_sentence, const Stop& stop) const;
  bool LooksLikeBeginning(size_t token) const;
  char FirstByte(size_t token) const { return text_[tokens_.begins[token]]; }

  std::string_view text_;
  const AnalyzedText& tokens_;
};

}  // namespace ibid

#endif  // IBID_COMMON_TEXT_SENTENCES_H_
