// Writes the columns section from front to back, for those who know a column's values before they
// write it and can go through them twice.
//
//   ColumnStreamWriter columns(&section);
//   FrontCodedWriter texts(FrontCodedForm::kWithOriginal, columns.BeginColumn("source", type));
//   ...                                                            // the dictionary, then:
//   const ColumnForm form = columns.BeginValues({.num_values = 2, .largest_code = 1}, num_docs);
//   for (...) columns.AddCode(doc, code);                          // by document
//   if (form == ColumnForm::kList) for (...) columns.AddDoc(doc);  // the same values again
//   RETURN_IF_ERROR(columns.EndColumn());                          // then the next column
//   RETURN_IF_ERROR(columns.Finish());
//
// Memory: 64 KiB and the columns' descriptions, whatever they hold. Not thread-safe.
#ifndef IBID_COMMON_FORMAT_COLUMN_STREAM_H_
#define IBID_COMMON_FORMAT_COLUMN_STREAM_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "common/base/byte_writer.h"
#include "common/format/columns.h"
#include "common/format/manifest.h"
#include "common/format/packed.h"
#include "common/format/segment_file.h"
#include "ibid/types.h"

namespace ibid {

// What is known of a column's values before they are written.
struct ColumnFacts {
  uint64_t num_values = 0;
  bool single = true;  // no document has more than one
  uint64_t largest_code = 0;
  uint32_t num_ordinals = 0;  // in the dictionary
  int64_t base = 0;           // an integer is base + unit * code
  uint64_t unit = 1;
};

class ColumnStreamWriter {
 public:
  explicit ColumnStreamWriter(SectionBuffer* out) : out_(out) {}
  ColumnStreamWriter(const ColumnStreamWriter&) = delete;
  ColumnStreamWriter& operator=(const ColumnStreamWriter&) = delete;

  // Names increase from column to column. The dictionary is to be appended to what is returned.
  SectionBuffer* BeginColumn(std::string_view name, StoredColumnType type);
  // Chooses the smallest form that can hold the values.
  ColumnForm BeginValues(const ColumnFacts& facts, uint32_t num_docs);
  void AddCode(DocId doc, uint64_t code);  // documents never decrease
  void AddDoc(DocId doc);                  // list form only, behind the last code
  // InvalidArgument where the values are not those that the facts told of.
  absl::Status EndColumn();
  absl::Status Finish();

 private:
  void ChooseForm(const ColumnFacts& facts);
  void BeginPacked(unsigned width);
  void EndPacked();
  void EndCodes();
  void Pack(uint64_t number);
  void Refuse();

  SectionBuffer* out_;
  ByteWriter directory_;
  uint32_t num_columns_ = 0;
  absl::Status status_;

  // Of the column being written.
  std::string name_;
  StoredColumnType type_ = StoredColumnType::kText;
  uint64_t begin_ = 0;  // in the section
  uint64_t dictionary_bytes_ = 0;
  ColumnFacts facts_;
  uint32_t num_docs_ = 0;
  ColumnForm form_ = ColumnForm::kList;
  unsigned values_width_ = 0;
  unsigned docs_width_ = 0;
  uint64_t next_doc_ = 0;
  uint64_t num_codes_ = 0;
  uint64_t num_list_docs_ = 0;
  std::string bytes_;
  std::optional<PackedAppender> packed_;
};

}  // namespace ibid

#endif  // IBID_COMMON_FORMAT_COLUMN_STREAM_H_
