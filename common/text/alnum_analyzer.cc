#include "common/text/alnum_analyzer.h"

#include <algorithm>

#include "common/text/ascii.h"
#include "common/text/token_writer.h"
#include "ibid/limits.h"

namespace ibid {
namespace {

constexpr size_t kMaxTextBytes = 0xffffffffu;

// CopyLowerRun writes eight bytes at a time.
constexpr size_t kTermRoom = kMaxTermBytes + 8;

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
    TokenWriter writer(text, out);
    for (size_t at = 0; at < text.size(); ++at) {
      if (!IsAsciiAlnum(text[at])) continue;
      const size_t length = CopyLowerRun(text, at, writer.TermSpace(kTermRoom), kTermRoom);
      out->num_cut_terms += static_cast<uint32_t>(length > kMaxTermBytes);
      writer.Commit(std::min(length, kMaxTermBytes), at, at + length);
      at += length;  // and past the byte that ended it
    }
    writer.Finish();
  }
};

}  // namespace

std::unique_ptr<Analyzer> MakeAlnumAnalyzer() { return std::make_unique<AlnumAnalyzer>(); }

}  // namespace ibid
