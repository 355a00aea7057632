// Counts the documents of a union: a bit for each document of a window, set list by list.

#include <algorithm>
#include <array>
#include <bit>
#include <vector>

#include "searcher/topk/residual.h"
#include "searcher/topk/segment_ranking.h"

namespace ibid {
namespace {

constexpr uint32_t kWindowDocs = 1 << 16;

class UnionCount {
 public:
  UnionCount(const QueryPlan& plan, SegmentRanking* ranking)
      : ranking_(*ranking), residual_(plan, ranking->context) {
    for (const PlanClause& clause : plan.clauses) {
      cursors_.push_back(ranking->context->segment->Postings(*plan.lists[clause.list]));
    }
  }

  absl::Status Run() {
    const uint64_t num_docs = ranking_.context->segment->num_docs();
    for (uint64_t begin = 0; begin < num_docs; begin += kWindowDocs) {
      if (ranking_.should_stop(static_cast<DocId>(begin), kWindowDocs)) break;
      CountWindow(static_cast<DocId>(begin));
    }
    for (PostingsCursor& cursor : cursors_) {
      if (!cursor.status().ok()) ranking_.context->Fail(cursor.status());
      if (ranking_.work != nullptr) AddWork(cursor.work(), ranking_.work);
    }
    return ranking_.context->status;
  }

 private:
  void CountWindow(DocId begin) {
    bool any = false;
    for (PostingsCursor& cursor : cursors_) {
      if (cursor.doc() - begin >= kWindowDocs) continue;
      if (!any) bits_.fill(0);
      any = true;
      Mark(cursor, begin);
    }
    if (!any) return;
    if (!residual_.decides() && ranking_.live == nullptr) {
      uint64_t count = 0;
      for (const uint64_t word : bits_) count += static_cast<uint64_t>(std::popcount(word));
      *ranking_.total += count;
      return;
    }
    for (size_t w = 0; w < bits_.size(); ++w) {
      for (uint64_t word = bits_[w]; word != 0; word &= word - 1) {
        const DocId doc =
            begin + static_cast<DocId>(64 * w) + static_cast<DocId>(std::countr_zero(word));
        *ranking_.total += ranking_.IsLive(doc) && residual_.Matches(doc) ? 1 : 0;
      }
    }
  }

  // Sets the bits of the cursor's documents in the window, and moves it behind.
  void Mark(PostingsCursor& cursor, DocId begin) {
    while (cursor.doc() != kNoMoreDocs && cursor.doc() - begin < kWindowDocs) {
      const DocId* docs = cursor.docs();
      const uint32_t size = cursor.size();
      uint32_t i = static_cast<uint32_t>(std::lower_bound(docs, docs + size, cursor.doc()) - docs);
      for (; i < size && docs[i] - begin < kWindowDocs; ++i) {
        const uint32_t bit = docs[i] - begin;
        bits_[bit >> 6] |= uint64_t{1} << (bit & 63);
      }
      if (i < size) {
        cursor.MoveTo(i);
        return;
      }
      cursor.NextBlock();
    }
  }

  SegmentRanking& ranking_;
  Residual residual_;
  std::vector<PostingsCursor> cursors_;
  std::array<uint64_t, kWindowDocs / 64> bits_;
};

}  // namespace

absl::Status CountUnion(const QueryPlan& plan, SegmentRanking* ranking) {
  return UnionCount(plan, ranking).Run();
}

}  // namespace ibid
