#include "indexer/column_values.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <set>
#include <utility>
#include <variant>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/text/column_name.h"
#include "ibid/limits.h"

namespace ibid {
namespace {

constexpr std::string_view kDateColumn = "date";
constexpr std::string_view kSourceColumn = "source";

std::optional<int> ParseDigits(std::string_view text) {
  int number = 0;
  for (const char c : text) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(c))) return std::nullopt;
    number = number * 10 + (c - '0');
  }
  return number;
}

int DaysOfMonth(int year, int month) {
  constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return kDays[static_cast<size_t>(month - 1)] + (month == 2 && leap ? 1 : 0);
}

// Days from 1970-01-01 to a day of the Gregorian calendar, counted in years that begin in March
// (E. G. Richards, "Mapping Time", 1998, chapter 25).
int64_t DaysSince1970(int year, int month, int day) {
  const int64_t march_year = year - (month <= 2 ? 1 : 0);
  const int64_t era = (march_year >= 0 ? march_year : march_year - 399) / 400;
  const int64_t year_of_era = march_year - era * 400;
  const int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

std::optional<int64_t> ParseDay(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = ParseDigits(text.substr(0, 4));
  const auto month = ParseDigits(text.substr(5, 2));
  const auto day = ParseDigits(text.substr(8, 2));
  if (!year || !month || !day || *month < 1 || *month > 12) return std::nullopt;
  if (*day < 1 || *day > DaysOfMonth(*year, *month)) return std::nullopt;
  return DaysSince1970(*year, *month, *day);
}

// "hh:mm:ss"; a leap second counts as the last of its minute.
std::optional<int64_t> ParseTime(std::string_view text) {
  if (text.size() != 8 || text[2] != ':' || text[5] != ':') return std::nullopt;
  const auto hours = ParseDigits(text.substr(0, 2));
  const auto minutes = ParseDigits(text.substr(3, 2));
  const auto seconds = ParseDigits(text.substr(6, 2));
  if (!hours || !minutes || !seconds) return std::nullopt;
  if (*hours > 23 || *minutes > 59 || *seconds > 60) return std::nullopt;
  return (*hours * 60 + *minutes) * 60 + std::min(*seconds, 59);
}

bool IsEmptyText(const FieldValue& value) {
  const auto* text = std::get_if<std::string>(&value);
  return text != nullptr && text->empty();
}

StoredColumnType TypeOf(std::string_view name, const FieldValue& value) {
  if (name == kDateColumn) return StoredColumnType::kDate;
  if (name == kSourceColumn) return StoredColumnType::kText;
  if (std::holds_alternative<int64_t>(value)) return StoredColumnType::kInteger;
  if (std::holds_alternative<double>(value)) return StoredColumnType::kReal;
  return ParseDate(std::get<std::string>(value)) ? StoredColumnType::kDate
                                                 : StoredColumnType::kText;
}

std::string ShortestText(double value) {
  std::array<char, 32> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  return std::string(digits.data(), end);
}

std::string TextOf(const FieldValue& value) {
  if (const auto* integer = std::get_if<int64_t>(&value)) return StrCat(*integer);
  if (const auto* real = std::get_if<double>(&value)) return ShortestText(*real);
  return std::get<std::string>(value);
}

}  // namespace

std::optional<int64_t> ParseDate(std::string_view text) {
  const auto days = ParseDay(text.substr(0, 10));
  if (!days) return std::nullopt;
  std::string_view rest = text.substr(10);
  if (rest.empty()) return *days * 86400;
  if (rest.back() == 'Z') rest.remove_suffix(1);
  if (rest.empty() || rest[0] != 'T') return std::nullopt;
  const auto seconds = ParseTime(rest.substr(1));
  if (!seconds) return std::nullopt;
  return *days * 86400 + *seconds;
}

void MakeReal(ColumnValues* values) {
  for (const int64_t integer : values->integers) {
    values->reals.push_back(static_cast<double>(integer));
  }
  values->integers.clear();
}

ColumnSchema::ColumnSchema(ColumnList columns) : columns_(std::move(columns)) {
  for (uint32_t i = 0; i < columns_.size(); ++i) by_name_.emplace(columns_[i].first, i);
}

absl::Status ColumnSchema::CheckFields(const Document& document) const {
  // date and source may still have to come.
  std::set<std::string_view> names = {kDateColumn, kSourceColumn};
  for (const Field& field : document.fields) {
    if (!field.name.empty() && field.name[0] == '_') {
      return absl::InvalidArgumentError(
          StrCat("column \"", field.name, "\": names that begin with '_' are reserved"));
    }
    if (!IsColumnName(field.name)) {
      return absl::InvalidArgumentError(
          StrCat("column \"", std::string_view(field.name).substr(0, kMaxColumnNameBytes),
                 "\": not a name of letters, digits, '_', '.' and '-'"));
    }
    names.insert(field.name);
  }
  const bool known = std::all_of(document.fields.begin(), document.fields.end(),
                                 [&](const Field& field) { return by_name_.contains(field.name); });
  if (known) return absl::OkStatus();
  const auto num_new = std::count_if(
      names.begin(), names.end(), [&](std::string_view name) { return !by_name_.contains(name); });
  const size_t num_columns = columns_.size() + static_cast<size_t>(num_new);
  if (num_columns <= kMaxFields) return absl::OkStatus();
  return absl::InvalidArgumentError(
      StrCat("columns: ", num_columns, " with date and source, limit ", kMaxFields));
}

std::optional<uint32_t> ColumnSchema::FindOrAdd(std::string_view name, const FieldValue& first) {
  const auto found = by_name_.find(name);
  if (found != by_name_.end()) return found->second;
  const auto* real = std::get_if<double>(&first);
  if (real != nullptr && !std::isfinite(*real)) return std::nullopt;
  const auto column = static_cast<uint32_t>(columns_.size());
  columns_.emplace_back(name, TypeOf(name, first));
  by_name_.emplace(name, column);
  return column;
}

bool ColumnSchema::AppendNumber(uint32_t column, double value, ColumnValues* values) {
  if (!std::isfinite(value)) return false;
  StoredColumnType& type = columns_[column].second;
  if (type == StoredColumnType::kInteger) {
    type = StoredColumnType::kReal;
    MakeReal(values);
  }
  values->reals.push_back(value);
  return true;
}

bool ColumnSchema::AppendValue(uint32_t column, const FieldValue& value, ColumnValues* values) {
  const StoredColumnType type = columns_[column].second;
  const auto* text = std::get_if<std::string>(&value);
  if (type == StoredColumnType::kText) {
    values->texts.push_back({.folded = "", .original = TextOf(value)});
    return true;
  }
  if (type == StoredColumnType::kDate) {
    const auto seconds = text != nullptr ? ParseDate(*text) : std::nullopt;
    if (seconds) values->integers.push_back(*seconds);
    return seconds.has_value();
  }
  const auto* integer = std::get_if<int64_t>(&value);
  int64_t parsed = integer != nullptr ? *integer : 0;
  if (integer != nullptr || (text != nullptr && absl::SimpleAtoi(*text, &parsed))) {
    if (type == StoredColumnType::kReal) {
      return AppendNumber(column, static_cast<double>(parsed), values);
    }
    values->integers.push_back(parsed);
    return true;
  }
  double real = 0;
  if (text != nullptr && !absl::SimpleAtod(*text, &real)) return false;
  return AppendNumber(column, text != nullptr ? real : std::get<double>(value), values);
}

absl::StatusOr<std::vector<DocumentColumn>> ColumnSchema::TypeDocument(const Document& document,
                                                                       uint64_t* num_bad) {
  RETURN_IF_ERROR(CheckFields(document));
  std::vector<DocumentColumn> typed;
  const auto add = [&](std::string_view name, const FieldValue& value) {
    if (IsEmptyText(value)) return;
    const std::optional<uint32_t> column = FindOrAdd(name, value);
    auto place = std::find_if(typed.begin(), typed.end(), [&](const DocumentColumn& candidate) {
      return column && candidate.column == *column;
    });
    if (column && place == typed.end()) {
      typed.push_back({.column = *column, .values = {}});
      place = typed.end() - 1;
    }
    if (!column || !AppendValue(*column, value, &place->values)) ++*num_bad;
  };
  add(kDateColumn, document.date);
  add(kSourceColumn, document.source);
  for (const Field& field : document.fields) {
    for (const FieldValue& value : field.values) add(field.name, value);
  }
  return typed;
}

}  // namespace ibid
