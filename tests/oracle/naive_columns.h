// Ranges over columns by comparing what was typed with what the document says.
#ifndef IBID_TESTS_ORACLE_NAIVE_COLUMNS_H_
#define IBID_TESTS_ORACLE_NAIVE_COLUMNS_H_

#include <optional>
#include <string_view>

#include "ibid/document.h"
#include "ibid/query.h"
#include "searcher/query/ast.h"

namespace ibid {

// Whether any value of `column` in `document` lies between the bounds (none: open).
bool AnyValueInRange(const Document& document, std::string_view column, ColumnType type,
                     const std::optional<Bound>& lower, const std::optional<Bound>& upper);

}  // namespace ibid

#endif  // IBID_TESTS_ORACLE_NAIVE_COLUMNS_H_
