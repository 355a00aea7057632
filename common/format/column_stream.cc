#include "common/format/column_stream.h"

#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/format/byte_scanner.h"

namespace ibid {
namespace {

constexpr size_t kAppendBytes = size_t{64} << 10;

}  // namespace

SectionBuffer* ColumnStreamWriter::BeginColumn(std::string_view name, StoredColumnType type) {
  name_ = name;
  type_ = type;
  begin_ = out_->size();
  return out_;
}

ColumnForm ColumnStreamWriter::BeginValues(const ColumnFacts& facts, uint32_t num_docs) {
  dictionary_bytes_ = out_->size() - begin_;
  facts_ = facts;
  num_docs_ = num_docs;
  next_doc_ = num_codes_ = num_list_docs_ = 0;
  ChooseForm(facts);
  BeginPacked(values_width_);
  return form_;
}

void ColumnStreamWriter::ChooseForm(const ColumnFacts& facts) {
  form_ = ColumnForm::kDense;
  values_width_ = PackedWidth(facts.largest_code);
  docs_width_ = 0;
  if (facts.single && facts.num_values == num_docs_) return;
  const unsigned docs_width = PackedWidth(num_docs_ == 0 ? 0 : num_docs_ - 1);
  if (facts.single && facts.largest_code < UINT64_MAX) {
    const unsigned slot_width = PackedWidth(facts.largest_code + 1);
    if (uint64_t{num_docs_} * slot_width <=
        facts.num_values * uint64_t{values_width_ + docs_width}) {
      form_ = ColumnForm::kSlots;
      values_width_ = slot_width;
      return;
    }
  }
  form_ = ColumnForm::kList;
  docs_width_ = docs_width;
}

void ColumnStreamWriter::Refuse() {
  status_.Update(absl::InvalidArgumentError(
      StrCat("column ", name_, ": values of documents that are not there, or not in their order")));
}

void ColumnStreamWriter::BeginPacked(unsigned width) {
  bytes_.clear();
  packed_.emplace(width, &bytes_);
}

void ColumnStreamWriter::Pack(uint64_t number) {
  packed_->Add(number);
  if (bytes_.size() < kAppendBytes) return;
  out_->Append(bytes_);
  bytes_.clear();
}

void ColumnStreamWriter::EndPacked() {
  packed_->Finish();
  out_->Append(bytes_);
  bytes_.clear();
}

void ColumnStreamWriter::AddCode(DocId doc, uint64_t code) {
  const bool is_list = form_ == ColumnForm::kList;
  if (doc >= num_docs_ || doc < next_doc_ || code > facts_.largest_code ||
      (form_ == ColumnForm::kDense && doc != next_doc_)) {
    return Refuse();
  }
  ++num_codes_;
  if (form_ == ColumnForm::kSlots) {
    for (; next_doc_ < doc; ++next_doc_) Pack(0);
    ++code;
  }
  next_doc_ = is_list ? doc : uint64_t{doc} + 1;
  Pack(code);
}

// Behind the last code.
void ColumnStreamWriter::EndCodes() {
  if (form_ == ColumnForm::kSlots) {
    for (; next_doc_ < num_docs_; ++next_doc_) Pack(0);
  }
  EndPacked();
  if (num_codes_ != facts_.num_values) Refuse();
  if (form_ == ColumnForm::kList) BeginPacked(docs_width_);
  next_doc_ = 0;
}

void ColumnStreamWriter::AddDoc(DocId doc) {
  if (num_list_docs_++ == 0) EndCodes();
  if (doc >= num_docs_ || doc < next_doc_) return Refuse();
  next_doc_ = doc;
  Pack(doc);
}

absl::Status ColumnStreamWriter::EndColumn() {
  const bool is_list = form_ == ColumnForm::kList;
  if (num_list_docs_ == 0) EndCodes();
  if (is_list) EndPacked();
  if (num_list_docs_ != (is_list ? num_codes_ : 0)) Refuse();
  RETURN_IF_ERROR(status_);
  ++num_columns_;
  directory_.LengthPrefixed(name_);
  directory_.U8(static_cast<uint8_t>(type_));
  directory_.U8(static_cast<uint8_t>(form_));
  directory_.U8(static_cast<uint8_t>(values_width_));
  directory_.U8(static_cast<uint8_t>(docs_width_));
  directory_.Varint64(begin_);
  directory_.Varint64(out_->size() - begin_);
  directory_.Varint64(dictionary_bytes_);
  directory_.Varint32(facts_.num_ordinals);
  directory_.Varint64(facts_.num_values);
  directory_.Varint64(ZigZag(facts_.base));
  directory_.Varint64(facts_.unit);
  return out_->status();
}

absl::Status ColumnStreamWriter::Finish() {
  RETURN_IF_ERROR(status_);
  directory_.U64(out_->size());
  directory_.U32(num_columns_);
  directory_.U32(0);
  out_->Append(directory_.view());
  return out_->status();
}

}  // namespace ibid
