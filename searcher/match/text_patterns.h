// Patterns over terms: wildcards and edit distance, on UTF-8.
#ifndef IBID_SEARCHER_MATCH_TEXT_PATTERNS_H_
#define IBID_SEARCHER_MATCH_TEXT_PATTERNS_H_

#include <string>
#include <string_view>
#include <vector>

namespace ibid {

// Whether `text` as a whole matches `pattern`: '*' any run of characters, '?' any one (a code
// point); everything else stands for itself. Time is at most the product of the lengths.
bool WildcardMatch(std::string_view pattern, std::string_view text);

// The characters of a pattern in front of its first '*' or '?'.
std::string_view LiteralPrefix(std::string_view pattern);

// Code points of UTF-8; each malformed byte counts as one.
std::u32string CodePoints(std::string_view text);

// Compares one word with many: is the optimal string alignment distance (insertions, deletions,
// substitutions, transpositions of neighbours) at most `max_edits`? Not thread-safe.
class EditDistanceMatcher {
 public:
  EditDistanceMatcher(std::string_view word, int max_edits);
  bool Matches(std::string_view text);

 private:
  std::u32string word_;
  int max_edits_;
  std::vector<int> before_previous_, previous_, row_;
};

}  // namespace ibid

#endif  // IBID_SEARCHER_MATCH_TEXT_PATTERNS_H_
