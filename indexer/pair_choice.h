// Which pairs of words get lists: those of all words that stand in at least so many documents, as
// many as the budget bears.
//
// A phrase of two words costs about as much as the rarer of them has documents, and is asked for
// about as often as it stands in the text; its list costs about a byte for each document that has
// it. So a byte buys most where the rarer word is most frequent, and taking words by document
// frequency is the order of a knapsack filled by gain per byte (Dantzig, "Discrete-Variable
// Extremum Problems", 1957).
#ifndef IBID_INDEXER_PAIR_CHOICE_H_
#define IBID_INDEXER_PAIR_CHOICE_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/format/pair_coverage.h"
#include "common/format/word_pairs.h"
#include "ibid/types.h"

namespace ibid {

// Words in fewer documents have no lists of pairs: their own are short.
inline constexpr uint32_t kMinPairDocFreq = 256;
// So many words are looked at, at most.
inline constexpr size_t kPairCandidates = 512;
static_assert(kPairCandidates <= kMaxPairWords);
struct PairWord {
  std::string term;
  uint32_t doc_freq = 0;
  uint64_t total_freq = 0;
};

// The most frequent words of a dictionary, given term by term. Not thread-safe.
class PairCandidates {
 public:
  void Add(std::string_view term, uint32_t doc_freq, uint64_t total_freq);
  // The words, most frequent first, then by bytes. Words of one document frequency are all in or
  // all out. Not more than can be of use where lists may take `max_bytes` of `num_tokens` tokens.
  std::vector<PairWord> Take(uint64_t num_tokens, uint64_t max_bytes);

 private:
  std::vector<PairWord> words_;
  uint32_t least_ = kMinPairDocFreq;  // below, no word can be a candidate
  void Shrink();
};

// Counts the pairs of candidates, then chooses. Not thread-safe.
class PairCounts {
 public:
  PairCounts(std::vector<PairWord> candidates, uint32_t num_docs);

  // Pairs by document; words are numbered as in words().
  void Add(std::span<const WordPair> pairs);

  // The pairs whose lists take, by an estimate from above, at most `max_bytes` together. None has
  // positions: with those of 8 words, a tenth of an index of prose bears the pairs of 43 words
  // instead of 56, with those of 32 words 23 (docs/PERFORMANCE.md), and the documents that have
  // all pairs of a phrase are hardly more than those that have the phrase.
  PairCoverage Choose(uint64_t max_bytes) const;

  const std::vector<PairWord>& words() const { return words_; }

 private:
  struct Count {
    uint32_t docs = 0;
    uint32_t last_doc = 0;  // plus 1
    uint64_t occurrences = 0;
  };
  const Count& count(size_t first, size_t second) const {
    return counts_[first * words_.size() + second];
  }
  double ListBytes(size_t first, size_t second) const;
  double BytesOfWord(size_t word) const;

  std::vector<PairWord> words_;
  double num_docs_;
  std::vector<Count> counts_;  // of pairs by first, second
};

}  // namespace ibid

#endif  // IBID_INDEXER_PAIR_CHOICE_H_
