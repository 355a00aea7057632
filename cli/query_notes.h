// What the search has to say of a query's meaning on an index.
#ifndef IBID_CLI_QUERY_NOTES_H_
#define IBID_CLI_QUERY_NOTES_H_

#include <algorithm>
#include <string>
#include <vector>

#include "cli/console.h"
#include "ibid/query.h"

namespace ibid::cli {

// The first note that a part of the query was left out or could not be read on this index, so that
// the answer is not that of the query as typed; null where there is none. That a wildcard matches
// nothing is none.
inline const QueryNote* NoteOfLoss(const std::vector<QueryNote>& notes) {
  const auto note = std::find_if(notes.begin(), notes.end(), [](const QueryNote& n) {
    return n.severity != NoteSeverity::kNote || n.code == "no-word" || n.code == "no-column" ||
           n.code == "more-notes";
  });
  return note == notes.end() ? nullptr : &*note;
}

// The place of the fault, with a caret, in a query that could not be parsed with `options`, where a
// lenient parse knows it.
ErrorDetails DetailsOfBadQuery(const std::string& text, const ParseOptions& options);

}  // namespace ibid::cli

#endif  // IBID_CLI_QUERY_NOTES_H_
