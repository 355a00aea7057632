// Ranking and counting one segment by a plan.
//
//   SegmentRanking ranking{...};
//   RETURN_IF_ERROR(RankPlan(plan, &ranking));
//
// Every evaluation gives the answers of the exhaustive one (searcher/match/matcher.h), scores to
// the last bit; documents that provably cannot enter the best k are left out on the way, but only
// where they need not be counted. Not thread-safe.
#ifndef IBID_SEARCHER_TOPK_SEGMENT_RANKING_H_
#define IBID_SEARCHER_TOPK_SEGMENT_RANKING_H_

#include <cstdint>
#include <functional>
#include <limits>

#include "absl/status/status.h"
#include "common/format/live_docs.h"
#include "ibid/searcher.h"
#include "searcher/match/dense_lists.h"
#include "searcher/match/matcher.h"
#include "searcher/match/range_impacts.h"
#include "searcher/rank/top_k.h"
#include "searcher/topk/impact_bounds.h"
#include "searcher/topk/query_plan.h"

namespace ibid {

struct SegmentRanking {
  MatchContext* context = nullptr;
  const LiveDocs* live = nullptr;  // null: all live
  uint32_t num_deleted = 0;
  const ImpactScale* scale = nullptr;  // may be null where only counting
  DenseLists* dense_lists = nullptr;
  RangeImpactsOfLists* range_impacts = nullptr;
  TopK* top = nullptr;        // null: only count
  uint64_t* total = nullptr;  // null: not counted, and so free to leave documents out
  SearchWork* work = nullptr;
  // Told of the next document and about how many are looked at; true ends the evaluation there.
  std::function<bool(DocId, uint32_t)> should_stop;

  bool IsLive(DocId doc) const { return live == nullptr || live->IsLive(doc); }
  // Bounds below this cannot enter the best k.
  float prune_below() const {
    if (total != nullptr) return -std::numeric_limits<float>::infinity();
    const double threshold = top->threshold();
    return threshold > 0 ? PruneBelow(static_cast<float>(threshold))
                         : -std::numeric_limits<float>::infinity();
  }
};

// What is kept of a list (searcher/match/range_impacts.h); null where it is not kept yet, or cannot
// be used for this query.
inline std::shared_ptr<const RangeImpacts> ImpactsOf(const SegmentRanking& ranking,
                                                     const TermInfo& info) {
  if (!ranking.scale->usable()) return nullptr;
  return ranking.range_impacts->Get(*ranking.context->segment, info);
}
// The same for those with codes; nothing is made for others.
inline std::shared_ptr<const RangeImpacts> CodesOf(const SegmentRanking& ranking,
                                                   const TermInfo& info) {
  if (!HasCodes(info, ranking.context->segment->num_docs())) return nullptr;
  return ImpactsOf(ranking, info);
}

// The best documents of a plan (ranking->top), counted on the way where ranking->total is set; or
// only their number (ranking->total alone).
absl::Status RankPlan(const QueryPlan& plan, SegmentRanking* ranking);
absl::Status CountPlan(const QueryPlan& plan, SegmentRanking* ranking);

// ---- The ways that they choose from.

// Documents that are in every list of plan.required (not empty) and match what else it asks for.
absl::Status RankIntersection(const QueryPlan& plan, SegmentRanking* ranking);

// Documents that any clause (each a word) matches, less those that filters and exclusions drop.
// RankUnion only for ranking->top, CountUnion only for ranking->total. RankUnion also takes words
// that are all required, where all of them have codes (CodesOf).
absl::Status RankUnion(const QueryPlan& plan, SegmentRanking* ranking);
// RankUnionByWindows only where every clause has a weight above 0.
absl::Status RankUnionByWindows(const QueryPlan& plan, SegmentRanking* ranking);
absl::Status CountUnion(const QueryPlan& plan, SegmentRanking* ranking);

}  // namespace ibid

#endif  // IBID_SEARCHER_TOPK_SEGMENT_RANKING_H_
