#include "searcher/query/fields.h"

#include <algorithm>

#include "searcher/query/chars.h"

namespace ibid {
namespace {

constexpr size_t kMaxSuggestBytes = 32;

std::optional<RegionKind> RegionByName(std::string_view name) {
  if (name == "title") return RegionKind::kTitle;
  if (name == "text") return RegionKind::kText;
  if (name == "quote") return RegionKind::kQuotation;
  return std::nullopt;
}

std::vector<std::string_view> SplitNames(std::string_view names) {
  std::vector<std::string_view> parts;
  while (true) {
    const size_t comma = names.find(',');
    parts.push_back(names.substr(0, comma));
    if (comma == std::string_view::npos) return parts;
    names.remove_prefix(comma + 1);
  }
}

template <typename T>
void AddOnce(std::vector<T>& list, const T& item) {
  if (std::find(list.begin(), list.end(), item) == list.end()) list.push_back(item);
}

// Levenshtein's distance, two rows at a time.
size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substituted});
    }
  }
  return row[b.size()];
}

bool IsNameChar(char32_t c) {
  if (c < 0x80) return IsAsciiAlnum(static_cast<char>(c)) || c == '_' || c == '.' || c == '-';
  return c != kNotUtf8 && !IsSeparator(c) && !IsQuoteMark(c) && !IsPunctuation(c);
}

bool IsNameStart(char32_t c) {
  return IsNameChar(c) && c != '.' && c != '-' && !(c >= '0' && c <= '9');
}

}  // namespace

FieldTable::FieldTable(const ParseOptions& options) : columns_(options.columns) {
  if (!columns_.empty()) return;
  columns_ = {{"date", ColumnType::kDate}, {"source", ColumnType::kText}};
}

const Column* FieldTable::FindColumn(std::string_view name) const {
  for (const Column& column : columns_) {
    if (column.first == name) return &column;
  }
  return nullptr;
}

std::optional<FieldSet> FieldTable::Resolve(std::string_view names) const {
  FieldSet fields;
  for (std::string_view name : SplitNames(names)) {
    if (std::optional<RegionKind> region = RegionByName(name)) {
      AddOnce(fields.regions, *region);
    } else if (const Column* column = FindColumn(name)) {
      AddOnce(fields.columns, *column);
    } else {
      return std::nullopt;
    }
  }
  return fields;
}

const Column* FieldTable::default_date() const {
  const Column* named = FindColumn("date");
  if (named != nullptr && named->second == ColumnType::kDate) return named;
  for (const Column& column : columns_) {
    if (column.second == ColumnType::kDate) return &column;
  }
  return nullptr;
}

std::string FieldTable::Suggest(std::string_view names) const {
  std::vector<std::string> known = {"title", "text", "quote"};
  for (const Column& column : columns_) known.push_back(column.first);
  for (std::string_view name : SplitNames(names)) {
    if (Resolve(name) || name.size() > kMaxSuggestBytes) continue;
    std::string best;
    size_t best_distance = std::min<size_t>(3, (name.size() + 2) / 2);
    for (const std::string& candidate : known) {
      if (candidate.size() > kMaxSuggestBytes) continue;
      const size_t distance = EditDistance(LowerAscii(name), LowerAscii(candidate));
      if (distance >= best_distance) continue;
      best = candidate;
      best_distance = distance;
    }
    return best;
  }
  return "";
}

size_t FieldNamesBytes(std::string_view text) {
  bool name_start = true;
  for (size_t at = 0; at < text.size();) {
    const Char c = CharAt(text, at);
    if (name_start && !IsNameStart(c.code)) return std::string_view::npos;
    if (c.code == U':') return text.substr(at, 3) == "://" ? std::string_view::npos : at;
    if (c.code != U',' && !IsNameChar(c.code)) return std::string_view::npos;
    name_start = c.code == U',';
    at += c.bytes;
  }
  return std::string_view::npos;
}

}  // namespace ibid
