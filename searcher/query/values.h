// Values of typed columns as people type them: dates, numbers, ranges.
#ifndef IBID_SEARCHER_QUERY_VALUES_H_
#define IBID_SEARCHER_QUERY_VALUES_H_

#include <optional>
#include <string>
#include <string_view>

#include "searcher/query/ast.h"
#include "searcher/query/fields.h"
#include "searcher/query/tree.h"

namespace ibid {

// The time that a date, however exact, stands for. first and last are YYYY-MM-DD (the whole day) or
// YYYY-MM-DDThh:mm:ss.
struct DatePeriod {
  std::string first;
  std::string last;
  bool only_year = false;
};

// 2015, 2015-11, 2015-11-13, 2015-11-13T21, ...T21:20, ...T21:20:00, with or without a final Z.
std::optional<DatePeriod> ReadDate(std::string_view text);

// The number in plain form: 20,000 becomes 20000.
std::optional<std::string> ReadNumber(std::string_view text);

// The ends of a range as typed, before a column's type is known. No end: unbounded.
struct RawRange {
  std::optional<Bound> lower;
  std::optional<Bound> upper;
};

// `a..b`, `a..`, `..b`, `>a`, `>=a`, `<a`, `<=a`; `raw` may hold escapes. Nothing when `raw` is not
// of one of those forms.
std::optional<RawRange> ReadRange(std::string_view raw);

// Should a range without a field be one of the date column? Years alone only where both are given.
bool LooksLikeDates(const RawRange& range);

struct ColumnRange {
  Node node;              // null: an end is not a value of the column
  bool reversed = false;  // the lower end lies above the upper: no document matches
};

// kRange over `column`, or kColumn for a text column and one value.
ColumnRange MakeColumnRange(const Column& column, RawRange range, Span span);

}  // namespace ibid

#endif  // IBID_SEARCHER_QUERY_VALUES_H_
