// Text to terms: what is a word, how it is folded, where sentences, paragraphs and quotations lie.
//
//   ASSIGN_OR_RETURN(auto analyzer, Analyzer::Create(options));
//   AnalyzedText words;
//   analyzer->Analyze("The U.S. said so.", &words);   // the us said so
//
// The index and the query are analysed by the same object kind, so a quoted piece of a text always
// finds that text. Not thread-safe (it keeps buffers); cheap enough for one a
// thread.
#ifndef IBID_COMMON_TEXT_ANALYZER_H_
#define IBID_COMMON_TEXT_ANALYZER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "ibid/index_options.h"

namespace ibid {

// A half-open range of token numbers [begin, end).
struct TokenRange {
  uint32_t begin = 0;
  uint32_t end = 0;

  bool operator==(const TokenRange&) const = default;
};

// The tokens of one field value, in order: token i is one word at position i of the field.
// Cleared and refilled by Analyze, so that its buffers are reused.
struct AnalyzedText {
  // Terms one after another; term i is terms[term_ends[i-1], term_ends[i]) (term_ends[-1] = 0).
  std::string terms;
  std::vector<uint32_t> term_ends;
  // Bytes of the original text that token i covers: [begins[i], ends[i]).
  std::vector<uint32_t> begins;
  std::vector<uint32_t> ends;

  // Each token lies in exactly one sentence and one paragraph; both lists are increasing, start at
  // token 0 and end at the last (empty where there are no tokens). A paragraph's end is always a
  // sentence's end too.
  std::vector<uint32_t> sentence_ends;   // one past the last token of each sentence
  std::vector<uint32_t> paragraph_ends;  // one past the last token of each paragraph
  // Quoted stretches, in order, not overlapping, never empty. A quotation that goes on in the next
  // paragraph (opened again there) is one range.
  std::vector<TokenRange> quotations;

  // Tokens whose term was cut to kMaxTermBytes.
  uint32_t num_cut_terms = 0;
  // Malformed UTF-8 sequences that were read as U+FFFD.
  uint32_t num_replaced_bytes = 0;

  size_t num_tokens() const { return term_ends.size(); }
  std::string_view term(size_t i) const {
    const uint32_t begin = i == 0 ? 0 : term_ends[i - 1];
    return std::string_view(terms).substr(begin, term_ends[i] - begin);
  }
  void Clear();
  void ClearTokens();
  // Forgets all tokens but the last.
  void KeepLastToken();
};

class Analyzer {
 public:
  virtual ~Analyzer() = default;

  // InvalidArgument where the language is not one of Snowball's (the message lists them).
  static absl::StatusOr<std::unique_ptr<Analyzer>> Create(const IndexOptions& options);

  // Analyses one field value of any bytes; linear in its length. `out` is cleared first.
  virtual void Analyze(std::string_view text, AnalyzedText* out) = 0;

  // As Analyze for a text of any length, in little memory: `visit` is given the tokens in parts, of
  // which those from `first` on are new (their byte ranges are of the text). Then `out` has regions
  // and counts, but no tokens. Gives the number of tokens.
  using PartVisitor = std::function<void(const AnalyzedText& part, size_t first)>;
  virtual uint32_t AnalyzeInParts(std::string_view text, AnalyzedText* out,
                                  const PartVisitor& visit);

  // The stem of a term that Analyze gave; the term itself where there is no stemmer. Valid until
  // the next call of Stem, and while `term` is.
  virtual std::string_view Stem(std::string_view term) = 0;

  // Whether Stem can differ from its argument.
  virtual bool has_stemmer() const = 0;
};

// Case- and accent-folds any text without cutting it into words (text columns are compared so).
std::string FoldText(std::string_view text);

// Whether `text` is well-formed UTF-8 as a whole.
bool IsValidUtf8(std::string_view text);

// `text` with each malformed sequence replaced by U+FFFD; adds their number to *num_replaced.
std::string ReplaceMalformedUtf8(std::string_view text, uint64_t* num_replaced);

// Versions of the libraries whose behaviour the terms depend on, as in "ICU 72.1, Snowball 2.2".
std::string AnalysisLibraryVersions();

// The names of Snowball's stemmers, sorted.
std::vector<std::string> StemmerLanguages();

}  // namespace ibid

#endif  // IBID_COMMON_TEXT_ANALYZER_H_
