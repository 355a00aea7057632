#include "searcher/topk/residual.h"

#include <algorithm>
#include <utility>

namespace ibid {
namespace {

// Bits are made from the whole list, which pays where at least one of so many of its documents may
// be asked for.
constexpr uint32_t kDocsForOneAsked = 16;

// How many documents may be asked for.
uint32_t MostCandidates(const QueryPlan& plan) {
  if (!plan.required.empty()) return plan.lists[plan.required[0]]->doc_freq;
  uint32_t most = 0;
  for (const PlanClause& clause : plan.clauses) {
    most = std::max(most, plan.lists[clause.list]->doc_freq);
  }
  return most;
}

// The bits of a word's documents; null where it is no single word, or not dense, or not yet made
// and not worth it.
std::shared_ptr<const DenseList> DenseOf(const BoundNode& node, uint32_t num_candidates,
                                         const SegmentRanking& ranking) {
  if (node.kind != BoundNode::Kind::kTerm) return nullptr;
  const std::vector<TermInfo>& lists = node.term->segments[ranking.context->segment_index].scoring;
  if (lists.size() != 1) return nullptr;
  const bool are_few = num_candidates < lists[0].doc_freq / kDocsForOneAsked;
  if (are_few) return ranking.dense_lists->Kept(lists[0]);
  return ranking.dense_lists->Get(*ranking.context->segment, lists[0]);
}

}  // namespace

Residual::Residual(const QueryPlan& plan, const std::vector<bool>& elsewhere,
                   const SegmentRanking& ranking)
    : context_(ranking.context) {
  MatchContext* context = ranking.context;
  const bool is_union = plan.required.empty();
  for (const PlanClause& clause : plan.clauses) {
    const bool needed = !is_union && (clause.optional || !clause.is_term) &&
                        (elsewhere.empty() || !elsewhere[clauses_.size()]);
    clauses_.push_back(needed ? MakeMatcher(*clause.node, context) : nullptr);
    optional_.push_back(clause.optional);
    if (needed && !clause.optional) required_.push_back(clauses_.back().get());
  }
  for (const BoundNode* node : plan.filters) filters_.push_back(MakeMatcher(*node, context));
  for (const BoundNode* node : plan.excluded) {
    std::shared_ptr<const DenseList> dense = DenseOf(*node, MostCandidates(plan), ranking);
    if (dense != nullptr) {
      excluded_dense_.push_back(std::move(dense));
    } else {
      excluded_.push_back(MakeMatcher(*node, context));
    }
  }
}

bool Residual::Passes(DocId doc) {
  const auto holds = [doc](const auto& matcher) { return Holds(*matcher, doc); };
  const auto has_bit = [doc](const auto& dense) { return dense->Holds(doc); };
  return std::none_of(excluded_dense_.begin(), excluded_dense_.end(), has_bit) &&
         std::all_of(filters_.begin(), filters_.end(), holds) &&
         std::none_of(excluded_.begin(), excluded_.end(), holds) && context_->status.ok();
}

bool Residual::Matches(DocId doc) {
  return std::all_of(required_.begin(), required_.end(),
                     [doc](Matcher* matcher) { return Holds(*matcher, doc); }) &&
         context_->status.ok();
}

float Residual::Score(size_t clause, DocId doc) {
  Matcher& matcher = *clauses_[clause];
  if (optional_[clause] && !Holds(matcher, doc)) return 0.0f;
  return matcher.Score();
}

}  // namespace ibid
