#include "common/format/front_coded.h"

#include <algorithm>
#include <utility>

#include "common/base/status_macros.h"
#include "common/format/byte_scanner.h"
#include "common/format/packed.h"

namespace ibid {
namespace {

// Half a length byte that says: a varint with the rest follows.
constexpr size_t kLongPart = 15;
constexpr uint64_t kBlocksBytesField = 8;

void AppendLengths(size_t prefix, size_t suffix, ByteWriter* out) {
  const size_t high = std::min(prefix, kLongPart), low = std::min(suffix, kLongPart);
  out->U8(static_cast<uint8_t>(high << 4 | low));
  if (high == kLongPart) out->Varint64(prefix - kLongPart);
  if (low == kLongPart) out->Varint64(suffix - kLongPart);
}

}  // namespace

void FrontCodedWriter::Add(std::string_view string, std::string_view original) {
  size_t prefix = 0;
  if (num_strings_ % kFrontCodedBlock == 0) {
    out_->Append(block_.view());
    block_.Clear();
    offsets_.Add(out_->size() - begin_);
  } else {
    const size_t limit = std::min(string.size(), last_.size());
    while (prefix < limit && string[prefix] == last_[prefix]) ++prefix;
  }
  AppendLengths(prefix, string.size() - prefix, &block_);
  block_.Bytes(string.substr(prefix));
  if (form_ == FrontCodedForm::kWithOriginal) {
    block_.Varint64(original == string ? 0 : original.size() + 1);
    if (original != string) block_.Bytes(original);
  }
  last_.assign(string);
  ++num_strings_;
}

uint64_t FrontCodedWriter::Finish() {
  out_->Append(block_.view());
  const uint64_t blocks_bytes = out_->size() - begin_;
  offsets_.Add(blocks_bytes);
  out_->Append(offsets_.Finish());
  ByteWriter tail;
  tail.U64(blocks_bytes);
  out_->Append(tail.view());
  return out_->size() - begin_;
}

// Walks the strings of one block.
class FrontCodedReader::Scan {
 public:
  Scan(FrontCodedForm form, std::span<const uint8_t> bytes) : form_(form), in_(bytes) {}

  bool Next() {
    const uint8_t byte = in_.U8();
    uint64_t prefix = byte >> 4, suffix = byte & 15;
    if (prefix == kLongPart) prefix += in_.Varint(UINT32_MAX);
    if (suffix == kLongPart) suffix += in_.Varint(UINT32_MAX);
    const std::string_view rest = in_.Bytes(suffix);
    if (!in_.ok() || prefix > string_.size()) return false;
    string_.resize(prefix);
    string_.append(rest);
    if (form_ == FrontCodedForm::kPlain) return true;
    const uint64_t code = in_.Varint();
    same_ = code == 0;
    if (!same_) original_ = in_.Bytes(code - 1);
    return in_.ok();
  }
  const std::string& string() const { return string_; }
  std::string_view original() const { return same_ ? std::string_view(string_) : original_; }

 private:
  FrontCodedForm form_;
  ByteScanner in_;
  std::string string_;
  std::string_view original_;
  bool same_ = true;
};

absl::StatusOr<FrontCodedReader> FrontCodedReader::Open(FrontCodedForm form, Section section,
                                                        uint64_t offset, uint64_t bytes,
                                                        uint32_t num_strings) {
  FrontCodedReader reader;
  if (bytes < kBlocksBytesField || offset > section.size() || bytes > section.size() - offset) {
    return section.Corrupt(offset, "no room for the strings");
  }
  const uint64_t field = offset + bytes - kBlocksBytesField;
  ASSIGN_OR_RETURN(const auto tail, section.Read(field, kBlocksBytesField));
  const uint64_t blocks_bytes = LoadU64(tail.data());
  if (blocks_bytes > bytes - kBlocksBytesField) {
    return section.Corrupt(field, "no room for the strings");
  }
  const uint64_t num_blocks = (uint64_t{num_strings} + kFrontCodedBlock - 1) / kFrontCodedBlock;
  ASSIGN_OR_RETURN(reader.offsets_, PackedOffsetsReader::Open(
                                        section, offset + blocks_bytes,
                                        bytes - kBlocksBytesField - blocks_bytes, num_blocks + 1));
  reader.form_ = form;
  reader.section_ = section;
  reader.offset_ = offset;
  reader.blocks_bytes_ = blocks_bytes;
  reader.num_strings_ = num_strings;
  return reader;
}

// Stands on the first string of the block.
absl::StatusOr<FrontCodedReader::Scan> FrontCodedReader::Enter(uint32_t block) const {
  ASSIGN_OR_RETURN(const auto range, offsets_.GetRange(block));
  if (range.second > blocks_bytes_) return section_.Corrupt(offset_, "damaged strings");
  ASSIGN_OR_RETURN(const auto bytes,
                   section_.Read(offset_ + range.first, range.second - range.first));
  Scan scan(form_, bytes);
  if (!scan.Next()) return section_.Corrupt(offset_ + range.first, "damaged strings");
  return scan;
}

absl::StatusOr<FrontCodedReader::Entry> FrontCodedReader::Get(uint32_t ordinal) const {
  if (ordinal >= num_strings_) return section_.Corrupt(offset_, "number of a string out of range");
  ASSIGN_OR_RETURN(Scan scan, Enter(ordinal / kFrontCodedBlock));
  for (uint32_t i = ordinal % kFrontCodedBlock; i > 0; --i) {
    if (!scan.Next()) return section_.Corrupt(offset_, "damaged strings");
  }
  return Entry{scan.string(), std::string(scan.original())};
}

absl::StatusOr<FrontCodedReader::Place> FrontCodedReader::Find(std::string_view string,
                                                               bool after_equal) const {
  const auto precedes = [&](const Scan& scan) {
    return after_equal ? scan.string() <= string : scan.string() < string;
  };
  // Blocks before `low` begin with a string that precedes the place, from `high` on none does.
  uint32_t low = 0;
  uint32_t high = num_strings_ / kFrontCodedBlock + (num_strings_ % kFrontCodedBlock > 0 ? 1 : 0);
  while (low < high) {
    const uint32_t middle = low + (high - low) / 2;
    ASSIGN_OR_RETURN(const Scan scan, Enter(middle));
    if (precedes(scan)) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  uint32_t ordinal = low * kFrontCodedBlock;
  if (low > 0) {
    ASSIGN_OR_RETURN(Scan scan, Enter(low - 1));
    const uint32_t end = std::min(ordinal, num_strings_);
    for (ordinal -= kFrontCodedBlock; precedes(scan);) {
      if (++ordinal == end) break;
      if (!scan.Next()) return section_.Corrupt(offset_, "damaged strings");
    }
    if (ordinal < end) return Place{ordinal, scan.string() == string};
  }
  if (ordinal >= num_strings_) return Place{num_strings_, false};
  ASSIGN_OR_RETURN(const Scan scan, Enter(low));
  return Place{ordinal, scan.string() == string};
}

// ---- FrontCodedCursor --------------------------------------------------------------------------

FrontCodedCursor::FrontCodedCursor(const FrontCodedReader* reader)
    : reader_(reader),
      scan_(std::make_unique<FrontCodedReader::Scan>(reader->form_, std::span<const uint8_t>())) {}
FrontCodedCursor::FrontCodedCursor(FrontCodedCursor&&) noexcept = default;
FrontCodedCursor::~FrontCodedCursor() = default;

absl::StatusOr<bool> FrontCodedCursor::Next() {
  if (next_ == reader_->num_strings_) return false;
  if (next_ % kFrontCodedBlock == 0) {
    ASSIGN_OR_RETURN(*scan_, reader_->Enter(next_ / kFrontCodedBlock));
  } else if (!scan_->Next()) {
    return reader_->section_.Corrupt(reader_->offset_, "damaged strings");
  }
  ++next_;
  return true;
}

std::string_view FrontCodedCursor::string() const { return scan_->string(); }
std::string_view FrontCodedCursor::original() const { return scan_->original(); }

}  // namespace ibid
