// Decides a clause by positions, for many candidates at once: how often it matches in each of them.
// For the shapes that most queries have: exact phrases of words, and two words NEAR or ADJ each
// other. The same frequencies as the intervals of searcher/match/interval_source.h, which know all
// shapes, go from document to document and tell where the matches are.
//
//   std::optional<PositionalFreqs> freqs = PositionalFreqs::For(clause, find, &context);
//   if (freqs.has_value()) freqs->Evaluate(lists, docs, places, values);
//
// Not thread-safe. Keeps the positions of a few candidates.
#ifndef IBID_SEARCHER_TOPK_POSITIONAL_FREQS_H_
#define IBID_SEARCHER_TOPK_POSITIONAL_FREQS_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "common/format/postings_cursor.h"
#include "searcher/match/matcher.h"
#include "searcher/topk/query_plan.h"

namespace ibid {

// A list as it stands in candidates that it holds.
struct CandidateList {
  PostingsCursor* cursor = nullptr;
  const uint32_t* freqs = nullptr;   // in each candidate
  const uint64_t* starts = nullptr;  // of the positions in each candidate, in the list's
};

// Where the positions of postings of one block begin: those at `places`, which increase, of a block
// with these frequencies and `before` positions before it.
void NoteStarts(uint64_t before, const uint32_t* freqs, std::span<const uint32_t> places,
                uint64_t* starts);

class PositionalFreqs {
 public:
  // Nothing where the clause is of another shape. `find` gives the number, rarest first, of a list
  // that holds every candidate, or ProvidedLists::kNone. The context must outlive it.
  static std::optional<PositionalFreqs> For(const PlanClause& clause,
                                            const std::function<uint32_t(const TermInfo&)>& find,
                                            MatchContext* context);

  // The two rarest words of a phrase of more, in their places to each other: what matches no less
  // often than the phrase.
  std::optional<PositionalFreqs> RarestPair() const;
  // The highest number of a list that it reads.
  uint32_t last_list() const { return last_list_; }

  // freqs[c], for each c of `candidates`: the sum of the kernel values of the clause's matches in
  // docs[c]; 0 where it does not match. Candidates increase; lists by the numbers that `find` gave.
  // Errors go to the context.
  void Evaluate(std::span<const CandidateList> lists, const DocId* docs,
                std::span<const uint32_t> candidates, float* freqs);

 private:
  struct Word {
    uint32_t list = 0;
    uint32_t offset = 0;  // from the phrase's first word
  };

  explicit PositionalFreqs(MatchContext* context) : context_(context) {}

  bool ReadPlaces(const CandidateList& list, std::span<const uint32_t> numbers, Position zero,
                  std::vector<Position>* places);
  void EvaluatePhrase(std::span<const CandidateList> lists, float* freqs);
  void EvaluatePair(std::span<const CandidateList> lists, const DocId* docs, float* freqs);
  void FindPairs(std::span<const CandidateList> lists);
  void PairsOf(std::span<const Position> a, std::span<const Position> b, IntervalList* out) const;
  void SumPairs(const DocId* docs, float* freqs);

  MatchContext* context_;
  std::vector<Word> words_;  // a phrase's rarest first, a pair's in its order
  uint32_t last_list_ = 0;
  bool is_phrase_ = true;
  bool ordered_ = false;
  bool use_kernel_ = false;
  uint32_t max_gap_ = 0;
  std::span<const uint32_t> present_;  // the candidates that are looked at together
  std::vector<PositionRun> runs_;
  std::vector<Position> first_, second_;
  std::vector<uint32_t> in_first_, in_second_;
  IntervalList intervals_, of_one_;
  std::vector<uint32_t> gaps_;
};

}  // namespace ibid

#endif  // IBID_SEARCHER_TOPK_POSITIONAL_FREQS_H_
