#include "searcher/column_checks.h"

#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/format/columns.h"

namespace ibid {
namespace {

absl::Status Wrong(const SegmentReader& segment, const ColumnReader& column,
                   const std::string& what) {
  return segment.file()
      .section(SectionId::kColumns)
      .Corrupt(0, absl::StrCat("column ", column.name(), ": ", what));
}

absl::Status CheckValue(const ColumnReader& column, DocId doc, uint32_t i) {
  switch (column.type()) {
    case StoredColumnType::kText:
      return column.Ordinal(doc, i).status();
    case StoredColumnType::kReal:
      return column.Real(doc, i).status();
    case StoredColumnType::kInteger:
    case StoredColumnType::kDate:
      return column.Integer(doc, i).status();
  }
  return absl::OkStatus();
}

absl::Status CheckTexts(const SegmentReader& segment, const ColumnReader& column) {
  if (column.type() != StoredColumnType::kText) return absl::OkStatus();
  ColumnText last;
  for (uint32_t ordinal = 0; ordinal < column.num_ordinals(); ++ordinal) {
    ASSIGN_OR_RETURN(ColumnText text, column.Text(ordinal));
    if (ordinal > 0 && text <= last) {
      return Wrong(segment, column, absl::StrCat("text ", ordinal, " is out of order"));
    }
    last = std::move(text);
  }
  return absl::OkStatus();
}

absl::Status CheckValues(const SegmentReader& segment, const ColumnReader& column) {
  uint64_t num_values = 0;
  for (DocId doc = 0; doc < segment.num_docs(); ++doc) {
    ASSIGN_OR_RETURN(const uint32_t count, column.NumValues(doc));
    for (uint32_t i = 0; i < count; ++i) RETURN_IF_ERROR(CheckValue(column, doc, i));
    num_values += count;
  }
  if (num_values == column.num_values()) return absl::OkStatus();
  return Wrong(segment, column,
               absl::StrCat("documents have ", num_values, " values of ", column.num_values()));
}

}  // namespace

absl::Status CheckColumnValues(const SegmentReader& segment) {
  for (const ColumnReader& column : segment.columns().columns()) {
    RETURN_IF_ERROR(CheckTexts(segment, column));
    RETURN_IF_ERROR(CheckValues(segment, column));
  }
  return absl::OkStatus();
}

}  // namespace ibid
