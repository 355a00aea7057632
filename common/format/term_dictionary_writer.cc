#include <algorithm>
#include <functional>

#include "common/base/strings.h"
#include "common/format/byte_scanner.h"
#include "common/format/packed.h"
#include "common/format/term_dictionary.h"
#include "common/format/term_record.h"
#include "ibid/limits.h"

namespace ibid {

TermDictionaryWriter::TermDictionaryWriter(DictionaryKind kind, SectionBuffer* out)
    : kind_(kind), out_(out) {}

absl::Status TermDictionaryWriter::CheckTerm(std::string_view term, const TermInfo& info) const {
  if (term.empty() || term.size() > MaxDictionaryTermBytes(kind_)) {
    return absl::InvalidArgumentError(StrCat("term of ", term.size(), " bytes"));
  }
  if (num_terms_ > 0 && term <= last_term_) {
    return absl::InvalidArgumentError("terms do not increase");
  }
  const bool single_form = kind_ == DictionaryKind::kStems && info.forms.size() == 1;
  if ((kind_ == DictionaryKind::kStems) == info.forms.empty() ||
      (info.doc_freq == 0 && !single_form) || info.total_freq < info.doc_freq ||
      std::adjacent_find(info.forms.begin(), info.forms.end(), std::greater_equal<>()) !=
          info.forms.end()) {
    return absl::InvalidArgumentError("term without postings, or forms that do not increase");
  }
  if (kind_ == DictionaryKind::kTerms && !info.inlined && info.positions_bytes == 0) {
    return absl::InvalidArgumentError("term without positions");
  }
  return absl::OkStatus();
}

absl::Status TermDictionaryWriter::Add(std::string_view term, const TermInfo& info) {
  if (absl::Status status = CheckTerm(term, info); !status.ok()) return status;
  if (num_terms_ % kDictionaryBlockTerms == 0) BeginBlock(term);
  const bool first = num_terms_ % kDictionaryBlockTerms == 0;
  size_t prefix = 0;
  if (!first) {
    const size_t limit = std::min(term.size() - 1, last_term_.size());
    while (prefix < limit && term[prefix] == last_term_[prefix]) ++prefix;
  }
  const size_t suffix = term.size() - prefix;
  const size_t low = std::min<size_t>(suffix - 1, kLongLength);
  const size_t high = std::min<size_t>(prefix, kLongLength);
  block_.U8(static_cast<uint8_t>(low | high << 4));
  if (high == kLongLength) block_.Varint64(prefix - kLongLength);
  if (low == kLongLength) block_.Varint64(suffix - 1 - kLongLength);
  block_.Bytes(term.substr(prefix));
  if (kind_ == DictionaryKind::kStems) AppendForms(info);
  if (kind_ != DictionaryKind::kStems || info.forms.size() > 1) AppendInfo(info);
  last_term_.assign(term);
  ++num_terms_;
  num_postings_ += info.doc_freq;
  num_positions_ += info.total_freq;
  return absl::OkStatus();
}

void TermDictionaryWriter::BeginBlock(std::string_view term) {
  out_->Append(block_.view());
  block_.Clear();
  block_keys_.push_back(DictionaryBlockKey(term));
  block_offsets_.push_back(out_->size());
  place_.form = 0;
  block_.Varint64(place_.postings_offset);
  if (kind_ != DictionaryKind::kStems) block_.Varint64(place_.positions_offset);
}

void TermDictionaryWriter::AppendForms(const TermInfo& info) {
  block_.Varint64(info.forms.size());
  block_.Varint64(ZigZag(int64_t{info.forms[0]} - int64_t{place_.form}));
  for (size_t i = 1; i < info.forms.size(); ++i) {
    block_.Varint64(info.forms[i] - info.forms[i - 1] - 1);
  }
  place_.form = info.forms[0];
}

void TermDictionaryWriter::AppendInfo(const TermInfo& info) {
  if (info.inlined) {
    block_.Varint64(kInlineHead);
    block_.Varint64(info.inline_doc);
    block_.Varint64(info.inline_position);
    return;
  }
  const bool with_positions = info.positions_bytes > 0;
  if (info.postings_offset != place_.postings_offset ||
      (with_positions && info.positions_offset != place_.positions_offset)) {
    block_.Varint64(kPlaceHead);
    place_.postings_offset = info.postings_offset;
    if (with_positions) place_.positions_offset = info.positions_offset;
    block_.Varint64(place_.postings_offset);
    if (kind_ != DictionaryKind::kStems) block_.Varint64(place_.positions_offset);
  }
  const bool once_each = info.total_freq == info.doc_freq;
  block_.Varint64(uint64_t{info.doc_freq} << 1 | (once_each ? 1 : 0));
  if (!once_each) block_.Varint64(info.total_freq - info.doc_freq);
  block_.Varint64(info.postings_bytes);
  if (kind_ != DictionaryKind::kStems) block_.Varint64(info.positions_bytes);
  block_.U8(info.max_impact);
  for (size_t i = 0; i < kKthRanks.size(); ++i) {
    if (info.doc_freq >= kKthRanks[i]) block_.U8(info.kth_impacts[i]);
  }
  place_.postings_offset += info.postings_bytes;
  place_.positions_offset += info.positions_bytes;
}

absl::Status TermDictionaryWriter::Finish() {
  out_->Append(block_.view());
  const uint64_t blocks_bytes = out_->size();
  const unsigned width = PackedWidth(block_offsets_.empty() ? 0 : block_offsets_.back());
  AppendPacked(block_keys_, 64, out_);
  AppendPacked(block_offsets_, width, out_);
  ByteWriter index;
  index.U64(blocks_bytes);
  index.U32(num_terms_);
  index.U16(0);  // flags
  index.U8(static_cast<uint8_t>(width));
  index.U8(0);
  out_->Append(index.view());
  return out_->status();
}

}  // namespace ibid
