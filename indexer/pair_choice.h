// Which phrases of frequent words get lists (common/format/pair_coverage.h), within a budget.
//
// Pairs: those of all words of so much weight (PairWeight), as many as the budget bears. Without a
// list, a phrase takes about as long as there are documents that have its words, and it is asked
// for about as often as it stands in the text; its list costs about a byte for each document that
// has it. So a byte buys most where most documents are looked at, and taking pairs in that order is
// that of a knapsack filled by gain per byte (Dantzig, "Discrete-Variable Extremum Problems",
// 1957).
//
// Three words: a phrase of them is looked for in the documents that are in the lists of both its
// pairs. The phrases for which these are most, by chance or because the phrase is so frequent, get
// a list of their own, from a sixteenth of the budget: "one of the" stands in a quarter of the
// documents that have both "one of" and "of the".
#ifndef IBID_INDEXER_PAIR_CHOICE_H_
#define IBID_INDEXER_PAIR_CHOICE_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "common/base/status_macros.h"
#include "common/format/pair_coverage.h"
#include "common/format/word_pairs.h"
#include "ibid/types.h"

namespace ibid {

// Words in fewer documents have no lists of pairs: their own are short.
inline constexpr uint32_t kMinPairDocFreq = 256;
// So many words are looked at, at most.
inline constexpr size_t kPairCandidates = 512;
static_assert(kPairCandidates <= kMaxPairWords);
// Words that lists of three may have: so many of the most frequent.
inline constexpr size_t kTripleWords = 64;

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
  // all out.
  std::vector<PairWord> Take();

 private:
  std::vector<PairWord> words_;
  uint32_t least_ = kMinPairDocFreq;  // below, no word can be a candidate
  void Shrink();
};

// The words of a phrase that may have a list, by their numbers in PairCounts::words().
struct PhraseWords {
  static constexpr uint16_t kNone = UINT16_MAX;

  uint16_t first = 0;
  uint16_t second = 0;
  uint16_t third = kNone;  // of a pair
};

// What lists a segment gets.
struct PairChoice {
  PairCoverage coverage;
  std::vector<bool> lists;  // by number
};

// Counts the phrases that may get lists, then chooses. Not thread-safe.
class PairCounts {
 public:
  // Lists may take `max_bytes`, of `num_tokens` tokens. Of the candidates, those are kept whose
  // pairs can be of use then.
  PairCounts(std::vector<PairWord> candidates, uint32_t num_docs, uint64_t num_tokens,
             uint64_t max_bytes);

  const std::vector<PairWord>& words() const { return words_; }

  // Phrases that are counted are numbered from 0, in the order of their lists' keys.
  uint32_t num_lists() const { return static_cast<uint32_t>(counts_.size()); }
  // The words of each number.
  std::vector<PhraseWords> Phrases() const;

  // The next pairs, by document, then by position; words are numbered as in words(). Calls
  // place(list, doc) with each place of a phrase that is counted.
  template <typename Place>
  absl::Status Add(std::span<const WordPair> pairs, const Place& place) {
    for (const WordPair& pair : pairs) {
      const uint32_t list = list_of_pair_[pair.first * words_.size() + pair.second];
      if (list == kNoList) continue;
      Count(list, pair.doc);
      RETURN_IF_ERROR(place(list, pair.doc));
      if (before_.doc == pair.doc && before_.position + 1 == pair.position &&
          IsCounted(before_, pair)) {
        const uint32_t triple = ListOfTriple(before_.first, before_.second, pair.second);
        Count(triple, pair.doc);
        RETURN_IF_ERROR(place(triple, pair.doc));
      }
      before_ = pair;
    }
    return absl::OkStatus();
  }

  // The lists that take, by an estimate, at most `max_bytes` together.
  PairChoice Choose() const;

 private:
  static constexpr uint32_t kNoList = UINT32_MAX;
  struct ListCount {
    uint32_t docs = 0;
    uint32_t last_doc = 0;  // plus 1
    uint64_t occurrences = 0;
  };

  void TrimWords(double min_weight);
  void NumberLists(double min_weight);
  // Whether the two pairs, one behind the other, are a phrase of three that is counted.
  bool IsCounted(const WordPair& pair, const WordPair& next) const {
    return pair.first < num_triple_words_ && pair.second < num_triple_words_ &&
           next.second < num_triple_words_ &&
           shares_[pair.first] * shares_[pair.second] * shares_[next.second] >= kLeastTripleShare;
  }
  uint32_t ListOfTriple(size_t first, size_t second, size_t third) const {
    return list_of_pair_[first * words_.size() + second] + 1 + key_ranks_[third];
  }
  void Count(uint32_t list, DocId doc) {
    ListCount& count = counts_[list];
    count.docs += count.last_doc != doc + 1 ? 1 : 0;
    count.last_doc = doc + 1;
    ++count.occurrences;
  }
  double WeightOf(size_t first, size_t second) const {
    return PairWeight(words_[first].doc_freq, words_[second].doc_freq);
  }
  double ListBytes(uint32_t list, const PhraseWords& words) const;
  void ChoosePairs(std::span<const PhraseWords> phrases, PairChoice* choice) const;
  void ChooseTriples(std::span<const PhraseWords> phrases, PairChoice* choice) const;

  // Of the documents, that have three words by chance: below, their phrase is not counted.
  static constexpr double kLeastTripleShare = 0.125;

  std::vector<PairWord> words_;
  double num_docs_;
  uint64_t max_bytes_;
  size_t num_triple_words_ = 0;
  std::vector<double> shares_;          // of the documents, that have each of the words of triples
  std::vector<uint32_t> key_ranks_;     // of the same words, by bytes
  std::vector<uint32_t> list_of_pair_;  // by first, second
  std::vector<ListCount> counts_;       // by list
  WordPair before_ = {.doc = kNoMoreDocs};
};

}  // namespace ibid

#endif  // IBID_INDEXER_PAIR_CHOICE_H_
