// Any bytes are analysed into tokens that lie in order inside them, and shown without control
// bytes.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

#include "common/text/analyzer.h"
#include "ibid/snippet.h"
#include "tests/fuzz/fuzz_target.h"

namespace ibid {

std::vector<std::string> FuzzSeeds() {
  return {
      "The prime minister's 1,000 U.S. troops don't e-mail C++ AT&T x.y@z.com.",
      "\"Stop,\" he said. It stopped! \xe2\x80\x98Yes\xe2\x80\x99 \xc2\xabnon\xc2\xbb",
      "\xd0\xbc\xd0\xbe\xd1\x81\xd0\xba\xd0\xb2\xd0\xb0 "
      "\xe4\xb8\xad\xe6\x96\x87\xe6\x97\xa5\xe6\x9c\xac "
      "\xe0\xb8\xa0\xe0\xb8\xb2\xe0\xb8\xa9\xe0\xb8\xb2",
      "caf\xc3\xa9 cafe\xcc\x81 \xef\xac\x81 \xff\xfe \xed\xa0\x80 "
      "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa9",
      "\x1b[31m \xc2\x9b \xe2\x80\xae \t\r\n\n a\0b",
      std::string(300, 'a') + " running databases",
  };
}

}  // namespace ibid

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const std::unique_ptr<ibid::Analyzer> analyzer =
      std::move(ibid::Analyzer::Create({})).value();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  ibid::AnalyzedText words;
  analyzer->Analyze(text, &words);
  for (size_t i = 0; i < words.num_tokens(); ++i) {
    const bool in_order = words.begins[i] < words.ends[i] && words.ends[i] <= size &&
                          (i == 0 || words.ends[i - 1] <= words.begins[i]);
    ibid::Require(in_order && !words.term(i).empty(), "tokens out of order");
    analyzer->Stem(words.term(i));
  }
  for (const char c : ibid::SafeForTerminal(text)) {
    const auto byte = static_cast<unsigned char>(c);
    ibid::Require((byte >= 0x20 || c == '\n' || c == '\t') && byte != 0x7f, "a control byte");
  }
  return 0;
}
