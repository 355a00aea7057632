#include "cli/query_list.h"

#include <string_view>
#include <utility>

#include "cli/text_input.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"

namespace ibid::cli {
namespace {

constexpr size_t kMaxFileBytes = size_t{256} << 20;

std::string_view Trimmed(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

std::vector<std::string> GroupOf(std::string_view line) {
  const std::string_view separators = line.find(',') == std::string_view::npos ? " \t" : ",";
  std::vector<std::string> group;
  while (!line.empty()) {
    const size_t end = std::min(line.find_first_of(separators), line.size());
    const std::string_view word = Trimmed(line.substr(0, end));
    if (!word.empty()) group.emplace_back(word);
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  return group;
}

}  // namespace

absl::StatusOr<std::vector<QueryText>> QueriesOf(const Command& command) {
  std::vector<QueryText> queries;
  if (!command.search.queries_file) {
    QueryText query;
    for (const std::string& argument : command.arguments) {
      query.text += StrCat(query.text.empty() ? "" : " ", argument);
    }
    queries.push_back(std::move(query));
    return queries;
  }
  const std::string& path = *command.search.queries_file;
  ASSIGN_OR_RETURN(const std::string file, ReadWholeFile(path, kMaxFileBytes));
  size_t number = 0;
  for (const std::string_view line : SplitLines(file)) {
    ++number;
    if (line.empty()) continue;
    const size_t tab = line.find('\t');
    const bool has_id = tab != std::string_view::npos;
    queries.push_back({.id = has_id ? std::string(line.substr(0, tab)) : StrCat(number),
                       .where = StrCat(path == "-" ? "standard input" : path, ":", number),
                       .text = std::string(has_id ? line.substr(tab + 1) : line)});
  }
  return queries;
}

absl::StatusOr<std::vector<std::vector<std::string>>> SynonymsOf(const SearchFlags& flags) {
  std::vector<std::vector<std::string>> groups;
  if (!flags.synonyms_file) return groups;
  ASSIGN_OR_RETURN(const std::string file, ReadWholeFile(*flags.synonyms_file, kMaxFileBytes));
  for (const std::string_view line : SplitLines(file)) {
    if (line.starts_with('#')) continue;
    std::vector<std::string> group = GroupOf(line);
    if (!group.empty()) groups.push_back(std::move(group));
  }
  return groups;
}

}  // namespace ibid::cli
