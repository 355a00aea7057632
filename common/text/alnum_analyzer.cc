#include "common/text/alnum_analyzer.h"

#include <algorithm>

#include "common/text/ascii.h"
#include "common/text/token_writer.h"
#include "ibid/limits.h"

namespace ibid {
namespace {

constexpr size_t kMaxTextBytes = 0xffffffffu;

uint8_t LowerAt(std::string_view text, size_t at) {
  return kAlnumLower[static_cast<uint8_t>(text[at])];
}

class AlnumAnalyzer final : public Analyzer {
 public:
  void Analyze(std::string_view text, AnalyzedText* out) override {
    out->Clear();
    Cut(text.substr(0, kMaxTextBytes), out);
    if (out->num_tokens() == 0) return;
    out->sentence_ends.push_back(static_cast<uint32_t>(out->num_tokens()));
    out->paragraph_ends.push_back(static_cast<uint32_t>(out->num_tokens()));
  }

  std::string_view Stem(std::string_view term) override { return term; }
  bool has_stemmer() const override { return false; }

 private:
  static void Cut(std::string_view text, AnalyzedText* out) {
    TokenWriter writer(text.size(), out);
    for (size_t at = 0; at < text.size();) {
      if (LowerAt(text, at) == 0) {
        ++at;
        continue;
      }
      const size_t begin = at;
      char* term = writer.TermSpace(text.size() - begin);
      size_t size = 0;
      for (uint8_t lower = 0; at < text.size() && (lower = LowerAt(text, at)) != 0; ++at) {
        term[size++] = static_cast<char>(lower);
      }
      out->num_cut_terms += static_cast<uint32_t>(size > kMaxTermBytes);
      writer.Commit(std::min(size, kMaxTermBytes), begin, at);
    }
    writer.Finish();
  }
};

}  // namespace

std::unique_ptr<Analyzer> MakeAlnumAnalyzer() { return std::make_unique<AlnumAnalyzer>(); }

}  // namespace ibid
