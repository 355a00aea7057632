// The queries of one `ibid search`: the command line's, or a file's lines.
#ifndef IBID_CLI_QUERY_LIST_H_
#define IBID_CLI_QUERY_LIST_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/flags.h"

namespace ibid::cli {

struct QueryText {
  std::optional<std::string> id;  // only for a file's
  std::string where;              // "queries.tsv:3", or empty
  std::string text;
};

// --queries FILE: `id<TAB>query` a line; a line without a tab is a query whose id is the line's
// number; empty lines are passed over. Otherwise the arguments, joined by spaces.
absl::StatusOr<std::vector<QueryText>> QueriesOf(const Command& command);

// --synonyms FILE: one group of words a line, separated by commas, or by white space where the line
// has no comma; `#` begins a comment line. No file: no groups.
absl::StatusOr<std::vector<std::vector<std::string>>> SynonymsOf(const SearchFlags& flags);

}  // namespace ibid::cli

#endif  // IBID_CLI_QUERY_LIST_H_
