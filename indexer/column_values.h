// From the fields of a document to typed columns: what type a column has and what its values are.
//
//   ColumnSchema schema(manifest.columns);
//   ASSIGN_OR_RETURN(std::vector<DocumentColumn> columns, schema.TypeDocument(document, &num_bad));
//
// The first value of a column in the order of input decides its type: a JSON number makes it
// integer or real, a string in the form of a date makes it date, any other string text. "date" is
// always date, "source" always text. An integer column becomes a real one when it meets a number
// that is not an integer; nothing else ever changes.
#ifndef IBID_INDEXER_COLUMN_VALUES_H_
#define IBID_INDEXER_COLUMN_VALUES_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/format/columns.h"
#include "common/format/manifest.h"
#include "ibid/document.h"

namespace ibid {

// "YYYY-MM-DD", or that and "Thh:mm:ss" with or without a "Z", as seconds since 1970 in UTC;
// nothing for any other text or a day that the Gregorian calendar does not have.
std::optional<int64_t> ParseDate(std::string_view text);

// The values of one document in one column of the schema. Texts are not folded yet.
struct DocumentColumn {
  uint32_t column = 0;
  ColumnValues values;
};

using ColumnList = std::vector<std::pair<std::string, StoredColumnType>>;

// Not thread-safe.
class ColumnSchema {
 public:
  ColumnSchema() = default;
  explicit ColumnSchema(ColumnList columns);

  // Types all values of `document`, adding the columns that are new. Values that do not parse as
  // their column's type are left out and added to *num_bad. InvalidArgument, and nothing changed,
  // for a name that is not one or that is reserved (a leading '_'), and past kMaxFields.
  absl::StatusOr<std::vector<DocumentColumn>> TypeDocument(const Document& document,
                                                           uint64_t* num_bad);

  const ColumnList& columns() const { return columns_; }

 private:
  absl::Status CheckFields(const Document& document) const;
  // Nothing where no value of a new column gives it a type.
  std::optional<uint32_t> FindOrAdd(std::string_view name, const FieldValue& first);
  bool AppendValue(uint32_t column, const FieldValue& value, ColumnValues* values);
  bool AppendNumber(uint32_t column, double value, ColumnValues* values);

  ColumnList columns_;
  std::map<std::string, uint32_t, std::less<>> by_name_;
};

// Reads what was typed as integers before its column became real.
void MakeReal(ColumnValues* values);

}  // namespace ibid

#endif  // IBID_INDEXER_COLUMN_VALUES_H_
