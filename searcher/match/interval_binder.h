// Binds the positional part of a query: words, phrases, proximity operators, alternatives.
#ifndef IBID_SEARCHER_MATCH_INTERVAL_BINDER_H_
#define IBID_SEARCHER_MATCH_INTERVAL_BINDER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "absl/hash/hash.h"
#include "absl/status/statusor.h"
#include "searcher/match/bound_query.h"
#include "searcher/match/query_budget.h"
#include "searcher/match/term_binder.h"
#include "searcher/query/ast.h"
#include "searcher/query/notes.h"

namespace ibid {

// A positional expression ready to be matched. Null node: it holds no word at all.
struct BoundIntervals {
  std::unique_ptr<IntervalNode> node;
  bool use_kernel = false;  // a phrase with slop or a proximity operator, at its top
};

class IntervalBinder {
 public:
  // Notes are appended to `notes`, *partial is set where an expansion was cut. `cut_by` is the flag
  // of the limit that cuts them, where it is not the usual one. All outlive this.
  IntervalBinder(TermBinder* terms, QueryBudget* budget, uint64_t num_docs, std::string_view cut_by,
                 NoteList* notes, bool* partial)
      : terms_(*terms),
        budget_(*budget),
        num_docs_(num_docs),
        cut_by_(cut_by),
        notes_(*notes),
        partial_(partial) {}

  // The wildcards and fuzzy words of a query, before anything is looked up. `whole_walks`: those
  // that the whole dictionary is read for, each once.
  struct PatternCount {
    size_t num_patterns = 0;
    std::unordered_set<std::string, absl::Hash<std::string>> whole_walks;
  };
  static void CountPatterns(const QueryNode& node, PatternCount* count);

  // Whether `node` can stand for intervals at all.
  static bool IsPositional(const QueryNode& node);

  // Any positional node. A plain word gives Kind::kTerm.
  absl::StatusOr<BoundIntervals> Bind(const QueryNode& node);

  // The words of a kWord, kWildcard or kFuzzy: several where analysis cuts the text.
  absl::StatusOr<std::vector<std::unique_ptr<IntervalNode>>> Words(const QueryNode& node,
                                                                   bool stemmed);

 private:
  using TermPtr = std::shared_ptr<const BoundTerm>;
  using NodePtr = std::unique_ptr<IntervalNode>;
  // The words that one place of a phrase may hold: alternatives of one word or more.
  using Alternatives = std::vector<std::vector<NodePtr>>;

  absl::StatusOr<NodePtr> TermNode(TermPtr term) const;
  // A node made, accounted for.
  absl::StatusOr<BoundIntervals> Made(NodePtr node, bool use_kernel) const;
  absl::StatusOr<NodePtr> WildcardWord(const QueryNode& node, const std::string& pattern);
  absl::StatusOr<std::vector<NodePtr>> WildcardWords(const QueryNode& node);
  absl::StatusOr<NodePtr> FuzzyWord(const QueryNode& node, const std::string& word);
  absl::StatusOr<NodePtr> Expanded(const QueryNode& node, const std::string& label,
                                   const Expansion& expansion);
  absl::StatusOr<BoundIntervals> BindPhrase(const QueryNode& node);
  absl::StatusOr<Alternatives> PhrasePlace(const QueryNode& child, bool stemmed);
  absl::StatusOr<NodePtr> PhraseOf(std::vector<NodePtr> words, uint32_t slop) const;
  absl::StatusOr<BoundIntervals> BindNear(const QueryNode& node, bool unbounded);
  absl::StatusOr<BoundIntervals> BindUnion(const QueryNode& node);
  TermBinder& terms_;
  QueryBudget& budget_;
  uint64_t num_docs_;
  std::string_view cut_by_;
  NoteList& notes_;
  bool* partial_;
};

}  // namespace ibid

#endif  // IBID_SEARCHER_MATCH_INTERVAL_BINDER_H_
