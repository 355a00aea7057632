#include "searcher/match/postings_union.h"

#include <algorithm>

namespace ibid {

PostingsUnion::PostingsUnion(MatchContext* context, std::span<const TermInfo> terms)
    : context_(context) {
  cursors_.reserve(terms.size());
  for (const TermInfo& info : terms) {
    cursors_.push_back(context->segment->Postings(info));
    cost_ += info.doc_freq;
  }
  if (cursors_.size() > 1) {
    for (uint32_t i = 0; i < cursors_.size(); ++i) heap_.push_back(i);
    std::make_heap(heap_.begin(), heap_.end(),
                   [this](uint32_t a, uint32_t b) { return HeapLater(a, b); });
  }
  Settle();
}

PostingsUnion::~PostingsUnion() {
  if (context_->work == nullptr) return;
  for (const PostingsCursor& cursor : cursors_) AddWork(cursor.work(), context_->work);
}

// Takes over the smallest document, and any member's error.
void PostingsUnion::Settle() {
  if (cursors_.empty()) return;
  doc_ = cursors_[heap_.empty() ? 0 : heap_.front()].doc();
  if (doc_ != kNoMoreDocs) return;
  for (const PostingsCursor& cursor : cursors_) {
    if (!cursor.status().ok()) context_->Fail(cursor.status());
  }
}

DocId PostingsUnion::NextGeq(DocId target) {
  if (doc_ >= target) return doc_;
  if (heap_.empty()) {
    cursors_[0].NextGeq(target);
  } else {
    const auto later = [this](uint32_t a, uint32_t b) { return HeapLater(a, b); };
    while (cursors_[heap_.front()].doc() < target) {
      std::pop_heap(heap_.begin(), heap_.end(), later);
      PostingsCursor& cursor = cursors_[heap_.back()];
      cursor.NextGeq(target);
      if (!cursor.status().ok()) context_->Fail(cursor.status());
      std::push_heap(heap_.begin(), heap_.end(), later);
    }
  }
  Settle();
  return doc_;
}

uint64_t PostingsUnion::freq() {
  if (heap_.empty()) return cursors_[0].freq();
  uint64_t sum = 0;
  for (PostingsCursor& cursor : cursors_) {
    if (cursor.doc() == doc_) sum += cursor.freq();
  }
  return sum;
}

void PostingsUnion::AppendPositions(std::vector<Position>* positions) {
  const size_t begin = positions->size();
  uint32_t members = 0;
  for (PostingsCursor& cursor : cursors_) {
    if (cursor.doc() != doc_) continue;
    cursor.AppendPositions(positions);
    if (!cursor.status().ok()) context_->Fail(cursor.status());
    ++members;
  }
  if (members > 1) std::sort(positions->begin() + static_cast<ptrdiff_t>(begin), positions->end());
}

}  // namespace ibid
