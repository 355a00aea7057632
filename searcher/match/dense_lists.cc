#include "searcher/match/dense_lists.h"

#include "common/format/postings_cursor.h"

namespace ibid {
namespace {

std::shared_ptr<const DenseList> Decode(const SegmentReader& segment, const TermInfo& info) {
  auto list = std::make_shared<DenseList>(segment.num_docs());
  PostingsCursor cursor = segment.Postings(info);
  for (uint32_t block = 0; block < cursor.num_blocks(); ++block) {
    if (!cursor.LoadBlock(block)) break;
    for (uint32_t i = 0; i < cursor.size(); ++i) list->Add(cursor.docs()[i]);
  }
  if (!cursor.status().ok()) return nullptr;
  list->Finish();
  return list;
}

}  // namespace

void DenseList::Finish() {
  uint32_t count = 0;
  before_.reserve(words_.size());
  for (const uint64_t word : words_) {
    before_.push_back(count);
    count += CountOnes(word);
  }
}

std::shared_ptr<const DenseList> DenseLists::Kept(const TermInfo& info) {
  std::lock_guard<std::mutex> lock(mutex_);
  const auto it = lists_.find(info.postings_offset);
  return it != lists_.end() && it->second.info == info ? it->second.list : nullptr;
}

std::shared_ptr<const DenseList> DenseLists::Get(const SegmentReader& segment,
                                                 const TermInfo& info) {
  const uint32_t num_docs = segment.num_docs();
  if (num_docs < kMinDenseDocs || info.doc_freq < num_docs / kDenseShare) return nullptr;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    const auto it = lists_.find(info.postings_offset);
    if (it != lists_.end()) return it->second.info == info ? it->second.list : nullptr;
  }
  std::shared_ptr<const DenseList> list = Decode(segment, info);
  if (list == nullptr) return nullptr;
  std::lock_guard<std::mutex> lock(mutex_);
  if (bytes_ + list->bytes() > MaxDenseBytes(num_docs)) {
    lists_.clear();
    bytes_ = 0;
  }
  if (lists_.emplace(info.postings_offset, Entry{info, list}).second) bytes_ += list->bytes();
  return list;
}

}  // namespace ibid
