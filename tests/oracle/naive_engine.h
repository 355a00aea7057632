// A search engine of obvious code: every query looks at every word of every document. What
// docs/QUERY_SYNTAX.md and searcher/rank/bm25.h say, and nothing clever.
//
//   NaiveEngine oracle(options, documents, columns);
//   std::vector<OracleHit> hits = oracle.Search(query, {});
//
// Shared with the engine on purpose: the parser, the analyzer, and the arithmetic of one score
// (searcher/rank/bm25.h, common/format/impacts.h), so that scores must be equal bit for bit. A
// second score is computed beside it in double precision from the formula alone.
#ifndef IBID_TESTS_ORACLE_NAIVE_ENGINE_H_
#define IBID_TESTS_ORACLE_NAIVE_ENGINE_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/text/analyzer.h"
#include "ibid/document.h"
#include "ibid/index_options.h"
#include "ibid/query.h"
#include "ibid/searcher.h"
#include "searcher/match/intervals.h"
#include "tests/oracle/naive_parts.h"
#include "tests/oracle/token_list.h"
#include "tests/oracle/vocabulary.h"

namespace ibid {

// Deleted documents count in statistics until a merge drops them.
struct OracleDocument {
  Document document;
  bool live = true;
};

struct OracleHit {
  std::string key;
  float score = 0;
  double reference = 0;  // the score by the formula in double precision
  // What matched: words' places, whole intervals; sorted, distinct, gaps 0.
  IntervalList matches;
};

using OracleColumns = std::vector<std::pair<std::string, ColumnType>>;

class NaiveEngine {
 public:
  NaiveEngine(const IndexOptions& options, std::vector<OracleDocument> documents,
              OracleColumns columns);

  // All matching live documents, best first. Of `options` k1, b, proximity_score and
  // query_limits.max_expansions count.
  std::vector<OracleHit> Search(const Query& query, const SearchOptions& options) const;

  // The minimal intervals with their gaps that a query of one word, phrase or proximity operator
  // has in each live document, deleted ones left out.
  std::vector<IntervalList> Intervals(const Query& query) const;
  // The frequency that makes its score there.
  std::vector<float> Frequencies(const Query& query) const;

  size_t num_live() const;

 private:
  struct Clause;
  struct Outcome;
  class ClauseBuilder;

  Outcome Evaluate(const Clause& clause, size_t doc) const;
  Outcome EvaluateLeaf(const Clause& clause, size_t doc) const;
  Outcome EvaluateClauses(const Clause& clause, size_t doc) const;
  std::optional<Part> BuildPart(const Query& query) const;
  bool HasValueIn(const QueryNode& range, const Document& document) const;

  std::unique_ptr<Analyzer> analyzer_;
  std::vector<OracleDocument> documents_;
  OracleColumns columns_;
  std::unique_ptr<std::vector<TokenList>> tokens_;  // stays in place when this object moves
  std::unique_ptr<Vocabulary> vocabulary_;
  double average_length_ = 0;
};

}  // namespace ibid

#endif  // IBID_TESTS_ORACLE_NAIVE_ENGINE_H_
