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

// Tokens of a part.
constexpr size_t kPartTokens = size_t{1} << 15;

class StandardAnalyzer final : public Analyzer {
 public:
  explicit StandardAnalyzer(std::unique_ptr<Stemmer> stemmer) : stemmer_(std::move(stemmer)) {}

  void Analyze(std::string_view text, AnalyzedText* out) override {
    out->Clear();
    tokenizer_.Begin(text);
    tokenizer_.Cut(SIZE_MAX, out);
    TakeCounts(out);
    regions_.Begin(text, out);
    regions_.Read(*out, 0);
    regions_.Finish();
  }

  uint32_t AnalyzeInParts(std::string_view text, AnalyzedText* out,
                          const PartVisitor& visit) override {
    out->Clear();
    tokenizer_.Begin(text);
    regions_.Begin(text, out);
    AnalyzedText part;
    size_t num_tokens = 0;
    for (bool more = true; more;) {
      const size_t first = part.num_tokens();
      more = tokenizer_.Cut(kPartTokens, &part);
      regions_.Read(part, first);
      visit(part, first);
      num_tokens += part.num_tokens() - first;
      part.KeepLastToken();
    }
    regions_.Finish();
    TakeCounts(out);
    return static_cast<uint32_t>(num_tokens);
  }

  std::string_view Stem(std::string_view term) override {
    return stemmer_ == nullptr ? term : stemmer_->Stem(term);
  }

  bool has_stemmer() const override { return stemmer_ != nullptr; }

 private:
  void TakeCounts(AnalyzedText* out) const {
    out->num_cut_terms = tokenizer_.num_cut_terms();
    out->num_replaced_bytes = tokenizer_.CountReplacedBytes();
  }

  Tokenizer tokenizer_;
  RegionFinder regions_;
  std::unique_ptr<Stemmer> stemmer_;  // null: no stemming
};

}  // namespace

void AnalyzedText::ClearTokens() {
  terms.clear();
  term_ends.clear();
  begins.clear();
  ends.clear();
}

void AnalyzedText::KeepLastToken() {
  if (num_tokens() < 2) return;
  const size_t last = num_tokens() - 1;
  terms.erase(0, term_ends[last - 1]);
  term_ends = {static_cast<uint32_t>(terms.size())};
  begins = {begins[last]};
  ends = {ends[last]};
}

void AnalyzedText::Clear() {
  ClearTokens();
  sentence_ends.clear();
  paragraph_ends.clear();
  quotations.clear();
  num_cut_terms = 0;
  num_replaced_bytes = 0;
}

uint32_t Analyzer::AnalyzeInParts(std::string_view text, AnalyzedText* out,
                                  const PartVisitor& visit) {
  Analyze(text, out);
  visit(*out, 0);
  const auto num_tokens = static_cast<uint32_t>(out->num_tokens());
  out->ClearTokens();
  return num_tokens;
}

absl::StatusOr<std::unique_ptr<Analyzer>> Analyzer::Create(const IndexOptions& options) {
  if (options.analyzer == AnalyzerKind::kAlnum) return MakeAlnumAnalyzer();
  std::unique_ptr<Stemmer> stemmer;
  if (options.language != "none") {
    ASSIGN_OR_RETURN(stemmer, Stemmer::Create(options.language));
  }
  return std::make_unique<StandardAnalyzer>(std::move(stemmer));
}

std::string AnalysisLibraryVersions() {
  return absl::StrCat("ICU ", IcuVersion(), ", Snowball ", SnowballVersion());
}

}  // namespace ibid
