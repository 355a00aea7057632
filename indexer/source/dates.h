// Dates as they stand in documents, brought to ibid's form.
#ifndef IBID_INDEXER_SOURCE_DATES_H_
#define IBID_INDEXER_SOURCE_DATES_H_

#include <string>
#include <string_view>

namespace ibid {

// "YYYY-MM-DD" or "YYYY-MM-DDThh:mm:ss" (UTC) of an ISO 8601 date and time ("2026-01-02 03:04",
// "...T03:04:05.6Z", "...+01:00"), of RFC 5322's "Thu, 2 Jan 2026 03:04:05 +0100", of "2 January
// 2026", "January 2, 2026", "26-FEB-1987 15:01:01.79" and "19960820"; any other text, trimmed, as
// it is: the column that takes it says that it is no date.
std::string NormalizeDate(std::string_view text);

// Whether `text` is a date "YYYY-MM-DD" of the calendar.
bool IsIsoDate(std::string_view text);

}  // namespace ibid

#endif  // IBID_INDEXER_SOURCE_DATES_H_
