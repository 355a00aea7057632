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
#include <numeric>
#include <optional>
#include <span>
#include <vector>

#include "common/codec/bit_packing.h"
#include "common/codec/scan.h"
#include "searcher/rank/bm25.h"
#include "searcher/topk/code_filter.h"
#include "searcher/topk/positional_freqs.h"
#include "searcher/topk/residual.h"
#include "searcher/topk/segment_ranking.h"

namespace ibid {
namespace {

constexpr uint32_t kBatch = kBlockLength;
// Below this many candidates in a block they are looked up one by one.
constexpr uint32_t kFewCandidates = 4;
// So many candidates are decided until the threshold is looked at again.
constexpr uint32_t kDecidedAtOnce = 16;
constexpr float kUp = 1.0f + 1e-5f;
// The largest single-precision number below 2^31, beyond any frequency.
constexpr float kMostFreq = 2147483520.0f;
constexpr float kUnbounded = std::numeric_limits<float>::infinity();

// One required list.
struct List {
  PostingsCursor cursor;
  uint32_t number = 0;                               // in the plan
  uint32_t block = 0;                                // where the last search ended
  std::shared_ptr<const DenseList> dense;            // null: only a list
  std::shared_ptr<const RangeImpacts> coded;         // null: has no codes
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
      if (ranking->total == nullptr) lists_[i].coded = CodesOf(*ranking, info);
    }
    all_coded_ = lists_.size() <= kMostSummedCodes &&
                 std::all_of(lists_.begin(), lists_.end(),
                             [](const List& list) { return list.coded != nullptr; });
    values_.assign(plan.lists.size(), kUnbounded);
    freqs_.assign(plan.lists.size(), nullptr);
    freqs_[lists_[0].number] = lists_[0].freqs.data();
    neighbours_.resize(plan.neighbours.size());
    for (size_t i = 0; i < neighbours_.size(); ++i) {
      const TermInfo& info = *plan.lists[plan.neighbours[i]];
      neighbours_[i].cursor = segment.Postings(info);
      neighbours_[i].number = plan.neighbours[i];
      freqs_[neighbours_[i].number] = neighbours_[i].freqs.data();
      if (ranking->top == nullptr) continue;
      neighbours_[i].list_odds = ranking->scale->OddsOfList(neighbours_[i].cursor, info.max_impact);
    }
    positions_.resize(lists_.size());
    scoring_ = ranking->top != nullptr;
    needs_positions_ = plan.needs_positions;
    needs_freqs_ = scoring_ || needs_positions_;
    if (scoring_) PrepareScores();
    if (needs_positions_) ranking->context->provided = this;
    if (needs_positions_) PreparePositions();
    std::vector<bool> decided_here;
    for (const auto& positional : positional_) decided_here.push_back(positional.has_value());
    residual_.emplace(plan, decided_here, *ranking);
    ranking->context->provided = nullptr;
  }

  absl::Status Run() {
    if (scoring_ && BoundFromOdds(&List::list_odds) < PruneBelowNow()) return absl::OkStatus();
    PostingsCursor& lead = lists_[0].cursor;
    DocId first = 0;
    for (uint32_t block = 0; block < lead.num_blocks() && ranking_.context->status.ok(); ++block) {
      if (ranking_.should_stop(first, kBatch)) break;
      prune_below_ = PruneBelowNow();
      if (const uint32_t next = NextToCompete(block); next > block) {
        if (next >= lead.num_blocks()) break;
        first = lead.LastDocOfBlock(next - 1) + 1;
        block = next;
      }
      const DocId last = lead.LastDocOfBlock(block);
      if (CodesMayCompete(first, last) && MayCompete(block, first, last)) RunBlock(block);
      if (exhausted_) break;
      first = last + 1;
    }
    for (std::vector<List>* lists : {&lists_, &neighbours_}) {
      for (List& list : *lists) {
        if (!list.cursor.status().ok()) ranking_.context->Fail(list.cursor.status());
        if (ranking_.work != nullptr) AddWork(list.cursor.work(), ranking_.work);
      }
    }
    return ranking_.context->status;
  }

 private:
  float PruneBelowNow() const {
    if (!scoring_ || ranking_.total != nullptr) return -kUnbounded;
    return std::max(ranking_.prune_below(), floor_);
  }

  // Of the lead's blocks from `block` on the first that may hold one of the best k, if the other
  // lists have all that they have anywhere.
  uint32_t NextToCompete(uint32_t block) {
    if (prune_below_ == -kUnbounded || !ranking_.scale->usable()) return block;
    if (prune_below_ != least_impact_for_) {
      for (size_t i = 1; i < lists_.size(); ++i) lists_[i].range_odds = lists_[i].list_odds;
      for (List& list : neighbours_) list.range_odds = list.list_odds;
      uint32_t below = 0, at = 256;  // the least impact that is enough lies between
      while (below < at) {
        const uint32_t middle = (below + at) / 2;
        lists_[0].range_odds = ranking_.scale->OddsOfImpact(static_cast<uint8_t>(middle));
        const bool enough = BoundFromOdds(&List::range_odds) >= prune_below_;
        (enough ? at : below) = enough ? middle : middle + 1;
      }
      least_impact_ = at;
      least_impact_for_ = prune_below_;
    }
    PostingsCursor& lead = lists_[0].cursor;
    if (least_impact_ > 255) return lead.num_blocks();
    return lead.FindImpact(static_cast<uint8_t>(least_impact_), block);
  }

  // The least codes that a document needs in each list, if it has in the others all that they have
  // anywhere.
  void PrepareCodes() {
    codes_for_ = prune_below_;
    for (List& list : lists_) list.range_odds = list.list_odds;
    for (List& list : neighbours_) list.range_odds = list.list_odds;
    for (size_t i = 0; i < lists_.size(); ++i) {
      List& list = lists_[i];
      uint32_t least = 1;
      for (; least < 16; ++least) {
        list.range_odds = OddsOfCode(list, least);
        if (BoundFromOdds(&List::range_odds) >= prune_below_) break;
      }
      list.range_odds = list.list_odds;
      filter_.SetLeast(i, least);
    }
  }

  float OddsOfCode(const List& list, uint32_t code) const {
    // A share near 1 leaves few digits for its distance from 1.
    return OddsOfShare(list.coded->shares[code] * (1.0f + 2e-7f)) * ranking_.scale->most_growth() *
           kUp;
  }

  // Whether codes leave a document from first to last that may be one of the best k.
  bool CodesMayCompete(DocId first, DocId last) {
    // Skip data are not yet compared with the block: damaged ones may say anything.
    const bool sound = first <= last && last < ranking_.context->segment->num_docs();
    if (!all_coded_ || prune_below_ == -kUnbounded || !sound) {
      filter_.SelectAll();
      return true;
    }
    if (prune_below_ != codes_for_) PrepareCodes();
    const bool any = filter_.Select(first, last);
    if (ranking_.work != nullptr) ranking_.work->ranges_tested += filter_.num_ranges();
    return any;
  }

  // Makes candidates of the lead's block: those that codes chose, or all. False at damage.
  bool TakeLead() {
    List& lead = lists_[0];
    const uint32_t* docs = lead.cursor.docs();
    std::array<uint32_t, kBatch> places;
    const bool all = filter_.selects_all();
    if (all) {
      size_ = lead.cursor.size();
      std::copy_n(docs, size_, docs_.data());
    } else {
      size_ = 0;
      for (uint32_t i = 0; i < lead.cursor.size(); ++i) {
        places[size_] = i;
        docs_[size_] = docs[i];
        size_ += filter_.Chooses(docs[i]) ? 1 : 0;
      }
    }
    if (size_ == 0 || !needs_freqs_) return true;
    const uint32_t* freqs = lead.cursor.Freqs();
    if (freqs == nullptr) return false;
    uint64_t before = lead.cursor.positions_before_block();
    if (!all) {
      for (uint32_t c = 0; c < size_; ++c) lead.freqs[c] = freqs[places[c]];
      if (needs_positions_) NoteStarts(before, freqs, {places.data(), size_}, lead.starts.data());
      return true;
    }
    std::copy_n(freqs, size_, lead.freqs.data());
    if (!needs_positions_) return true;
    for (uint32_t c = 0; c < size_; before += freqs[c], ++c) lead.starts[c] = before;
    return true;
  }

  // Which clauses the lead's frequencies bound, and which come with each other list.
  void PrepareScores() {
    for (const PlanClause& clause : plan_.clauses) {
      if (clause.optional) {
        optional_bound_ += clause.node->weight;
        continue;
      }
      required_clauses_.push_back(&clause);
      if (clause.freq.IsBoundedBy(lists_[0].number)) {
        lead_clauses_.push_back(&clause);
      } else if (clause.is_term) {
        ListOf(clause.list).weight += clause.node->weight;
      } else {
        rest_clauses_.push_back(&clause);
      }
    }
    for (const List& list : lists_) {
      if (all_coded_) filter_.Add(*list.coded);
    }
    if (plan_.clauses.size() != 1 || !plan_.clauses[0].is_term) return;
    if (!plan_.filters.empty() || !plan_.excluded.empty()) return;
    // A word alone is known to give so much to k documents.
    floor_ = PruneBelow(plan_.clauses[0].node->weight *
                        ranking_.scale->KthShare(*plan_.lists[plan_.clauses[0].list],
                                                 ranking_.top->k(), ranking_.num_deleted));
  }

  // Which clauses are decided for many candidates at once.
  void PreparePositions() {
    const auto find = [this](const TermInfo& info) { return Find(info); };
    for (const PlanClause& clause : plan_.clauses) {
      positional_.push_back(PositionalFreqs::For(clause, find, ranking_.context));
    }
    if (positional_.size() == 1 && positional_[0].has_value()) {
      rarest_pair_ = positional_[0]->RarestPair();
    }
    positional_freqs_.resize(positional_.size());
    for (List& list : lists_) {
      candidate_lists_.push_back({&list.cursor, list.freqs.data(), list.starts.data()});
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
      const PositionRun run = {list.starts[deciding_], list.freqs[deciding_]};
      if (!list.cursor.AppendPositionsOf({&run, 1}, kNoMorePositions, &known.positions)) {
        ranking_.context->Fail(list.cursor.status());
      }
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
    for (const List& list : neighbours_) values_[list.number] = list.*odds;
    float bound = optional_bound_;
    for (const PlanClause& clause : plan_.clauses) {
      if (!clause.optional) bound += clause.node->weight * ShareOfOdds(clause.freq.AtOdds(values_));
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
    for (List& list : neighbours_) list.range_odds = list.list_odds;
    if (BoundFromOdds(&List::range_odds) < prune_below_) return false;
    // Of words whose codes have been looked at one by one, ranges say no more.
    for (size_t i = 1; i < lists_.size() && filter_.selects_all(); ++i) {
      BoundRange(first, last, &lists_[i]);
    }
    for (List& list : neighbours_) BoundRange(first, last, &list);
    return BoundFromOdds(&List::range_odds) >= prune_below_;
  }

  // The most that any document from first to last has of the list.
  void BoundRange(DocId first, DocId last, List* list) {
    uint32_t block = list->cursor.FindBlock(first, list->block);
    list->block = block;
    float odds = 0.0f;
    for (; block < list->cursor.num_blocks(); ++block) {
      odds = std::max(odds, ranking_.scale->OddsOfBlock(list->cursor, block));
      if (odds >= list->list_odds || list->cursor.LastDocOfBlock(block) >= last) break;
    }
    list->range_odds = odds;
  }

  void RunBlock(uint32_t block) {
    List& lead = lists_[0];
    if (!lead.cursor.LoadBlock(block)) return;
    if (!TakeLead() || size_ == 0) return;
    if (prune_below_ > -kUnbounded) {
      for (List& list : neighbours_) FindNeighbours(&list);
      ScoreLead();
    }
    KeepByCodes();
    for (size_t i = 1; i < lists_.size() && size_ > 0; ++i) {
      if (lists_[i].dense != nullptr && !UsesCodes(lists_[i])) KeepHeld(i);
    }
    for (size_t i = 1; i < lists_.size() && size_ > 0; ++i) {
      if (!needs_positions_ && UsesCodes(lists_[i])) {
        FindFreqs(i);
      } else if (lists_[i].dense == nullptr) {
        Intersect(i);
      } else if (needs_freqs_) {
        FindPlaced(i);
      }
      if (rarest_pair_.has_value() && i == rarest_pair_->last_list() && i + 1 < lists_.size()) {
        KeepThoseWithRarestPair(i);
      }
    }
    if (size_ > 0) Finish();
  }

  // Of a phrase alone: its two rarest words, in their places to each other, leave so few candidates
  // that they pay for themselves before the other words are looked for.
  void KeepThoseWithRarestPair(size_t i) {
    const bool bounded = prune_below_ > -kUnbounded;
    if (bounded) KeepThoseThatMayCompete(i + 1);
    if (size_ == 0) return;
    if (ranking_.work != nullptr) ranking_.work->candidates_verified += size_;
    std::array<uint32_t, kBatch> kept;
    std::iota(kept.begin(), kept.begin() + size_, 0);
    std::array<float, kBatch>& freqs = positional_freqs_[0];
    rarest_pair_->Evaluate(candidate_lists_, docs_.data(), {kept.data(), size_}, freqs.data());
    const float weight = plan_.clauses[0].node->weight;
    uint32_t count = 0;
    for (uint32_t c = 0; c < size_; ++c) {
      kept[count] = c;
      const bool competes = !bounded || Bm25(weight, freqs[c], LengthOf(docs_[c])) >= prune_below_;
      count += freqs[c] > 0 && competes ? 1 : 0;
    }
    Keep(kept.data(), count, i + 1);
  }

  // How often each posting of the lead is in a list that need not hold it.
  void FindNeighbours(List* list) {
    PostingsCursor& cursor = list->cursor;
    std::fill_n(list->freqs.begin(), size_, 0);
    if (list->range_odds == 0) return;
    uint32_t block = cursor.FindBlock(docs_[0], list->block);
    for (; block < cursor.num_blocks() && cursor.LoadBlock(block); ++block) {
      const uint32_t* freqs = cursor.Freqs();
      if (freqs == nullptr) return;
      std::array<uint32_t, kBatch + kScanSlack> candidates, places;
      const uint32_t count = IntersectSorted(docs_.data(), size_, cursor.docs(), cursor.size(),
                                             candidates.data(), places.data());
      for (uint32_t i = 0; i < count; ++i) list->freqs[candidates[i]] = freqs[places[i]];
      if (cursor.LastDocOfBlock(block) >= docs_[size_ - 1]) break;
    }
  }

  // partial_: the clauses that the lead bounds; then drops what the others cannot lift.
  void ScoreLead() {
    const Section& norms = ranking_.context->segment->norms();
    if (!norms.Touch(docs_[0], docs_[size_ - 1] - docs_[0] + 1)) {
      ranking_.context->Fail(norms.Read(docs_[0], docs_[size_ - 1] - docs_[0] + 1).status());
      size_ = 0;
      return;
    }
    for (size_t i = 1; i < lists_.size(); ++i) freqs_[lists_[i].number] = nullptr;
    BoundByFreqs(lead_clauses_, &lists_[0], partial_.data());
    if (ranking_.work != nullptr) ranking_.work->postings_scored += size_;
    for (const List& list : lists_) values_[list.number] = list.range_odds;
    constant_rest_ = optional_bound_;
    for (const PlanClause* clause : rest_clauses_) {
      constant_rest_ += clause->node->weight * ShareOfOdds(clause->freq.AtOdds(values_));
    }
    rest_ = constant_rest_;
    for (size_t i = 1; i < lists_.size(); ++i) rest_ += Contribution(lists_[i]);
    std::array<uint32_t, kBatch + kScanSlack> kept;
    const uint32_t count = SelectByScore(partial_.data(), size_, rest_, prune_below_, kept.data());
    Keep(kept.data(), count, 1);
  }

  bool UsesCodes(const List& list) const {
    return list.coded != nullptr && prune_below_ > -kUnbounded;
  }

  // Before any other list is decoded: what their codes say of the candidates. A code bounds the
  // frequency in a document whose length is known.
  void KeepByCodes() {
    std::array<uint32_t, kBatch + kScanSlack> kept;
    bool any = false;
    for (size_t i = 1; i < lists_.size(); ++i) {
      List& list = lists_[i];
      freqs_[list.number] = nullptr;
      if (!UsesCodes(list)) continue;
      any = true;
      freqs_[list.number] = list.freqs.data();
      uint32_t count = 0;
      for (uint32_t c = 0; c < size_; ++c) {
        kept[count] = c;
        count += list.coded->CodeOf(docs_[c]) != 0 ? 1 : 0;
      }
      Keep(kept.data(), count, 1);
    }
    if (!any || size_ == 0) return;
    for (size_t i = 1; i < lists_.size(); ++i) {
      List& list = lists_[i];
      if (!UsesCodes(list)) continue;
      std::array<float, 16> odds;
      for (uint32_t code = 0; code < 16; ++code) odds[code] = OddsOfCode(list, code);
      for (uint32_t c = 0; c < size_; ++c) {
        const float most = odds[list.coded->CodeOf(docs_[c])] * LengthOf(docs_[c]) * kUp;
        list.freqs[c] = static_cast<uint32_t>(std::min(most, kMostFreq));
      }
    }
    std::array<float, kBatch + kScanSlack> bounds;
    BoundByFreqs(required_clauses_, nullptr, bounds.data());
    const uint32_t count =
        SelectByScore(bounds.data(), size_, optional_bound_, prune_below_, kept.data());
    Keep(kept.data(), count, 1);
    // These were bounds, of all candidates there were: now the frequencies are not known again.
    for (size_t i = 1; i < lists_.size(); ++i) freqs_[lists_[i].number] = nullptr;
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
      for (List& list : neighbours_) {
        for (uint32_t i = 0; i < count; ++i) list.freqs[i] = list.freqs[places[i]];
      }
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
          if (needs_positions_) {
            NoteStarts(cursor.positions_before_block(), freqs, {places.data(), found},
                       &list.starts[count]);
          }
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

  // The same by the list's bits, which say in which block a document stands, and where: no
  // documents are decoded.
  void FindPlaced(size_t i) {
    List& list = lists_[i];
    std::array<uint32_t, kBatch + kScanSlack> kept, places;
    uint32_t held = 0;
    for (uint32_t c = 0; c < size_; ++c) {
      if (!list.dense->Holds(docs_[c])) continue;
      kept[held] = c;
      places[held++] = list.dense->PlaceOf(docs_[c]);
    }
    if (ranking_.work != nullptr) ranking_.work->probes += size_;
    uint32_t count = 0;
    for (uint32_t j = 0; j < held;) {
      const uint32_t block = places[j] / kBlockLength, from = j;
      while (j < held && places[j] / kBlockLength == block) places[j++] %= kBlockLength;
      if (!BlockMayCompete(list, block, kept[from], kept[j - 1] + 1)) continue;
      uint64_t before = 0;
      const std::span<const uint32_t> freqs = list.cursor.FreqsOfBlock(block, &before);
      if (freqs.size() <= places[j - 1]) break;  // damage
      for (uint32_t k = 0; k < j - from; ++k) {
        kept[count + k] = kept[from + k];
        list.freqs[count + k] = freqs[places[from + k]];
      }
      if (needs_positions_) {
        NoteStarts(before, freqs.data(), {&places[from], j - from}, &list.starts[count]);
      }
      count += j - from;
    }
    Keep(kept.data(), count, i);
    if (prune_below_ > -kUnbounded && list.weight > 0 && size_ > 0) AddScores(list, i);
  }

  // The same where codes have said that the list holds every candidate: only the frequencies are
  // missing that codes do not tell.
  void FindFreqs(size_t i) {
    List& list = lists_[i];
    for (uint32_t c = 0; c < size_; ++c) {
      list.freqs[c] = FreqByCode(list, docs_[c]);
      if (list.freqs[c] == kFreqNotTold && !FindFreq(docs_[c], &list, &list.freqs[c])) {
        size_ = 0;
        return;
      }
    }
    if (list.weight > 0) AddScores(list, i);
  }

  uint32_t FreqByCode(const List& list, DocId doc) const {
    const uint8_t norm = ranking_.context->segment->norms().data()[doc];  // read by ScoreLead
    return list.coded->FreqOf(list.coded->CodeOf(doc), norm);
  }

  // False at damage.
  bool FindFreq(DocId doc, List* list, uint32_t* freq) {
    PostingsCursor& cursor = list->cursor;
    const uint32_t block = cursor.FindBlock(doc, list->block);
    if (block >= cursor.num_blocks() || !cursor.LoadBlock(block)) return false;
    list->block = block;
    if (ranking_.work != nullptr) ++ranking_.work->probes;
    const uint32_t place = LowerBound(cursor.docs(), cursor.size(), doc);
    const uint32_t* freqs = cursor.Freqs();
    if (freqs == nullptr || place >= cursor.size() || cursor.docs()[place] != doc) return false;
    *freq = freqs[place];
    return true;
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
    if (!scoring_ && !needs_positions_ && !residual_->decides() && ranking_.live == nullptr) {
      *ranking_.total += size_;
      return;
    }
    const bool bounded = prune_below_ > -kUnbounded;
    // A sum of words has been bounded list by list.
    if (bounded && needs_positions_) KeepThoseThatMayCompete(lists_.size());
    // The threshold rises on the way.
    const uint32_t at_once = bounded ? kDecidedAtOnce : kBatch;
    for (uint32_t c = 0; c < size_ && ranking_.context->status.ok();) {
      const float prune_below = bounded ? PruneBelowNow() : -kUnbounded;
      uint32_t count = 0;
      std::array<uint32_t, kBatch> places;
      for (; c < size_ && count < at_once; ++c) {
        places[count] = c;
        count += !bounded || partial_[c] + optional_bound_ >= prune_below ? 1 : 0;
      }
      Decide(Passing({places.data(), count}));
    }
  }

  // Those that are neither deleted nor dropped by filters and exclusions.
  std::span<uint32_t> Passing(std::span<uint32_t> places) {
    if (ranking_.live == nullptr && !residual_->filters()) return places;
    size_t count = 0;
    for (const uint32_t c : places) {
      deciding_ = c;
      places[count] = c;
      count += ranking_.IsLive(docs_[c]) && residual_->Passes(docs_[c]) ? 1 : 0;
    }
    return places.first(count);
  }

  // By positions, where they decide; counts and scores what matches.
  void Decide(std::span<uint32_t> places) {
    if (ranking_.work != nullptr && needs_positions_) {
      ranking_.work->candidates_verified += places.size();
    }
    for (size_t i = 0; i < positional_.size(); ++i) {
      if (!positional_[i].has_value()) continue;
      std::array<float, kBatch>& freqs = positional_freqs_[i];
      positional_[i]->Evaluate(candidate_lists_, docs_.data(), places, freqs.data());
      size_t count = 0;
      for (const uint32_t c : places) {
        places[count] = c;
        count += freqs[c] > 0 ? 1 : 0;
      }
      places = places.first(count);
    }
    for (const uint32_t c : places) {
      const DocId doc = docs_[c];
      deciding_ = c;
      if (!residual_->Matches(doc)) continue;
      if (ranking_.total != nullptr) ++*ranking_.total;
      if (!scoring_) continue;
      const float score = ScoreOf(c);
      if (ranking_.context->status.ok()) ranking_.top->Offer({score, score, doc});
    }
  }

  float LengthOf(DocId doc) { return ranking_.context->LengthOf(doc); }

  // By the frequencies of the first `num_lists`.
  void KeepThoseThatMayCompete(size_t num_lists) {
    for (size_t l = 0; l < num_lists; ++l) freqs_[lists_[l].number] = lists_[l].freqs.data();
    BoundByFreqs(required_clauses_, nullptr, partial_.data());
    std::array<uint32_t, kBatch + kScanSlack> kept;
    const uint32_t count =
        SelectByScore(partial_.data(), size_, optional_bound_, PruneBelowNow(), kept.data());
    Keep(kept.data(), count, num_lists);
  }

  // bounds: the most that each candidate may score in these clauses. `only`: the one required list
  // whose frequencies are known yet; null: freqs_ says which are.
  void BoundByFreqs(const std::vector<const PlanClause*>& clauses, const List* only,
                    float* bounds) {
    const uint8_t* norms = ranking_.context->segment->norms().data();  // read by ScoreLead
    const LengthTable& lengths = *ranking_.context->lengths;
    std::fill_n(bounds, size_, 0.0f);
    for (const PlanClause* clause : clauses) {
      const float weight = clause->node->weight;
      std::array<float, kBatch + kScanSlack> scores;
      const uint32_t* list = nullptr;
      if (clause->is_term) list = freqs_[clause->list];
      if (only != nullptr && clause->freq.IsAtMost(only->number)) list = only->freqs.data();
      if (list != nullptr) {
        ScorePostings(docs_.data(), list, size_, norms, lengths.data(), weight, scores.data());
      } else {
        clause->freq.AtFreqs(freqs_, size_, scores.data());
        for (uint32_t c = 0; c < size_; ++c) {
          scores[c] = Bm25(weight, scores[c], lengths[norms[docs_[c]]]);
        }
      }
      for (uint32_t c = 0; c < size_; ++c) bounds[c] += scores[c];
    }
  }

  // As the matchers score: the clauses' scores added in their order.
  float ScoreOf(uint32_t c) {
    const float k = LengthOf(docs_[c]);
    float sum = 0.0f;
    for (size_t i = 0; i < plan_.clauses.size(); ++i) {
      const PlanClause& clause = plan_.clauses[i];
      if (i < positional_.size() && positional_[i].has_value()) {
        sum += Bm25(clause.node->weight, positional_freqs_[i][c], k);
      } else if (clause.optional || !clause.is_term) {
        sum += residual_->Score(i, docs_[c]);
      } else {
        sum += Bm25(clause.node->weight, static_cast<float>(ListOf(clause.list).freqs[c]), k);
      }
    }
    return sum;
  }

  const QueryPlan& plan_;
  SegmentRanking& ranking_;
  std::optional<Residual> residual_;
  std::vector<List> lists_;
  struct ListPositions {
    DocId doc = kNoMoreDocs;
    std::vector<Position> positions;
  };
  std::vector<CandidateList> candidate_lists_;               // lists_
  std::vector<std::optional<PositionalFreqs>> positional_;   // of each clause, where it can be
  std::optional<PositionalFreqs> rarest_pair_;               // of the only clause
  std::vector<std::array<float, kBatch>> positional_freqs_;  // of each clause and candidate
  std::vector<ListPositions> positions_;             // of each list, in the last document asked for
  uint32_t deciding_ = 0;                            // the candidate
  std::vector<const PlanClause*> required_clauses_;  // but for filters
  std::vector<const PlanClause*> lead_clauses_;      // of them, which the lead bounds
  std::vector<const PlanClause*> rest_clauses_;      // which only several lists bound
  std::vector<float> values_;                        // a value for each list of the plan
  std::vector<const uint32_t*> freqs_;  // the same: candidates' frequencies; null: not known
  std::vector<List> neighbours_;        // asked for bounds only
  bool scoring_ = false;
  bool needs_freqs_ = false;
  bool needs_positions_ = false;
  bool exhausted_ = false;
  float prune_below_ = -kUnbounded;
  float floor_ = -kUnbounded;
  bool all_coded_ = false;
  CodeFilter filter_;                     // of each list, where all have codes
  float codes_for_ = -kUnbounded;         // this threshold
  float least_impact_for_ = -kUnbounded;  // this threshold
  uint32_t least_impact_ = 0;             // of the lead's blocks, to compete; above 255: none does
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
