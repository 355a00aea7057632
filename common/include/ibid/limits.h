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
// Documents of one index.
inline constexpr uint32_t kMaxDocuments = 0x7ffffffe;
// Columns (named fields besides title and text) of one index.
inline constexpr size_t kMaxFields = 256;
// Nesting of a JSON document.
inline constexpr size_t kMaxJsonDepth = 32;
// Unpacked bytes of one block of stored text.
inline constexpr size_t kMaxStoredBlockBytes = size_t{1} << 20;
// Segments of one index; the writer merges before it comes near.
inline constexpr size_t kMaxSegments = 1024;

// ---- Queries -----------------------------------------------------------------------------------

struct QueryLimits {
  size_t max_query_bytes = 64 * 1024;
  size_t max_clauses = 1024;        // words, phrases, ranges ... in one query
  size_t max_nesting = 64;          // parentheses inside one another
  size_t max_phrase_terms = 64;     // words of one phrase, operands of one NEAR/ADJ chain
  size_t max_expansions = 1024;     // terms one prefix, wildcard or fuzzy word stands for
  uint32_t max_distance = 1000000;  // the n of NEAR/n, "..."~n
};

struct SearchLimits {
  double timeout_seconds = 10.0;           // 0: none
  size_t memory_bytes = size_t{64} << 20;  // what one query may hold
  size_t max_results = 1000000;            // limit + offset
  // Steps that matching one proximity operator may take in one document before the query is given
  // up: only operands that overlap one another in many ways come near.
  uint64_t max_interval_steps = 10000000;
};

// ---- Answers -----------------------------------------------------------------------------------

inline constexpr size_t kMaxSnippetBytes = 4096;

}  // namespace ibid

#endif  // IBID_LIMITS_H_
