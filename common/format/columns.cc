#include "common/format/columns.h"

#include <bit>
#include <cmath>

#include "common/base/byte_reader.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/format/byte_scanner.h"
#include "common/format/packed.h"
#include "ibid/limits.h"

namespace ibid {
namespace {

constexpr uint64_t kTrailerBytes = 16;
constexpr size_t kMaxNameBytes = 255;
// Of a text in a dictionary: its lengths, and that of its original.
constexpr uint64_t kMinTextBytes = 2;
// Values that a cursor passes one by one before it searches.
constexpr int kLinearSteps = 32;

}  // namespace

absl::StatusOr<ColumnReader> ColumnReader::Open(const Section& section, uint32_t num_docs,
                                                uint64_t end, ByteReader* in) {
  ColumnReader column;
  column.section_ = section;
  column.num_docs_ = num_docs;
  ASSIGN_OR_RETURN(const std::string_view name, in->LengthPrefixed(kMaxNameBytes));
  column.name_ = name;
  ASSIGN_OR_RETURN(const uint8_t type, in->U8());
  ASSIGN_OR_RETURN(const uint8_t form, in->U8());
  ASSIGN_OR_RETURN(column.values_width_, in->U8());
  ASSIGN_OR_RETURN(column.docs_width_, in->U8());
  ASSIGN_OR_RETURN(const uint64_t begin, in->Varint64());
  ASSIGN_OR_RETURN(column.size_bytes_, in->Varint64());
  ASSIGN_OR_RETURN(const uint64_t dictionary_bytes, in->Varint64());
  ASSIGN_OR_RETURN(column.num_ordinals_, in->Varint32());
  ASSIGN_OR_RETURN(column.num_values_, in->Varint64());
  ASSIGN_OR_RETURN(const uint64_t base, in->Varint64());
  ASSIGN_OR_RETURN(column.unit_, in->Varint64());
  column.base_ = UnZigZag(base);
  if (type > static_cast<uint8_t>(StoredColumnType::kDate) ||
      form > static_cast<uint8_t>(ColumnForm::kList)) {
    return in->Corrupt("unknown type or form of a column");
  }
  column.type_ = static_cast<StoredColumnType>(type);
  column.form_ = static_cast<ColumnForm>(form);
  const bool is_list = column.form_ == ColumnForm::kList;
  const uint64_t num_packed = is_list ? column.num_values_ : num_docs;
  if (!IsPackedWidth(column.values_width_) || column.docs_width_ > 32 || begin > end ||
      column.size_bytes_ > end - begin || dictionary_bytes > column.size_bytes_ ||
      num_packed > uint64_t{1} << 40 || column.unit_ == 0 ||
      (is_list && column.docs_width_ == 0 && column.num_values_ > kMaxColumnValues) ||
      column.size_bytes_ - dictionary_bytes !=
          PackedArrayBytes(num_packed, column.values_width_) +
              (is_list ? PackedArrayBytes(num_packed, column.docs_width_) : 0)) {
    return in->Corrupt("sizes of a column do not add up");
  }
  column.dictionary_offset_ = begin;
  column.values_offset_ = begin + dictionary_bytes;
  column.docs_offset_ = column.values_offset_ + PackedArrayBytes(num_packed, column.values_width_);
  if (column.type_ == StoredColumnType::kReal &&
      dictionary_bytes != uint64_t{8} * column.num_ordinals_) {
    return in->Corrupt("sizes of a column do not add up");
  }
  if (column.type_ == StoredColumnType::kText) {
    if (column.num_ordinals_ > dictionary_bytes / kMinTextBytes) {
      return in->Corrupt("sizes of a column do not add up");
    }
    ASSIGN_OR_RETURN(column.texts_,
                     FrontCodedReader::Open(FrontCodedForm::kWithOriginal, section, begin,
                                            dictionary_bytes, column.num_ordinals_));
  }
  return column;
}

absl::StatusOr<uint64_t> ColumnReader::Packed(uint64_t offset, uint64_t index,
                                              unsigned width) const {
  const uint64_t first = index * width / 8;
  const uint64_t end = PackedArrayBytes(index + 1, width);
  if (!section_.Touch(offset + first, end - first)) {
    RETURN_IF_ERROR(section_.Read(offset + first, end - first).status());
  }
  return LoadPacked(section_.data() + offset, index, width);
}

absl::StatusOr<uint64_t> ColumnReader::FirstValueOf(uint64_t doc) const {
  uint64_t low = 0, high = num_values_;
  while (low < high) {
    const uint64_t middle = low + (high - low) / 2;
    ASSIGN_OR_RETURN(const uint64_t middle_doc, Packed(docs_offset_, middle, docs_width_));
    if (middle_doc < doc) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

absl::StatusOr<uint32_t> ColumnReader::NumValues(DocId doc) const {
  if (doc >= num_docs_) return section_.Corrupt(0, "number of a document out of range");
  if (form_ == ColumnForm::kDense) return 1;
  if (form_ == ColumnForm::kSlots) {
    ASSIGN_OR_RETURN(const uint64_t code, Packed(values_offset_, doc, values_width_));
    return code == 0 ? 0 : 1;
  }
  ASSIGN_OR_RETURN(const uint64_t first, FirstValueOf(doc));
  ASSIGN_OR_RETURN(const uint64_t end, FirstValueOf(uint64_t{doc} + 1));
  if (end < first || end - first > kMaxColumnValues) {
    return section_.Corrupt(docs_offset_, "values of a column are not in the order of documents");
  }
  return static_cast<uint32_t>(end - first);
}

absl::StatusOr<uint64_t> ColumnReader::Code(DocId doc, uint32_t i) const {
  const auto none = [&] {
    return section_.Corrupt(values_offset_,
                            StrCat("column ", name_, ": document ", doc, " has no value ", i));
  };
  if (doc >= num_docs_) return none();
  if (form_ == ColumnForm::kList) {
    ASSIGN_OR_RETURN(const uint64_t first, FirstValueOf(doc));
    if (i >= num_values_ - first) return none();
    ASSIGN_OR_RETURN(const uint64_t value_doc, Packed(docs_offset_, first + i, docs_width_));
    if (value_doc != doc) return none();
    return Packed(values_offset_, first + i, values_width_);
  }
  if (i > 0) return none();
  ASSIGN_OR_RETURN(const uint64_t code, Packed(values_offset_, doc, values_width_));
  if (form_ == ColumnForm::kDense) return code;
  if (code == 0) return none();
  return code - 1;
}

absl::Status ColumnReader::CheckIntegers() const {
  if (has_integers()) return absl::OkStatus();
  return absl::InvalidArgumentError(StrCat("column ", name_, " has no integers"));
}

absl::StatusOr<double> ColumnReader::RealOf(uint64_t code) const {
  if (type_ == StoredColumnType::kInteger) return static_cast<double>(IntegerOf(code));
  if (type_ != StoredColumnType::kReal) {
    return absl::InvalidArgumentError(StrCat("column ", name_, " has no reals"));
  }
  if (code >= num_ordinals_) return section_.Corrupt(values_offset_, "number of a real too large");
  ASSIGN_OR_RETURN(const uint64_t bits, Packed(dictionary_offset_, code, 64));
  const double real = std::bit_cast<double>(bits);
  if (!std::isfinite(real)) return section_.Corrupt(dictionary_offset_, "a real is not finite");
  return real;
}

absl::StatusOr<uint32_t> ColumnReader::OrdinalOf(uint64_t code) const {
  if (type_ != StoredColumnType::kText) {
    return absl::InvalidArgumentError(StrCat("column ", name_, " has no texts"));
  }
  if (code >= num_ordinals_) return section_.Corrupt(values_offset_, "number of a text too large");
  return static_cast<uint32_t>(code);
}

absl::StatusOr<int64_t> ColumnReader::Integer(DocId doc, uint32_t i) const {
  if (!has_integers()) return CheckIntegers();
  ASSIGN_OR_RETURN(const uint64_t code, Code(doc, i));
  return IntegerOf(code);
}

absl::StatusOr<double> ColumnReader::Real(DocId doc, uint32_t i) const {
  ASSIGN_OR_RETURN(const uint64_t code, Code(doc, i));
  return RealOf(code);
}

absl::StatusOr<uint32_t> ColumnReader::Ordinal(DocId doc, uint32_t i) const {
  ASSIGN_OR_RETURN(const uint64_t code, Code(doc, i));
  return OrdinalOf(code);
}

absl::StatusOr<ColumnText> ColumnReader::Text(uint32_t ordinal) const {
  ASSIGN_OR_RETURN(FrontCodedReader::Entry entry, texts_.Get(ordinal));
  return ColumnText{std::move(entry.string), std::move(entry.original)};
}

absl::StatusOr<std::pair<uint32_t, uint32_t>> ColumnReader::FindText(
    std::string_view folded) const {
  return FindTextRange(folded, true, folded, true);
}

absl::StatusOr<std::pair<uint32_t, uint32_t>> ColumnReader::FindTextRange(
    std::optional<std::string_view> lower, bool lower_inclusive,
    std::optional<std::string_view> upper, bool upper_inclusive) const {
  std::pair<uint32_t, uint32_t> range(0, num_ordinals_);
  if (type_ != StoredColumnType::kText) {
    return absl::InvalidArgumentError(StrCat("column ", name_, " has no texts"));
  }
  if (lower.has_value()) {
    ASSIGN_OR_RETURN(const auto place, texts_.Find(*lower, /*after_equal=*/!lower_inclusive));
    range.first = place.ordinal;
  }
  if (upper.has_value()) {
    ASSIGN_OR_RETURN(const auto place, texts_.Find(*upper, /*after_equal=*/upper_inclusive));
    range.second = place.ordinal;
  }
  if (range.second < range.first) range.second = range.first;
  return range;
}

// ---- ColumnCursor ------------------------------------------------------------------------------

absl::Status ColumnCursor::Seek(DocId doc) {
  const ColumnReader& column = *column_;
  if (doc >= column.num_docs_) {
    return column.section_.Corrupt(0, "number of a document out of range");
  }
  if (column.form_ == ColumnForm::kList) return SeekInList(doc);
  ASSIGN_OR_RETURN(code_, column.Packed(column.values_offset_, doc, column.values_width_));
  num_values_ = 1;
  if (column.form_ == ColumnForm::kDense) return absl::OkStatus();
  if (code_ == 0) num_values_ = 0;
  --code_;
  return absl::OkStatus();
}

absl::Status ColumnCursor::SeekInList(DocId doc) {
  const ColumnReader& column = *column_;
  const auto doc_of = [&](uint64_t value) {
    return column.Packed(column.docs_offset_, value, column.docs_width_);
  };
  uint64_t at = begin_ + num_values_;
  if (doc < next_doc_) {
    ASSIGN_OR_RETURN(at, column.FirstValueOf(doc));
  }
  for (int steps = 0; at < column.num_values_; ++at, ++steps) {
    ASSIGN_OR_RETURN(const uint64_t other, doc_of(at));
    if (other >= doc) break;
    if (steps < kLinearSteps) continue;
    ASSIGN_OR_RETURN(at, column.FirstValueOf(doc));
    break;
  }
  begin_ = at;
  uint64_t last = doc;
  for (; at < column.num_values_; ++at) {
    ASSIGN_OR_RETURN(last, doc_of(at));
    if (last != doc) break;
  }
  if (last < doc || at - begin_ > kMaxColumnValues) {
    return column.section_.Corrupt(column.docs_offset_,
                                   "values of a column are not in the order of documents");
  }
  num_values_ = static_cast<uint32_t>(at - begin_);
  next_doc_ = uint64_t{doc} + 1;
  return absl::OkStatus();
}

absl::StatusOr<uint64_t> ColumnCursor::Code(uint32_t i) const {
  if (i >= num_values_) return absl::InvalidArgumentError("no such value of a document");
  if (column_->form_ != ColumnForm::kList) return code_;
  return column_->Packed(column_->values_offset_, begin_ + i, column_->values_width_);
}

absl::StatusOr<int64_t> ColumnCursor::Integer(uint32_t i) const {
  RETURN_IF_ERROR(column_->CheckIntegers());
  ASSIGN_OR_RETURN(const uint64_t code, Code(i));
  return column_->IntegerOf(code);
}

absl::StatusOr<double> ColumnCursor::Real(uint32_t i) const {
  ASSIGN_OR_RETURN(const uint64_t code, Code(i));
  return column_->RealOf(code);
}

absl::StatusOr<uint32_t> ColumnCursor::Ordinal(uint32_t i) const {
  ASSIGN_OR_RETURN(const uint64_t code, Code(i));
  return column_->OrdinalOf(code);
}

// ---- ColumnsReader -----------------------------------------------------------------------------

absl::StatusOr<ColumnsReader> ColumnsReader::Open(Section section, uint32_t num_docs) {
  ColumnsReader reader;
  reader.section_ = section;
  if (section.empty()) return reader;
  if (section.size() < kTrailerBytes) return section.Corrupt(0, "too short");
  const uint64_t trailer = section.size() - kTrailerBytes;
  ASSIGN_OR_RETURN(const auto trailer_bytes, section.Read(trailer, kTrailerBytes));
  const uint64_t directory = LoadU64(trailer_bytes.data());
  const uint32_t num_columns = LoadU32(trailer_bytes.data() + 8);
  if (directory > trailer || num_columns > kMaxSegmentColumns ||
      LoadU32(trailer_bytes.data() + 12) != 0) {
    return section.Corrupt(trailer, "damaged directory of columns");
  }
  ASSIGN_OR_RETURN(const auto bytes, section.Read(directory, trailer - directory));
  ByteReader in(bytes, section.name());
  for (uint32_t i = 0; i < num_columns; ++i) {
    ASSIGN_OR_RETURN(ColumnReader column, ColumnReader::Open(section, num_docs, directory, &in));
    if (i > 0 && column.name() <= reader.columns_.back().name()) {
      return in.Corrupt("columns are not sorted by their names");
    }
    reader.columns_.push_back(std::move(column));
  }
  if (!in.empty()) return in.Corrupt("columns end early");
  return reader;
}

const ColumnReader* ColumnsReader::Find(std::string_view name) const {
  for (const ColumnReader& column : columns_) {
    if (column.name() == name) return &column;
  }
  return nullptr;
}

absl::Status ColumnsReader::CheckTypes(const Manifest& manifest) const {
  for (const ColumnReader& column : columns_) {
    if (column.name().starts_with('_')) continue;
    const auto known = std::find_if(manifest.columns.begin(), manifest.columns.end(),
                                    [&](const auto& c) { return c.first == column.name(); });
    const bool fits =
        known != manifest.columns.end() &&
        (known->second == column.type() ||
         (known->second == StoredColumnType::kReal && column.type() == StoredColumnType::kInteger));
    if (!fits) {
      return section_.Corrupt(
          0, StrCat("column ", column.name(), " is not of the type that the manifest has for it"));
    }
  }
  return absl::OkStatus();
}

}  // namespace ibid
