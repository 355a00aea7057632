// Top-k of a union, word by word ("peeling"): the words are taken by their highest possible score.
// Of each posting of the present word, the bound of its range for this and all later words is
// compared with the threshold; the few that pass are scored, looked up in the later words' lists in
// order while they can still reach the threshold, and dropped if an earlier word has them (that
// word's pass has dealt with them). When the later words together cannot reach the threshold, no
// pass is needed for them. Words that have a code for each document come last, and share a pass:
// ranges of 64 documents whose bounds together reach the threshold are compared code by code, which
// leaves few documents to look up. An intersection of such words is the same pass, for documents
// that have all of them. The threshold starts at the best k-th score that a word is known
// to give alone (A. Kane and F. Tompa, "Split-Lists and Initial Thresholds for WAND-based Search",
// SIGIR 2018); range bounds as in range_bounds.h.

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include "common/codec/bit_packing.h"
#include "common/codec/scan.h"
#include "searcher/rank/bm25.h"
#include "searcher/topk/coded_docs.h"
#include "searcher/topk/range_bounds.h"
#include "searcher/topk/residual.h"
#include "searcher/topk/segment_ranking.h"

namespace ibid {
namespace {

// Candidates gathered before they are looked up in the other lists.
constexpr uint32_t kFlushAt = 1024;
constexpr float kUp = 1.0f + 1e-5f;
constexpr uint32_t kCapacity = kFlushAt + kBlockLength + kScanSlack;

class Union {
 public:
  Union(const QueryPlan& plan, SegmentRanking* ranking)
      : plan_(plan),
        ranking_(*ranking),
        every_(!plan.required.empty()),
        num_docs_(ranking->context->segment->num_docs()),
        bounds_(num_docs_, plan.clauses.size()),
        coded_(plan.clauses.size()),
        code_scales_(plan.clauses.size()),
        order_(plan.clauses.size()),
        max_scores_(plan.clauses.size()),
        next_block_(plan.clauses.size()),
        parts_(plan.clauses.size()) {
    for (const PlanClause& clause : plan.clauses) {
      cursors_.push_back(ranking->context->segment->Postings(*plan.lists[clause.list]));
    }
  }

  absl::Status Run() {
    const Section& norms = ranking_.context->segment->norms();
    if (!norms.Touch(0, num_docs_)) return norms.Read(0, num_docs_).status();
    Prepare();
    // What was kept of a word may have had to go since it was asked for last.
    if (every_ && coded_[order_[0]] == nullptr) return RankIntersection(plan_, &ranking_);
    for (size_t pass = 0; pass < order_.size() && !stopped_; ++pass) {
      float most = 0.0f;
      for (size_t i = pass; i < order_.size(); ++i) most += max_scores_[order_[i]];
      if (most < PruneBelowNow()) break;
      const bool by_codes = coded_[order_[pass]] != nullptr;
      by_codes ? RunCodes(pass) : RunPass(pass);
      if (by_codes || !ranking_.context->status.ok()) break;
    }
    for (PostingsCursor& cursor : cursors_) {
      if (!cursor.status().ok()) ranking_.context->Fail(cursor.status());
      if (ranking_.work != nullptr) AddWork(cursor.work(), ranking_.work);
    }
    return ranking_.context->status;
  }

 private:
  void Prepare() {
    const SegmentReader& segment = *ranking_.context->segment;
    const ImpactScale& scale = *ranking_.scale;
    const bool restricted = every_ || !plan_.filters.empty() || !plan_.excluded.empty();
    for (size_t i = 0; i < cursors_.size(); ++i) {
      const float weight = plan_.clauses[i].node->weight;
      const TermInfo& info = *plan_.lists[plan_.clauses[i].list];
      std::shared_ptr<const RangeImpacts> kept = ImpactsOf(ranking_, info);
      coded_[i] = kept != nullptr && !kept->codes.empty() ? kept.get() : nullptr;
      code_scales_[i] = weight * scale.most_growth() * kUp;
      bounds_.Fill(i, std::move(kept), cursors_[i], scale, weight, segment.norms().data(),
                   *ranking_.context->lengths);
      max_scores_[i] = weight * ShareOfOdds(scale.OddsOfList(cursors_[i], info.max_impact));
      if (restricted) continue;
      floor_ =
          std::max(floor_, weight * scale.KthShare(info, ranking_.top->k(), ranking_.num_deleted));
    }
    std::iota(order_.begin(), order_.end(), 0);
    std::stable_sort(order_.begin(), order_.end(), [this](uint32_t a, uint32_t b) {
      const bool a_coded = coded_[a] != nullptr, b_coded = coded_[b] != nullptr;
      return a_coded != b_coded ? b_coded : max_scores_[a] > max_scores_[b];
    });
  }

  // Scores are compared with bounds through the slack, so the floor need not be exact either.
  float PruneBelowNow() const { return std::max(ranking_.prune_below(), PruneBelow(floor_)); }

  // What the term may score in the document.
  float BoundOf(uint32_t term, DocId doc) const {
    if (coded_[term] == nullptr) return bounds_.OfDoc(term, doc);
    return code_scales_[term] * coded_[term]->ShareOf(doc);
  }

  // The same of all terms of the order, from place `from` on.
  float BoundFrom(size_t from, DocId doc) const {
    float sum = 0.0f;
    for (size_t i = from; i < order_.size(); ++i) sum += BoundOf(order_[i], doc);
    return sum;
  }

  void RunPass(size_t pass) {
    pass_ = pass;
    first_unknown_ = pass + 1;
    term_ = order_[pass];
    sums_ = bounds_.Sum(order_, pass);
    Residual residual(plan_, {}, ranking_);
    residual_ = &residual;
    std::fill(next_block_.begin(), next_block_.end(), 0);
    PostingsCursor& cursor = cursors_[term_];
    prune_below_ = PruneBelowNow();
    DocId first = 0;
    for (uint32_t block = 0; block < cursor.num_blocks() && !stopped_;) {
      if (ranking_.should_stop(first, kBlockLength)) {
        stopped_ = true;
        break;
      }
      const DocId last = cursor.LastDocOfBlock(block);
      if (!cursor.status().ok()) break;
      if (!AnyLiveRange(first, last)) {
        const DocId live = NextLiveDoc(last + 1);
        if (live >= num_docs_) break;
        const uint32_t next = cursor.FindBlock(live, block + 1);
        if (next >= cursor.num_blocks()) break;
        first = cursor.LastDocOfBlock(next - 1) + 1;
        block = next;
        continue;
      }
      RunBlock(cursor, block);
      first = last + 1;
      ++block;
      if (size_ >= kFlushAt) Flush();
    }
    Flush();
  }

  bool AnyLiveRange(DocId first, DocId last) const {
    // The skip data say which is the last; a damaged one may lie behind all documents.
    const uint32_t end = std::min(last >> bounds_.shift(), bounds_.num_ranges() - 1);
    for (uint32_t range = first >> bounds_.shift(); range <= end; ++range) {
      if (sums_[range] >= prune_below_) return true;
    }
    return false;
  }

  DocId NextLiveDoc(DocId from) const {
    uint32_t range = from >> bounds_.shift();
    if (range < bounds_.num_ranges() && sums_[range] >= prune_below_) return from;
    do {
      ++range;
    } while (range < bounds_.num_ranges() && sums_[range] < prune_below_);
    return range << bounds_.shift();
  }

  // Adds the block's postings that can still reach the threshold to the candidates.
  void RunBlock(PostingsCursor& cursor, uint32_t block) {
    if (!cursor.LoadBlock(block)) {
      stopped_ = true;
      return;
    }
    std::array<uint32_t, kBlockLength + kScanSlack> places;
    std::array<float, kBlockLength + kScanSlack> sums;
    const uint32_t passed = SelectByBound(cursor.docs(), cursor.size(), bounds_.shift(), sums_,
                                          prune_below_, places.data(), sums.data());
    if (ranking_.work != nullptr) ranking_.work->postings_tested += cursor.size();
    if (passed == 0) return;
    const uint32_t* freqs = cursor.Freqs();
    if (freqs == nullptr) {
      stopped_ = true;
      return;
    }
    std::array<uint32_t, kBlockLength + kScanSlack> chosen_docs, chosen_freqs;
    for (uint32_t i = 0; i < passed; ++i) {
      chosen_docs[i] = cursor.docs()[places[i]];
      chosen_freqs[i] = freqs[places[i]];
    }
    if (ranking_.work != nullptr) ranking_.work->postings_scored += passed;
    float* scores = parts_[term_].data() + size_;
    ScorePostings(chosen_docs.data(), chosen_freqs.data(), passed,
                  ranking_.context->segment->norms().data(), ranking_.context->lengths->data(),
                  plan_.clauses[term_].node->weight, scores);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < passed; ++i) {
      float rest = sums[i] - bounds_.OfDoc(term_, chosen_docs[i]);
      if (scores[i] + rest < prune_below_) continue;
      rest = BoundFrom(pass_ + 1, chosen_docs[i]);
      docs_[size_ + kept] = chosen_docs[i];
      partial_[size_ + kept] = scores[i];
      rest_[size_ + kept] = rest;
      scores[kept] = scores[i];
      kept += scores[i] + rest >= prune_below_ ? 1 : 0;
    }
    size_ += kept;
  }

  // The last pass: the terms of the order from place `pass` on, which all have codes.
  void RunCodes(size_t pass) {
    pass_ = first_unknown_ = pass;
    Residual residual(plan_, {}, ranking_);
    residual_ = &residual;
    std::fill(next_block_.begin(), next_block_.end(), 0);
    std::vector<CodedDocs::Term> terms;
    for (size_t i = pass; i < order_.size(); ++i) {
      terms.push_back({coded_[order_[i]], code_scales_[order_[i]]});
    }
    const bool in_order = residual.wants_order();
    CodedDocs docs(num_docs_, std::move(terms),
                   {.every = every_, .in_order = in_order, .k = ranking_.top->k()});
    const auto decide = [&](std::span<const CodedDocs::Chosen> chosen) {
      for (const auto& [bound, doc] : chosen) {
        docs_[size_] = doc;
        partial_[size_] = 0.0f;
        rest_[size_++] = bound;
      }
      if (!in_order) std::fill(next_block_.begin(), next_block_.end(), 0);
      Flush();
      // Of damaged lists nothing more is wanted.
      return ranking_.context->status.ok() ? prune_below_ : std::numeric_limits<float>::infinity();
    };
    prune_below_ = PruneBelowNow();
    uint64_t ranges_tested = 0;
    docs.Run(prune_below_, ranking_.should_stop, decide, &ranges_tested);
    if (ranking_.work != nullptr) ranking_.work->ranges_tested += ranges_tested;
  }

  // Looks the candidates up in the later lists, then offers what is left.
  void Flush() {
    if (size_ == 0) return;
    for (size_t i = first_unknown_; i < order_.size() && size_ > 0; ++i) LookUp(order_[i], i);
    for (uint32_t c = 0; c < size_; ++c) Offer(c);
    size_ = 0;
    prune_below_ = PruneBelowNow();
  }

  void LookUp(uint32_t term, size_t place) {
    PostingsCursor& cursor = cursors_[term];
    std::array<float, kCapacity>& parts = parts_[term];
    uint32_t kept = 0;
    uint32_t block = next_block_[term];
    DocId last = block < cursor.num_blocks() ? cursor.LastDocOfBlock(block) : 0;
    bool loaded = false;
    uint32_t from = 0;
    for (uint32_t c = 0; c < size_; ++c) {
      if (partial_[c] + rest_[c] < prune_below_) continue;
      const DocId doc = docs_[c];
      const float bound = BoundOf(term, doc);
      float score = bound > 0.0f ? ScoreByCode(term, doc) : 0.0f;
      if (bound > 0.0f && score == 0.0f) {
        if (block < cursor.num_blocks() && last < doc) {
          block = cursor.FindBlock(doc, block + 1);
          loaded = false;
          if (block < cursor.num_blocks()) last = cursor.LastDocOfBlock(block);
        }
        if (block < cursor.num_blocks()) {
          if (!loaded) {
            if (!cursor.LoadBlock(block)) break;
            loaded = true;
            from = 0;
          }
          score = ScoreIn(cursor, term, doc, &from);
        }
      }
      docs_[kept] = doc;
      partial_[kept] = partial_[c] + score;
      rest_[kept] = rest_[c] - bound;
      parts[kept] = score;
      for (size_t i = pass_; i < place; ++i) {
        parts_[order_[i]][kept] = parts_[order_[i]][c];
      }
      kept += partial_[kept] + std::max(rest_[kept], 0.0f) >= prune_below_ ? 1 : 0;
    }
    next_block_[term] = block;
    size_ = kept;
  }

  // 0: the list must be looked at.
  float ScoreByCode(uint32_t term, DocId doc) {
    if (coded_[term] == nullptr) return 0.0f;
    const uint8_t norm = ranking_.context->segment->norms().data()[doc];
    const uint32_t freq = coded_[term]->FreqOf(coded_[term]->CodeOf(doc), norm);
    if (freq == kFreqNotTold) return 0.0f;
    if (ranking_.work != nullptr) ++ranking_.work->postings_scored;
    return Bm25(plan_.clauses[term].node->weight, static_cast<float>(freq),
                (*ranking_.context->lengths)[norm]);
  }

  float ScoreIn(PostingsCursor& cursor, uint32_t term, DocId doc, uint32_t* from) {
    if (ranking_.work != nullptr) ++ranking_.work->probes;
    *from += LowerBound(cursor.docs() + *from, cursor.size() - *from, doc);
    if (*from >= cursor.size() || cursor.docs()[*from] != doc) return 0.0f;
    const uint32_t* freqs = cursor.Freqs();
    if (freqs == nullptr) return 0.0f;
    if (ranking_.work != nullptr) ++ranking_.work->postings_scored;
    return Bm25(plan_.clauses[term].node->weight, static_cast<float>(freqs[*from]),
                ranking_.context->LengthOf(doc));
  }

  bool InEarlierList(DocId doc) {
    for (size_t i = 0; i < pass_; ++i) {
      const uint32_t term = order_[i];
      if (!bounds_.MayHold(term, doc)) continue;
      PostingsCursor& cursor = cursors_[term];
      const uint32_t block = cursor.FindBlock(doc, 0);
      if (block >= cursor.num_blocks() || !cursor.LoadBlock(block)) continue;
      if (ranking_.work != nullptr) ++ranking_.work->probes;
      const uint32_t place = LowerBound(cursor.docs(), cursor.size(), doc);
      if (place < cursor.size() && cursor.docs()[place] == doc) return true;
    }
    return false;
  }

  void Offer(uint32_t c) {
    const DocId doc = docs_[c];
    if (partial_[c] < PruneBelowNow()) return;
    if (!ranking_.IsLive(doc) || InEarlierList(doc) || !residual_->Passes(doc)) return;
    // In the clauses' order, as the matchers add them; those of earlier passes have no part.
    float score = 0.0f;
    for (size_t i = 0; i < plan_.clauses.size(); ++i) {
      score += IsEarlier(i) ? 0.0f : parts_[i][c];
    }
    ranking_.top->Offer({score, score, doc});
  }

  bool IsEarlier(size_t term) const {
    return std::find(order_.begin(), order_.begin() + static_cast<ptrdiff_t>(pass_), term) !=
           order_.begin() + static_cast<ptrdiff_t>(pass_);
  }

  const QueryPlan& plan_;
  SegmentRanking& ranking_;
  bool every_;  // word is required
  uint32_t num_docs_;
  RangeBounds bounds_;
  std::vector<PostingsCursor> cursors_;     // of each clause
  std::vector<const RangeImpacts*> coded_;  // null: has no codes
  std::vector<float> code_scales_;          // what a share of 1 scores at most
  std::vector<uint32_t> order_;             // clauses, the highest possible score first
  std::vector<float> max_scores_;
  std::vector<uint32_t> next_block_;  // where look-ups of this pass have come to
  float floor_ = 0;
  bool stopped_ = false;

  // The present pass.
  size_t pass_ = 0;
  size_t first_unknown_ = 0;  // place of the first term that candidates are to be looked up in
  uint32_t term_ = 0;
  const float* sums_ = nullptr;
  float prune_below_ = 0;
  Residual* residual_ = nullptr;

  // Candidates: their score so far, what the lists not looked up yet may add, and by clause.
  uint32_t size_ = 0;
  std::array<DocId, kCapacity> docs_;
  std::array<float, kCapacity> partial_, rest_;
  std::vector<std::array<float, kCapacity>> parts_;
};

}  // namespace

absl::Status RankUnion(const QueryPlan& plan, SegmentRanking* ranking) {
  return Union(plan, ranking).Run();
}

}  // namespace ibid
