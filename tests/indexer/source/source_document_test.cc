// Holds docs/SOURCES.md to what is read: every row of its examples.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>

#include "common/base/strings.h"
#include "tests/indexer/source/read_files.h"

namespace ibid {
namespace {

std::string Unescape(std::string_view text) {
  std::string bytes;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      bytes += text[i];
      continue;
    }
    ++i;
    if (text[i] == 'x') {
      bytes +=
          static_cast<char>(std::strtol(std::string(text.substr(i + 1, 2)).c_str(), nullptr, 16));
      i += 2;
    } else {
      bytes += text[i] == 'n' ? '\n' : text[i] == 't' ? '\t' : text[i] == 'r' ? '\r' : text[i];
    }
  }
  return bytes;
}

// What stands between the '`' that begin and end a cell.
std::string_view Code(std::string_view cell) { return cell.substr(1, cell.size() - 2); }

TEST(SourcesDocument, EveryExampleIsReadAsItSays) {
  std::ifstream document(IBID_SOURCE_DIR "/docs/SOURCES.md");
  int num_examples = 0;
  bool in_examples = false;
  for (std::string line; std::getline(document, line);) {
    if (line == "## Examples") in_examples = true;
    if (!in_examples || !line.starts_with("| `")) continue;
    const std::string_view row = std::string_view(line).substr(2, line.size() - 4);
    const size_t first = row.find(" | ");
    const size_t second = row.find(" | ", first + 3);
    ASSERT_NE(second, std::string_view::npos) << line;
    const std::string name(Code(row.substr(0, first)));
    const std::string content = Unescape(Code(row.substr(first + 3, second - first - 3)));
    const Found found = ReadFile(name, content);
    EXPECT_TRUE(found.status.ok()) << found.status;
    EXPECT_EQ(Describe(found), row.substr(second + 3)) << line;
    ++num_examples;
  }
  EXPECT_GT(num_examples, 40);
}

}  // namespace
}  // namespace ibid
