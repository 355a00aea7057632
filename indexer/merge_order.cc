#include "indexer/merge_order.h"

#include <utility>

#include "common/base/memory_guard.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "indexer/document_order.h"
#include "indexer/forward_index.h"
#include "indexer/merge_documents.h"
#include "indexer/release_memory.h"

namespace ibid {
namespace {

absl::StatusOr<MergeOrder> Choose(const std::vector<MergeInput>& inputs,
                                  const MergeOrderOptions& options) {
  const std::vector<DocMap> maps = MapDocuments(inputs);
  const uint32_t num_docs = maps.back().end();
  const OrderOptions order_options{.threads = options.threads};
  if (num_docs <= order_options.leaf_docs) {
    return MergeOrder{.numbers = {},
                      .note = StrCat("the documents keep their order: ", WithCommas(num_docs),
                                     " are too few to gain by another")};
  }
  if (options.progress) options.progress(0);
  ASSIGN_OR_RETURN(ForwardIndex forward, BuildForwardIndex(inputs, maps, options.memory_bytes));
  if (forward.num_terms == 0) {
    return MergeOrder{
        .numbers = {},
        .note = StrCat("the documents keep their order: no word is frequent enough to order ",
                       WithCommas(num_docs), " documents by within ",
                       HumanBytes(options.memory_bytes), " of memory")};
  }
  ASSIGN_OR_RETURN(const std::vector<DocId> order,
                   OrderDocuments(std::move(forward), order_options, options.progress));
  MergeOrder result;
  result.numbers.resize(order.size());
  for (DocId place = 0; place < order.size(); ++place) result.numbers[order[place]] = place;
  return result;
}

}  // namespace

absl::StatusOr<MergeOrder> ChooseMergeOrder(const std::vector<MergeInput>& inputs,
                                            const MergeOrderOptions& options) {
  auto order = GuardMemory("ordering documents", [&] { return Choose(inputs, options); });
  ReleaseFreeMemory();
  return order;
}

}  // namespace ibid
