// Names of columns: what they may be, and how names from elsewhere are made so.
//
//   std::string column = FitColumnName("@timestamp");   // "f_timestamp"
//
// A name is an ASCII letter and letters, digits, '_', '.' and '-' behind it, at most
// kMaxColumnNameBytes (ibid/limits.h). Names that begin with '_' are ibid's own columns.
// Thread-safe.
#ifndef IBID_COMMON_TEXT_COLUMN_NAME_H_
#define IBID_COMMON_TEXT_COLUMN_NAME_H_

#include <string>
#include <string_view>

namespace ibid {

// Whether a document may have a column of that name.
bool IsColumnName(std::string_view name);

// The column that `name` stands for: an ASCII character that a name may not hold becomes '_', and
// "f" stands before a name that then begins with '_', "f_" before any other that does not begin
// with a letter. Empty where that is no name: not ASCII, empty, too long.
std::string FitColumnName(std::string_view name);

}  // namespace ibid

#endif  // IBID_COMMON_TEXT_COLUMN_NAME_H_
