// Upper bounds of scores from the impacts that the index keeps.
//
// Impacts were computed under the segment's own average length A. A query has the snapshot's A' = c
// * A, so that the norm K' of a document lies between K / c and K, and with the odds x = freq / K
// of a share x / (1 + x):  min(1, c) * x <= x' <= max(1, c) * x. Working in odds keeps the bounds
// of a changed average, and of an operator that counts at most m * freq matches, below a share
// of 1.
//
// Thread-safe.
#ifndef IBID_SEARCHER_TOPK_IMPACT_BOUNDS_H_
#define IBID_SEARCHER_TOPK_IMPACT_BOUNDS_H_

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>

#include "common/format/impacts.h"
#include "common/format/postings_cursor.h"
#include "common/format/segment_reader.h"

namespace ibid {

// Bounds are sums of single-precision numbers in another order than scores: a score may lie above
// its bound by so large a part of it. Covers clauses by the hundred.
inline constexpr float kBoundSlack = 1e-4f;

// The largest score that is certainly beaten by the threshold: anything whose bound lies below.
inline float PruneBelow(float threshold) { return threshold * (1.0f - kBoundSlack); }

inline float OddsOfShare(float share) {
  return share >= 1.0f ? std::numeric_limits<float>::infinity() : share / (1.0f - share);
}
inline float ShareOfOdds(float odds) {
  return odds == std::numeric_limits<float>::infinity() ? 1.0f : odds / (1.0f + odds);
}

// What a segment's impacts mean for a query's parameters.
class ImpactScale {
 public:
  // `lengths` are those of the query and outlive this. `usable`: the query has the parameters that
  // impacts are kept for; `average_length` is the snapshot's.
  ImpactScale(const SegmentReader& segment, const LengthTable* lengths, bool usable,
              double average_length);

  ImpactScale(const ImpactScale&) = delete;
  ImpactScale& operator=(const ImpactScale&) = delete;

  // The highest odds (under the query's parameters) in a block, a list.
  float OddsOfBlock(PostingsCursor& cursor, uint32_t block) const {
    return usable_ ? tables_->odds[cursor.MaxImpactOfBlock(block)] : OddsOfBounds(cursor, block);
  }
  float OddsOfList(PostingsCursor& cursor, uint8_t max_impact) const;
  // Whether OddsOfBlock is OddsOfImpact of the block's largest impact.
  bool usable() const { return usable_; }
  float OddsOfImpact(uint8_t impact) const { return tables_->odds[impact]; }
  // As an impact that ShareOfImpact turns back into a bound.
  uint8_t ImpactOfBlock(PostingsCursor& cursor, uint32_t block) const;
  uint8_t ImpactOfShare(float share) const {
    return static_cast<uint8_t>(std::min(255.0f, share * 255.0f + 1.0f));
  }
  float ShareOfImpact(uint8_t impact) const { return tables_->shares[impact]; }
  // How many times the share that a kept impact stands for a share may be: at least 1.
  float most_growth() const { return std::max(1.0f, drift_); }
  // A share that k documents are known to have; 0: nothing is known. `ranks_lost`: deleted
  // documents.
  float KthShare(const TermInfo& info, uint64_t k, uint64_t ranks_lost) const;

 private:
  float OddsOfBounds(PostingsCursor& cursor, uint32_t block) const;

  const LengthTable* lengths_;
  bool usable_;
  float drift_;  // c
  struct Tables {
    std::array<float, 256> odds;    // by impact, of the query
    std::array<float, 256> shares;  // the same as shares
  };
  static Tables TablesFor(float drift);
  static const Tables& TablesWithoutDrift();

  Tables own_;
  const Tables* tables_;  // own_, or those of most indexes, which have one segment
};

}  // namespace ibid

#endif  // IBID_SEARCHER_TOPK_IMPACT_BOUNDS_H_
