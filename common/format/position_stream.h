// The positions of one term as one stream of numbers: for each posting its first position, then the
// distances between neighbours less one. Blocks of 128, a tail, and a directory through which any
// value is found in O(1).
#ifndef IBID_COMMON_FORMAT_POSITION_STREAM_H_
#define IBID_COMMON_FORMAT_POSITION_STREAM_H_

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/codec/bit_packing.h"
#include "common/format/segment_file.h"
#include "common/format/segment_use.h"
#include "ibid/limits.h"
#include "ibid/types.h"

namespace ibid {

// The directory has an absolute offset (five bytes) before every 16th block but the first.
inline constexpr uint32_t kPositionAnchorBlocks = 16;
inline constexpr uint32_t kPositionAnchorBytes = 5;
// Occurrences of one term in one document: a token is at least one byte of it.
inline constexpr uint32_t kMaxDocumentPositions = kMaxDocumentBytes;

// Not thread-safe. Holds one block and two bytes for each earlier one.
class PositionStreamWriter {
 public:
  explicit PositionStreamWriter(SectionBuffer* out, SegmentUse use = SegmentUse::kKept)
      : out_(out), use_(use) {}
  void Begin();
  void Add(std::span<const Position> positions);
  // Of any number of postings: the first position of each, and of each further one how many lie
  // between it and the one before.
  void AddGaps(std::span<const uint32_t> gaps);
  uint64_t Finish();  // bytes written since Begin

 private:
  void WriteBlock(const uint32_t* values);

  SectionBuffer* out_;
  SegmentUse use_;
  uint64_t begin_ = 0;
  uint64_t num_blocks_ = 0;
  uint32_t num_buffered_ = 0;
  std::array<uint32_t, kBlockLength> buffered_;
  std::string widths_;
  std::string anchors_;
  std::string payload_;
};

// Where the positions of a posting are: values [begin, begin + freq) of the stream. They are given
// with `base` added, modulo 2^32.
struct PositionRun {
  uint64_t begin = 0;
  uint32_t freq = 0;
  uint32_t base = 0;
};

// Not thread-safe.
class PositionStreamReader {
 public:
  PositionStreamReader() = default;
  // Reads nothing. `num_values` and the place are the dictionary's.
  void Open(const Section& section, uint64_t offset, uint64_t bytes, uint64_t num_values);

  // Appends the positions of postings, one behind the other; nothing at an error, which a position
  // at or above `end` is.
  absl::Status Append(std::span<const PositionRun> runs, Position end,
                      std::vector<Position>* positions);

  // Appends the values [begin, begin + count) as they stand, as PositionStreamWriter::AddGaps takes
  // them.
  absl::Status AppendGaps(uint64_t begin, uint64_t count, std::vector<uint32_t>* gaps);

  uint64_t blocks_loaded() const { return blocks_loaded_; }
  uint64_t bytes_loaded() const { return bytes_loaded_; }  // of those blocks

 private:
  absl::Status Prepare();
  absl::Status Read(const PositionRun& run, Position end, Position* out);
  bool SumBlock();
  absl::Status LoadBlock(uint64_t block);
  absl::Status LoadTail();
  absl::Status Corrupt(const char* what) const;
  uint64_t AnchorOf(uint64_t block) const;
  uint64_t BlockOffset(uint64_t block) const;
  uint64_t SizeOf(uint64_t block) const;

  Section section_;
  uint64_t offset_ = 0;
  uint64_t bytes_ = 0;
  uint64_t num_values_ = 0;
  uint64_t num_blocks_ = 0;
  uint64_t directory_offset_ = 0;  // from offset_
  bool prepared_ = false;
  uint64_t blocks_loaded_ = 0;
  uint64_t bytes_loaded_ = 0;
  uint64_t block_ = UINT64_MAX;  // in values_
  uint64_t block_end_ = 0;       // of block_'s payload, from offset_
  std::array<uint32_t, kBlockLength> values_;
  static constexpr uint32_t kSumsAtOnce = 8;  // so much room is behind the sums
  uint64_t summed_block_ = UINT64_MAX;
  bool summed_ = false;                                        // sums_ are those of summed_block_
  std::array<uint32_t, 1 + kBlockLength + kSumsAtOnce> sums_;  // before value i: of value + 1
};

}  // namespace ibid

#endif  // IBID_COMMON_FORMAT_POSITION_STREAM_H_
