#include "searcher/topk/impact_bounds.h"

namespace ibid {
namespace {

// Roundings on the way from an impact to odds.
constexpr float kUp = 1.0f + 1e-5f;
constexpr float kDown = 1.0f - 1e-5f;

float SegmentAverage(const SegmentReader& segment) {
  const SegmentProperties& p = segment.properties();
  if (p.num_docs == 0 || p.num_tokens == 0) return 1.0f;
  return static_cast<float>(static_cast<double>(p.num_tokens) / p.num_docs);
}

}  // namespace

ImpactScale::ImpactScale(const SegmentReader& segment, const LengthTable* lengths, bool usable,
                         double average_length)
    : lengths_(lengths), usable_(usable) {
  const float average = average_length > 0 ? static_cast<float>(average_length) : 1.0f;
  drift_ = usable ? average / SegmentAverage(segment) : 1.0f;
  if (drift_ == 1.0f) {
    tables_ = &TablesWithoutDrift();
  } else {
    own_ = TablesFor(drift_);
    tables_ = &own_;
  }
}

ImpactScale::Tables ImpactScale::TablesFor(float drift) {
  Tables tables;
  for (size_t impact = 0; impact < 256; ++impact) {
    const float share = ImpactToShare(static_cast<uint8_t>(impact));
    tables.odds[impact] = OddsOfShare(share) * std::max(1.0f, drift) * kUp;
    tables.shares[impact] = ShareOfOdds(tables.odds[impact]) * kUp;
  }
  return tables;
}

const ImpactScale::Tables& ImpactScale::TablesWithoutDrift() {
  static const Tables tables = TablesFor(1.0f);
  return tables;
}

float ImpactScale::OddsOfBounds(PostingsCursor& cursor, uint32_t block) const {
  const PostingsCursor::BlockBounds bounds = cursor.BoundsOfBlock(block);
  const float freq = static_cast<float>(bounds.max_freq);
  return OddsOfShare(TermFrequencyShare(freq, (*lengths_)[bounds.min_norm])) * kUp;
}

float ImpactScale::OddsOfList(PostingsCursor& cursor, uint8_t max_impact) const {
  if (usable_) return tables_->odds[max_impact];
  float odds = 0.0f;
  for (uint32_t block = 0; block < cursor.num_blocks(); ++block) {
    odds = std::max(odds, OddsOfBounds(cursor, block));
  }
  return odds;
}

uint8_t ImpactScale::ImpactOfBlock(PostingsCursor& cursor, uint32_t block) const {
  if (usable_) return cursor.MaxImpactOfBlock(block);
  return ImpactOfShare(ShareOfOdds(OddsOfBounds(cursor, block)));
}

float ImpactScale::KthShare(const TermInfo& info, uint64_t k, uint64_t ranks_lost) const {
  if (!usable_) return 0.0f;
  for (size_t i = 0; i < kKthRanks.size(); ++i) {
    if (kKthRanks[i] < k + ranks_lost) continue;
    const float share = ImpactToShare(info.kth_impacts[i]) * kDown;
    return ShareOfOdds(OddsOfShare(share) * std::min(1.0f, drift_)) * kDown;
  }
  return 0.0f;
}

}  // namespace ibid
