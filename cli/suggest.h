// Help for a search without hits: words of the query that the index does not hold, and the terms
// nearest to them.
//
//   ASSIGN_OR_RETURN(std::vector<Suggestion> all, SuggestTerms(reader, parsed.query));
//
// Work is bounded: kMaxWords words, kMaxTermsRead terms for each.
#ifndef IBID_CLI_SUGGEST_H_
#define IBID_CLI_SUGGEST_H_

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "ibid/index_reader.h"
#include "ibid/query.h"

namespace ibid::cli {

struct Suggestion {
  std::string word;                  // as analysed
  bool has_stem = false;             // asked for literally, while documents have its stem
  std::vector<std::string> nearest;  // best first; may be empty
};

// One for each word of the query that is no term of the index, in the query's order. Left aside:
// words that the query excludes, and those that match by their stem.
absl::StatusOr<std::vector<Suggestion>> SuggestTerms(
    const std::shared_ptr<const IndexReader>& reader, const Query& query);

// `"attck" is not in the index; near it: attack, attacks`; for a word in quotes whose stem matches
// `"attacking" is not in the index in this form, but its stem is; near it: attack`.
std::string SuggestionText(const Suggestion& suggestion);

// Optimal string alignment distance (insert, delete, replace, swap neighbours) of two UTF-8 texts
// in characters, or `limit` + 1 where it is more than `limit`.
size_t EditDistance(std::string_view a, std::string_view b, size_t limit);

}  // namespace ibid::cli

#endif  // IBID_CLI_SUGGEST_H_
