// Which of the telling terms each document has: what documents are ordered by.
//
//   ASSIGN_OR_RETURN(ForwardIndex forward, BuildForwardIndex(inputs, maps, memory_bytes));
//   for (uint32_t i = forward.begins[doc]; i < forward.begins[doc + 1]; ++i) Use(forward.terms[i]);
//
// Telling are terms that stand in many documents, so that what is gained by bringing these together
// is worth it, and in no more than a twentieth, so that they tell documents apart. Where the budget
// does not bear all of them, the rarer are left out.
#ifndef IBID_INDEXER_FORWARD_INDEX_H_
#define IBID_INDEXER_FORWARD_INDEX_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "indexer/merge_documents.h"
#include "indexer/segment_merge.h"

namespace ibid {

struct ForwardIndex {
  std::vector<uint32_t> begins;  // of each document in terms, and the end of the last
  std::vector<uint16_t> terms;   // increasing within a document
  uint32_t num_terms = 0;        // numbers are below; 0 where the budget bears no term

  uint32_t num_docs() const { return static_cast<uint32_t>(begins.size() - 1); }
};

// Bytes that ordering takes (OrderDocuments, the index itself included) for each document and for
// each term of a document.
inline constexpr uint64_t kOrderBytesPerDoc = 48;
inline constexpr uint64_t kOrderBytesPerPosting = 4;

// The terms to take, those of `min_docs` to `max_docs` documents.
struct TermBand {
  uint32_t min_docs = 0;
  uint32_t max_docs = 0;
  uint32_t num_terms = 0;
  uint64_t num_postings = 0;
};

// `counts[n]`: terms in n documents. The widest band whose index stays within `max_postings`.
TermBand ChooseBand(const std::vector<uint32_t>& counts, uint32_t num_docs, uint64_t max_postings);

// Documents are numbered by `maps`; the deleted are left out. The inputs' postings of the terms
// taken are read twice.
absl::StatusOr<ForwardIndex> BuildForwardIndex(const std::vector<MergeInput>& inputs,
                                               const std::vector<DocMap>& maps,
                                               uint64_t memory_bytes);

}  // namespace ibid

#endif  // IBID_INDEXER_FORWARD_INDEX_H_
