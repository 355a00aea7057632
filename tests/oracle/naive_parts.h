// Words, phrases and proximity operators of a query, evaluated over raw token lists.
#ifndef IBID_TESTS_ORACLE_NAIVE_PARTS_H_
#define IBID_TESTS_ORACLE_NAIVE_PARTS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/text/analyzer.h"
#include "searcher/query/ast.h"
#include "tests/oracle/naive_intervals.h"
#include "tests/oracle/token_list.h"
#include "tests/oracle/vocabulary.h"

namespace ibid {

// A positional expression with all that its words stand for.
struct Part {
  enum class Kind { kWord, kAnyWord, kPhrase, kSloppy, kNear, kUnion, kRegion };

  Kind kind = Kind::kWord;
  NaiveWord word;
  std::vector<Part> children;
  uint32_t slop = 0;
  bool ordered = false;
  Distance distance;
  RegionKind region = RegionKind::kText;
  double idf = 0;            // by the routine that the engine uses
  double reference_idf = 0;  // by std::log
  bool counts_gaps = false;  // its matches count by 1 / (1 + gap)

  // Its minimal intervals in `document`.
  IntervalList IntervalsIn(const TokenList& document) const;
  // The words it consists of, from left to right, repeated ones again.
  void AppendWords(std::vector<const Part*>* words) const;
};

class PartBuilder {
 public:
  // All outlive it. `num_docs`: the N of idf.
  PartBuilder(const Vocabulary* vocabulary, Analyzer* analyzer, uint64_t num_docs,
              size_t max_expansions)
      : vocabulary_(*vocabulary),
        analyzer_(analyzer),
        num_docs_(num_docs),
        max_expansions_(max_expansions) {}

  // None where analysis leaves no word.
  std::optional<Part> Build(const QueryNode& node) const;
  // What a kWord, kWildcard or kFuzzy is after analysis.
  std::vector<Part> Words(const QueryNode& node, bool stemmed) const;
  Part WordPart(NaiveWord word) const;

  static bool IsPositional(NodeKind kind);

 private:
  std::vector<Part> WildcardWords(const std::string& text) const;
  std::vector<std::vector<Part>> Alternatives(const QueryNode& place, bool stemmed) const;
  std::optional<Part> BuildPhrase(const QueryNode& node) const;
  static Part PhraseOf(std::vector<Part> words, uint32_t slop);
  static std::optional<Part> UnionOf(std::vector<Part> members);
  std::optional<Part> BuildNear(const QueryNode& node) const;

  const Vocabulary& vocabulary_;
  Analyzer* analyzer_;
  uint64_t num_docs_;
  size_t max_expansions_;
};

}  // namespace ibid

#endif  // IBID_TESTS_ORACLE_NAIVE_PARTS_H_
