#include "indexer/posting_shuffle.h"

#include <algorithm>
#include <bit>

#include "common/base/release.h"

namespace ibid {
namespace {

// A term in more documents than one of so many is put in order by a table of all documents, others
// by sorting.
constexpr uint32_t kDenseShare = 256;
// Postings that are handed on at a time.
constexpr size_t kBlockPostings = 128;
// Memory for postings and gaps that is kept from term to term.
constexpr size_t kKeptPostings = size_t{1} << 18;
constexpr size_t kKeptGaps = size_t{1} << 20;

}  // namespace

void PostingShuffle::Add(DocId doc, std::span<const Position> positions) {
  postings_.push_back(
      {.doc = doc, .freq = static_cast<uint32_t>(positions.size()), .begin = gaps_.size()});
  for (size_t i = 0; i < positions.size(); ++i) {
    gaps_.push_back(i == 0 ? positions[0] : positions[i] - positions[i - 1] - 1);
  }
}

void PostingShuffle::AddBlock(std::span<const DocId> docs, std::span<const uint32_t> freqs,
                              std::span<const uint32_t> gaps) {
  uint64_t begin = gaps_.size();
  gaps_.insert(gaps_.end(), gaps.begin(), gaps.end());
  for (size_t i = 0; i < docs.size(); begin += freqs[i++]) {
    postings_.push_back({.doc = docs[i], .freq = freqs[i], .begin = begin});
  }
}

template <typename Visit>
void PostingShuffle::ForEachInOrder(Visit visit) {
  if (postings_.size() <= num_docs_ / kDenseShare) {
    std::sort(postings_.begin(), postings_.end(),
              [](const Posting& a, const Posting& b) { return a.doc < b.doc; });
    for (const Posting& posting : postings_) visit(posting);
    return;
  }
  present_.resize((size_t{num_docs_} + 63) / 64);
  slots_.resize(num_docs_);
  for (size_t i = 0; i < postings_.size(); ++i) {
    const DocId doc = postings_[i].doc;
    present_[doc >> 6] |= uint64_t{1} << (doc & 63);
    slots_[doc] = static_cast<uint32_t>(i);
  }
  for (size_t word = 0; word < present_.size(); ++word) {
    for (uint64_t bits = present_[word]; bits != 0; bits &= bits - 1) {
      visit(postings_[slots_[word * 64 + static_cast<size_t>(std::countr_zero(bits))]]);
    }
    present_[word] = 0;
  }
}

void PostingShuffle::MoveBlocks(PostingsWriter* out) {
  std::vector<DocId> docs;
  std::vector<uint32_t> freqs;
  std::vector<uint32_t> gaps;
  ForEachInOrder([&](const Posting& posting) {
    docs.push_back(posting.doc);
    freqs.push_back(posting.freq);
    const auto begin = gaps_.begin() + static_cast<std::ptrdiff_t>(posting.begin);
    gaps.insert(gaps.end(), begin, begin + posting.freq);
    if (docs.size() < kBlockPostings) return;
    out->AddBlock(docs, freqs, gaps);
    docs.clear();
    freqs.clear();
    gaps.clear();
  });
  out->AddBlock(docs, freqs, gaps);
}

void PostingShuffle::MoveTo(bool with_positions, PostingsWriter* out) {
  if (with_positions) {
    MoveBlocks(out);
  } else {
    ForEachInOrder([&](const Posting& posting) { out->Add(posting.doc, posting.freq); });
  }
  postings_.clear();
  gaps_.clear();
  if (postings_.capacity() > kKeptPostings) Release(&postings_);
  if (gaps_.capacity() > kKeptGaps) Release(&gaps_);
}

}  // namespace ibid
