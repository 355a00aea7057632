// Cuts a file into records <name ...> ... </name>, as TREC and Reuters files are built.
#ifndef IBID_INDEXER_SOURCE_RECORD_READER_H_
#define IBID_INDEXER_SOURCE_RECORD_READER_H_

#include <functional>
#include <string_view>

#include "absl/status/status.h"
#include "indexer/source/document_sink.h"
#include "indexer/source/input_buffer.h"

namespace ibid {

struct Record {
  std::string_view attributes;  // of its opening tag
  std::string_view content;     // between the tags, bytes as in the file
  uint64_t line = 0;            // of its opening tag
};

// Calls `take` for each whole record; what is not closed, too long or of no record is skipped with
// the reason. `name` is in lower case. Records of one name do not nest: one that begins before the
// last was closed ends that as "not closed".
absl::Status ReadRecords(InputBuffer* input, std::string_view name, DocumentSink* sink,
                         const std::function<absl::Status(const Record&)>& take);

}  // namespace ibid

#endif  // IBID_INDEXER_SOURCE_RECORD_READER_H_
