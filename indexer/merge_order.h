// Whether and how a merge puts documents in another order.
//
//   ASSIGN_OR_RETURN(MergeOrder order, ChooseMergeOrder(inputs, {.memory_bytes = bytes}));
//   if (!order.numbers.empty()) ... document i of the live ones becomes order.numbers[i] ...
#ifndef IBID_INDEXER_MERGE_ORDER_H_
#define IBID_INDEXER_MERGE_ORDER_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "ibid/types.h"
#include "indexer/segment_merge.h"

namespace ibid {

struct MergeOrder {
  std::vector<DocId> numbers;  // empty: the documents keep their order
  std::string note;            // then, why
};

struct MergeOrderOptions {
  uint64_t memory_bytes = 0;
  int threads = 1;
  std::function<void(double)> progress;  // may be null
};

// Depends on the inputs' documents and the memory given alone.
absl::StatusOr<MergeOrder> ChooseMergeOrder(const std::vector<MergeInput>& inputs,
                                            const MergeOrderOptions& options);

}  // namespace ibid

#endif  // IBID_INDEXER_MERGE_ORDER_H_
