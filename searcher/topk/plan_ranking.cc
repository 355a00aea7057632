// Chooses the cheapest way through a plan.
//
// Optional words beside required ones are taken apart into passes: first the documents that have
// all of the optional words, then those with fewer, each as an intersection with its own, tighter
// bound. For "+a b" with b rare, the second pass ends before it begins: no document with a alone
// can reach the threshold that the first has set.

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <vector>

#include "common/codec/scan.h"
#include "searcher/rank/bm25.h"
#include "searcher/topk/segment_ranking.h"

namespace ibid {
namespace {

// 2^n passes.
constexpr size_t kMaxOptionalWords = 3;
// From so many words on a union is cheaper by windows than word by word, or from so many where one
// of so many documents is wanted: measured on 24,576 long documents and 365,349 short ones.
constexpr size_t kManyWords = 6;
constexpr size_t kSomeWords = 4;
constexpr uint32_t kDocsForOneWanted = 256;

// Without the rewritten clauses, which `plan` goes on owning.
QueryPlan Derived(const QueryPlan& plan) {
  QueryPlan derived;
  derived.lists = plan.lists;
  derived.required = plan.required;
  derived.clauses = plan.clauses;
  derived.filters = plan.filters;
  derived.excluded = plan.excluded;
  derived.needs_positions = plan.needs_positions;
  derived.neighbours = plan.neighbours;
  return derived;
}

bool IsRequired(uint32_t list, const QueryPlan& plan) {
  return std::find(plan.required.begin(), plan.required.end(), list) != plan.required.end();
}

void Require(uint32_t list, QueryPlan* plan) {
  if (IsRequired(list, *plan)) return;
  std::vector<uint32_t>& required = plan->required;
  const uint32_t doc_freq = plan->lists[list]->doc_freq;
  const auto rarer = [plan, doc_freq](uint32_t other) {
    return plan->lists[other]->doc_freq <= doc_freq;
  };
  required.insert(std::find_if_not(required.begin(), required.end(), rarer), list);
}

// A ranking that notes whether it was told to stop.
class StopWatch {
 public:
  explicit StopWatch(const SegmentRanking& ranking) : ranking_(ranking) {
    ranking_.should_stop = [this, &ranking](DocId doc, uint32_t num_docs) {
      const bool stop = ranking.should_stop(doc, num_docs);
      stopped_ = stopped_ || stop;
      return stop;
    };
  }
  StopWatch(const StopWatch&) = delete;
  StopWatch& operator=(const StopWatch&) = delete;

  const SegmentRanking& ranking() const { return ranking_; }
  bool stopped() const { return stopped_; }

 private:
  SegmentRanking ranking_;
  bool stopped_ = false;
};

bool HasResidue(const QueryPlan& plan) {
  return plan.needs_positions || !plan.filters.empty() || !plan.excluded.empty();
}

// Lists that are all dense: the bits that all of them have.
bool CountDense(const QueryPlan& plan, const SegmentRanking& ranking, uint64_t* total) {
  std::vector<std::shared_ptr<const DenseList>> lists;
  for (const uint32_t list : plan.required) {
    lists.push_back(ranking.dense_lists->Get(*ranking.context->segment, *plan.lists[list]));
    if (lists.back() == nullptr) return false;
  }
  std::vector<const uint64_t*> arrays;
  for (const auto& list : lists) arrays.push_back(list->words().data());
  *total += CountCommonBits(arrays.data(), arrays.size(), lists[0]->words().size());
  return true;
}

absl::Status Count(const QueryPlan& plan, SegmentRanking ranking, uint64_t* total) {
  if (plan.required.size() == 1 && !HasResidue(plan) && ranking.live == nullptr) {
    *total += plan.lists[plan.required[0]]->doc_freq;
    return absl::OkStatus();
  }
  if (!HasResidue(plan) && ranking.live == nullptr && CountDense(plan, ranking, total)) {
    return absl::OkStatus();
  }
  ranking.top = nullptr;
  ranking.total = total;
  return RankIntersection(plan, &ranking);
}

// A word alone, from the best documents that are kept of it. False, and nothing done, where others
// might be among the best k.
bool RankFromBestDocs(const QueryPlan& plan, SegmentRanking* ranking) {
  if (ranking->total != nullptr || HasResidue(plan) || plan.required.size() != 1) return false;
  if (plan.clauses.size() != 1 || !plan.clauses[0].is_term || plan.clauses[0].optional)
    return false;
  const auto kept = ImpactsOf(*ranking, *plan.lists[plan.clauses[0].list]);
  if (kept == nullptr) return false;
  const float weight = plan.clauses[0].node->weight;
  const float most = weight * ranking->scale->most_growth();  // for a share of 1
  std::array<RankedDoc, kBestDocs> docs;
  size_t count = 0;
  float reached = std::numeric_limits<float>::infinity();  // by all of the first k
  float least = static_cast<float>(ranking->top->threshold());
  for (const RangeImpacts::BestDoc& best : kept->best) {
    if (count >= ranking->top->k()) {
      least = std::max(least, reached);
      if (most * best.share < PruneBelow(least)) break;
    }
    if (!ranking->IsLive(best.doc)) continue;
    const float score =
        Bm25(weight, static_cast<float>(best.freq), ranking->context->LengthOf(best.doc));
    if (count < ranking->top->k()) reached = std::min(reached, score);
    docs[count++] = {score, score, best.doc};
  }
  if (!ranking->context->status.ok()) return true;
  if (count >= ranking->top->k()) least = std::max(least, reached);
  const bool are_others = kept->share_of_others > 0;
  if (are_others && most * kept->share_of_others >= PruneBelow(least)) return false;
  for (size_t i = 0; i < count; ++i) ranking->top->Offer(docs[i]);
  if (ranking->work != nullptr) ranking->work->postings_scored += count;
  return true;
}

// Whether all that is asked for is that some words, each frequent enough to have codes, be there.
bool IsOfCodedWords(const QueryPlan& plan, const SegmentRanking& ranking) {
  if (plan.needs_positions || plan.clauses.size() != plan.required.size()) return false;
  // Blocks of a word alone are found by their impacts.
  if (plan.clauses.size() < 2 || plan.clauses.size() > kMostSummedCodes) return false;
  return std::all_of(plan.clauses.begin(), plan.clauses.end(), [&](const PlanClause& clause) {
    return clause.is_term && !clause.optional && IsRequired(clause.list, plan) &&
           CodesOf(ranking, *plan.lists[clause.list]) != nullptr;
  });
}

// One pass for each choice of optional words, the most promising first.
absl::Status RankPasses(const QueryPlan& plan, const std::vector<size_t>& optional,
                        SegmentRanking* ranking) {
  const auto bound_of = [&](size_t chosen) {
    float bound = 0.0f;
    for (size_t i = 0; i < optional.size(); ++i) {
      if ((chosen >> i & 1) != 0) bound += plan.clauses[optional[i]].node->weight;
    }
    return bound;
  };
  std::vector<size_t> choices(size_t{1} << optional.size());
  for (size_t i = 0; i < choices.size(); ++i) choices[i] = i;
  std::stable_sort(choices.begin(), choices.end(),
                   [&](size_t a, size_t b) { return bound_of(a) > bound_of(b); });
  for (const size_t chosen : choices) {
    QueryPlan pass = Derived(plan);
    std::vector<bool> left_out(plan.clauses.size(), false);
    for (size_t i = 0; i < optional.size(); ++i) {
      PlanClause& clause = pass.clauses[optional[i]];
      if ((chosen >> i & 1) != 0) {
        clause.optional = false;
        Require(clause.list, &pass);
      } else {
        pass.excluded.push_back(clause.node);
        left_out[optional[i]] = true;
      }
    }
    std::vector<PlanClause> kept;
    for (size_t i = 0; i < pass.clauses.size(); ++i) {
      if (!left_out[i]) kept.push_back(std::move(pass.clauses[i]));
    }
    pass.clauses = std::move(kept);
    const absl::Status status = RankIntersection(pass, ranking);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

// |A or B| = |A| + |B| - |A and B|
absl::Status CountPair(const QueryPlan& plan, SegmentRanking* ranking) {
  QueryPlan both = Derived(plan);
  for (const PlanClause& clause : plan.clauses) Require(clause.list, &both);
  uint64_t common = 0;
  StopWatch stop(*ranking);
  const absl::Status status = Count(both, stop.ranking(), &common);
  uint64_t sum = 0, most = 0;
  for (const PlanClause& clause : plan.clauses) {
    const uint64_t doc_freq = plan.lists[clause.list]->doc_freq;
    sum += doc_freq;
    most = std::max(most, doc_freq);
  }
  // Where not all that is common was counted, only this is certain.
  *ranking->total += stop.stopped() ? most : sum - common;
  return status;
}

}  // namespace

absl::Status CountPlan(const QueryPlan& plan, SegmentRanking* ranking) {
  uint64_t* total = ranking->total;
  if (plan.required.empty()) {
    const bool pair = plan.clauses.size() == 2 && !HasResidue(plan) && ranking->live == nullptr;
    return pair ? CountPair(plan, ranking) : CountUnion(plan, ranking);
  }
  // |A - x| = |A| - |A and x|
  const bool one_excluded = plan.excluded.size() == 1 && plan.filters.empty() &&
                            !plan.needs_positions && ranking->live == nullptr &&
                            plan.excluded[0]->kind == BoundNode::Kind::kTerm;
  if (!one_excluded) return Count(plan, *ranking, total);
  QueryPlan without = Derived(plan);
  without.excluded.clear();
  uint64_t all = 0, common = 0;
  StopWatch stop(*ranking);
  const absl::Status status = Count(without, stop.ranking(), &all);
  if (!status.ok()) return status;
  const std::vector<TermInfo>& lists =
      plan.excluded[0]->term->segments[ranking->context->segment_index].scoring;
  if (lists.size() > 1) return Count(plan, *ranking, total);
  if (lists.size() == 1) {
    without.lists.push_back(&lists[0]);
    Require(static_cast<uint32_t>(without.lists.size() - 1), &without);
    const absl::Status counted = Count(without, stop.ranking(), &common);
    if (!counted.ok()) return counted;
    if (stop.stopped()) common = std::min<uint64_t>(all, lists[0].doc_freq);
  }
  *total += all - common;
  return absl::OkStatus();
}

absl::Status RankPlan(const QueryPlan& plan, SegmentRanking* ranking) {
  if (plan.required.empty()) {
    const uint32_t num_docs = ranking->context->segment->num_docs();
    const bool many =
        plan.clauses.size() >= kManyWords ||
        (plan.clauses.size() >= kSomeWords && ranking->top->k() >= num_docs / kDocsForOneWanted);
    // A window knows a document by its score.
    const bool all_score =
        std::all_of(plan.clauses.begin(), plan.clauses.end(),
                    [](const PlanClause& clause) { return clause.node->weight > 0; });
    return many && all_score ? RankUnionByWindows(plan, ranking) : RankUnion(plan, ranking);
  }
  if (RankFromBestDocs(plan, ranking)) return ranking->context->status;
  if (ranking->total == nullptr && IsOfCodedWords(plan, *ranking)) return RankUnion(plan, ranking);
  std::vector<size_t> optional;
  bool words = true;
  for (size_t i = 0; i < plan.clauses.size(); ++i) {
    if (!plan.clauses[i].optional) continue;
    optional.push_back(i);
    words = words && plan.clauses[i].is_term;
  }
  const bool in_passes = ranking->total == nullptr && words && !optional.empty() &&
                         optional.size() <= kMaxOptionalWords;
  return in_passes ? RankPasses(plan, optional, ranking) : RankIntersection(plan, ranking);
}

}  // namespace ibid
