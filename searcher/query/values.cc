#include "searcher/query/values.h"

#include <utility>

#include "common/base/strings.h"
#include "searcher/query/chars.h"
#include "searcher/query/numbers.h"
#include "searcher/query/words.h"

namespace ibid {
namespace {

int DaysOfMonth(int year, int month) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : kDays[month - 1];
}

// `value` in `count` digits, with zeros in front.
std::string Digits(int value, size_t count) {
  std::string digits = std::to_string(value);
  return digits.size() < count ? std::string(count - digits.size(), '0') + digits : digits;
}

// Takes `count` digits off the front of `text`; -1 when they are not there.
int TakeDigits(std::string_view& text, size_t count) {
  if (text.size() < count) return -1;
  int value = 0;
  for (char c : text.substr(0, count)) {
    if (!IsAsciiDigit(c)) return -1;
    value = value * 10 + (c - '0');
  }
  text.remove_prefix(count);
  return value;
}

bool TakeChar(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

// Reads `hh[:mm[:ss]]` to the end of `text` and adds it to both ends.
std::optional<DatePeriod> WithTime(std::string_view text, DatePeriod day) {
  if (!text.empty() && text.back() == 'Z') text.remove_suffix(1);
  const int hour = TakeDigits(text, 2);
  if (hour < 0 || hour > 23) return std::nullopt;
  int parts[2] = {-1, -1};  // minute, second
  for (int& part : parts) {
    if (text.empty()) break;
    if (!TakeChar(text, ':')) return std::nullopt;
    part = TakeDigits(text, 2);
    if (part < 0 || part > 59) return std::nullopt;
  }
  if (!text.empty()) return std::nullopt;
  const auto filled = [&](int fill) {
    return StrCat("T", Digits(hour, 2), ":", Digits(parts[0] < 0 ? fill : parts[0], 2), ":",
                  Digits(parts[1] < 0 ? fill : parts[1], 2));
  };
  day.first += StrCat(filled(0));
  day.last += StrCat(filled(59));
  return day;
}

std::string DayText(int year, int month, int day) {
  return StrCat(Digits(year, 4), "-", Digits(month, 2), "-", Digits(day, 2));
}

// An unescaped end of `a..b`; "" and "*" leave that side open.
std::optional<Bound> ReadEnd(std::string_view raw) {
  if (raw.empty() || raw == "*") return std::nullopt;
  return Bound{Unescape(raw), true};
}

size_t FindDots(std::string_view raw) {
  for (size_t at = 0; at + 1 < raw.size(); ++at) {
    if (raw[at] == '\\') {
      ++at;
    } else if (raw[at] == '.' && raw[at + 1] == '.') {
      return at;
    }
  }
  return std::string_view::npos;
}

bool FillDate(std::optional<Bound>& bound, bool is_lower) {
  if (!bound) return true;
  std::optional<DatePeriod> period = ReadDate(bound->text);
  if (!period) return false;
  bound->text = is_lower == bound->inclusive ? period->first : period->last;
  return true;
}

bool FillNumber(std::optional<Bound>& bound) {
  if (!bound) return true;
  std::optional<std::string> number = ReadNumber(bound->text);
  if (!number) return false;
  bound->text = *std::move(number);
  return true;
}

bool IsReversed(const RawRange& range, ColumnType type) {
  if (!range.lower || !range.upper || type == ColumnType::kText) return false;
  if (type == ColumnType::kDate) {
    // Ends of one day compare equal whatever their times: only whole days are told apart here.
    return range.lower->text.substr(0, 10) > range.upper->text.substr(0, 10);
  }
  return ReadDouble(range.lower->text) > ReadDouble(range.upper->text);
}

bool FillRange(RawRange& range, ColumnType type) {
  switch (type) {
    case ColumnType::kText:
      return true;
    case ColumnType::kDate:
      return FillDate(range.lower, true) && FillDate(range.upper, false);
    case ColumnType::kInteger:
    case ColumnType::kReal:
      return FillNumber(range.lower) && FillNumber(range.upper);
  }
  return false;
}

bool IsOneValue(const RawRange& range) {
  return range.lower && range.upper && *range.lower == *range.upper && range.lower->inclusive;
}

}  // namespace

std::optional<DatePeriod> ReadDate(std::string_view text) {
  const int year = TakeDigits(text, 4);
  if (year < 0) return std::nullopt;
  if (text.empty()) return DatePeriod{DayText(year, 1, 1), DayText(year, 12, 31), true};
  if (!TakeChar(text, '-')) return std::nullopt;
  const int month = TakeDigits(text, 2);
  if (month < 1 || month > 12) return std::nullopt;
  const int days = DaysOfMonth(year, month);
  if (text.empty()) return DatePeriod{DayText(year, month, 1), DayText(year, month, days), false};
  if (!TakeChar(text, '-')) return std::nullopt;
  const int day = TakeDigits(text, 2);
  if (day < 1 || day > days) return std::nullopt;
  DatePeriod period{DayText(year, month, day), DayText(year, month, day), false};
  if (text.empty()) return period;
  if (!TakeChar(text, 'T')) return std::nullopt;
  return WithTime(text, std::move(period));
}

std::optional<std::string> ReadNumber(std::string_view text) {
  std::string plain;
  bool digits = false;
  bool exponent = false;
  for (size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == ',' && digits) continue;
    const bool first = plain.empty() || plain.back() == 'e';
    const bool sign = (c == '-' || c == '+') && first;
    const bool is_exponent = (c == 'e' || c == 'E') && digits && !exponent;
    if (!IsAsciiDigit(c) && c != '.' && !sign && !is_exponent) return std::nullopt;
    digits |= IsAsciiDigit(c);
    exponent |= is_exponent;
    if (!plain.empty() && plain.back() == '.' && !IsAsciiDigit(c)) return std::nullopt;
    plain += is_exponent ? 'e' : c;
  }
  if (!plain.empty() && plain.back() == '.') return std::nullopt;
  if (!digits || !ReadDouble(plain)) return std::nullopt;
  return plain;
}

std::optional<RawRange> ReadRange(std::string_view raw) {
  if (!raw.empty() && (raw.front() == '>' || raw.front() == '<')) {
    const bool lower = raw.front() == '>';
    const bool inclusive = raw.size() > 1 && raw[1] == '=';
    const std::string_view value = raw.substr(inclusive ? 2 : 1);
    if (value.empty()) return std::nullopt;
    Bound bound{Unescape(value), inclusive};
    return lower ? RawRange{bound, std::nullopt} : RawRange{std::nullopt, bound};
  }
  const size_t dots = FindDots(raw);
  if (dots == std::string_view::npos || raw.size() == 2) return std::nullopt;
  return RawRange{ReadEnd(raw.substr(0, dots)), ReadEnd(raw.substr(dots + 2))};
}

bool LooksLikeDates(const RawRange& range) {
  size_t years = 0;
  size_t dates = 0;
  for (const std::optional<Bound>& bound : {range.lower, range.upper}) {
    if (!bound) continue;
    const std::optional<DatePeriod> period = ReadDate(bound->text);
    if (!period) return false;
    ++(period->only_year ? years : dates);
  }
  return dates > 0 || years == 2;
}

ColumnRange MakeColumnRange(const Column& column, RawRange range, Span span) {
  ColumnRange result;
  if (!FillRange(range, column.second)) return {};
  result.reversed = IsReversed(range, column.second);
  if (column.second == ColumnType::kText && IsOneValue(range)) {
    result.node = MakeText(NodeKind::kColumn, range.lower->text, span);
  } else {
    result.node = MakeNode(NodeKind::kRange, span);
    result.node->lower = std::move(range.lower);
    result.node->upper = std::move(range.upper);
  }
  result.node->field = column.first;
  return result;
}

}  // namespace ibid
