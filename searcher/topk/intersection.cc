// Intersections, block by block of the rarest list: its postings are scored first, those that the
// others' block maxima cannot lift over the threshold are dropped, the rest goes through the other
// lists as an array. Phrases and proximity operators are decided last, by positions, and only for
// documents whose frequencies still allow a place among the best k. (S. Ding and T. Suel, "Faster
// top-k document retrieval using block-max indexes", SIGIR 2011, for the bounds; scoring the lead
// first as in Lucene's BlockMaxConjunctionBulkScorer.)

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <optional>
#include <vector>

#include "common/codec/bit_packing.h"
#include "common/codec/scan.h"
#include "searcher/rank/bm25.h"
#include "searcher/topk/residual.h"
#include "searcher/topk/segment_ranking.h"

namespace ibid {
namespace {

constexpr uint32_t kBatch = kBlockLength;
// Below this many candidates in a block they are looked up one by one.
constexpr uint32_t kFewCandidates = 4;
constexpr float kUnbounded = std::numeric_limits<float>::infinity();
// A bound of so many times the lead's frequency or more (operators nested ten deep) is none.
constexpr float kMostFactor = 1024.0f;

// One required list.
struct List {
  PostingsCursor cursor;
  uint32_t number = 0;                               // in the plan
  uint32_t block = 0;                                // where the last search ended
  std::shared_ptr<const DenseList> dense;            // null: only a list
  float list_odds = 0;                               // the most that any document has
  float range_odds = 0;                              // in the present range of documents
  std::array<uint32_t, kBatch + kScanSlack> freqs;   // of the candidates
  std::array<uint64_t, kBatch + kScanSlack> starts;  // of their positions, in the list's
  // Clauses that are this word: how much of the score comes with it.
  float weight = 0;
};

class Intersection : private ProvidedLists {
 public:
  Intersection(const QueryPlan& plan, SegmentRanking* ranking) : plan_(plan), ranking_(*ranking) {
    const SegmentReader& segment = *ranking->context->segment;
    lists_.resize(plan.required.size());
    for (size_t i = 0; i < lists_.size(); ++i) {
      const TermInfo& info = *plan.lists[plan.required[i]];
      lists_[i].cursor = segment.Postings(info);
      lists_[i].number = plan.required[i];
      if (i > 0) lists_[i].dense = ranking->dense_lists->Get(segment, info);
      if (ranking->top == nullptr) continue;
      lists_[i].list_odds = ranking->scale->OddsOfList(lists_[i].cursor, info.max_impact);
    }
    values_.assign(plan.lists.size(), kUnbounded);
    positions_.resize(lists_.size());
    scoring_ = ranking->top != nullptr;
    needs_positions_ = plan.needs_positions;
    needs_freqs_ = scoring_ || needs_positions_;
    if (scoring_) PrepareScores();
    if (needs_positions_) ranking->context->provided = this;
    residual_.emplace(plan, ranking->context);
    ranking->context->provided = nullptr;
  }

  absl::Status Run() {
    if (scoring_ && BoundFromOdds(&List::list_odds) < ranking_.prune_below()) {
      return absl::OkStatus();
    }
    PostingsCursor& lead = lists_[0].cursor;
    DocId first = 0;
    for (uint32_t block = 0; block < lead.num_blocks() && ranking_.context->status.ok(); ++block) {
      const DocId last = lead.LastDocOfBlock(block);
      if (ranking_.should_stop(first, kBatch)) break;
      prune_below_ = scoring_ ? ranking_.prune_below() : -kUnbounded;
      if (MayCompete(block, first, last)) RunBlock(block);
      if (exhausted_) break;
      first = last + 1;
    }
    for (List& list : lists_) {
      if (!list.cursor.status().ok()) ranking_.context->Fail(list.cursor.status());
      if (ranking_.work != nullptr) AddWork(list.cursor.work(), ranking_.work);
    }
    return ranking_.context->status;
  }

 private:
  // Which clauses the lead's frequencies bound, and which come with each other list.
  void PrepareScores() {
    const uint32_t lead = lists_[0].number;
    for (const PlanClause& clause : plan_.clauses) {
      if (clause.optional) {
        optional_bound_ += clause.node->weight;
        continue;
      }
      const float factor = clause.freq.FactorOf(lead);
      if (factor <= kMostFactor) {
        lead_clauses_.push_back({&clause, factor});
        continue;
      }
      if (clause.is_term) {
        ListOf(clause.list).weight += clause.node->weight;
      } else {
        rest_clauses_.push_back(&clause);
      }
    }
  }

  // ---- ProvidedLists, for the candidate being decided
  uint32_t Find(const TermInfo& info) const override {
    for (uint32_t i = 0; i < lists_.size(); ++i) {
      if (*plan_.lists[lists_[i].number] == info) return i;
    }
    return kNone;
  }

  const std::vector<Position>& Positions(uint32_t i) override {
    ListPositions& known = positions_[i];
    if (known.doc != docs_[deciding_]) {
      known.doc = docs_[deciding_];
      known.positions.clear();
      List& list = lists_[i];
      list.cursor.AppendPositionsAt(list.starts[deciding_], list.freqs[deciding_],
                                    &known.positions);
      if (!list.cursor.status().ok()) ranking_.context->Fail(list.cursor.status());
    }
    return known.positions;
  }

  List& ListOf(uint32_t number) {
    return *std::find_if(lists_.begin(), lists_.end(),
                         [number](const List& list) { return list.number == number; });
  }

  // The most that a document may score, when the values are the odds of each required list.
  float BoundFromOdds(float List::*odds) {
    for (const List& list : lists_) values_[list.number] = list.*odds;
    float bound = optional_bound_;
    for (const PlanClause& clause : plan_.clauses) {
      if (!clause.optional) bound += clause.node->weight * ShareOfOdds(clause.freq.At(values_));
    }
    return bound;
  }

  // Whether documents first to last, a block of the lead, may hold one of the best k. Notes the
  // bounds of the range.
  bool MayCompete(uint32_t block, DocId first, DocId last) {
    if (prune_below_ == -kUnbounded) return true;
    List& lead = lists_[0];
    lead.range_odds = ranking_.scale->OddsOfBlock(lead.cursor, block);
    for (size_t i = 1; i < lists_.size(); ++i) lists_[i].range_odds = lists_[i].list_odds;
    if (BoundFromOdds(&List::range_odds) < prune_below_) return false;
    for (size_t i = 1; i < lists_.size(); ++i) {
      List& list = lists_[i];
      uint32_t b = list.cursor.FindBlock(first, list.block);
      list.block = b;
      float odds = 0.0f;
      for (; b < list.cursor.num_blocks(); ++b) {
        odds = std::max(odds, ranking_.scale->OddsOfBlock(list.cursor, b));
        if (odds >= list.list_odds || list.cursor.LastDocOfBlock(b) >= last) break;
      }
      list.range_odds = odds;
    }
    return BoundFromOdds(&List::range_odds) >= prune_below_;
  }

  void RunBlock(uint32_t block) {
    List& lead = lists_[0];
    if (!lead.cursor.LoadBlock(block)) return;
    size_ = lead.cursor.size();
    std::copy_n(lead.cursor.docs(), size_, docs_.data());
    if (needs_freqs_) {
      const uint32_t* freqs = lead.cursor.Freqs();
      if (freqs == nullptr) return;
      std::copy_n(freqs, size_, lead.freqs.data());
      if (needs_positions_) {
        uint64_t start = lead.cursor.positions_before_block();
        for (uint32_t i = 0; i < size_; start += freqs[i], ++i) lead.starts[i] = start;
      }
      if (prune_below_ > -kUnbounded) ScoreLead();
    }
    for (size_t i = 1; i < lists_.size() && size_ > 0; ++i) {
      if (lists_[i].dense != nullptr) KeepHeld(i);
    }
    for (size_t i = 1; i < lists_.size() && size_ > 0; ++i) {
      if (needs_freqs_ || lists_[i].dense == nullptr) Intersect(i);
    }
    if (size_ > 0) Finish();
  }

  // partial_: the clauses that the lead bounds; then drops what the others cannot lift.
  void ScoreLead() {
    List& lead = lists_[0];
    const Section& norms = ranking_.context->segment->norms();
    if (!norms.Touch(docs_[0], docs_[size_ - 1] - docs_[0] + 1)) {
      ranking_.context->Fail(norms.Read(docs_[0], docs_[size_ - 1] - docs_[0] + 1).status());
      size_ = 0;
      return;
    }
    std::fill_n(partial_.begin(), size_, 0.0f);
    for (const LeadClause& clause : lead_clauses_) {
      std::array<uint32_t, kBatch> scaled;
      const uint32_t* freqs = lead.freqs.data();
      if (clause.factor != 1.0f) {
        const uint32_t factor = static_cast<uint32_t>(clause.factor);
        const uint32_t most = 0x7fffffffu / factor;  // its share is 1 in any document
        for (uint32_t i = 0; i < size_; ++i) scaled[i] = std::min(lead.freqs[i], most) * factor;
        freqs = scaled.data();
      }
      std::array<float, kBatch + kScanSlack> scores;
      ScorePostings(docs_.data(), freqs, size_, norms.data(), ranking_.context->lengths->data(),
                    clause.clause->node->weight, scores.data());
      for (uint32_t i = 0; i < size_; ++i) partial_[i] += scores[i];
    }
    if (ranking_.work != nullptr) ranking_.work->postings_scored += size_;
    for (const List& list : lists_) values_[list.number] = list.range_odds;
    constant_rest_ = optional_bound_;
    for (const PlanClause* clause : rest_clauses_) {
      constant_rest_ += clause->node->weight * ShareOfOdds(clause->freq.At(values_));
    }
    rest_ = constant_rest_;
    for (size_t i = 1; i < lists_.size(); ++i) rest_ += Contribution(lists_[i]);
    std::array<uint32_t, kBatch + kScanSlack> kept;
    const uint32_t count = SelectByScore(partial_.data(), size_, rest_, prune_below_, kept.data());
    Keep(kept.data(), count, 1);
  }

  static float Contribution(const List& list) {
    return list.weight == 0 ? 0.0f : list.weight * ShareOfOdds(list.range_odds);
  }

  // Keeps the candidates at these places; the first `num_lists` have frequencies.
  void Keep(const uint32_t* places, uint32_t count, size_t num_lists) {
    if (count == size_) return;
    for (uint32_t i = 0; i < count; ++i) docs_[i] = docs_[places[i]];
    if (needs_freqs_) {
      for (uint32_t i = 0; i < count; ++i) partial_[i] = partial_[places[i]];
      for (size_t l = 0; l < num_lists; ++l) {
        std::array<uint32_t, kBatch + kScanSlack>& freqs = lists_[l].freqs;
        for (uint32_t i = 0; i < count; ++i) freqs[i] = freqs[places[i]];
        if (!needs_positions_) continue;
        std::array<uint64_t, kBatch + kScanSlack>& starts = lists_[l].starts;
        for (uint32_t i = 0; i < count; ++i) starts[i] = starts[places[i]];
      }
    }
    size_ = count;
  }

  // The same by the list's bits, without frequencies.
  void KeepHeld(size_t i) {
    const DenseList& dense = *lists_[i].dense;
    std::array<uint32_t, kBatch + kScanSlack> kept;
    uint32_t count = 0;
    for (uint32_t c = 0; c < size_; ++c) {
      kept[count] = c;
      count += dense.Holds(docs_[c]) ? 1 : 0;
    }
    Keep(kept.data(), count, 1);
  }

  // Keeps the candidates that are in list number i too.
  void Intersect(size_t i) {
    List& list = lists_[i];
    PostingsCursor& cursor = list.cursor;
    std::array<uint32_t, kBatch + kScanSlack> kept, places;
    uint32_t count = 0;
    uint32_t block = cursor.FindBlock(docs_[0], list.block);
    for (uint32_t k = 0; k < size_ && block < cursor.num_blocks();) {
      const DocId last = cursor.LastDocOfBlock(block);
      const uint32_t end =
          docs_[size_ - 1] <= last ? size_ : k + LowerBound(docs_.data() + k, size_ - k, last + 1);
      if (end > k && BlockMayCompete(list, block, k, end)) {
        if (!cursor.LoadBlock(block)) break;
        const uint32_t found = Common(cursor, k, end, kept.data() + count, places.data());
        if (needs_freqs_ && found > 0) {
          const uint32_t* freqs = cursor.Freqs();
          if (freqs == nullptr) break;
          for (uint32_t j = 0; j < found; ++j) list.freqs[count + j] = freqs[places[j]];
          if (needs_positions_)
            NoteStarts(cursor, freqs, places.data(), found, &list.starts[count]);
        }
        for (uint32_t j = 0; j < found; ++j) kept[count + j] += k;
        count += found;
      }
      k = end;
      if (k < size_) block = cursor.FindBlock(docs_[k], block + 1);
    }
    if (block >= cursor.num_blocks()) exhausted_ = true;
    list.block = std::min(block, cursor.num_blocks() - 1);
    Keep(kept.data(), count, i);
    if (prune_below_ > -kUnbounded && list.weight > 0 && size_ > 0) AddScores(list, i);
  }

  // Where the positions of the postings at these places begin.
  static void NoteStarts(const PostingsCursor& cursor, const uint32_t* freqs,
                         const uint32_t* places, uint32_t count, uint64_t* starts) {
    uint64_t start = cursor.positions_before_block();
    uint32_t at = 0;
    for (uint32_t j = 0; j < count; ++j) {
      for (; at < places[j]; ++at) start += freqs[at];
      starts[j] = start;
    }
  }

  // Places of the candidates k to end, from k, that the loaded block has too.
  uint32_t Common(const PostingsCursor& cursor, uint32_t k, uint32_t end, uint32_t* kept,
                  uint32_t* places) {
    if (ranking_.work != nullptr) ranking_.work->probes += end - k;
    if (end - k >= kFewCandidates) {
      return IntersectSorted(docs_.data() + k, end - k, cursor.docs(), cursor.size(), kept, places);
    }
    uint32_t count = 0, from = 0;
    for (uint32_t j = k; j < end; ++j) {
      from += LowerBound(cursor.docs() + from, cursor.size() - from, docs_[j]);
      if (from == cursor.size()) break;
      kept[count] = j - k;
      places[count] = from;
      count += cursor.docs()[from] == docs_[j] ? 1 : 0;
    }
    return count;
  }

  // Whether a candidate from k to end may still enter the best k, given this block of the list.
  bool BlockMayCompete(const List& list, uint32_t block, uint32_t k, uint32_t end) {
    if (prune_below_ == -kUnbounded || list.weight == 0) return true;
    PostingsCursor& cursor = const_cast<List&>(list).cursor;
    const float here = list.weight * ShareOfOdds(ranking_.scale->OddsOfBlock(cursor, block));
    const float rest = rest_ - Contribution(list) + here;
    const float best = *std::max_element(partial_.begin() + k, partial_.begin() + end);
    return best + rest >= prune_below_;
  }

  // Adds what the list's word scores, then drops what the remaining lists cannot lift.
  void AddScores(const List& list, size_t i) {
    const Section& norms = ranking_.context->segment->norms();
    std::array<float, kBatch + kScanSlack> scores;
    ScorePostings(docs_.data(), list.freqs.data(), size_, norms.data(),
                  ranking_.context->lengths->data(), list.weight, scores.data());
    for (uint32_t j = 0; j < size_; ++j) partial_[j] += scores[j];
    rest_ = constant_rest_;
    for (size_t l = i + 1; l < lists_.size(); ++l) rest_ += Contribution(lists_[l]);
    std::array<uint32_t, kBatch + kScanSlack> kept;
    const uint32_t count = SelectByScore(partial_.data(), size_, rest_, prune_below_, kept.data());
    Keep(kept.data(), count, i + 1);
  }

  // Decides and scores the candidates that are in every list.
  void Finish() {
    if (!scoring_ && !residual_->decides() && ranking_.live == nullptr) {
      *ranking_.total += size_;
      return;
    }
    for (uint32_t c = 0; c < size_; ++c) {
      const DocId doc = docs_[c];
      deciding_ = c;
      if (!ranking_.IsLive(doc)) continue;
      if (scoring_ && ranking_.total == nullptr) {
        const float prune_below = ranking_.prune_below();
        if (prune_below > -kUnbounded && BoundOf(c) < prune_below) continue;
      }
      if (ranking_.work != nullptr && plan_.needs_positions) ++ranking_.work->candidates_verified;
      if (!residual_->Matches(doc)) continue;
      if (ranking_.total != nullptr) ++*ranking_.total;
      if (!scoring_) continue;
      const float score = ScoreOf(c);
      ranking_.top->Offer({score, score, doc});
    }
  }

  float LengthOf(DocId doc) { return ranking_.context->LengthOf(doc); }

  // From the frequencies of all lists.
  float BoundOf(uint32_t c) {
    const float k = LengthOf(docs_[c]);
    for (const List& list : lists_) {
      values_[list.number] = static_cast<float>(list.freqs[c]);
    }
    float bound = optional_bound_;
    for (const PlanClause& clause : plan_.clauses) {
      if (clause.optional) continue;
      const float freq = clause.freq.AtFreqs(values_);
      bound += freq == kUnbounded ? clause.node->weight : Bm25(clause.node->weight, freq, k);
    }
    return bound;
  }

  // As the matchers score: the clauses' scores added in their order.
  float ScoreOf(uint32_t c) {
    const float k = LengthOf(docs_[c]);
    float sum = 0.0f;
    for (size_t i = 0; i < plan_.clauses.size(); ++i) {
      const PlanClause& clause = plan_.clauses[i];
      if (clause.optional || !clause.is_term) {
        sum += residual_->Score(i, docs_[c]);
      } else {
        sum += Bm25(clause.node->weight, static_cast<float>(ListOf(clause.list).freqs[c]), k);
      }
    }
    return sum;
  }

  struct LeadClause {
    const PlanClause* clause;
    float factor;
  };

  const QueryPlan& plan_;
  SegmentRanking& ranking_;
  std::optional<Residual> residual_;
  std::vector<List> lists_;
  struct ListPositions {
    DocId doc = kNoMoreDocs;
    std::vector<Position> positions;
  };
  std::vector<ListPositions> positions_;  // of each list, in the last document asked for
  uint32_t deciding_ = 0;                 // the candidate
  std::vector<LeadClause> lead_clauses_;
  std::vector<const PlanClause*> rest_clauses_;
  std::vector<float> values_;  // a value for each list of the plan
  bool scoring_ = false;
  bool needs_freqs_ = false;
  bool needs_positions_ = false;
  bool exhausted_ = false;
  float prune_below_ = -kUnbounded;
  float optional_bound_ = 0;
  float constant_rest_ = 0;
  float rest_ = 0;
  uint32_t size_ = 0;  // candidates
  std::array<DocId, kBatch + kScanSlack> docs_;
  std::array<float, kBatch + kScanSlack> partial_;
};

}  // namespace

absl::Status RankIntersection(const QueryPlan& plan, SegmentRanking* ranking) {
  return Intersection(plan, ranking).Run();
}

}  // namespace ibid
