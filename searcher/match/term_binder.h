// Looks up the words of a query in every segment of a snapshot.
//
// Not thread-safe; the snapshot and the analyzer must outlive it.
#ifndef IBID_SEARCHER_MATCH_TERM_BINDER_H_
#define IBID_SEARCHER_MATCH_TERM_BINDER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "absl/hash/hash.h"
#include "absl/status/statusor.h"
#include "searcher/match/bound_query.h"
#include "searcher/match/query_budget.h"
#include "searcher/match/snapshot.h"

namespace ibid {

// What a wildcard or fuzzy word stands for: surface forms of the snapshot that count as one word.
struct Expansion {
  std::shared_ptr<const BoundTerm> term;
  size_t num_used = 0;
  uint64_t num_matching = 0;  // more than num_used where a limit cut
};

class TermBinder {
 public:
  // Each wildcard and fuzzy word may stand for `max_expansions` terms; all of them together are
  // compared with `max_terms_read`.
  TermBinder(const IndexReader::Impl& snapshot, Analyzer* analyzer, size_t max_expansions,
             uint64_t max_terms_read, QueryBudget* budget)
      : snapshot_(snapshot),
        analyzer_(analyzer),
        max_expansions_(max_expansions),
        max_terms_read_(max_terms_read),
        budget_(*budget) {}

  // The tokens of `text` as the index would have them.
  std::vector<std::string> Tokens(std::string_view text);

  // A surface form, literally.
  absl::StatusOr<std::shared_ptr<const BoundTerm>> Literal(const std::string& term);
  // All surface forms with the stem of `term`.
  absl::StatusOr<std::shared_ptr<const BoundTerm>> Stemmed(const std::string& term);
  // Several words that count as one: frequencies add up, the largest document frequency stands.
  absl::StatusOr<std::shared_ptr<const BoundTerm>> Group(
      const std::string& label, const std::vector<std::shared_ptr<const BoundTerm>>& members);

  // Surface forms that match a folded pattern of literal characters, '*' and '?'. Past the limit
  // the terms of highest document frequency are kept. Equal patterns are expanded once.
  absl::StatusOr<Expansion> ExpandWildcard(const std::string& pattern);
  // Surface forms within `max_edits` insertions, deletions, substitutions and transpositions of
  // neighbours (optimal string alignment distance) of a folded word.
  absl::StatusOr<Expansion> ExpandFuzzy(const std::string& word, int max_edits);

 private:
  using TermPtr = std::shared_ptr<const BoundTerm>;

  absl::StatusOr<TermPtr> Remember(const std::string& key, BoundTerm term);
  absl::StatusOr<TermPtr> GroupOfTerms(const std::string& label,
                                       const std::vector<std::string>& terms);
  template <typename Accept>
  absl::StatusOr<Expansion> Expand(const std::string& label, std::string_view prefix,
                                   const Accept& accept);
  absl::Status CountTermRead();

  const IndexReader::Impl& snapshot_;
  Analyzer* analyzer_;
  size_t max_expansions_;
  uint64_t max_terms_read_;
  QueryBudget& budget_;
  uint64_t terms_read_ = 0;
  AnalyzedText analyzed_;
  std::unordered_map<std::string, TermPtr, absl::Hash<std::string>> known_;  // "=term", "~stem"
  std::unordered_map<std::string, Expansion, absl::Hash<std::string>> expansions_;  // by label
  uint32_t next_group_ = 0;
};

}  // namespace ibid

#endif  // IBID_SEARCHER_MATCH_TERM_BINDER_H_
