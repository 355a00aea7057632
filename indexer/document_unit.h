// Consecutive documents on their way to one segment.
//
// Units are cut by the bytes of their documents, never by which thread is free, and merged into one
// segment by the commit.
#ifndef IBID_INDEXER_DOCUMENT_UNIT_H_
#define IBID_INDEXER_DOCUMENT_UNIT_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/format/manifest.h"
#include "ibid/document.h"
#include "indexer/column_values.h"

namespace ibid {

struct UnitDocument {
  Document document;
  std::vector<DocumentColumn> columns;
  uint64_t fingerprint = 0;
  std::string origin;
};

struct DocumentUnit {
  std::vector<UnitDocument> documents;
  ColumnList columns;       // what the documents' column numbers mean
  uint64_t text_bytes = 0;  // of titles and texts
  uint64_t bytes = 0;       // about what the documents hold in memory
};

// What became of a unit.
struct UnitResult {
  SegmentMeta segment;
  uint64_t cut_terms = 0;
};

}  // namespace ibid

#endif  // IBID_INDEXER_DOCUMENT_UNIT_H_
