#include "searcher/match/value_range.h"

#include <chrono>
#include <cmath>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/text/analyzer.h"

namespace ibid {
namespace {

constexpr int64_t kSecondsPerDay = 86400;

// `count` digits at text[*at]; moves behind them.
std::optional<int> Digits(std::string_view text, size_t count, size_t* at) {
  if (text.size() < *at + count) return std::nullopt;
  int value = 0;
  for (size_t i = 0; i < count; ++i) {
    const char c = text[*at + i];
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  *at += count;
  return value;
}

bool Skip(std::string_view text, char c, size_t* at) {
  if (*at >= text.size() || text[*at] != c) return false;
  ++*at;
  return true;
}

int64_t DayNumber(std::chrono::year_month_day day) {
  return std::chrono::sys_days(day).time_since_epoch().count();
}

std::optional<int64_t> TimeOfDay(std::string_view text, size_t* at) {
  const auto hour = Digits(text, 2, at);
  if (!hour || !Skip(text, ':', at)) return std::nullopt;
  const auto minute = Digits(text, 2, at);
  if (!minute || !Skip(text, ':', at)) return std::nullopt;
  const auto second = Digits(text, 2, at);
  if (!second || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  Skip(text, 'Z', at);
  return *hour * 3600 + *minute * 60 + *second;
}

absl::Status Unreadable(const BoundNode& node, std::string_view text, std::string_view wanted) {
  return absl::InvalidArgumentError(absl::StrCat("\"", std::string(text), "\" is not ",
                                                 std::string(wanted), ", which column ",
                                                 node.column, " holds"));
}

absl::Status SetDates(const std::optional<Bound>& lower, const std::optional<Bound>& upper,
                      BoundNode* node) {
  constexpr std::string_view kWanted = "a date (YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDThh:mm:ss)";
  if (lower.has_value()) {
    const auto span = DateSpan(lower->text);
    if (!span.has_value()) return Unreadable(*node, lower->text, kWanted);
    node->lower_integer = lower->inclusive ? span->first : span->second + 1;
  }
  if (upper.has_value()) {
    const auto span = DateSpan(upper->text);
    if (!span.has_value()) return Unreadable(*node, upper->text, kWanted);
    node->upper_integer = upper->inclusive ? span->second : span->first - 1;
  }
  return absl::OkStatus();
}

// Numbers are compared as integers where column and bounds are, else as reals.
absl::Status SetNumbers(const std::optional<Bound>& lower, const std::optional<Bound>& upper,
                        BoundNode* node) {
  const auto integer = [](const std::optional<Bound>& bound, int64_t* value) {
    return !bound.has_value() || absl::SimpleAtoi(bound->text, value);
  };
  int64_t low = 0, high = 0;
  if (node->column_type == StoredColumnType::kInteger && integer(lower, &low) &&
      integer(upper, &high)) {
    const bool past_end = (lower && !lower->inclusive && low == INT64_MAX) ||
                          (upper && !upper->inclusive && high == INT64_MIN);
    if (past_end) {  // nothing lies there
      node->lower_integer = 1;
      node->upper_integer = 0;
      return absl::OkStatus();
    }
    if (lower) node->lower_integer = lower->inclusive ? low : low + 1;
    if (upper) node->upper_integer = upper->inclusive ? high : high - 1;
    return absl::OkStatus();
  }
  const auto real = [node](const std::optional<Bound>& bound, std::optional<double>* value) {
    if (!bound.has_value()) return absl::OkStatus();
    double parsed = 0;
    if (!absl::SimpleAtod(bound->text, &parsed) || std::isnan(parsed)) {
      return Unreadable(*node, bound->text, "a number");
    }
    *value = parsed;
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(real(lower, &node->lower_real));
  RETURN_IF_ERROR(real(upper, &node->upper_real));
  node->lower_real_open = lower && !lower->inclusive;
  node->upper_real_open = upper && !upper->inclusive;
  return absl::OkStatus();
}

}  // namespace

std::optional<std::pair<int64_t, int64_t>> DateSpan(std::string_view text) {
  using std::chrono::day, std::chrono::month, std::chrono::year;
  size_t at = 0;
  const auto y = Digits(text, 4, &at);
  if (!y) return std::nullopt;
  const auto span = [](std::chrono::year_month_day from, std::chrono::year_month_day past) {
    return std::pair<int64_t, int64_t>(DayNumber(from) * kSecondsPerDay,
                                       DayNumber(past) * kSecondsPerDay - 1);
  };
  if (at == text.size()) return span(year(*y) / 1 / 1, year(*y + 1) / 1 / 1);
  if (!Skip(text, '-', &at)) return std::nullopt;
  const auto m = Digits(text, 2, &at);
  if (!m || *m < 1 || *m > 12) return std::nullopt;
  const auto ym = year(*y) / month(static_cast<unsigned>(*m));
  if (at == text.size()) return span(ym / 1, (ym + std::chrono::months(1)) / 1);
  if (!Skip(text, '-', &at)) return std::nullopt;
  const auto d = Digits(text, 2, &at);
  if (!d || !(ym / day(static_cast<unsigned>(*d))).ok()) return std::nullopt;
  const int64_t midnight = DayNumber(ym / day(static_cast<unsigned>(*d))) * kSecondsPerDay;
  if (at == text.size()) return std::pair(midnight, midnight + kSecondsPerDay - 1);
  if (!Skip(text, 'T', &at)) return std::nullopt;
  const auto seconds = TimeOfDay(text, &at);
  if (!seconds || at != text.size()) return std::nullopt;
  return std::pair(midnight + *seconds, midnight + *seconds);
}

absl::Status SetBounds(const std::optional<Bound>& lower, const std::optional<Bound>& upper,
                       BoundNode* node) {
  switch (node->column_type) {
    case StoredColumnType::kDate:
      return SetDates(lower, upper, node);
    case StoredColumnType::kInteger:
    case StoredColumnType::kReal:
      return SetNumbers(lower, upper, node);
    case StoredColumnType::kText:
      break;
  }
  if (lower.has_value()) node->lower_text = FoldText(lower->text);
  if (upper.has_value()) node->upper_text = FoldText(upper->text);
  node->lower_text_open = lower.has_value() && !lower->inclusive;
  node->upper_text_open = upper.has_value() && !upper->inclusive;
  return absl::OkStatus();
}

}  // namespace ibid
