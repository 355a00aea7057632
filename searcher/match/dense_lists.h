// The documents of a segment's longest lists as bitmaps, made when a list is first wanted and kept
// as long as the segment is open. A list that holds every sixteenth document or more is tested and
// intersected faster by its bits than by its blocks.
//
//   std::shared_ptr<const DenseList> bits = dense.Get(segment, info);   // null: not dense
//   if (bits != nullptr && bits->Holds(doc)) ...
//
// Thread-safe. Holds at most MaxDenseBytes; when they are full it begins anew.
#ifndef IBID_SEARCHER_MATCH_DENSE_LISTS_H_
#define IBID_SEARCHER_MATCH_DENSE_LISTS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "common/format/segment_reader.h"
#include "common/format/term_info.h"

namespace ibid {

// Lists shorter than a sixteenth of the segment, or of segments this small, stay lists.
inline constexpr uint32_t kDenseShare = 16;
inline constexpr uint32_t kMinDenseDocs = 512;
// For 128 lists of a segment of any size, so that queries of frequent words, one after another, do
// not throw out each other's: 32 MB up to 1.4 million documents, then 24 bytes a document.
constexpr size_t MaxDenseBytes(uint32_t num_docs) {
  return std::max(size_t{32} << 20, size_t{num_docs} * 24);
}

// As std::popcount, which calls a routine on processors that are not known to count bits: pairs,
// fours and bytes are summed side by side (H. S. Warren, Hacker's Delight, 5-1).
inline uint32_t CountOnes(uint64_t word) {
  word -= word >> 1 & 0x5555555555555555;
  word = (word & 0x3333333333333333) + (word >> 2 & 0x3333333333333333);
  word = (word + (word >> 4)) & 0x0f0f0f0f0f0f0f0f;
  return static_cast<uint32_t>(word * 0x0101010101010101 >> 56);
}

// One bit a document, 64 to a word, and the number of bits before each word.
class DenseList {
 public:
  explicit DenseList(uint32_t num_docs) : words_((size_t{num_docs} + 63) / 64) {}

  void Add(DocId doc) { words_[doc >> 6] |= uint64_t{1} << (doc & 63); }
  // Behind the last Add.
  void Finish();

  bool Holds(DocId doc) const { return (words_[doc >> 6] >> (doc & 63) & 1) != 0; }
  // How many documents of the list are before `doc`, which the list holds: its place in the list.
  uint32_t PlaceOf(DocId doc) const {
    const uint64_t below = (uint64_t{1} << (doc & 63)) - 1;
    return before_[doc >> 6] + CountOnes(words_[doc >> 6] & below);
  }
  const std::vector<uint64_t>& words() const { return words_; }
  size_t bytes() const {
    return words_.size() * sizeof(uint64_t) + before_.size() * sizeof(uint32_t);
  }

 private:
  std::vector<uint64_t> words_;
  std::vector<uint32_t> before_;
};

class DenseLists {
 public:
  // Null where the list is not dense, or damaged (its cursor will say so), or where another one
  // claimed its place.
  std::shared_ptr<const DenseList> Get(const SegmentReader& segment, const TermInfo& info);
  // The same, but null where it is not yet made.
  std::shared_ptr<const DenseList> Kept(const TermInfo& info);

 private:
  std::mutex mutex_;
  size_t bytes_ = 0;
  struct Entry {
    TermInfo info;  // of a damaged index two may claim one place
    std::shared_ptr<const DenseList> list;
  };
  std::unordered_map<uint64_t, Entry> lists_;  // by postings_offset
};

}  // namespace ibid

#endif  // IBID_SEARCHER_MATCH_DENSE_LISTS_H_
