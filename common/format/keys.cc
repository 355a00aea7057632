#include "common/format/keys.h"

#include "common/base/byte_reader.h"
#include "common/base/release.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/format/packed.h"
#include "ibid/limits.h"

namespace ibid {
namespace {

constexpr uint64_t kTrailerBytes = 16;

}  // namespace

KeysWriter::KeysWriter(SectionBuffer* out) : out_(out), keys_(FrontCodedForm::kPlain, out) {}

absl::Status KeysWriter::Add(std::string_view key, DocId doc) {
  if (key.empty() || key.size() > kMaxKeyBytes) {
    return absl::InvalidArgumentError(
        StrCat("key of ", key.size(), " bytes; 1 to ", kMaxKeyBytes, " are possible"));
  }
  if (!docs_.empty() && key <= last_key_) {
    return absl::InvalidArgumentError("keys do not increase");
  }
  keys_.Add(key);
  docs_.push_back(doc);
  last_key_.assign(key);
  return absl::OkStatus();
}

absl::Status KeysWriter::Finish() {
  const uint32_t num_docs = static_cast<uint32_t>(docs_.size());
  bool identity = true;
  std::vector<uint32_t> ranks(num_docs, num_docs);
  for (uint32_t rank = 0; rank < num_docs; ++rank) {
    const DocId doc = docs_[rank];
    if (doc >= num_docs || ranks[doc] != num_docs) {
      return absl::InvalidArgumentError("keys are not one for each document");
    }
    ranks[doc] = rank;
    identity = identity && doc == rank;
  }
  const uint64_t strings_bytes = keys_.Finish();
  const unsigned width = identity ? 0 : PackedWidth(num_docs - 1);
  if (width > 0) {
    AppendPacked(docs_, width, out_);
    Release(&docs_);
    AppendPacked(ranks, width, out_);
  }
  ByteWriter tail;
  tail.U64(strings_bytes);
  tail.U32(num_docs);
  tail.U8(static_cast<uint8_t>(width));
  tail.U8(0);
  tail.U16(0);
  out_->Append(tail.view());
  return out_->status();
}

absl::StatusOr<KeysReader> KeysReader::Open(Section section, uint32_t num_docs) {
  KeysReader reader;
  reader.section_ = section;
  if (section.size() < kTrailerBytes) return section.Corrupt(0, "too short");
  const uint64_t trailer = section.size() - kTrailerBytes;
  ASSIGN_OR_RETURN(const auto bytes, section.Read(trailer, kTrailerBytes));
  RecordReader in(bytes);
  const uint64_t strings_bytes = in.U64();
  reader.num_docs_ = in.U32();
  reader.width_ = in.U8();
  const uint8_t reserved = in.U8();
  const uint16_t reserved_too = in.U16();
  if (reserved != 0 || reserved_too != 0) {
    return section.Corrupt(trailer, "a reserved byte is not zero");
  }
  const uint64_t permutation_bytes = PackedArrayBytes(num_docs, reader.width_);
  if (reader.num_docs_ != num_docs || reader.width_ > 32 || strings_bytes > trailer ||
      trailer - strings_bytes != 2 * permutation_bytes) {
    return section.Corrupt(trailer, "sizes of the keys do not add up");
  }
  reader.docs_offset_ = strings_bytes;
  reader.ranks_offset_ = strings_bytes + permutation_bytes;
  ASSIGN_OR_RETURN(reader.keys_, FrontCodedReader::Open(FrontCodedForm::kPlain, section, 0,
                                                        strings_bytes, num_docs));
  return reader;
}

absl::StatusOr<uint32_t> KeysReader::Permuted(uint64_t offset, uint32_t index) const {
  if (index >= num_docs_) return section_.Corrupt(offset, "number of a document out of range");
  if (width_ == 0) return index;
  const uint64_t first = uint64_t{index} * width_ / 8;
  const uint64_t end = PackedArrayBytes(uint64_t{index} + 1, width_);
  if (!section_.Touch(offset + first, end - first)) {
    RETURN_IF_ERROR(section_.Read(offset + first, end - first).status());
  }
  const uint64_t value = LoadPacked(section_.data() + offset, index, width_);
  if (value >= num_docs_) return section_.Corrupt(offset + first, "damaged order of keys");
  return static_cast<uint32_t>(value);
}

absl::StatusOr<std::optional<DocId>> KeysReader::Find(std::string_view key) const {
  ASSIGN_OR_RETURN(const FrontCodedReader::Place place, keys_.Find(key, /*after_equal=*/false));
  if (!place.equal) return std::nullopt;
  ASSIGN_OR_RETURN(const DocId doc, DocOfRank(place.ordinal));
  return std::optional<DocId>(doc);
}

absl::StatusOr<std::string> KeysReader::Key(DocId doc) const {
  ASSIGN_OR_RETURN(const uint32_t rank, Rank(doc));
  return KeyOfRank(rank);
}

absl::StatusOr<uint32_t> KeysReader::Rank(DocId doc) const { return Permuted(ranks_offset_, doc); }

absl::StatusOr<DocId> KeysReader::DocOfRank(uint32_t rank) const {
  return Permuted(docs_offset_, rank);
}

absl::StatusOr<std::string> KeysReader::KeyOfRank(uint32_t rank) const {
  ASSIGN_OR_RETURN(FrontCodedReader::Entry entry, keys_.Get(rank));
  return std::move(entry.string);
}

}  // namespace ibid
