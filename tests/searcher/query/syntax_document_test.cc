// The tables of docs/QUERY_SYNTAX.md, run line by line.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

#include "ibid/query.h"

namespace ibid {
namespace {

// The cells of a table's line, `\|` standing for a bar.
std::vector<std::string> Cells(const std::string& line) {
  std::vector<std::string> cells(1);
  for (size_t i = 1; i < line.size(); ++i) {
    const bool escaped = line[i] == '\\' && i + 1 < line.size() && line[i + 1] == '|';
    if (line[i] == '|') {
      cells.emplace_back();
    } else {
      cells.back() += escaped ? line[++i] : line[i];
    }
  }
  cells.pop_back();
  return cells;
}

// What stands between backquotes; "" when there are none.
std::string Code(const std::string& cell) {
  const size_t begin = cell.find('`');
  if (begin == std::string::npos) return "";
  return cell.substr(begin + 1, cell.rfind('`') - begin - 1);
}

std::vector<std::vector<std::string>> TableAfter(const std::string& heading) {
  std::ifstream file(std::string(IBID_SOURCE_DIR) + "/docs/QUERY_SYNTAX.md");
  std::vector<std::vector<std::string>> rows;
  bool inside = false;
  for (std::string line; std::getline(file, line);) {
    if (line.rfind("## ", 0) == 0) inside = line == "## " + heading;
    if (inside && line.rfind("| `", 0) == 0) rows.push_back(Cells(line));
  }
  return rows;
}

ParsedQuery Parse(const std::string& text) {
  auto parsed = ParseQuery(text, {});
  EXPECT_TRUE(parsed.ok()) << text << ": " << parsed.status();
  return parsed.ok() ? *std::move(parsed) : ParsedQuery();
}

bool IsRefusedWhenStrict(const std::string& text) {
  ParseOptions options;
  options.strict = true;
  return !ParseQuery(text, options).ok();
}

TEST(QuerySyntaxDocument, AcceptedQueriesHaveTheirCanonicalFormAndNoWarning) {
  const auto rows = TableAfter("Accepted");
  ASSERT_GT(rows.size(), 80u);
  for (const auto& row : rows) {
    const std::string text = Code(row[0]);
    EXPECT_EQ(Parse(text).canonical, Code(row[1])) << text;
    EXPECT_FALSE(IsRefusedWhenStrict(text)) << text;
    EXPECT_EQ(Parse(Code(row[1])).canonical, Code(row[1])) << text;
  }
}

TEST(QuerySyntaxDocument, RepairedQueriesHaveTheirCanonicalFormAndTheirNote) {
  const auto rows = TableAfter("Repaired");
  ASSERT_GT(rows.size(), 45u);
  for (const auto& row : rows) {
    const std::string text = Code(row[0]);
    const std::string code = Code(row[2]);
    const ParsedQuery parsed = Parse(text);
    EXPECT_EQ(parsed.canonical, Code(row[1])) << text;
    const auto note = std::find_if(parsed.notes.begin(), parsed.notes.end(),
                                   [&](const QueryNote& n) { return n.code == code; });
    ASSERT_NE(note, parsed.notes.end()) << text << ": no note " << code;
    const bool is_warning = row[2].find("` *") != std::string::npos;
    EXPECT_EQ(note->severity == NoteSeverity::kWarning, is_warning) << text;
    EXPECT_EQ(IsRefusedWhenStrict(text), is_warning) << text;
    EXPECT_LE(note->byte_begin, note->byte_end) << text;
    EXPECT_LE(note->byte_end, text.size()) << text;
  }
}

TEST(QuerySyntaxDocument, LinesThatAreAcceptedAreStillQueriesOfAllWords) {
  ParseOptions options;
  options.all_words = true;
  for (const auto& row : TableAfter("Accepted")) {
    const auto parsed = ParseQuery(Code(row[0]), options);
    ASSERT_TRUE(parsed.ok()) << Code(row[0]);
    EXPECT_TRUE(Parse(parsed->canonical).query == parsed->query) << parsed->canonical;
  }
}

}  // namespace
}  // namespace ibid
