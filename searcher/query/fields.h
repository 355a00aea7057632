// The names that may stand before ':' in a query.
#ifndef IBID_SEARCHER_QUERY_FIELDS_H_
#define IBID_SEARCHER_QUERY_FIELDS_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "searcher/query/ast.h"

namespace ibid {

using Column = std::pair<std::string, ColumnType>;

// What one `name,name:` stands for: regions and columns, each once, in the order typed.
struct FieldSet {
  std::vector<RegionKind> regions;
  std::vector<Column> columns;
};

class FieldTable {
 public:
  // With no columns given: date (kDate) and source (kText).
  explicit FieldTable(const ParseOptions& options);

  // Every name of `names` (separated by commas) is known.
  std::optional<FieldSet> Resolve(std::string_view names) const;

  // The column of ranges that name none: `date` if it is a date, else the first date column.
  const Column* default_date() const;

  // The known name nearest to the first unknown one of `names`, or "".
  std::string Suggest(std::string_view names) const;

 private:
  const Column* FindColumn(std::string_view name) const;

  std::vector<Column> columns_;
};

// The length of the `name,name` before a ':' that looks like a field at the start of `text`, or
// npos. Never one before "://", and never one that begins with a digit, as times do.
size_t FieldNamesBytes(std::string_view text);

}  // namespace ibid

#endif  // IBID_SEARCHER_QUERY_FIELDS_H_
