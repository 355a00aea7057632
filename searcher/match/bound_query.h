// A query bound to one snapshot: words analysed, wildcards expanded, terms looked up in every
// segment, statistics summed over all of them. Immutable; the cursors of a segment are made from it
// by searcher/match/matcher.h.
#ifndef IBID_SEARCHER_MATCH_BOUND_QUERY_H_
#define IBID_SEARCHER_MATCH_BOUND_QUERY_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/format/manifest.h"
#include "common/format/term_info.h"
#include "searcher/match/intervals.h"
#include "searcher/query/ast.h"

namespace ibid {

// The lists of one word in one segment.
struct BoundSegmentTerm {
  // Whose documents and frequencies are the word's: one list, or several whose frequencies add up.
  std::vector<TermInfo> scoring;
  // The surface forms that carry the positions; equal to `scoring` unless the word is a stem.
  std::vector<TermInfo> surface;
};

// One word of a query with all that it stands for (a stem's forms, a wildcard's terms).
struct BoundTerm {
  std::string label;      // as explanations show it
  std::string form;       // the surface form that it is; empty where it is several, or a stem
  uint64_t doc_freq = 0;  // in the snapshot: of a stem its own, of a group the largest member's
  std::vector<BoundSegmentTerm> segments;
  uint32_t group = 0;  // equal for words that stand for the same terms
};

// What yields intervals.
struct IntervalNode {
  enum class Kind {
    kTerm,       // the positions of a word
    kAnyWord,    // one word, whatever it is; only inside kPhrase
    kPhrase,     // children at consecutive places (kAnyWord takes one)
    kSloppy,     // the same within `slop`
    kOrdered,    // children in order, bounds between
    kUnordered,  // children in any order
    kUnion,      // any child
    kRegion,     // the child inside one `region`
  };

  Kind kind = Kind::kTerm;
  std::vector<std::unique_ptr<IntervalNode>> children;
  std::shared_ptr<const BoundTerm> term;
  // kPhrase: lists that hold every document the phrase is in, at least as often as it is.
  std::vector<std::shared_ptr<const BoundTerm>> companions;
  uint32_t slop = 0;
  GapBounds bounds;
  std::optional<RegionKind> inside;  // kOrdered, kUnordered: NEAR/s, NEAR/p
  RegionKind region = RegionKind::kText;
  bool keep_gaps = false;  // kUnion: its matches count by their gaps, as its members' do
  std::string label;
  double idf_sum = 0;  // what its members add to the weight of the clause
};

struct BoundNode {
  enum class Kind {
    kTerm,       // scored by frequency
    kIntervals,  // scored by the kernel values of its minimal intervals
    kRange,      // documents whose column has a value in the bounds
    kAll,
    kNone,
    kAnd,
    kOr,
    kXor,
    kAndNot,
    kNot,
    kFilter,
    kMaybe,
    kBestOf,
    kClauses,
    kConstant,  // the child's documents, all with score `weight`
  };

  Kind kind = Kind::kNone;
  std::vector<std::unique_ptr<BoundNode>> children;
  std::shared_ptr<const BoundTerm> term;
  std::unique_ptr<IntervalNode> intervals;
  // kIntervals: whether gaps count (a proximity operator) or every match is one (a region, a
  // union).
  bool use_kernel = false;
  // kIntervals with --prox-score=filter: the words that are scored where the intervals match.
  bool score_children = false;
  double idf_sum = 0;
  double boost = 1;
  float weight = 0;  // ClauseWeight(idf_sum, boost)
  std::vector<Occur> occurs;
  uint32_t min_should_match = 0;
  std::string label;

  // kRange
  std::string column;
  StoredColumnType column_type = StoredColumnType::kText;
  std::optional<int64_t> lower_integer, upper_integer;  // inclusive
  std::optional<double> lower_real, upper_real;
  bool lower_real_open = false, upper_real_open = false;
  std::optional<std::string> lower_text, upper_text;  // folded
  bool lower_text_open = false, upper_text_open = false;
};

}  // namespace ibid

#endif  // IBID_SEARCHER_MATCH_BOUND_QUERY_H_
