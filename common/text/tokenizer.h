// Cuts text into words and folds them.
//
//   ASSIGN_OR_RETURN(auto tokenizer, Tokenizer::Create());
//   tokenizer->Cut("AT&T's 20,000 cafés", &out);   // at&t 20000 cafes
//
// Words are those of UAX #29 (Unicode 15), with the additions and cuts of docs/ANALYSIS.md. Plain
// ASCII words are found by a table; whatever needs a look at its neighbours goes through
// WordCutter, which knows all of Unicode. Not thread-safe: keeps buffers and an ICU breaker.
#ifndef IBID_COMMON_TEXT_TOKENIZER_H_
#define IBID_COMMON_TEXT_TOKENIZER_H_

#include <memory>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "common/text/analyzer.h"
#include "common/text/word_cutter.h"

namespace ibid {

class Tokenizer {
 public:
  static absl::StatusOr<std::unique_ptr<Tokenizer>> Create();
  explicit Tokenizer(std::unique_ptr<DictionaryBreaker> breaker) : cutter_(std::move(breaker)) {}

  // Fills the terms and byte ranges of `out` and its counts; leaves its regions alone.
  void Cut(std::string_view text, AnalyzedText* out);

  // The same tokens by the general rules alone, without the shortcut for ASCII words (for tests).
  void CutPlainly(std::string_view text, AnalyzedText* out);

 private:
  WordCutter cutter_;
};

}  // namespace ibid

#endif  // IBID_COMMON_TEXT_TOKENIZER_H_
