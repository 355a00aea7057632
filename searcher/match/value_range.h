// Reads the bounds of a range as a column's type has them.
#ifndef IBID_SEARCHER_MATCH_VALUE_RANGE_H_
#define IBID_SEARCHER_MATCH_VALUE_RANGE_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "searcher/match/bound_query.h"
#include "searcher/query/ast.h"

namespace ibid {

// The seconds since 1970 (UTC) of the first and last moment that a date as typed names: "2015",
// "2015-11", "2015-11-13", "2015-11-13T20:15:00" (a 'Z' may follow). None where it is no date.
std::optional<std::pair<int64_t, int64_t>> DateSpan(std::string_view text);

// Fills the bounds of a kRange or kColumn node from what was typed, for node->column_type.
// InvalidArgument where a bound cannot be read as that type; the message says what was expected.
absl::Status SetBounds(const std::optional<Bound>& lower, const std::optional<Bound>& upper,
                       BoundNode* node);

}  // namespace ibid

#endif  // IBID_SEARCHER_MATCH_VALUE_RANGE_H_
