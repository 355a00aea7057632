#include "common/format/skip_data.h"

#include <algorithm>
#include <span>

#include "common/base/byte_writer.h"
#include "common/format/impacts.h"
#include "common/format/packed.h"

namespace ibid {
namespace {

constexpr uint64_t kNumWidthBytes = 3;
constexpr uint64_t kNumBoundBytes = 3;
constexpr unsigned kMaxOffsetWidth = 56;

uint64_t GroupBytes(uint32_t num_blocks, unsigned doc_width, unsigned offset_width,
                    unsigned positions_width) {
  return PackedArrayBytes(num_blocks, doc_width) + PackedArrayBytes(num_blocks, offset_width) +
         PackedArrayBytes(num_blocks, positions_width) + kNumBoundBytes * num_blocks;
}

// Appends get(entry) - get(base) of each entry.
template <typename Get>
void AppendColumn(std::span<const SkipEntry> group, const SkipEntry& base, unsigned width, Get get,
                  std::string* out) {
  PackedAppender packed(width, out);
  for (const SkipEntry& entry : group) packed.Add(get(entry) - get(base));
  packed.Finish();
}

uint64_t LastDocOf(const SkipEntry& entry) { return entry.last_doc; }
uint64_t EndOffsetOf(const SkipEntry& entry) { return entry.end_offset; }
uint64_t EndPositionsOf(const SkipEntry& entry) { return entry.end_positions; }

}  // namespace

uint8_t EncodeMaxFreq(uint32_t freq) {
  uint8_t code = LengthToNorm(freq);
  if (NormToLength(code) < freq && code < 255) ++code;
  return NormToLength(code) < freq ? 255 : code;
}

uint32_t DecodeMaxFreq(uint8_t code) { return code == 255 ? UINT32_MAX : NormToLength(code); }

void SkipWriter::Encode(bool with_positions, std::string* out) const {
  uint64_t max_doc = 0, max_offset = 0, max_positions = 0;
  SkipEntry base;
  for (size_t i = 0; i < entries_.size(); ++i) {
    if (i > 0 && i % kSkipGroupBlocks == 0) base = entries_[i - 1];
    max_doc = std::max<uint64_t>(max_doc, entries_[i].last_doc - base.last_doc);
    max_offset = std::max(max_offset, entries_[i].end_offset - base.end_offset);
    max_positions = std::max(max_positions, entries_[i].end_positions - base.end_positions);
  }
  const unsigned doc_width = PackedWidth(max_doc);
  const unsigned offset_width = PackedWidth(max_offset);
  const unsigned positions_width = with_positions ? PackedWidth(max_positions) : 0;

  const std::span<const SkipEntry> all(entries_);
  for (size_t begin = 0; begin < all.size(); begin += kSkipGroupBlocks) {
    const auto group = all.subspan(begin, std::min<size_t>(kSkipGroupBlocks, all.size() - begin));
    base = begin == 0 ? SkipEntry() : all[begin - 1];
    AppendColumn(group, base, doc_width, LastDocOf, out);
    AppendColumn(group, base, offset_width, EndOffsetOf, out);
    if (with_positions) AppendColumn(group, base, positions_width, EndPositionsOf, out);
    for (const SkipEntry& entry : group) out->push_back(static_cast<char>(entry.max_impact));
    for (const SkipEntry& entry : group) out->push_back(static_cast<char>(entry.max_freq_code));
    for (const SkipEntry& entry : group) out->push_back(static_cast<char>(entry.min_norm));
  }
  ByteWriter bases;
  const size_t step = kSkipGroupBlocks;
  for (size_t i = step; i < all.size(); i += step) bases.U32(all[i - 1].last_doc);
  for (size_t i = step; i < all.size(); i += step) bases.U64(all[i - 1].end_offset);
  if (with_positions) {
    for (size_t i = step; i < all.size(); i += step) bases.U64(all[i - 1].end_positions);
  }
  bases.U8(static_cast<uint8_t>(doc_width));
  bases.U8(static_cast<uint8_t>(offset_width));
  bases.U8(static_cast<uint8_t>(positions_width));
  out->append(bases.view());
}

bool SkipReader::Open(const Section& section, uint64_t postings_offset, uint64_t postings_bytes,
                      uint32_t num_blocks, bool with_positions) {
  section_ = section;
  num_blocks_ = num_blocks;
  with_positions_ = with_positions;
  group_ = UINT32_MAX;
  const uint32_t num_bases = NumGroups() - 1;
  const uint64_t bases_bytes = uint64_t{num_bases} * (with_positions ? 20 : 12);
  if (postings_bytes < bases_bytes + kNumWidthBytes) return false;
  const uint64_t end = postings_offset + postings_bytes;
  const uint64_t bases_offset = end - kNumWidthBytes - bases_bytes;
  if (!section.Touch(bases_offset, end - bases_offset)) return false;
  bases_ = section.data() + bases_offset;
  const uint8_t* widths = section.data() + end - kNumWidthBytes;
  doc_width_ = widths[0];
  offset_width_ = widths[1];
  positions_width_ = widths[2];
  if (doc_width_ > 31 || offset_width_ > kMaxOffsetWidth || positions_width_ > kMaxOffsetWidth ||
      (!with_positions && positions_width_ != 0)) {
    return false;
  }
  const uint32_t last_group_size = num_blocks - num_bases * kSkipGroupBlocks;
  const uint64_t groups_bytes =
      uint64_t{num_bases} *
          GroupBytes(kSkipGroupBlocks, doc_width_, offset_width_, positions_width_) +
      GroupBytes(last_group_size, doc_width_, offset_width_, positions_width_);
  if (bases_offset - postings_offset < groups_bytes) return false;
  skip_offset_ = bases_offset - groups_bytes;
  blocks_bytes_ = skip_offset_ - postings_offset;
  return true;
}

bool SkipReader::LoadGroup(uint32_t group) {
  const uint32_t num_bases = NumGroups() - 1;
  const uint32_t size =
      group < num_bases ? kSkipGroupBlocks : num_blocks_ - num_bases * kSkipGroupBlocks;
  const uint64_t offset =
      skip_offset_ +
      uint64_t{group} * GroupBytes(kSkipGroupBlocks, doc_width_, offset_width_, positions_width_);
  if (!section_.Touch(offset, GroupBytes(size, doc_width_, offset_width_, positions_width_))) {
    return false;
  }
  group_ = group;
  group_size_ = size;
  docs_ = section_.data() + offset;
  offsets_ = docs_ + PackedArrayBytes(size, doc_width_);
  positions_ = offsets_ + PackedArrayBytes(size, offset_width_);
  impacts_ = positions_ + PackedArrayBytes(size, positions_width_);
  base_doc_ = 0;
  base_offset_ = base_positions_ = 0;
  if (group > 0) {
    base_doc_ = GroupLastDoc(group - 1);
    base_offset_ = LoadU64(bases_ + uint64_t{4} * num_bases + uint64_t{8} * (group - 1));
    if (with_positions_) {
      base_positions_ = LoadU64(bases_ + uint64_t{12} * num_bases + uint64_t{8} * (group - 1));
    }
  }
  return true;
}

bool SkipReader::FindImpact(uint8_t at_least, uint32_t from, uint32_t* block) {
  while (from < num_blocks_) {
    if (!Load(from)) return false;
    const uint8_t* const end = impacts_ + group_size_;
    uint8_t most = 0;  // without a choice, so that many are compared at once
    for (const uint8_t* i = impacts_ + Index(from); i != end; ++i) most = std::max(most, *i);
    if (most >= at_least) {
      const uint8_t* found = std::find_if(impacts_ + Index(from), end,
                                          [at_least](uint8_t i) { return i >= at_least; });
      *block = group_ * kSkipGroupBlocks + static_cast<uint32_t>(found - impacts_);
      return true;
    }
    from = (group_ + 1) * kSkipGroupBlocks;
  }
  *block = num_blocks_;
  return true;
}

DocId SkipReader::GroupLastDoc(uint32_t group) const {
  return LoadU32(bases_ + uint64_t{4} * group);
}

DocId SkipReader::LastDoc(uint32_t block) const {
  return base_doc_ + static_cast<DocId>(LoadPacked(docs_, Index(block), doc_width_));
}

uint64_t SkipReader::EndOffset(uint32_t block) const {
  return base_offset_ + LoadPacked(offsets_, Index(block), offset_width_);
}

uint64_t SkipReader::EndPositions(uint32_t block) const {
  return base_positions_ + LoadPacked(positions_, Index(block), positions_width_);
}

bool SkipReader::Find(DocId target, uint32_t from, uint32_t* block) {
  *block = num_blocks_;
  if (from >= num_blocks_) return true;
  uint32_t group = from / kSkipGroupBlocks;
  const uint32_t last_group = NumGroups() - 1;
  // Gallop, then halve, over the last documents of the groups; the last group has none.
  if (group < last_group && GroupLastDoc(group) < target) {
    uint32_t step = 1, low = group + 1;
    while (low + step < last_group && GroupLastDoc(low + step) < target) {
      low += step + 1;
      step *= 2;
    }
    uint32_t high = std::min(low + step, last_group);
    while (low < high) {
      const uint32_t middle = low + (high - low) / 2;
      if (GroupLastDoc(middle) < target) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    group = low;
  }
  if (group != group_ && !LoadGroup(group)) return false;
  const uint32_t first = std::max(from, group * kSkipGroupBlocks);
  uint32_t low = Index(first), size = group_size_ - low;
  while (size > 0) {
    const uint32_t half = size / 2;
    const bool below = LastDoc(low + half) < target;
    low += below ? half + 1 : 0;
    size = below ? size - half - 1 : half;
  }
  *block = group * kSkipGroupBlocks + low;
  return true;
}

}  // namespace ibid
