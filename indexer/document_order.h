// An order of documents in which those with the same terms stand together, so that postings are
// smaller and blocks of them have tighter bounds.
//
//   std::vector<DocId> order = ...;
//   ASSIGN_OR_RETURN(order, OrderDocuments(std::move(forward), {.threads = 2}, progress));
//   // order[i] is the document that comes to stand at place i.
//
// Recursive graph bisection (Dhulipala, Kabiljo, Karrer, Ottaviano, Pupyrev and Shalita,
// "Compressing Graphs and Indexes with Recursive Graph Bisection", KDD 2016): the documents are
// parted into two halves, pairs of documents are exchanged between the halves while that lowers the
// estimated cost of the gaps, and each half is parted again, down to some hundred documents, which
// keep the order they came in. An exchange must gain more in each round (Mackenzie, Petri and
// Moffat, "Tradeoff Options for Bipartite Graph Partitioning", TKDE 2022).
//
// The order depends on the documents' terms alone: costs are whole numbers, and no choice depends
// on which thread is free.
#ifndef IBID_INDEXER_DOCUMENT_ORDER_H_
#define IBID_INDEXER_DOCUMENT_ORDER_H_

#include <cstdint>
#include <functional>
#include <vector>

#include "absl/status/statusor.h"
#include "ibid/types.h"
#include "indexer/forward_index.h"

namespace ibid {

struct OrderOptions {
  int threads = 1;
  // Measured: more rounds and smaller leaves cost much and gain next to nothing
  // (docs/adr/0013-document-order.md).
  int rounds = 6;
  uint32_t leaf_docs = 512;  // parts of so many documents are not parted again
};

// `progress`, where given, is called now and then by the calling thread with the share that is
// done. ResourceExhausted where memory or threads run out.
absl::StatusOr<std::vector<DocId>> OrderDocuments(
    ForwardIndex forward, const OrderOptions& options,
    const std::function<void(double)>& progress = nullptr);

// What the gaps of a term in `docs` documents of a part grow by where one more has it, in 512ths of
// a bit and but for a constant: (n + 1) log2(n + 2) - n log2(n + 1) for n = docs.
int32_t GapCostStep(uint32_t docs);

}  // namespace ibid

#endif  // IBID_INDEXER_DOCUMENT_ORDER_H_
