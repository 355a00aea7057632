// Every bound that ibid sets itself, by name. Passing one is an error that names it, or a flag on a
// partial answer; never a crash, never silence.
#ifndef IBID_LIMITS_H_
#define IBID_LIMITS_H_

#include <cstddef>
#include <cstdint>

namespace ibid {

// ---- Documents and the index -------------------------------------------------------------------

// Bytes of one term after analysis; a longer token is cut there and counted.
inline constexpr size_t kMaxTermBytes = 255;
// Bytes of a document's key.
inline constexpr size_t kMaxKeyBytes = 4096;
// Bytes of one document as read (compressed sources: as unpacked).
inline constexpr size_t kMaxDocumentBytes = size_t{64} << 20;
// Documents of one index, with those that were replaced or deleted and no merge has removed yet.
inline constexpr uint32_t kMaxDocuments = 0x7ffffffe;
// Columns (named fields besides title and text) of one index.
inline constexpr size_t kMaxFields = 256;
// Bytes of a column's name.
inline constexpr size_t kMaxColumnNameBytes = 255;
// Nesting of a JSON document.
inline constexpr size_t kMaxJsonDepth = 32;
// Segments of one index; the writer merges before it comes near.
inline constexpr size_t kMaxSegments = 1024;

// ---- Queries -----------------------------------------------------------------------------------

// The deepest query that any max_nesting lets through: trees are walked by recursion.
inline constexpr size_t kDeepestNesting = 1000;

struct QueryLimits {
  size_t max_query_bytes = 64 * 1024;
  size_t max_clauses = 1024;        // words, phrases, ranges ... in one query
  size_t max_nesting = 64;          // parentheses inside one another; at most kDeepestNesting
  size_t max_phrase_terms = 64;     // words of one phrase, operands of one NEAR/ADJ chain
  size_t max_expansions = 1024;     // terms one prefix, wildcard or fuzzy word stands for
  uint32_t max_distance = 1000000;  // the n of NEAR/n, "..."~n
};

// See SearchLimits::max_terms_read: a few fuzzy words are answered on an index of any size.
inline constexpr uint64_t kFreeDictionaryWalks = 32;

struct SearchLimits {
  double timeout_seconds = 10.0;  // 0: none; below 0, as `deadline - now` may be: over at once
  // What the words of one query may hold: what the dictionary says of them and a cursor for each of
  // the terms they stand for. Hits and the positions of one document come on top.
  size_t memory_bytes = size_t{64} << 20;
  size_t max_results = 1000000;  // limit + offset
  // Terms that all wildcards and fuzzy words of one query stand for together: each may have an
  // equal share, never less than one term and never more than QueryLimits::max_expansions.
  size_t max_query_expansions = 16384;
  // Terms of the dictionary that the wildcards and fuzzy words of one query are compared with.
  // However small it is, kFreeDictionaryWalks of them may walk the whole dictionary.
  uint64_t max_terms_read = 4000000;
  // Steps that matching one proximity operator may take in one document before the query is given
  // up: only operands that overlap one another in many ways come near.
  uint64_t max_interval_steps = 10000000;
};

// ---- Answers -----------------------------------------------------------------------------------

inline constexpr size_t kMaxSnippetBytes = 4096;

}  // namespace ibid

#endif  // IBID_LIMITS_H_
