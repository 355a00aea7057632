// Counts the documents of a union: a bit for each document of a window, set list by list.

#include <algorithm>
#include <array>
#include <bit>
#include <memory>
#include <utility>
#include <vector>

#include "common/codec/scan.h"
#include "searcher/topk/residual.h"
#include "searcher/topk/segment_ranking.h"

namespace ibid {
namespace {

constexpr uint32_t kWindowDocs = 1 << 16;

class UnionCount {
 public:
  UnionCount(const QueryPlan& plan, SegmentRanking* ranking)
      : ranking_(*ranking), residual_(plan, {}, *ranking) {
    const SegmentReader& segment = *ranking->context->segment;
    for (const PlanClause& clause : plan.clauses) {
      const TermInfo& info = *plan.lists[clause.list];
      if (auto dense = ranking->dense_lists->Get(segment, info); dense != nullptr) {
        dense_.push_back(std::move(dense));
      } else {
        cursors_.push_back(segment.Postings(info));
      }
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
    bool any = !dense_.empty();
    if (any) CopyDense(begin);
    for (PostingsCursor& cursor : cursors_) {
      if (cursor.doc() - begin >= kWindowDocs) continue;
      if (!any) bits_.fill(0);
      any = true;
      Mark(cursor, begin);
    }
    if (!any) return;
    if (!residual_.decides() && ranking_.live == nullptr) {
      const uint64_t* words = bits_.data();
      *ranking_.total += CountCommonBits(&words, 1, bits_.size());
      return;
    }
    for (size_t w = 0; w < bits_.size(); ++w) {
      for (uint64_t word = bits_[w]; word != 0; word &= word - 1) {
        const DocId doc =
            begin + static_cast<DocId>(64 * w) + static_cast<DocId>(std::countr_zero(word));
        *ranking_.total += ranking_.IsLive(doc) && residual_.Passes(doc) ? 1 : 0;
      }
    }
  }

  // Sets the bits of the window to those that any dense list has.
  void CopyDense(DocId begin) {
    const size_t first = begin / 64;
    const size_t size = std::min(bits_.size(), dense_[0]->words().size() - first);
    std::fill(bits_.begin() + static_cast<ptrdiff_t>(size), bits_.end(), 0);
    std::copy_n(dense_[0]->words().data() + first, size, bits_.data());
    for (size_t i = 1; i < dense_.size(); ++i) {
      const uint64_t* words = dense_[i]->words().data() + first;
      for (size_t w = 0; w < size; ++w) bits_[w] |= words[w];
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
  std::vector<std::shared_ptr<const DenseList>> dense_;
  std::vector<PostingsCursor> cursors_;  // of the other lists
  std::array<uint64_t, kWindowDocs / 64> bits_;
};

}  // namespace

absl::Status CountUnion(const QueryPlan& plan, SegmentRanking* ranking) {
  return UnionCount(plan, ranking).Run();
}

}  // namespace ibid
