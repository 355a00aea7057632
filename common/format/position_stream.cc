#include "common/format/position_stream.h"

#include <algorithm>
#include <vector>

#include "common/base/status_macros.h"
#include "common/format/packed.h"
#include "common/format/pfor.h"
#include "common/format/tail_codec.h"

namespace ibid {

void PositionStreamWriter::Begin() {
  begin_ = out_->size();
  num_blocks_ = 0;
  num_buffered_ = 0;
  widths_.clear();
  anchors_.clear();
}

void PositionStreamWriter::Add(std::span<const Position> positions) {
  uint32_t base = 0;  // what the next value counts from
  for (const Position position : positions) {
    buffered_[num_buffered_++] = position - base;
    base = position + 1;
    if (num_buffered_ < kBlockLength) continue;
    WriteBlock(buffered_.data());
    num_buffered_ = 0;
  }
}

void PositionStreamWriter::AddGaps(std::span<const uint32_t> gaps) {
  if (num_buffered_ > 0) {
    const size_t count = std::min<size_t>(gaps.size(), kBlockLength - num_buffered_);
    std::copy_n(gaps.begin(), count, buffered_.begin() + num_buffered_);
    gaps = gaps.subspan(count);
    num_buffered_ += static_cast<uint32_t>(count);
    if (num_buffered_ < kBlockLength) return;
    WriteBlock(buffered_.data());
    num_buffered_ = 0;
  }
  for (; gaps.size() >= kBlockLength; gaps = gaps.subspan(kBlockLength)) WriteBlock(gaps.data());
  std::copy(gaps.begin(), gaps.end(), buffered_.begin());
  num_buffered_ = static_cast<uint32_t>(gaps.size());
}

void PositionStreamWriter::WriteBlock(const uint32_t* values) {
  if (num_blocks_ > 0 && num_blocks_ % kPositionAnchorBlocks == 0) {
    uint64_t offset = out_->size() - begin_;
    for (uint32_t i = 0; i < kPositionAnchorBytes; ++i, offset >>= 8) {
      anchors_.push_back(static_cast<char>(offset));
    }
  }
  const PforShape shape =
      use_ == SegmentUse::kPassing ? PlainPforShape(values) : ChoosePforShape(values);
  widths_.push_back(static_cast<char>(shape.width));
  widths_.push_back(static_cast<char>(shape.exception_bytes));
  payload_.clear();
  AppendPfor(values, shape, &payload_);
  out_->Append(payload_);
  ++num_blocks_;
}

uint64_t PositionStreamWriter::Finish() {
  payload_.clear();
  AppendTailValues({buffered_.data(), num_buffered_}, &payload_, use_);
  payload_.append(anchors_);
  payload_.append(widths_);
  out_->Append(payload_);
  return out_->size() - begin_;
}

void PositionStreamReader::Open(const Section& section, uint64_t offset, uint64_t bytes,
                                uint64_t num_values) {
  section_ = section;
  offset_ = offset;
  bytes_ = bytes;
  num_values_ = num_values;
  num_blocks_ = num_values / kBlockLength;
  prepared_ = false;
  blocks_loaded_ = 0;
  bytes_loaded_ = 0;
  block_ = UINT64_MAX;
  summed_block_ = UINT64_MAX;
}

absl::Status PositionStreamReader::Corrupt(const char* what) const {
  return section_.Corrupt(offset_, what);
}

absl::Status PositionStreamReader::Prepare() {
  // Two bytes a block bound the number of values by the size of the file.
  if (num_blocks_ > bytes_ / 2) return Corrupt("more positions than bytes for them");
  const uint64_t num_anchors = num_blocks_ == 0 ? 0 : (num_blocks_ - 1) / kPositionAnchorBlocks;
  const uint64_t directory_bytes = 2 * num_blocks_ + kPositionAnchorBytes * num_anchors;
  if (directory_bytes > bytes_) return Corrupt("positions have no room for their directory");
  directory_offset_ = bytes_ - directory_bytes;
  prepared_ = true;
  return absl::OkStatus();
}

uint64_t PositionStreamReader::SizeOf(uint64_t block) const {
  const uint8_t* widths = section_.data() + offset_ + bytes_ - 2 * (num_blocks_ - block);
  return uint64_t{16} * widths[0] + widths[1];
}

// The anchor to count from, 0 for none. A tail behind a whole number of anchors' blocks has none of
// its own.
uint64_t PositionStreamReader::AnchorOf(uint64_t block) const {
  if (num_blocks_ == 0) return 0;
  return std::min(block, num_blocks_ - 1) / kPositionAnchorBlocks;
}

// From offset_; the directory's bytes for it have been touched.
uint64_t PositionStreamReader::BlockOffset(uint64_t block) const {
  const uint64_t anchor = AnchorOf(block);
  uint64_t offset = 0;
  if (anchor > 0) {
    const uint8_t* entry =
        section_.data() + offset_ + directory_offset_ + kPositionAnchorBytes * (anchor - 1);
    offset = LoadU64(entry) & ((uint64_t{1} << 8 * kPositionAnchorBytes) - 1);
  }
  for (uint64_t i = anchor * kPositionAnchorBlocks; i < block; ++i) offset += SizeOf(i);
  return offset;
}

absl::Status PositionStreamReader::LoadBlock(uint64_t block) {
  uint64_t begin = block_end_;
  if (block_ == UINT64_MAX || block != block_ + 1) {
    // The anchor, and the widths from its block to this one.
    const uint64_t anchor = AnchorOf(block);
    if (anchor > 0 &&
        !section_.Touch(offset_ + directory_offset_ + kPositionAnchorBytes * (anchor - 1),
                        kPositionAnchorBytes)) {
      return Corrupt("damaged directory of positions");
    }
    const uint64_t first = anchor * kPositionAnchorBlocks;
    if (block > first &&
        !section_.Touch(offset_ + bytes_ - 2 * (num_blocks_ - first), 2 * (block - first))) {
      return Corrupt("damaged directory of positions");
    }
    begin = BlockOffset(block);
  }
  block_ = UINT64_MAX;
  ++blocks_loaded_;
  if (block >= num_blocks_) {
    block_end_ = begin;
    RETURN_IF_ERROR(LoadTail());
    block_ = block;
    return absl::OkStatus();
  }
  const uint64_t widths_at = offset_ + bytes_ - 2 * (num_blocks_ - block);
  if (!section_.Touch(widths_at, 2)) return Corrupt("damaged directory of positions");
  const uint8_t* widths = section_.data() + widths_at;
  const PforShape shape = {widths[0], widths[1]};
  if (shape.width > kMaxBitWidth || begin > directory_offset_ ||
      shape.payload_bytes() > directory_offset_ - begin ||
      !section_.Touch(offset_ + begin, shape.payload_bytes()) ||
      !ReadPfor(section_.data() + offset_ + begin, shape, values_.data())) {
    return Corrupt("damaged block of positions");
  }
  block_ = block;
  block_end_ = begin + shape.payload_bytes();
  bytes_loaded_ += shape.payload_bytes();
  return absl::OkStatus();
}

// The tail lies between block_end_ and the directory.
absl::Status PositionStreamReader::LoadTail() {
  const uint32_t size = static_cast<uint32_t>(num_values_ % kBlockLength);
  if (block_end_ > directory_offset_) return Corrupt("damaged tail of positions");
  const uint64_t begin = offset_ + block_end_;
  const uint64_t length = directory_offset_ - block_end_;
  if (!section_.Touch(begin, length) ||
      !ReadTailValues({section_.data() + begin, length}, size, values_.data())) {
    return Corrupt("damaged tail of positions");
  }
  bytes_loaded_ += length;
  return absl::OkStatus();
}

absl::Status PositionStreamReader::Append(std::span<const PositionRun> runs, Position end,
                                          std::vector<Position>* positions) {
  const size_t size_before = positions->size();
  uint64_t total = 0;
  for (const PositionRun& run : runs) {
    if (run.begin > num_values_ || run.freq > num_values_ - run.begin ||
        run.freq > kMaxDocumentPositions) {
      return Corrupt("frequencies above the number of positions");
    }
    total += run.freq;
  }
  if (!prepared_) RETURN_IF_ERROR(Prepare());  // compares the number with the bytes
  positions->resize(size_before + total + kSumsAtOnce);
  Position* out = positions->data() + size_before;
  for (const PositionRun& run : runs) {
    const uint64_t at = run.begin % kBlockLength;
    // The second run of a block pays for its sums.
    if (run.begin / kBlockLength == block_ && at + run.freq <= kBlockLength && SumBlock() &&
        sums_[at + run.freq] - sums_[at] <= end) {
      const uint32_t* sums = sums_.data() + at + 1;
      const uint32_t base = run.base - sums_[at] - 1;
      // Always whole steps, so that short runs have no choice.
      for (uint32_t done = 0; done < run.freq; done += kSumsAtOnce) {
        // Apart from the sums, for all that a compiler can see, so that it makes vectors of them.
        std::array<uint32_t, kSumsAtOnce> step;
        for (uint32_t i = 0; i < kSumsAtOnce; ++i) step[i] = sums[done + i] + base;
        std::copy(step.begin(), step.end(), out + done);
      }
    } else if (absl::Status status = Read(run, end, out); !status.ok()) {
      positions->resize(size_before);
      return status;
    }
    out += run.freq;
  }
  positions->resize(size_before + total);
  return absl::OkStatus();
}

// Whether sums_ are those of the loaded block, which they are where they stay below 2^32.
bool PositionStreamReader::SumBlock() {
  constexpr uint32_t kTooLarge = ~((uint32_t{1} << 24) - 1);
  if (summed_block_ == block_) return summed_;
  summed_block_ = block_;
  summed_ = false;
  if (block_ >= num_blocks_) return false;
  uint32_t bits = 0;
  for (const uint32_t value : values_) bits |= value;
  if ((bits & kTooLarge) != 0) return false;
  sums_[0] = 0;
  for (size_t i = 0; i < kBlockLength; ++i) sums_[1 + i] = values_[i] + 1;
  PrefixSum(0, sums_.data() + 1);
  return summed_ = true;
}

absl::Status PositionStreamReader::Read(const PositionRun& run, Position end, Position* out) {
  uint64_t next = run.base;  // what the next value counts from
  for (uint64_t at = run.begin, run_end = run.begin + run.freq; at < run_end;) {
    const uint64_t block = at / kBlockLength;
    if (block != block_) RETURN_IF_ERROR(LoadBlock(block));
    const uint64_t stop = std::min(run_end, (block + 1) * kBlockLength);
    const uint32_t* values = values_.data() + at % kBlockLength;
    const uint32_t* const values_end = values + (stop - at);
    for (; values != values_end; ++values) {
      next += *values;
      *out++ = static_cast<Position>(next++);
    }
    at = stop;
  }
  // Positions increase: if the last one fits, all do.
  return next - run.base > end ? Corrupt("position out of range") : absl::OkStatus();
}

absl::Status PositionStreamReader::AppendGaps(uint64_t begin, uint64_t count,
                                              std::vector<uint32_t>* gaps) {
  if (begin > num_values_ || count > num_values_ - begin) {
    return Corrupt("frequencies above the number of positions");
  }
  if (!prepared_) RETURN_IF_ERROR(Prepare());
  for (uint64_t at = begin, end = begin + count; at < end;) {
    const uint64_t block = at / kBlockLength;
    if (block != block_) RETURN_IF_ERROR(LoadBlock(block));
    const uint64_t stop = std::min(end, (block + 1) * kBlockLength);
    const uint32_t* first = values_.data() + at % kBlockLength;
    gaps->insert(gaps->end(), first, first + (stop - at));
    at = stop;
  }
  return absl::OkStatus();
}

}  // namespace ibid
