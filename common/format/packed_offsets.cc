#include "common/format/packed_offsets.h"

#include <algorithm>

#include "common/base/status_macros.h"
#include "common/format/packed.h"

namespace ibid {
namespace {

constexpr unsigned kWidthShift = 56;
constexpr uint64_t kPlaceMask = (uint64_t{1} << kWidthShift) - 1;

}  // namespace

void PackedOffsetsWriter::Add(uint64_t offset) {
  group_[size_++] = offset;
  if (size_ == kOffsetsGroup) FlushGroup();
}

void PackedOffsetsWriter::FlushGroup() {
  if (size_ == 0) return;
  const uint64_t base = group_[0];
  const unsigned width = PackedWidth(group_[size_ - 1] - base);
  PackedAppender directory(64, &directory_);
  directory.Add(base);
  directory.Add(groups_.size() | uint64_t{width} << kWidthShift);
  directory.Finish();
  PackedAppender packed(width, &groups_);
  for (uint32_t i = 0; i < size_; ++i) packed.Add(group_[i] - base);
  packed.Finish();
  size_ = 0;
}

std::string PackedOffsetsWriter::Finish() {
  FlushGroup();
  groups_.append(directory_);
  return std::move(groups_);
}

absl::StatusOr<PackedOffsetsReader> PackedOffsetsReader::Open(Section section, uint64_t offset,
                                                              uint64_t bytes, uint64_t count) {
  PackedOffsetsReader reader;
  const uint64_t num_groups = count / kOffsetsGroup + (count % kOffsetsGroup > 0 ? 1 : 0);
  if (offset > section.size() || bytes > section.size() - offset ||
      num_groups > bytes / kOffsetsDirectoryBytes) {
    return section.Corrupt(offset, "no room for the offsets");
  }
  reader.section_ = section;
  reader.offset_ = offset;
  reader.directory_offset_ = offset + bytes - kOffsetsDirectoryBytes * num_groups;
  reader.count_ = count;
  return reader;
}

absl::StatusOr<uint64_t> PackedOffsetsReader::Get(uint64_t index) const {
  if (index >= count_) return section_.Corrupt(offset_, "number of an offset out of range");
  const uint64_t entry = directory_offset_ + kOffsetsDirectoryBytes * (index / kOffsetsGroup);
  if (!section_.Touch(entry, kOffsetsDirectoryBytes)) {
    RETURN_IF_ERROR(section_.Read(entry, kOffsetsDirectoryBytes).status());
  }
  const uint64_t base = LoadU64(section_.data() + entry);
  const uint64_t place = LoadU64(section_.data() + entry + 8);
  const unsigned width = static_cast<unsigned>(place >> kWidthShift);
  const uint64_t begin = place & kPlaceMask;
  const uint64_t in_group = index % kOffsetsGroup;
  const uint64_t room = directory_offset_ - offset_;
  const uint64_t end_byte = PackedArrayBytes(in_group + 1, width);
  if (!IsPackedWidth(width) || begin > room || end_byte > room - begin) {
    return section_.Corrupt(entry, "damaged directory of offsets");
  }
  const uint64_t first_byte = in_group * width / 8;
  const uint64_t at = offset_ + begin + first_byte;
  if (!section_.Touch(at, end_byte - first_byte)) {
    RETURN_IF_ERROR(section_.Read(at, end_byte - first_byte).status());
  }
  const uint64_t value = LoadPacked(section_.data() + offset_ + begin, in_group, width);
  if (value > UINT64_MAX - base) return section_.Corrupt(entry, "damaged directory of offsets");
  return base + value;
}

absl::StatusOr<std::pair<uint64_t, uint64_t>> PackedOffsetsReader::GetRange(uint64_t index) const {
  ASSIGN_OR_RETURN(const uint64_t begin, Get(index));
  ASSIGN_OR_RETURN(const uint64_t end, Get(index + 1));
  if (begin > end) return section_.Corrupt(offset_, "offsets do not increase");
  return std::pair(begin, end);
}

}  // namespace ibid
