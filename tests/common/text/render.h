// Analysed text as one readable line, for tests.
//
//   Terms(Analyze("The U.S."));                     // "the us"
//   Regions(tokens, {.sentences = true});           // "he left / she stayed /"
#ifndef IBID_TESTS_COMMON_TEXT_RENDER_H_
#define IBID_TESTS_COMMON_TEXT_RENDER_H_

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>

#include "common/text/analyzer.h"

namespace ibid::test {

inline std::unique_ptr<Analyzer> MakeAnalyzer(const IndexOptions& options = {}) {
  return Analyzer::Create(options).value();
}

inline AnalyzedText AnalyzeText(std::string_view text) {
  AnalyzedText tokens;
  MakeAnalyzer()->Analyze(text, &tokens);
  return tokens;
}

struct RegionMarks {
  bool sentences = false;   // " /" after each
  bool paragraphs = false;  // " //" after each
  bool quotations = false;  // "[...]" around each
};

inline std::string Regions(const AnalyzedText& tokens, const RegionMarks& marks) {
  std::string line;
  const auto ends_at = [](const std::vector<uint32_t>& ends, size_t end) {
    return std::binary_search(ends.begin(), ends.end(), static_cast<uint32_t>(end));
  };
  for (size_t i = 0; i < tokens.num_tokens(); ++i) {
    if (i > 0) line += ' ';
    bool opens = false;
    bool closes = false;
    for (const TokenRange& range : tokens.quotations) {
      opens = opens || range.begin == i;
      closes = closes || range.end == i + 1;
    }
    if (marks.quotations && opens) line += '[';
    line += tokens.term(i);
    if (marks.quotations && closes) line += ']';
    if (marks.sentences && ends_at(tokens.sentence_ends, i + 1)) line += " /";
    if (marks.paragraphs && ends_at(tokens.paragraph_ends, i + 1)) line += " //";
  }
  return line;
}

inline std::string Terms(const AnalyzedText& tokens) { return Regions(tokens, {}); }

}  // namespace ibid::test

#endif  // IBID_TESTS_COMMON_TEXT_RENDER_H_
