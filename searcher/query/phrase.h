// What stands between quotation marks.
#ifndef IBID_SEARCHER_QUERY_PHRASE_H_
#define IBID_SEARCHER_QUERY_PHRASE_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "searcher/query/notes.h"
#include "searcher/query/tree.h"

namespace ibid {

struct PhraseText {
  std::string_view raw;  // between the marks, as typed
  char prefix = 0;       // s, p, x, q or 0
  bool star = false;     // "..."*
  size_t offset = 0;     // of raw in the query
  Span span;             // of the whole phrase
};

struct Phrase {
  Node node;             // kPhrase, or what its only word is; null: no word
  size_t num_words = 0;  // alternatives counted each
};

// Reads the words; slop is the caller's.
Phrase ReadPhrase(const PhraseText& phrase, NoteList& notes);

// The text itself, unescaped, without white space around it: the value of a text column.
std::string PhraseValue(std::string_view raw);

// Does a phrase of these children print as p"..."?
bool NeedsPattern(const QueryNode& phrase);

}  // namespace ibid

#endif  // IBID_SEARCHER_QUERY_PHRASE_H_
