#include "searcher/topk/range_bounds.h"

#include <algorithm>
#include <array>
#include <utility>

#include "common/codec/bit_packing.h"
#include "common/codec/scan.h"

namespace ibid {
namespace {

constexpr float kUp = 1.0f + 1e-5f;

}  // namespace

RangeBounds::RangeBounds(uint32_t num_docs, size_t num_terms)
    : shift_(CoarseRangeShift(num_docs)),
      num_ranges_(NumRanges(num_docs, shift_)),
      stride_(RangeStride(num_docs, shift_)),
      rows_(num_terms),
      kept_(num_terms),
      own_(num_terms),
      scales_(num_terms),
      sums_(stride_) {}

void RangeBounds::Fill(size_t term, std::shared_ptr<const RangeImpacts> kept,
                       PostingsCursor& cursor, const ImpactScale& scale, float weight,
                       const uint8_t* norms, const LengthTable& lengths) {
  // Rows are in units of the word's whole weight.
  scales_[term] = weight * kUp / 255.0f;
  if (kept != nullptr && !kept->coarse.empty()) {
    scales_[term] *= scale.most_growth();
    rows_[term] = kept->coarse.data();
    kept_[term] = std::move(kept);
    return;
  }
  own_[term].resize(stride_);
  rows_[term] = own_[term].data();
  if (cursor.num_blocks() <= kShortListBlocks) {
    FillByPostings(own_[term].data(), cursor, scale, norms, lengths);
  } else {
    FillByBlocks(own_[term].data(), cursor, scale);
  }
}

void RangeBounds::FillByPostings(uint8_t* row, PostingsCursor& cursor, const ImpactScale& scale,
                                 const uint8_t* norms, const LengthTable& lengths) const {
  std::array<float, kBlockLength + kScanSlack> shares;
  for (uint32_t block = 0; block < cursor.num_blocks(); ++block) {
    if (!cursor.LoadBlock(block)) return;
    const uint32_t* freqs = cursor.Freqs();
    if (freqs == nullptr) return;
    ScorePostings(cursor.docs(), freqs, cursor.size(), norms, lengths.data(), 1.0f, shares.data());
    for (uint32_t i = 0; i < cursor.size(); ++i) {
      uint8_t& bound = row[cursor.docs()[i] >> shift_];
      bound = std::max(bound, scale.ImpactOfShare(shares[i]));
    }
  }
}

void RangeBounds::FillByBlocks(uint8_t* row, PostingsCursor& cursor,
                               const ImpactScale& scale) const {
  // Impacts are turned into the query's units, so that a row stays linear in them.
  std::array<uint8_t, 256> converted;
  for (size_t impact = 0; impact < 256; ++impact) {
    converted[impact] = scale.ImpactOfShare(scale.ShareOfImpact(static_cast<uint8_t>(impact)));
  }
  uint32_t first = 0;
  for (uint32_t block = 0; block < cursor.num_blocks(); ++block) {
    const uint8_t impact = converted[scale.ImpactOfBlock(cursor, block)];
    const uint32_t last = std::min(cursor.LastDocOfBlock(block) >> shift_, num_ranges_ - 1);
    for (uint32_t range = first; range <= last; ++range) row[range] = std::max(row[range], impact);
    first = last;
  }
}

const float* RangeBounds::Sum(std::span<const uint32_t> order, size_t from) {
  std::fill(sums_.begin(), sums_.end(), 0.0f);
  for (size_t i = from; i < order.size(); ++i) {
    AddScaledBytes(rows_[order[i]], stride_, scales_[order[i]], sums_.data());
  }
  return sums_.data();
}

}  // namespace ibid
