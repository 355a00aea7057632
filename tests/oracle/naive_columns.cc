#include "tests/oracle/naive_columns.h"

#include <cstdlib>
#include <string>
#include <vector>

#include "common/text/analyzer.h"

namespace ibid {
namespace {

std::vector<FieldValue> ValuesOf(const Document& document, std::string_view column) {
  std::vector<FieldValue> values;
  if (column == "date" && !document.date.empty()) values.emplace_back(document.date);
  if (column == "source" && !document.source.empty()) values.emplace_back(document.source);
  for (const Field& field : document.fields) {
    if (field.name == column) values.insert(values.end(), field.values.begin(), field.values.end());
  }
  return values;
}

long double AsNumber(const FieldValue& value) {
  if (const auto* integer = std::get_if<int64_t>(&value)) return *integer;
  return std::get<double>(value);
}

// Dates in their written form sort as text: "2015-11-13T09:30:00". A bound that leaves out the end
// means all that begins with it.
bool DateInRange(std::string written, const std::optional<Bound>& lower,
                 const std::optional<Bound>& upper) {
  if (written.size() == 10) written += "T00:00:00";
  if (lower && lower->inclusive && written < lower->text) return false;
  if (lower && !lower->inclusive && written.substr(0, lower->text.size()) <= lower->text) {
    return false;
  }
  if (upper && upper->inclusive && written.substr(0, upper->text.size()) > upper->text) {
    return false;
  }
  return !(upper && !upper->inclusive && written >= upper->text);
}

bool NumberInRange(long double value, const std::optional<Bound>& lower,
                   const std::optional<Bound>& upper) {
  if (lower) {
    const long double bound = std::strtold(lower->text.c_str(), nullptr);
    if (lower->inclusive ? value < bound : value <= bound) return false;
  }
  if (!upper) return true;
  const long double bound = std::strtold(upper->text.c_str(), nullptr);
  return upper->inclusive ? value <= bound : value < bound;
}

bool TextInRange(const std::string& value, const std::optional<Bound>& lower,
                 const std::optional<Bound>& upper) {
  const std::string folded = FoldText(value);
  if (lower) {
    const std::string bound = FoldText(lower->text);
    if (lower->inclusive ? folded < bound : folded <= bound) return false;
  }
  if (!upper) return true;
  const std::string bound = FoldText(upper->text);
  return upper->inclusive ? folded <= bound : folded < bound;
}

}  // namespace

bool AnyValueInRange(const Document& document, std::string_view column, ColumnType type,
                     const std::optional<Bound>& lower, const std::optional<Bound>& upper) {
  for (const FieldValue& value : ValuesOf(document, column)) {
    const auto* text = std::get_if<std::string>(&value);
    if (type == ColumnType::kText) {
      if (text != nullptr && TextInRange(*text, lower, upper)) return true;
    } else if (type == ColumnType::kDate) {
      if (text != nullptr && DateInRange(*text, lower, upper)) return true;
    } else if (text == nullptr && NumberInRange(AsNumber(value), lower, upper)) {
      return true;
    }
  }
  return false;
}

}  // namespace ibid
