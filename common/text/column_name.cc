#include "common/text/column_name.h"

#include <algorithm>

#include "ibid/limits.h"

namespace ibid {
namespace {

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool MayStandInName(char c) {
  return IsLetter(c) || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
}

}  // namespace

bool IsColumnName(std::string_view name) {
  return !name.empty() && name.size() <= kMaxColumnNameBytes && IsLetter(name[0]) &&
         std::all_of(name.begin(), name.end(), MayStandInName);
}

std::string FitColumnName(std::string_view name) {
  if (name.empty() || name.size() > kMaxColumnNameBytes) return "";
  std::string column(name);
  for (char& c : column) {
    if (static_cast<unsigned char>(c) >= 0x80) return "";
    if (!MayStandInName(c)) c = '_';
  }
  if (!IsLetter(column[0])) column.insert(0, column[0] == '_' ? "f" : "f_");
  return IsColumnName(column) ? column : "";
}

}  // namespace ibid
