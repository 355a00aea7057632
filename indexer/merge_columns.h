// The columns part of a merge: column by column, so that no more than the one in the making is
// thought of, and its values not in memory but once more read.
#ifndef IBID_INDEXER_MERGE_COLUMNS_H_
#define IBID_INDEXER_MERGE_COLUMNS_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/format/column_stream.h"
#include "ibid/env.h"
#include "indexer/column_values.h"
#include "indexer/merge_documents.h"
#include "indexer/segment_merge.h"

namespace ibid {

struct ColumnMergeOptions {
  Env* env = nullptr;
  std::string temporary;  // what the names of temporary files begin with: <temporary>_<what>.tmp
  const ColumnList& columns;  // the types that columns have by now
  bool reorder = false;       // the maps change the order of documents
  size_t memory_bytes = 0;
};

// Writes the columns of the live documents of all inputs. Memory, beside memory_bytes: a bit for
// each text of an input that has deleted documents, a tenth of a byte for each text of the largest
// column, and with `reorder` 8 bytes a document. What does not fit there (the new numbers of texts,
// the reals of a column that is sorted) goes through temporary files.
absl::Status MergeColumns(const std::vector<MergeInput>& inputs, const std::vector<DocMap>& maps,
                          const ColumnMergeOptions& options, ColumnStreamWriter* out);

}  // namespace ibid

#endif  // IBID_INDEXER_MERGE_COLUMNS_H_
