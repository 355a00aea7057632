// Fits a model to real text.
//
//   Fitter fitter;
//   for (const std::string& text : texts) fitter.AddDocument(text);
//   ASSIGN_OR_RETURN(Model model, fitter.Fit({.max_words = 8000, .max_pairs = 16000}));
//
// Memory: 4 bytes a token of the text and an entry for each different word and each different pair
// of the model's words. Not thread-safe.
#ifndef IBID_CORPUS_GENERATOR_FITTER_H_
#define IBID_CORPUS_GENERATOR_FITTER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "corpus/generator/model.h"

namespace ibid::corpus {

struct FitOptions {
  uint32_t max_words = 60000;   // the most frequent; the others are rare words
  uint32_t max_pairs = 500000;  // the most frequent
  std::string from;             // said in the model
};

class Fitter {
 public:
  Fitter();

  // Counts one document. Paragraphs end at blank lines, or at every line end if there are none.
  void AddDocument(std::string_view text);

  // InvalidArgument if no document had a word or the limits are out of the model's range.
  absl::StatusOr<Model> Fit(const FitOptions& options) const;

 private:
  struct WordCounts {
    std::string form;
    uint64_t count = 0;
    uint64_t last = 0;     // occurrences that end a sentence
    uint64_t inside = 0;   // occurrences that do not begin a sentence
    uint64_t capital = 0;  // of those, with a capital letter
  };

  struct MarkCounts {
    uint64_t comma = 0, semicolon = 0, colon = 0, question = 0, exclamation = 0;
    uint64_t straight_quote = 0, opening_quote = 0;
  };

  void AddParagraph(std::string_view text);
  void AddToken(std::string_view token, bool number);
  size_t AddSeparator(std::string_view text, size_t at, std::string_view token);
  void EndSentence();
  uint32_t WordId(const std::string& form);
  std::vector<uint32_t> ModelIds(const FitOptions& options, Model& model) const;
  void FitPairs(const FitOptions& options, const std::vector<uint32_t>& ids, Model& model) const;
  void FitRareWords(const std::vector<uint32_t>& ids, Model& model) const;

  absl::flat_hash_map<std::string, uint32_t> ids_;
  std::vector<WordCounts> words_;
  std::vector<uint32_t> stream_;  // every token of the text by id, kStart before each sentence
  LengthCounts document_lengths_, paragraph_lengths_, sentence_lengths_;
  MarkCounts marks_;
  uint64_t num_documents_ = 0, num_tokens_ = 0, num_sentences_ = 0;
  uint32_t sentence_words_ = 0, paragraph_sentences_ = 0, document_words_ = 0;
};

}  // namespace ibid::corpus

#endif  // IBID_CORPUS_GENERATOR_FITTER_H_
