// Runs every example of docs/ANALYSIS.md.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_replace.h"
#include "tests/common/text/render.h"

namespace ibid {
namespace {

struct Example {
  std::string kind;  // the heading of the table's second column
  std::string text;
  std::string expected;
};

// The cells of "| `a` | `b` |" without their backticks; empty where the line is no table row.
std::vector<std::string> Cells(std::string_view line) {
  std::vector<std::string> cells;
  if (!line.starts_with("| ") || !line.ends_with(" |")) return cells;
  line.remove_prefix(2);
  for (size_t end = line.find(" |"); end != std::string_view::npos; end = line.find(" |")) {
    std::string_view cell = line.substr(0, end);
    if (cell.size() >= 2 && cell.front() == '`' && cell.back() == '`') {
      cell = cell.substr(1, cell.size() - 2);
    }
    cells.emplace_back(cell);
    line.remove_prefix(std::min(line.size(), end + 3));
  }
  return cells;
}

std::vector<Example> ReadExamples() {
  std::ifstream file(std::string(IBID_SOURCE_DIR) + "/docs/ANALYSIS.md");
  EXPECT_TRUE(file.is_open());
  std::vector<Example> examples;
  std::string kind;
  for (std::string line; std::getline(file, line);) {
    const std::vector<std::string> cells = Cells(line);
    if (cells.size() != 2) continue;
    if (cells[0] == "text") {
      kind = cells[1];
      continue;
    }
    examples.push_back(
        {kind, absl::StrReplaceAll(cells[0], {{"\\n", "\n"}, {"\\r", "\r"}, {"\\t", "\t"}}),
         cells[1]});
  }
  return examples;
}

std::string Analyzed(const Example& example) {
  if (example.kind == "alnum") {
    AnalyzedText tokens;
    test::MakeAnalyzer({.analyzer = AnalyzerKind::kAlnum})->Analyze(example.text, &tokens);
    return test::Terms(tokens);
  }
  const AnalyzedText tokens = test::AnalyzeText(example.text);
  return test::Regions(tokens, {.sentences = example.kind == "sentences",
                                .paragraphs = example.kind == "paragraphs",
                                .quotations = example.kind == "quotations"});
}

TEST(AnalysisDocument, EveryExampleIsWhatAnalysisDoes) {
  const std::vector<Example> examples = ReadExamples();
  for (const Example& example : examples) {
    EXPECT_EQ(Analyzed(example), example.expected) << example.kind << " of: " << example.text;
  }
}

TEST(AnalysisDocument, HasExamplesOfEachKind) {
  std::map<std::string, int> kinds;
  for (const Example& example : ReadExamples()) ++kinds[example.kind];
  EXPECT_GE(kinds["terms"], 25);
  EXPECT_GE(kinds["sentences"], 10);
  EXPECT_GE(kinds["paragraphs"], 3);
  EXPECT_GE(kinds["quotations"], 10);
  EXPECT_GE(kinds["alnum"], 1);
}

}  // namespace
}  // namespace ibid
