// Ranked answers to queries.
//
//   ASSIGN_OR_RETURN(auto reader, IndexReader::Open("stories.ibid"));
//   ASSIGN_OR_RETURN(ParsedQuery parsed, ParseQuery("\"prime minister\" NEAR/5 paris", {}));
//   Searcher searcher(reader);
//   ASSIGN_OR_RETURN(SearchResult result, searcher.Search(parsed.query, {.limit = 10}));
//   for (const Hit& hit : result.hits) std::cout << hit.score << ' ' << hit.key << '\n';
//
// A Searcher may be shared by threads; each Search uses the calling thread.
#ifndef IBID_SEARCHER_H_
#define IBID_SEARCHER_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ibid/document.h"
#include "ibid/export.h"
#include "ibid/index_reader.h"
#include "ibid/limits.h"
#include "ibid/query.h"

namespace ibid {

enum class SortOrder { kScore, kDateAscending, kDateDescending, kKey };

// How a proximity match counts (docs/QUERY_SYNTAX.md): by distance, or only its words as Xapian.
enum class ProximityScore { kDistance, kFilter };

struct SearchOptions {
  size_t limit = 10;  // hits wanted; 0: only the total
  size_t offset = 0;  // hits left out in front
  SortOrder sort = SortOrder::kScore;
  float k1 = 1.2f;  // BM25, >= 0
  float b = 0.75f;  // BM25, 0 to 1
  ProximityScore proximity_score = ProximityScore::kDistance;
  bool exact_total = true;  // false: the total may be a lower bound, for speed
  bool prune = true;        // false: evaluate exhaustively (the answers are the same)
  bool explain = false;     // fill Hit::explanation
  bool keys = true;         // false: leave Hit::key empty; GetDocument fetches it with the rest
  QueryLimits query_limits;
  SearchLimits limits;
  // Set by another thread: Search and Matches give Cancelled. May be null.
  const std::atomic<bool>* cancelled = nullptr;
};

// A score taken apart; children add up (or otherwise make) the parent as `what` says.
struct Explanation {
  double value = 0;
  std::string what;
  std::vector<Explanation> children;
};

struct Hit {
  std::string key;
  float score = 0;
  uint32_t segment = 0;  // place of the document in this snapshot
  DocId doc = 0;
  std::optional<Explanation> explanation;
  uint64_t snapshot = 0;  // the snapshot that `segment` and `doc` are of; 0 in a hit made by hand
};

// What answering a query took, counted: the same on every machine, for the same index.
struct SearchWork {
  uint64_t doc_blocks = 0;           // blocks of documents decoded
  uint64_t freq_blocks = 0;          // blocks of frequencies decoded
  uint64_t position_blocks = 0;      // blocks of positions decoded
  uint64_t positions = 0;            // positions handed to phrases and proximity operators
  uint64_t bytes_decoded = 0;        // what those blocks take in the index
  uint64_t postings_tested = 0;      // postings compared with a bound
  uint64_t ranges_tested = 0;        // the same, 64 documents at a time
  uint64_t postings_scored = 0;      // postings whose score was computed
  uint64_t probes = 0;               // look-ups of a document in another list
  uint64_t candidates_verified = 0;  // documents whose positions were looked at
};

struct BoundQuery;  // a query's words looked up in one snapshot; private to the library

struct SearchResult {
  std::vector<Hit> hits;       // best first; equal scores by key
  uint64_t total = 0;          // matching live documents
  bool total_is_exact = true;  // false: at least `total`
  // Why the answer is not complete, if it is not: time limit, expansion limit. Notes about the
  // query's meaning on this index (a wildcard that matches nothing, ...) too.
  std::vector<QueryNote> notes;
  bool partial = false;
  SearchWork work;
  // For Searcher::Matches: spares it looking the query's words up again.
  std::shared_ptr<const BoundQuery> bound;
};

// One matched interval of a document, as words and as bytes of the stored field.
struct Match {
  enum class FieldId { kTitle, kText };
  FieldId field = FieldId::kText;
  Position first = 0, last = 0;         // positions, inclusive
  size_t byte_begin = 0, byte_end = 0;  // UTF-8 bytes of the stored field
};

class IBID_EXPORT Searcher {
 public:
  explicit Searcher(std::shared_ptr<const IndexReader> reader);
  ~Searcher();

  // Errors: InvalidArgument (limits, bad options, a time limit that is NaN), ResourceExhausted,
  // Cancelled, DataLoss. Passing the time limit is not an error: the result is partial and has a
  // note, and no hits where the limit was over (below 0) at the beginning.
  absl::StatusOr<SearchResult> Search(const Query& query, const SearchOptions& options) const;

  // The stored document of a hit of this searcher's snapshot. FailedPrecondition without stored
  // text.
  absl::StatusOr<Document> GetDocument(const Hit& hit) const;

  // Everything in the hit's document that the query matches, in order: the words of word clauses,
  // the whole intervals of phrases and proximity operators. Needs stored text. All or an error:
  // DeadlineExceeded past options.limits.timeout_seconds, which each call counts from its own
  // beginning, Cancelled by options.cancelled; InvalidArgument (a hit of another snapshot),
  // ResourceExhausted, DataLoss.
  absl::StatusOr<std::vector<Match>> Matches(const Query& query, const Hit& hit,
                                             const Document& document,
                                             const SearchOptions& options) const;

  // The same for a hit of `result`, which this searcher gave for the query; cheaper for many hits.
  absl::StatusOr<std::vector<Match>> Matches(const SearchResult& result, const Hit& hit,
                                             const Document& document,
                                             const SearchOptions& options) const;

  const std::shared_ptr<const IndexReader>& reader() const { return reader_; }

 private:
  std::shared_ptr<const IndexReader> reader_;
};

}  // namespace ibid

#endif  // IBID_SEARCHER_H_
