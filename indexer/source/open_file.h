// Reads one open file: what it is packed in, its encoding and its format are found out here, then
// the reader of that format takes the documents out.
#ifndef IBID_INDEXER_SOURCE_OPEN_FILE_H_
#define IBID_INDEXER_SOURCE_OPEN_FILE_H_

#include <string_view>

#include "absl/status/status.h"
#include "common/env/file_tree.h"
#include "indexer/source/document_sink.h"

namespace ibid {

// `name` is what the format is told from (empty for standard input). Errors as DocumentSink's.
absl::Status ReadOpenFile(InputStream* stream, std::string_view name, const SourceFile& file,
                          const SourceOptions& options, const SourceCallbacks& callbacks);

}  // namespace ibid

#endif  // IBID_INDEXER_SOURCE_OPEN_FILE_H_
