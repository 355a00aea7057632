#include "cli/shell_quotes.h"

#include <algorithm>
#include <string_view>

#include "common/base/strings.h"

namespace ibid::cli {
namespace {

bool IsUpperAscii(char c) { return c >= 'A' && c <= 'Z'; }

// AND, NEAR/5, ...: two or more capitals to the word's end or to a '/'.
bool LooksLikeAnOperator(std::string_view word) {
  const std::string_view name = word.substr(0, word.find('/'));
  return name.size() >= 2 && std::all_of(name.begin(), name.end(), IsUpperAscii);
}

// Several words of letters, digits, hyphens, apostrophes and dots only.
bool IsPlainPhrase(std::string_view argument) {
  size_t num_words = 0;
  while (!argument.empty()) {
    const std::string_view word = argument.substr(0, argument.find(' '));
    argument.remove_prefix(std::min(word.size() + 1, argument.size()));
    if (word.empty()) continue;
    if (LooksLikeAnOperator(word) || word[0] == '-' || word[0] == '+') return false;
    if (word.find_first_of("\"()[]{}:*?~^|&!<>=/\\@") != std::string_view::npos) return false;
    if (word.find("“") != std::string_view::npos || word.find("«") != std::string_view::npos) {
      return false;
    }
    ++num_words;
  }
  return num_words >= 2;
}

}  // namespace

std::optional<std::string> WithQuotesBack(const std::vector<std::string>& arguments,
                                          bool for_person) {
  if (arguments.size() < 2 && !for_person) return std::nullopt;
  bool lost = false;
  std::string query;
  for (const std::string& argument : arguments) {
    const bool phrase = IsPlainPhrase(argument);
    lost = lost || phrase;
    query += StrCat(query.empty() ? "" : " ", phrase ? StrCat("\"", argument, "\"") : argument);
  }
  if (!lost || query.find('\'') != std::string::npos) return std::nullopt;
  return StrCat("'", query, "'");
}

}  // namespace ibid::cli
