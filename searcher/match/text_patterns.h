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
// substitutions, transpositions of neighbours) at most `max_edits`? Words in sorted order are
// fastest: what a word shares with the one before it is not computed again. Not thread-safe.
class EditDistanceMatcher {
 public:
  EditDistanceMatcher(std::string_view word, int max_edits);
  bool Matches(std::string_view text);

 private:
  bool ComputeRow(size_t i);

  std::u32string word_;
  int max_edits_;
  std::u32string other_, next_;  // the text of the last call; scratch
  std::vector<int> rows_;        // row i: distances of other_'s first i from the word's prefixes
  size_t num_rows_ = 1;          // of rows_, that hold for other_
  bool dead_ = false;            // no text that begins as the last of these rows does can match
};

}  // namespace ibid

#endif  // IBID_SEARCHER_MATCH_TEXT_PATTERNS_H_
