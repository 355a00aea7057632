// Looks up the words of a query in every segment of a snapshot.
//
// Not thread-safe; the snapshot and the analyzer must outlive it.
#ifndef IBID_SEARCHER_MATCH_TERM_BINDER_H_
#define IBID_SEARCHER_MATCH_TERM_BINDER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "ibid/limits.h"
#include "searcher/match/bound_query.h"
#include "searcher/match/snapshot.h"

namespace ibid {

// The surface forms of a snapshot that a pattern stands for.
struct Expansion {
  std::vector<std::string> terms;  // sorted
  uint64_t num_matching = 0;       // more than terms.size() where the limit cut
};

class TermBinder {
 public:
  TermBinder(const IndexReader::Impl& snapshot, Analyzer* analyzer, size_t max_expansions)
      : snapshot_(snapshot), analyzer_(analyzer), max_expansions_(max_expansions) {}

  // The tokens of `text` as the index would have them.
  std::vector<std::string> Tokens(std::string_view text);

  // A surface form, literally.
  absl::StatusOr<std::shared_ptr<const BoundTerm>> Literal(const std::string& term);
  // All surface forms with the stem of `term`.
  absl::StatusOr<std::shared_ptr<const BoundTerm>> Stemmed(const std::string& term);
  // Several words that count as one: frequencies add up, the largest document frequency stands.
  absl::StatusOr<std::shared_ptr<const BoundTerm>> Group(
      const std::string& label, const std::vector<std::shared_ptr<const BoundTerm>>& members);
  // The same for surface forms.
  absl::StatusOr<std::shared_ptr<const BoundTerm>> GroupOfTerms(
      const std::string& label, const std::vector<std::string>& terms);

  // Surface forms that match a folded pattern of literal characters, '*' and '?'. Past the limit
  // the terms of highest document frequency are kept.
  absl::StatusOr<Expansion> ExpandWildcard(const std::string& pattern);
  // Surface forms within `max_edits` insertions, deletions, substitutions and transpositions of
  // neighbours (optimal string alignment distance) of a folded word.
  absl::StatusOr<Expansion> ExpandFuzzy(const std::string& word, int max_edits);

 private:
  using TermPtr = std::shared_ptr<const BoundTerm>;

  absl::StatusOr<TermPtr> Remember(const std::string& key, BoundTerm term);
  template <typename Accept>
  absl::StatusOr<Expansion> Expand(std::string_view prefix, const Accept& accept);

  const IndexReader::Impl& snapshot_;
  Analyzer* analyzer_;
  size_t max_expansions_;
  AnalyzedText analyzed_;
  absl::flat_hash_map<std::string, TermPtr> known_;  // "=term", "~stem"
  uint32_t next_group_ = 0;
};

}  // namespace ibid

#endif  // IBID_SEARCHER_MATCH_TERM_BINDER_H_
