// Columns: typed values of documents beside their text, for filters, ranges and sorting.
#ifndef IBID_COMMON_FORMAT_COLUMNS_H_
#define IBID_COMMON_FORMAT_COLUMNS_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/format/front_coded.h"
#include "common/format/manifest.h"
#include "common/format/segment_file.h"
#include "ibid/limits.h"
#include "ibid/types.h"

namespace ibid {

class ByteReader;

// Columns of a segment: those of documents, and a few that the library keeps for itself.
inline constexpr size_t kMaxSegmentColumns = kMaxFields + 8;
// Values of one document in one column.
inline constexpr uint32_t kMaxColumnValues = uint32_t{1} << 21;

// A value of a text column: compared by its folded form, shown as it was given.
struct ColumnText {
  std::string folded;
  std::string original;

  auto operator<=>(const ColumnText&) const = default;
};

// The values of one document in one column; which member is used follows from the column's type
// (dates are seconds since 1970-01-01T00:00:00Z in `integers`).
struct ColumnValues {
  std::vector<ColumnText> texts;
  std::vector<int64_t> integers;
  std::vector<double> reals;  // finite
};

// Gathers the columns of documents that come one by one; a merge, which can go column by column,
// uses column_stream.h instead. Columns may be added at any time (earlier documents have no value);
// an integer column may become a real one. Not thread-safe. Holds all values in memory, texts as
// numbers of distinct values.
class ColumnsWriter {
 public:
  ColumnsWriter();
  ~ColumnsWriter();
  // Documents in any order of calls, but values of one document and column together.
  void Add(DocId doc, std::string_view column, StoredColumnType type, const ColumnValues& values);
  absl::Status Finish(uint32_t num_docs, SectionBuffer* out);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// How a column finds the values of a document.
enum class ColumnForm : uint8_t {
  kDense = 0,  // a number for each document, which has exactly one value
  kSlots = 1,  // a number for each document, 0 standing for no value, else one more than the value
  kList = 2,   // the values sorted by document, with the document of each
};

// One column of one segment. Safe to share by threads; valid while the SegmentFile lives.
class ColumnReader {
 public:
  StoredColumnType type() const { return type_; }
  const std::string& name() const { return name_; }
  uint64_t size_bytes() const { return size_bytes_; }

  // Number of values of `doc` (0: none), at most kMaxColumnValues; value `i` of them. Where a
  // damaged column has fewer than it says, as for any i that is too large: DataLoss.
  absl::StatusOr<uint32_t> NumValues(DocId doc) const;
  absl::StatusOr<int64_t> Integer(DocId doc, uint32_t i) const;   // kInteger, kDate
  absl::StatusOr<double> Real(DocId doc, uint32_t i) const;       // kInteger, kReal
  absl::StatusOr<uint32_t> Ordinal(DocId doc, uint32_t i) const;  // kText: number of the value
  uint32_t num_ordinals() const { return num_ordinals_; }
  const FrontCodedReader& texts() const { return texts_; }  // kText: values by ordinal
  uint64_t num_values() const { return num_values_; }       // of all documents together
  // Distinct values are sorted by folded form, then original.
  absl::StatusOr<ColumnText> Text(uint32_t ordinal) const;
  // The ordinals [first, second) whose folded form is `folded`.
  absl::StatusOr<std::pair<uint32_t, uint32_t>> FindText(std::string_view folded) const;
  // The ordinals [first, second) whose folded form lies between the bounds (none: open).
  absl::StatusOr<std::pair<uint32_t, uint32_t>> FindTextRange(std::optional<std::string_view> lower,
                                                              bool lower_inclusive,
                                                              std::optional<std::string_view> upper,
                                                              bool upper_inclusive) const;

 private:
  friend class ColumnsReader;
  friend class ColumnCursor;
  bool has_integers() const {
    return type_ == StoredColumnType::kInteger || type_ == StoredColumnType::kDate;
  }
  absl::Status CheckIntegers() const;  // InvalidArgument where it has none
  // What a code of the column stands for; an error as of the functions above.
  int64_t IntegerOf(uint64_t code) const {
    return static_cast<int64_t>(static_cast<uint64_t>(base_) + code * unit_);
  }
  absl::StatusOr<double> RealOf(uint64_t code) const;
  absl::StatusOr<uint32_t> OrdinalOf(uint64_t code) const;
  // In the list form: the number of the first value of `doc` or of a later document.
  absl::StatusOr<uint64_t> FirstValueOf(uint64_t doc) const;
  // What is packed for value `i` of `doc`; DataLoss where it has no such value.
  absl::StatusOr<uint64_t> Code(DocId doc, uint32_t i) const;
  absl::StatusOr<uint64_t> Packed(uint64_t offset, uint64_t index, unsigned width) const;
  // Reads the record that describes the column, and checks it against the section.
  static absl::StatusOr<ColumnReader> Open(const Section& section, uint32_t num_docs, uint64_t end,
                                           ByteReader* in);

  Section section_;
  std::string name_;
  StoredColumnType type_ = StoredColumnType::kText;
  uint64_t size_bytes_ = 0;
  uint32_t num_docs_ = 0;
  uint32_t num_ordinals_ = 0;
  ColumnForm form_ = ColumnForm::kSlots;
  uint64_t num_values_ = 0;
  uint64_t dictionary_offset_ = 0;
  uint64_t values_offset_ = 0;
  uint64_t docs_offset_ = 0;  // list form: the document of each value
  unsigned values_width_ = 0;
  unsigned docs_width_ = 0;
  int64_t base_ = 0;  // an integer is base + unit * code
  uint64_t unit_ = 1;
  FrontCodedReader texts_;
};

// Reads the values of one document after another: documents that increase cost O(1) each, a step
// back or a wide one O(log values). Not thread-safe; the column must outlive it.
class ColumnCursor {
 public:
  explicit ColumnCursor(const ColumnReader* column) : column_(column) {}

  // DataLoss for a document that is not there, and where the values are not sorted by document.
  absl::Status Seek(DocId doc);
  // Of the document sought: at most kMaxColumnValues.
  uint32_t num_values() const { return num_values_; }
  // Value i < num_values(); types and errors as ColumnReader has them.
  absl::StatusOr<int64_t> Integer(uint32_t i) const;
  absl::StatusOr<double> Real(uint32_t i) const;
  absl::StatusOr<uint32_t> Ordinal(uint32_t i) const;

 private:
  absl::Status SeekInList(DocId doc);
  absl::StatusOr<uint64_t> Code(uint32_t i) const;

  const ColumnReader* column_;
  uint32_t num_values_ = 0;
  uint64_t code_ = 0;   // dense and slots: of the document's only value
  uint64_t begin_ = 0;  // list: of the document's values
  uint64_t next_doc_ = 0;
};

class ColumnsReader {
 public:
  ColumnsReader() = default;
  static absl::StatusOr<ColumnsReader> Open(Section section, uint32_t num_docs);
  // Null where the segment has no such column.
  const ColumnReader* Find(std::string_view name) const;
  const std::vector<ColumnReader>& columns() const { return columns_; }
  // DataLoss unless each column is one of the manifest's, and of its type or, where that is real,
  // of integers; but for the library's own, whose names begin with '_'. O(columns of both).
  absl::Status CheckTypes(const Manifest& manifest) const;

 private:
  Section section_;
  std::vector<ColumnReader> columns_;
};

}  // namespace ibid

#endif  // IBID_COMMON_FORMAT_COLUMNS_H_
