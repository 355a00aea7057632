// Merges the dictionaries of a text column into one.
#ifndef IBID_INDEXER_TEXT_COLUMN_MERGE_H_
#define IBID_INDEXER_TEXT_COLUMN_MERGE_H_

#include <cstdint>
#include <functional>
#include <vector>

#include "absl/status/statusor.h"
#include "common/format/columns.h"
#include "common/format/front_coded.h"
#include "indexer/ordinal_maps.h"

namespace ibid {

// One of the dictionaries.
struct TextSource {
  const ColumnReader* column = nullptr;
  // By ordinal: whether the value is to be kept. Empty: all are.
  std::vector<bool> used;
};

// Gives `out` the values of all sources in order, each once, and `maps` where those of source i
// went; their number. The sources are read from front to back, one value each at a time; `let_go`
// is called now and then. DataLoss where one is not sorted, ResourceExhausted for 2^32 values.
absl::StatusOr<uint32_t> MergeTexts(const std::vector<TextSource>& sources,
                                    const std::function<void()>& let_go, OrdinalMaps* maps,
                                    FrontCodedWriter* out);

}  // namespace ibid

#endif  // IBID_INDEXER_TEXT_COLUMN_MERGE_H_
