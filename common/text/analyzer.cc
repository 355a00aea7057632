#include "common/text/analyzer.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/text/alnum_analyzer.h"
#include "common/text/region_finder.h"
#include "common/text/stemmer.h"
#include "common/text/tokenizer.h"
#include "common/text/unicode.h"

namespace ibid {
namespace {

class StandardAnalyzer final : public Analyzer {
 public:
  StandardAnalyzer(std::unique_ptr<Tokenizer> tokenizer, std::unique_ptr<Stemmer> stemmer)
      : tokenizer_(std::move(tokenizer)), stemmer_(std::move(stemmer)) {}

  void Analyze(std::string_view text, AnalyzedText* out) override {
    out->Clear();
    tokenizer_->Cut(text, out);
    regions_.Find(text, out);
  }

  std::string_view Stem(std::string_view term) override {
    return stemmer_ == nullptr ? term : stemmer_->Stem(term);
  }

  bool has_stemmer() const override { return stemmer_ != nullptr; }

 private:
  std::unique_ptr<Tokenizer> tokenizer_;
  RegionFinder regions_;
  std::unique_ptr<Stemmer> stemmer_;  // null: no stemming
};

}  // namespace

void AnalyzedText::Clear() {
  terms.clear();
  term_ends.clear();
  begins.clear();
  ends.clear();
  sentence_ends.clear();
  paragraph_ends.clear();
  quotations.clear();
  num_cut_terms = 0;
  num_replaced_bytes = 0;
}

absl::StatusOr<std::unique_ptr<Analyzer>> Analyzer::Create(const IndexOptions& options) {
  if (options.analyzer == AnalyzerKind::kAlnum) return MakeAlnumAnalyzer();
  std::unique_ptr<Stemmer> stemmer;
  if (options.language != "none") {
    ASSIGN_OR_RETURN(stemmer, Stemmer::Create(options.language));
  }
  ASSIGN_OR_RETURN(std::unique_ptr<Tokenizer> tokenizer, Tokenizer::Create());
  return std::make_unique<StandardAnalyzer>(std::move(tokenizer), std::move(stemmer));
}

std::string AnalysisLibraryVersions() {
  return absl::StrCat("ICU ", IcuVersion(), ", Snowball ", SnowballVersion());
}

}  // namespace ibid
