// Top-k of a union, window by window of documents: the scores of the words that a document needs in
// order to reach the threshold are added up in an array over the window, word after word; the
// documents that the other words could lift to the threshold are looked up in those; what is left
// is scored exactly. A posting costs a few nanoseconds, so for many words, or a large k, this is
// cheaper than looking at each posting's chances (union.cc).
//
// H. Turtle and J. Flood, "Query evaluation: strategies and optimizations", Information Processing
// & Management 31, 1995 (MaxScore: which words are needed); windows with bounds of their own as in
// Lucene's MaxScoreBulkScorer; accumulators after J. Zobel and A. Moffat, "Inverted files for text
// search engines", ACM Computing Surveys 38, 2006, section 3.

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <memory>
#include <numeric>
#include <vector>

#include "common/codec/bit_packing.h"
#include "common/codec/scan.h"
#include "searcher/rank/bm25.h"
#include "searcher/topk/residual.h"
#include "searcher/topk/segment_ranking.h"

namespace ibid {
namespace {

// Their sums, norms and one block of each word stay in the processor's first caches.
constexpr uint32_t kWindowDocs = 4096;
// Looking candidates up and scoring them again must save at least this share of the window's
// postings, and pays only where few documents are wanted, at most one of so many.
constexpr double kWorthwhileShare = 0.75;
constexpr uint32_t kDocsForOneWanted = 1000;

class UnionWindows {
 public:
  UnionWindows(const QueryPlan& plan, SegmentRanking* ranking)
      : ranking_(*ranking), residual_(plan, {}, *ranking) {
    const SegmentReader& segment = *ranking->context->segment;
    const bool restricted = !plan.filters.empty() || !plan.excluded.empty();
    lists_.reserve(plan.clauses.size());
    for (const PlanClause& clause : plan.clauses) {
      const TermInfo& info = *plan.lists[clause.list];
      List& list = lists_.emplace_back();
      list.cursor = segment.Postings(info);
      list.weight = clause.node->weight;
      if (restricted) continue;
      floor_ = std::max(floor_, list.weight * ranking->scale->KthShare(info, ranking->top->k(),
                                                                       ranking->num_deleted));
    }
    few_wanted_ = ranking->top->k() <= segment.num_docs() / kDocsForOneWanted;
    by_bound_.resize(lists_.size());
    std::iota(by_bound_.begin(), by_bound_.end(), 0u);
  }

  absl::Status Run() {
    const uint32_t num_docs = ranking_.context->segment->num_docs();
    const Section& norms = ranking_.context->segment->norms();
    if (!norms.Touch(0, num_docs)) return norms.Read(0, num_docs).status();
    for (uint64_t begin = 0; begin < num_docs; begin += kWindowDocs) {
      if (ranking_.should_stop(static_cast<DocId>(begin), kWindowDocs)) break;
      begin_ = static_cast<DocId>(begin);
      end_ = static_cast<DocId>(std::min<uint64_t>(num_docs, begin + kWindowDocs));
      RunWindow();
      if (!ranking_.context->status.ok()) break;
    }
    for (List& list : lists_) {
      if (!list.cursor.status().ok()) ranking_.context->Fail(list.cursor.status());
      if (ranking_.work != nullptr) AddWork(list.cursor.work(), ranking_.work);
    }
    return ranking_.context->status;
  }

 private:
  struct List {
    PostingsCursor cursor;
    float weight = 0;
    uint32_t first_block = 0;  // that may reach into the window
    uint32_t end_block = 0;    // behind the last one that does
    uint32_t scored_block = UINT32_MAX;
    float bound = 0;                                           // in the window
    std::array<float, kBlockLength + kScanSlack> scores = {};  // of scored_block
  };

  // Scores are compared with bounds through the slack, so the floor need not be exact either.
  float PruneBelowNow() const { return std::max(ranking_.prune_below(), PruneBelow(floor_)); }

  void RunWindow() {
    float total = 0.0f;
    for (List& list : lists_) {
      FindBlocks(&list);
      total += list.bound;
    }
    prune_below_ = PruneBelowNow();
    if (total < prune_below_ || total == 0.0f) return;
    const size_t needed = few_wanted_ ? FirstNeeded() : 0;
    sums_.fill(0.0f);
    if (needed == 0) {
      for (List& list : lists_) AddScores(&list);
      OfferSums();
      return;
    }
    for (size_t i = needed; i < by_bound_.size(); ++i) AddScores(&lists_[by_bound_[i]]);
    Select();
    for (size_t i = needed; i-- > 0 && size_ > 0;) LookUp(&lists_[by_bound_[i]]);
    if (size_ > 0) OfferCandidates();
  }

  void FindBlocks(List* list) {
    list->bound = 0.0f;
    list->first_block = list->cursor.FindBlock(begin_, list->first_block);
    list->end_block = list->first_block;
    float odds = 0.0f;
    while (list->end_block < list->cursor.num_blocks()) {
      odds = std::max(odds, ranking_.scale->OddsOfBlock(list->cursor, list->end_block));
      if (list->cursor.LastDocOfBlock(list->end_block++) >= end_ - 1) break;
    }
    if (list->end_block > list->first_block) list->bound = list->weight * ShareOfOdds(odds);
  }

  // Orders the words by their bounds: those before the returned place cannot reach the threshold
  // together. 0 where to leave them out would save little.
  size_t FirstNeeded() {
    std::stable_sort(by_bound_.begin(), by_bound_.end(),
                     [this](uint32_t a, uint32_t b) { return lists_[a].bound < lists_[b].bound; });
    const auto blocks_of = [this](uint32_t i) {
      return static_cast<double>(lists_[i].end_block - lists_[i].first_block);
    };
    double all = 0, left_out = 0;
    for (const uint32_t i : by_bound_) all += blocks_of(i);
    size_t place = 0;
    others_bound_ = 0.0f;
    for (; place < by_bound_.size(); ++place) {
      const float more = others_bound_ + lists_[by_bound_[place]].bound;
      if (more >= prune_below_) break;
      others_bound_ = more;
      left_out += blocks_of(by_bound_[place]);
    }
    return left_out < kWorthwhileShare * all ? 0 : place;
  }

  bool LoadScores(List* list, uint32_t block) {
    PostingsCursor& cursor = list->cursor;
    if (!cursor.LoadBlock(block)) return false;
    if (list->scored_block == block) return true;
    const uint32_t* freqs = cursor.Freqs();
    if (freqs == nullptr) return false;
    if (ranking_.work != nullptr) ranking_.work->postings_scored += cursor.size();
    ScorePostings(cursor.docs(), freqs, cursor.size(), ranking_.context->segment->norms().data(),
                  ranking_.context->lengths->data(), list->weight, list->scores.data());
    list->scored_block = block;
    return true;
  }

  void AddScores(List* list) {
    for (uint32_t block = list->first_block; block < list->end_block; ++block) {
      if (!LoadScores(list, block)) return;
      const DocId* docs = list->cursor.docs();
      const uint32_t size = list->cursor.size();
      const uint32_t first = docs[0] >= begin_ ? 0 : LowerBound(docs, size, begin_);
      const uint32_t stop = docs[size - 1] < end_ ? size : LowerBound(docs, size, end_);
      for (uint32_t i = first; i < stop; ++i) sums_[docs[i] - begin_] += list->scores[i];
    }
  }

  // All words' scores have been added, in the clauses' order: as the matchers add them.
  void OfferSums() {
    ForEachSum(std::nextafter(static_cast<float>(ranking_.top->threshold()), 0.0f), 0.0f,
               [this](DocId doc, float score) {
                 if (ranking_.IsLive(doc) && residual_.Passes(doc)) {
                   ranking_.top->Offer({score, score, doc});
                 }
               });
  }

  // Calls `use` with the documents that have a sum, of `least` or more with `more` added.
  template <typename Use>
  void ForEachSum(float least, float more, const Use& use) {
    std::array<uint32_t, kStep + kScanSlack> places;
    for (uint32_t from = 0; from < kWindowDocs; from += kStep) {
      const uint32_t count = SelectByScore(sums_.data() + from, kStep, more, least, places.data());
      for (uint32_t i = 0; i < count; ++i) {
        const float sum = sums_[from + places[i]];
        if (sum > 0.0f) use(begin_ + from + places[i], sum);
      }
    }
  }

  // The candidates: documents that the other words could lift to the threshold.
  void Select() {
    size_ = 0;
    ForEachSum(prune_below_, others_bound_, [this](DocId doc, float sum) {
      docs_[size_] = doc;
      partial_[size_++] = sum;
    });
  }

  // Adds what the word gives the candidates; drops those that the words behind it cannot lift.
  void LookUp(List* list) {
    others_bound_ = std::max(0.0f, others_bound_ - list->bound);
    AddToCandidates(list);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < size_; ++i) {
      docs_[kept] = docs_[i];
      partial_[kept] = partial_[i];
      kept += partial_[i] + others_bound_ >= prune_below_ ? 1 : 0;
    }
    size_ = kept;
  }

  void AddToCandidates(List* list) {
    if (list->bound == 0.0f) return;
    uint32_t block = list->first_block;
    for (uint32_t c = 0; c < size_;) {
      block = list->cursor.FindBlock(docs_[c], block);
      if (block >= list->end_block || !LoadScores(list, block)) return;
      const DocId* docs = list->cursor.docs();
      const uint32_t size = list->cursor.size();
      const DocId last = docs[size - 1];
      const uint32_t stop =
          docs_[size_ - 1] <= last ? size_ : c + LowerBound(&docs_[c], size_ - c, last + 1);
      if (ranking_.work != nullptr) ranking_.work->probes += stop - c;
      std::array<uint32_t, kBlockLength + kScanSlack> places, in_block;
      const uint32_t found =
          IntersectSorted(&docs_[c], stop - c, docs, size, places.data(), in_block.data());
      for (uint32_t i = 0; i < found; ++i) partial_[c + places[i]] += list->scores[in_block[i]];
      c = stop;
      ++block;
    }
  }

  // Adds the scores of the candidates once more, in the clauses' order: as the matchers do.
  void OfferCandidates() {
    std::fill_n(partial_.begin(), size_, 0.0f);
    for (List& list : lists_) AddToCandidates(&list);
    for (uint32_t c = 0; c < size_; ++c) {
      if (ranking_.IsLive(docs_[c]) && residual_.Passes(docs_[c])) {
        ranking_.top->Offer({partial_[c], partial_[c], docs_[c]});
      }
    }
  }

  static constexpr uint32_t kStep = 256;

  SegmentRanking& ranking_;
  Residual residual_;
  std::vector<List> lists_;         // in the clauses' order, in which scores are added
  std::vector<uint32_t> by_bound_;  // numbers in lists_
  float floor_ = 0;
  bool few_wanted_ = false;

  // The present window.
  DocId begin_ = 0, end_ = 0;
  float prune_below_ = 0;
  float others_bound_ = 0;  // of the words that candidates are yet to be looked up in
  std::array<float, kWindowDocs> sums_;
  uint32_t size_ = 0;  // candidates
  std::array<DocId, kWindowDocs + kScanSlack> docs_;
  std::array<float, kWindowDocs + kScanSlack> partial_;
};

}  // namespace

absl::Status RankUnionByWindows(const QueryPlan& plan, SegmentRanking* ranking) {
  return std::make_unique<UnionWindows>(plan, ranking)->Run();
}

}  // namespace ibid
