#include "searcher/topk/range_bounds.h"

#include <algorithm>
#include <array>
#include <bit>

#include "common/codec/bit_packing.h"
#include "common/codec/scan.h"

namespace ibid {
namespace {

// About so many ranges: their sums take a few microseconds.
constexpr uint32_t kRanges = 1024;
constexpr uint32_t kMinShift = 7, kMaxShift = 11;
// Lists of so few blocks are decoded for their bounds.
constexpr uint32_t kShortBlocks = 8;
constexpr float kUp = 1.0f + 1e-5f;

uint32_t ShiftFor(uint32_t num_docs) {
  const uint32_t wanted = static_cast<uint32_t>(std::bit_width(num_docs / kRanges));
  return std::clamp(wanted, kMinShift, kMaxShift);
}

}  // namespace

RangeBounds::RangeBounds(uint32_t num_docs, size_t num_terms)
    : shift_(ShiftFor(num_docs)),
      num_ranges_((num_docs >> shift_) + 1),
      stride_((num_ranges_ + 15) / 16 * 16),
      rows_(num_terms * stride_),
      scales_(num_terms),
      sums_(stride_) {}

void RangeBounds::Fill(size_t term, PostingsCursor& cursor, const ImpactScale& scale, float weight,
                       const uint8_t* norms, const LengthTable& lengths) {
  uint8_t* row = rows_.data() + term * stride_;
  if (cursor.num_blocks() <= kShortBlocks) {
    // Rows in units of the word's whole weight.
    scales_[term] = weight * kUp / 255.0f;
    std::array<float, kBlockLength + kScanSlack> shares;
    for (uint32_t block = 0; block < cursor.num_blocks(); ++block) {
      if (!cursor.LoadBlock(block)) return;
      const uint32_t* freqs = cursor.Freqs();
      if (freqs == nullptr) return;
      ScorePostings(cursor.docs(), freqs, cursor.size(), norms, lengths.data(), 1.0f,
                    shares.data());
      for (uint32_t i = 0; i < cursor.size(); ++i) {
        uint8_t& bound = row[cursor.docs()[i] >> shift_];
        bound = std::max(bound, scale.ImpactOfShare(shares[i]));
      }
    }
    return;
  }
  // Impacts are turned into the query's units, so that a row stays linear in them.
  scales_[term] = weight * kUp / 255.0f;
  std::array<uint8_t, 256> converted;
  for (size_t impact = 0; impact < 256; ++impact) {
    converted[impact] = scale.ImpactOfShare(scale.ShareOfImpact(static_cast<uint8_t>(impact)));
  }
  uint32_t first = 0;
  for (uint32_t block = 0; block < cursor.num_blocks(); ++block) {
    const uint8_t impact = converted[scale.ImpactOfBlock(cursor, block)];
    const uint32_t last = std::min(cursor.LastDocOfBlock(block) >> shift_, num_ranges_ - 1);
    for (uint32_t range = first; range <= last; ++range) {
      row[range] = std::max(row[range], impact);
    }
    first = last;
  }
}

const float* RangeBounds::Sum(std::span<const uint32_t> order, size_t from) {
  std::fill(sums_.begin(), sums_.end(), 0.0f);
  for (size_t i = from; i < order.size(); ++i) {
    AddScaledBytes(rows_.data() + order[i] * stride_, stride_, scales_[order[i]], sums_.data());
  }
  return sums_.data();
}

}  // namespace ibid
