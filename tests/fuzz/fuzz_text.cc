// Any bytes are analysed into tokens that lie in order inside them, and shown without control
// bytes.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <utility>

#include "common/text/analyzer.h"
#include "ibid/snippet.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const std::unique_ptr<ibid::Analyzer> analyzer =
      std::move(ibid::Analyzer::Create({})).value();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  ibid::AnalyzedText words;
  analyzer->Analyze(text, &words);
  for (size_t i = 0; i < words.num_tokens(); ++i) {
    const bool in_order = words.begins[i] < words.ends[i] && words.ends[i] <= size &&
                          (i == 0 || words.ends[i - 1] <= words.begins[i]);
    if (!in_order || words.term(i).empty()) std::abort();
    analyzer->Stem(words.term(i));
  }
  for (const char c : ibid::SafeForTerminal(text)) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7f) std::abort();
  }
  return 0;
}
