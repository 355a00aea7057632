// Skip data of one term: for each block of postings its last document, where it ends, how many
// positions precede its end, and bounds of its scores. Groups of 64 blocks, packed relative to the
// group, every entry readable in O(1).
#ifndef IBID_COMMON_FORMAT_SKIP_DATA_H_
#define IBID_COMMON_FORMAT_SKIP_DATA_H_

#include <cstdint>
#include <string>
#include <vector>

#include "common/format/segment_file.h"
#include "ibid/types.h"

namespace ibid {

inline constexpr uint32_t kSkipGroupBlocks = 64;

struct SkipEntry {
  DocId last_doc = 0;
  uint64_t end_offset = 0;     // of the block, from the start of the term's postings
  uint64_t end_positions = 0;  // positions of the term up to the end of the block
  uint8_t max_impact = 0;
  uint8_t max_freq_code = 0;  // EncodeMaxFreq
  uint8_t min_norm = 0;
};

// A frequency in one byte, rounded up: the code of norms, 255 standing for everything.
uint8_t EncodeMaxFreq(uint32_t freq);
uint32_t DecodeMaxFreq(uint8_t code);

// Not thread-safe.
class SkipWriter {
 public:
  void Clear() { entries_.clear(); }
  void Add(const SkipEntry& entry) { entries_.push_back(entry); }
  size_t num_blocks() const { return entries_.size(); }
  void Encode(bool with_positions, std::string* out) const;

 private:
  std::vector<SkipEntry> entries_;
};

// Numbers come out as they are in the file: whoever uses them checks them. Not thread-safe.
class SkipReader {
 public:
  SkipReader() = default;
  // The skip data ends where the term's postings end. False where they are too small for it, or a
  // checksum is wrong.
  bool Open(const Section& section, uint64_t postings_offset, uint64_t postings_bytes,
            uint32_t num_blocks, bool with_positions);

  uint32_t num_blocks() const { return num_blocks_; }
  // Bytes of all blocks: where the skip data begins.
  uint64_t blocks_bytes() const { return blocks_bytes_; }

  // Makes the entry of `block` (< num_blocks) readable by the calls below. False: wrong checksum.
  bool Load(uint32_t block) {
    return block / kSkipGroupBlocks == group_ || LoadGroup(block / kSkipGroupBlocks);
  }
  DocId LastDoc(uint32_t block) const;
  uint64_t EndOffset(uint32_t block) const;
  uint64_t EndPositions(uint32_t block) const;
  uint8_t MaxImpact(uint32_t block) const { return impacts_[block % kSkipGroupBlocks]; }
  // The first block at or after `from` whose largest impact is at least so high, loaded; num_blocks
  // where there is none. False: wrong checksum.
  bool FindImpact(uint8_t at_least, uint32_t from, uint32_t* block);
  uint8_t MaxFreqCode(uint32_t block) const { return impacts_[group_size_ + Index(block)]; }
  uint8_t MinNorm(uint32_t block) const { return impacts_[2 * group_size_ + Index(block)]; }

  // The first block at or after `from` whose last document is >= target, loaded; num_blocks where
  // there is none. False: wrong checksum.
  bool Find(DocId target, uint32_t from, uint32_t* block);

 private:
  static uint32_t Index(uint32_t block) { return block % kSkipGroupBlocks; }
  uint32_t NumGroups() const { return (num_blocks_ + kSkipGroupBlocks - 1) / kSkipGroupBlocks; }
  DocId GroupLastDoc(uint32_t group) const;
  bool LoadGroup(uint32_t group);

  Section section_;
  uint64_t skip_offset_ = 0;  // in the section
  uint64_t blocks_bytes_ = 0;
  const uint8_t* bases_ = nullptr;
  uint32_t num_blocks_ = 0;
  bool with_positions_ = false;
  uint8_t doc_width_ = 0, offset_width_ = 0, positions_width_ = 0;

  // Of the loaded group:
  uint32_t group_ = UINT32_MAX;
  uint32_t group_size_ = 0;
  DocId base_doc_ = 0;
  uint64_t base_offset_ = 0, base_positions_ = 0;
  const uint8_t* docs_ = nullptr;
  const uint8_t* offsets_ = nullptr;
  const uint8_t* positions_ = nullptr;
  const uint8_t* impacts_ = nullptr;
};

}  // namespace ibid

#endif  // IBID_COMMON_FORMAT_SKIP_DATA_H_
