// Words as typed: escapes and wildcards inside them.
#ifndef IBID_SEARCHER_QUERY_WORDS_H_
#define IBID_SEARCHER_QUERY_WORDS_H_

#include <string>
#include <string_view>

namespace ibid {

// `raw` without the backslashes of its escapes.
std::string Unescape(std::string_view raw);

struct WordText {
  std::string text;          // unescaped; of a wildcard without the * and ? that were escaped
  bool wildcard = false;     // holds a * or a ? that means one
  bool any = false;          // nothing but wildcards, with at least one *
  bool punctuation = false;  // nothing that could be searched for
};

// Reads a word. `?` is a wildcard only between letters or digits; elsewhere it is punctuation and
// left out. In an address (with "://") neither * nor ? means anything.
WordText ReadWord(std::string_view raw);

// Edits that `word~` allows: 1 below six characters, else 2.
int DefaultEdits(std::string_view text);

}  // namespace ibid

#endif  // IBID_SEARCHER_QUERY_WORDS_H_
