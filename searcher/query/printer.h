// The canonical form of a query: every list of operands in parentheses unless it is the whole
// query, every default written out. Parsing it with default options gives the same tree.
#ifndef IBID_SEARCHER_QUERY_PRINTER_H_
#define IBID_SEARCHER_QUERY_PRINTER_H_

#include <string>
#include <string_view>

#include "searcher/query/ast.h"

namespace ibid {

std::string PrintQuery(const QueryNode& node);

}  // namespace ibid

#endif  // IBID_SEARCHER_QUERY_PRINTER_H_
