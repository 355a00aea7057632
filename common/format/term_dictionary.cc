#include "common/format/term_dictionary.h"

#include <algorithm>

#include "common/base/byte_reader.h"
#include "common/base/status_macros.h"
#include "common/format/byte_scanner.h"
#include "common/format/packed.h"
#include "common/format/term_record.h"

namespace ibid {

absl::StatusOr<TermDictionary> TermDictionary::Open(Section section, DictionaryKind kind) {
  TermDictionary dictionary;
  dictionary.section_ = section;
  dictionary.kind_ = kind;
  if (section.empty()) return dictionary;
  if (section.size() < kDictionaryTrailerBytes) return section.Corrupt(0, "too short");
  const uint64_t trailer_offset = section.size() - kDictionaryTrailerBytes;
  ASSIGN_OR_RETURN(const auto bytes, section.Read(trailer_offset, kDictionaryTrailerBytes));
  RecordReader in(bytes);
  dictionary.blocks_bytes_ = in.U64();
  dictionary.num_terms_ = in.U32();
  const uint16_t flags = in.U16();
  dictionary.offset_width_ = in.U8();
  const uint8_t zero = in.U8();
  if (flags != 0 || zero != 0) return section.Corrupt(trailer_offset, "unknown dictionary flags");
  dictionary.num_blocks_ = static_cast<uint32_t>(
      (uint64_t{dictionary.num_terms_} + kDictionaryBlockTerms - 1) / kDictionaryBlockTerms);
  const uint64_t keys_bytes = uint64_t{8} * dictionary.num_blocks_;
  if (!IsPackedWidth(dictionary.offset_width_) || dictionary.blocks_bytes_ > trailer_offset ||
      dictionary.blocks_bytes_ + keys_bytes +
              PackedArrayBytes(dictionary.num_blocks_, dictionary.offset_width_) !=
          trailer_offset) {
    return section.Corrupt(trailer_offset, "dictionary sizes do not add up");
  }
  dictionary.offsets_offset_ = dictionary.blocks_bytes_ + keys_bytes;
  return dictionary;
}

absl::StatusOr<std::span<const uint8_t>> TermDictionary::Block(uint32_t block) const {
  const uint64_t end_bit = (uint64_t{block} + 2) * offset_width_;
  const uint64_t first_byte = uint64_t{block} * offset_width_ / 8;
  const uint64_t last_byte =
      std::min((end_bit + 7) / 8, PackedArrayBytes(num_blocks_, offset_width_));
  RETURN_IF_ERROR(section_.Read(offsets_offset_ + first_byte, last_byte - first_byte).status());
  const uint8_t* offsets = section_.data() + offsets_offset_;
  const uint64_t begin = LoadPacked(offsets, block, offset_width_);
  const uint64_t end =
      block + 1 < num_blocks_ ? LoadPacked(offsets, block + 1, offset_width_) : blocks_bytes_;
  if (begin > end || end > blocks_bytes_) {
    return section_.Corrupt(offsets_offset_ + first_byte, "blocks do not increase");
  }
  return section_.Read(begin, end - begin);
}

absl::StatusOr<uint64_t> TermDictionary::BlockKey(uint32_t block) const {
  const uint64_t offset = blocks_bytes_ + uint64_t{8} * block;
  if (!section_.Touch(offset, 8)) RETURN_IF_ERROR(section_.Read(offset, 8).status());
  return LoadU64(section_.data() + offset);
}

absl::StatusOr<std::string_view> TermDictionary::FirstTerm(uint32_t block) const {
  ASSIGN_OR_RETURN(const auto bytes, Block(block));
  ByteScanner in(bytes);
  ReadDictionaryPlace(&in, kind_);
  const std::string_view term = in.Bytes(ReadTermLengths(&in).suffix);
  if (!in.ok()) return section_.Corrupt(0, "damaged block of terms");
  return term;
}

absl::StatusOr<uint32_t> TermDictionary::FindBlock(std::string_view term) const {
  const uint64_t key = DictionaryBlockKey(term);
  // First by the keys alone, then, where they are equal, by the terms.
  uint32_t low = 0, high = num_blocks_;  // blocks before `low` are <= term, from `high` on > term
  while (low < high) {
    const uint32_t middle = low + (high - low) / 2;
    ASSIGN_OR_RETURN(const uint64_t middle_key, BlockKey(middle));
    bool not_after = middle_key < key;
    if (middle_key == key) {
      ASSIGN_OR_RETURN(const std::string_view first, FirstTerm(middle));
      not_after = first <= term;
    }
    if (not_after) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low == 0 ? 0 : low - 1;
}

absl::StatusOr<std::optional<TermInfo>> TermDictionary::Find(std::string_view term) const {
  if (num_blocks_ == 0) return std::nullopt;
  ASSIGN_OR_RETURN(const uint32_t block, FindBlock(term));
  ASSIGN_OR_RETURN(const auto bytes, Block(block));
  ByteScanner in(bytes);
  DictionaryPlace place = ReadDictionaryPlace(&in, kind_);
  TermInfo info;
  size_t common = 0;  // bytes that `term` and the record before have in common
  while (!in.empty()) {
    const TermLengths lengths = ReadTermLengths(&in);
    const std::string_view suffix = in.Bytes(lengths.suffix);
    if (!in.ok()) return section_.Corrupt(0, "damaged block of terms");
    if (lengths.prefix < common) return std::nullopt;  // already past it
    bool found = false;
    if (lengths.prefix == common) {
      const std::string_view rest = term.substr(common);
      size_t same = 0;
      while (same < suffix.size() && same < rest.size() && suffix[same] == rest[same]) ++same;
      found = same == suffix.size() && same == rest.size();
      const bool past = same < suffix.size() &&
                        (same == rest.size() ||
                         static_cast<uint8_t>(suffix[same]) > static_cast<uint8_t>(rest[same]));
      if (past) return std::nullopt;
      common += same;
    }
    if (!ReadTermInfo(&in, kind_, &place, &info)) {
      return section_.Corrupt(0, "damaged block of terms");
    }
    if (found) return info;
  }
  return std::nullopt;
}

absl::StatusOr<TermCursor> TermDictionary::SeekBlock(uint32_t block) const {
  TermCursor cursor;
  cursor.dictionary_ = this;
  cursor.ordinal_ = num_terms_;
  if (block < num_blocks_) RETURN_IF_ERROR(cursor.EnterBlock(block));
  return cursor;
}

absl::StatusOr<TermCursor> TermDictionary::Seek(std::string_view term) const {
  if (num_blocks_ == 0) return SeekBlock(0);
  ASSIGN_OR_RETURN(const uint32_t block, FindBlock(term));
  ASSIGN_OR_RETURN(TermCursor cursor, SeekBlock(block));
  while (!cursor.at_end() && cursor.term() < term) RETURN_IF_ERROR(cursor.Next());
  return cursor;
}

absl::StatusOr<TermCursor> TermDictionary::SeekOrdinal(uint32_t ordinal) const {
  ASSIGN_OR_RETURN(TermCursor cursor, SeekBlock(ordinal / kDictionaryBlockTerms));
  while (!cursor.at_end() && cursor.ordinal() < ordinal) RETURN_IF_ERROR(cursor.Next());
  return cursor;
}

absl::Status TermCursor::EnterBlock(uint32_t block) {
  ASSIGN_OR_RETURN(rest_, dictionary_->Block(block));
  ByteScanner in(rest_);
  place_ = ReadDictionaryPlace(&in, dictionary_->kind_);
  rest_ = rest_.last(in.remaining());
  ordinal_ = block * kDictionaryBlockTerms;
  term_.clear();
  at_end_ = false;
  return ReadRecord();
}

absl::Status TermCursor::ReadRecord() {
  ByteScanner in(rest_);
  const TermLengths lengths = ReadTermLengths(&in);
  const std::string_view suffix = in.Bytes(lengths.suffix);
  if (lengths.prefix > term_.size() ||
      lengths.prefix + lengths.suffix > MaxDictionaryTermBytes(dictionary_->kind_) || !in.ok() ||
      !ReadTermInfo(&in, dictionary_->kind_, &place_, &info_)) {
    at_end_ = true;
    return dictionary_->section_.Corrupt(0, "damaged block of terms");
  }
  term_.resize(lengths.prefix);
  term_.append(suffix);
  rest_ = rest_.last(in.remaining());
  return absl::OkStatus();
}

absl::Status TermCursor::Next() {
  if (at_end_) return absl::OkStatus();
  const uint32_t next = ordinal_ + 1;
  if (next >= dictionary_->num_terms_) {
    ordinal_ = dictionary_->num_terms_;
    at_end_ = true;
    return absl::OkStatus();
  }
  if (next % kDictionaryBlockTerms == 0) {
    const absl::Status status = EnterBlock(next / kDictionaryBlockTerms);
    if (!status.ok()) at_end_ = true;
    return status;
  }
  ordinal_ = next;
  return ReadRecord();
}

}  // namespace ibid
