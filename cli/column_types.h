// Names of the column types, as docs/CLI.md and `ibid info` write them.
#ifndef IBID_CLI_COLUMN_TYPES_H_
#define IBID_CLI_COLUMN_TYPES_H_

#include <string_view>

#include "ibid/query.h"

namespace ibid::cli {

inline std::string_view ColumnTypeName(ColumnType type) {
  switch (type) {
    case ColumnType::kText:
      return "text";
    case ColumnType::kInteger:
      return "integer";
    case ColumnType::kReal:
      return "real";
    case ColumnType::kDate:
      return "date";
  }
  return "unknown";
}

}  // namespace ibid::cli

#endif  // IBID_CLI_COLUMN_TYPES_H_
