// Which surface forms a word of a query stands for, found by looking at every form there is.
#ifndef IBID_TESTS_ORACLE_VOCABULARY_H_
#define IBID_TESTS_ORACLE_VOCABULARY_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "common/text/analyzer.h"
#include "tests/oracle/token_list.h"

namespace ibid {

// All that counts as one word of a query.
struct NaiveWord {
  std::set<std::string> forms;
  uint64_t doc_freq = 0;

  std::vector<Position> PositionsIn(const TokenList& document) const;
};

class Vocabulary {
 public:
  // `analyzer` must outlive it.
  Vocabulary(const std::vector<TokenList>* documents, Analyzer* analyzer);

  NaiveWord Literal(const std::string& form) const;
  // Every form with the stem of `form`; in the documents that hold any of them.
  NaiveWord Stemmed(const std::string& form) const;
  // Members count together; the largest document frequency stands.
  static NaiveWord Group(const std::vector<NaiveWord>& members);
  NaiveWord Wildcard(const std::string& pattern, size_t max_expansions) const;
  // max_edits 0: by the length of `word`.
  NaiveWord Fuzzy(const std::string& word, int max_edits, size_t max_expansions) const;

 private:
  NaiveWord Expand(const std::function<bool(const std::string&)>& accept,
                   size_t max_expansions) const;

  const std::vector<TokenList>* documents_;
  Analyzer* analyzer_;
  std::map<std::string, uint64_t> doc_freqs_;
};

// Code points of well-formed UTF-8.
std::u32string NaiveCodePoints(std::string_view text);
bool NaiveWildcardMatch(std::u32string_view pattern, std::u32string_view text);
// The whole table of the optimal string alignment distance.
size_t NaiveEditDistance(std::u32string_view a, std::u32string_view b);

}  // namespace ibid

#endif  // IBID_TESTS_ORACLE_VOCABULARY_H_
