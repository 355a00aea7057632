// The inverted form of a unit of documents in memory: each term with the places of its tokens.
//
//   MemoryPostings postings;
//   for (each document) {
//     postings.AddTokens(title);
//     postings.AddGap();                      // the free position behind a title
//     postings.AddTokens(text);
//     postings.EndDocument();
//   }
//   postings.Sort();
//   for (uint32_t rank = 0; rank < postings.num_terms(); ++rank) Use(postings.places(rank));
//
// A place numbers the positions of all documents through: document d has [doc_begin(d),
// doc_begin(d + 1)). Tokens are kept as term numbers, 4 bytes each, and inverted by one counting
// sort. Not thread-safe.
#ifndef IBID_INDEXER_MEMORY_POSTINGS_H_
#define IBID_INDEXER_MEMORY_POSTINGS_H_

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "common/text/analyzer.h"
#include "ibid/types.h"
#include "indexer/term_table.h"

namespace ibid {

class MemoryPostings {
 public:
  MemoryPostings() { Clear(); }

  // Tokens from `first` on.
  void AddTokens(const AnalyzedText& words, size_t first = 0) {
    table_.Intern(words, first, &tokens_);
  }
  // There will be about so many tokens in all, or fewer. Before the first.
  void ExpectTokens(size_t count);
  // Has room made for so many more tokens at once, where they are many.
  void ReserveTokens(size_t count) {
    const size_t needed = tokens_.size() + count;
    if (needed <= tokens_.capacity()) return;
    // Many such texts one after another must not copy what is there each time.
    tokens_.reserve(tokens_.empty() ? needed : std::max(needed, 2 * tokens_.capacity()));
  }
  void AddGap() { tokens_.push_back(0); }
  void EndDocument() { doc_begins_.push_back(static_cast<uint32_t>(tokens_.size())); }

  // Once, after the last document. The accessors below need it.
  void Sort();

  uint32_t num_docs() const { return static_cast<uint32_t>(doc_begins_.size() - 1); }
  // Terms by rank in byte order, from 0.
  uint32_t num_terms() const { return static_cast<uint32_t>(order_.size()); }
  std::string_view term(uint32_t rank) const { return table_.term(order_[rank]); }
  // Has the bytes of a term to come brought near; any rank.
  void PrefetchTerm(uint32_t rank) const {
    if (rank < order_.size()) table_.Prefetch(order_[rank]);
  }
  std::optional<uint32_t> FindRank(std::string_view term) const;
  // Where the term stands, increasing.
  std::span<const uint32_t> places(uint32_t rank) const {
    return std::span(places_).subspan(begins_[rank], begins_[rank + 1] - begins_[rank]);
  }
  uint32_t doc_begin(DocId doc) const { return doc_begins_[doc]; }
  DocId DocOf(uint32_t place) const {
    DocId doc = landmarks_[place >> landmark_bits_];
    while (doc_begins_[doc + 1] <= place) ++doc;
    return doc;
  }

  // Forgets everything and gives the memory back.
  void Clear();

 private:
  void SortTerms();
  void ScatterTokens();
  void SetLandmarks();

  TermTable table_;
  std::vector<uint32_t> tokens_;      // term numbers in document order, 0: no token; until Sort
  std::vector<uint32_t> doc_begins_;  // and the end of the last
  std::vector<uint32_t> order_;       // term numbers by rank
  std::vector<uint32_t> begins_;      // of each rank in places_, and the end of the last
  std::vector<uint32_t> places_;
  unsigned landmark_bits_ = 0;
  std::vector<DocId> landmarks_;  // the document of each place that ends in so many zero bits
};

}  // namespace ibid

#endif  // IBID_INDEXER_MEMORY_POSTINGS_H_
