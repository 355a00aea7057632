// The tree that a query is. What each kind means is defined in docs/QUERY_SYNTAX.md.
//
// Built by the parser, immutable afterwards; printed by printer.h; bound to one snapshot by
// searcher/match. Depth is at most QueryLimits::max_nesting plus a small constant, whatever the
// input, so that walking it may recurse.
#ifndef IBID_SEARCHER_QUERY_AST_H_
#define IBID_SEARCHER_QUERY_AST_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ibid/query.h"

namespace ibid {

enum class NodeKind {
  // Leaves.
  kWord,      // text: any surface form with its stem (literal == false) or just this form (=word).
              // Analysis may cut the text into several tokens: then it is the phrase of them.
  kWildcard,  // text with * (any run) and ? (one character); a prefix is "wom*"
  kFuzzy,     // text, within max_edits (1 or 2)
  kRange,     // field, lower, upper: documents whose column value lies in the range; score 0
  kColumn,    // field, text: documents whose text column has that whole value (folded); score 0
  kAll,       // every document, score 0
  kNone,      // no document

  // Phrases: children are in order, each a kWord, kWildcard, kAnyWord, kFuzzy or kOr/kSyn of them.
  kPhrase,   // slop 0: exact and adjacent; slop n: "..."~n. stemmed: s"..."; pattern: p"..."
  kAnyWord,  // `*` alone inside p"...": exactly one word

  // Proximity: children are any positional nodes.
  kNear,  // ordered (ADJ, PRE) or not (NEAR, W), with `distance`

  // Restrictions: the one child's matches lie inside one region of the kind named.
  kRegion,  // region: title, text, quotation

  // Boolean.
  kAnd,      // children joined by AND
  kOr,       // children joined by OR or by juxtaposition
  kXor,      // an odd number of the children match
  kAndNot,   // children[0] matches and none of the others does
  kNot,      // every document that children[0] does not match, score 0
  kFilter,   // children[0] matches and is scored, the others match and are not
  kMaybe,    // children[0] matches; the others only add score
  kBestOf,   // `|`: matches where a child does; scores as the best child
  kSyn,      // children score as one term (freq: sum; df: the largest)
  kClauses,  // a list with + and -: `occurs` says how each child counts; min_should_match
  kBoost,    // children[0] with its score times `number`; constant: score is just `number`
};

enum class RegionKind { kTitle, kText, kSentence, kParagraph, kQuotation };

enum class Occur { kShould, kMust, kMustNot };

// What may lie between the operands of kNear. gap = span - the operands' widths. With neither
// max_gap nor inside: an AND inside NEAR, anywhere in the document.
struct Distance {
  uint32_t min_gap = 0;
  std::optional<uint32_t> max_gap;   // none: any
  std::optional<RegionKind> inside;  // NEAR/s, NEAR/p: kSentence, kParagraph

  bool operator==(const Distance&) const = default;
};

// One end of a range. Of a date column: YYYY-MM-DD, meaning the whole day (after it when exclusive
// and lower), or YYYY-MM-DDThh:mm:ss; the parser has filled months and years. Of a number column: a
// plain number. Of a text column: as typed.
struct Bound {
  std::string text;
  bool inclusive = true;

  bool operator==(const Bound&) const = default;
};

struct QueryNode {
  NodeKind kind = NodeKind::kNone;
  std::vector<std::unique_ptr<const QueryNode>> children;

  std::string text;                       // kWord, kWildcard, kFuzzy, kColumn: as typed, unescaped
  bool literal = false;                   // kWord: =word, or a word of plain quotes
  bool stemmed = false;                   // kPhrase: s"..."
  bool pattern = false;                   // kPhrase: p"..."
  uint32_t slop = 0;                      // kPhrase
  int max_edits = 0;                      // kFuzzy
  bool ordered = false;                   // kNear
  Distance distance;                      // kNear
  RegionKind region = RegionKind::kText;  // kRegion
  std::string field;                      // kRange, kColumn
  std::optional<Bound> lower, upper;      // kRange
  double number = 1.0;                    // kBoost
  bool constant = false;                  // kBoost
  std::vector<Occur> occurs;              // kClauses: one for each child
  uint32_t min_should_match = 0;          // kClauses, kOr: of the kShould children, at least

  // Bytes of the query text; not part of equality.
  size_t byte_begin = 0;
  size_t byte_end = 0;
};

// Structural equality, positions in the text left aside.
bool SameQuery(const QueryNode& a, const QueryNode& b);

}  // namespace ibid

#endif  // IBID_SEARCHER_QUERY_AST_H_
