// Writes documents that resemble the text a model was fitted to.
//
//   TextGenerator generator(model, {.seed = 7});
//   std::string line;
//   generator.AppendDocument(line);  // {"id":"doc-000000001","title":...,"text":...}\n
//
// The same model, options and number of calls give the same bytes on every machine. Not
// thread-safe; the model is copied into tables and may go.
#ifndef IBID_CORPUS_GENERATOR_TEXT_GENERATOR_H_
#define IBID_CORPUS_GENERATOR_TEXT_GENERATOR_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "corpus/generator/alias_table.h"
#include "corpus/generator/model.h"
#include "corpus/generator/random.h"
#include "corpus/generator/rare_words.h"

namespace ibid::corpus {

struct GeneratorOptions {
  uint64_t seed = 1;
  // The mean length of documents in words: the model's lengths are stretched to it; 0 keeps them.
  uint32_t mean_words = 0;
};

// The mean length in words of the documents that a model describes, rounded; at least 1.
uint64_t MeanDocumentWords(const Model& model);

class TextGenerator {
 public:
  TextGenerator(const Model& model, const GeneratorOptions& options);
  TextGenerator(const TextGenerator&) = delete;
  TextGenerator& operator=(const TextGenerator&) = delete;

  // Appends one document as a line of JSON: id, title, date, source, words (integer) and text.
  void AppendDocument(std::string& out);

  uint64_t num_documents() const { return num_documents_; }
  uint64_t num_words() const { return num_words_; }  // in texts, without titles
  size_t num_rare_words() const { return rare_.num_words(); }

 private:
  struct Word {
    std::string_view form;
    uint32_t capital_permille = 0;
  };
  struct Row {
    uint32_t begin = 0;
    uint32_t size = 0;
  };
  struct Style {
    bool curly = false;  // the quotation marks of this document
  };

  void BuildRows(const Model& model);
  uint32_t DrawLength(const AliasTable& table);
  uint32_t DocumentLength();
  uint32_t DrawSuccessor(uint32_t word);
  void AppendNumber(std::string& out);
  void AppendWord(uint32_t word, bool first, std::string& out);
  void AppendInnerMark(std::string& out);
  void AppendSentence(uint32_t length, Style style, std::string& out);
  void AppendText(uint32_t length, Style style, std::string& out);
  void AppendHead(std::string& out);

  Random random_;
  GeneratorOptions options_;
  Punctuation marks_;
  uint64_t stretch_numerator_ = 1;
  uint64_t stretch_denominator_ = 1;
  std::string forms_;  // what words_ look into
  std::vector<Word> words_;
  std::unordered_set<std::string> taken_;
  RareWords rare_;
  AliasTable document_lengths_;
  AliasTable paragraph_lengths_;
  AliasTable sentence_lengths_;
  std::vector<AliasColumn> fallback_;  // words after a pair that the model does not hold
  std::vector<AliasColumn> columns_;   // of all rows
  std::vector<Row> rows_;
  uint64_t num_documents_ = 0;
  uint64_t num_words_ = 0;
};

}  // namespace ibid::corpus

#endif  // IBID_CORPUS_GENERATOR_TEXT_GENERATOR_H_
