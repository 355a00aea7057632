// The readers, one a format: each takes all documents out of one open file.
//
//   RETURN_IF_ERROR(ReadJsonLines(&input, JsonShape::kLines, &sink));
//
// `input` stands behind any byte order mark and gives what the file unpacks to. A fault of one
// document is a skip in the sink; a fault of the stream ends the file with a "stopped". The status
// returned is only what the sink asked for (strict, cancelled, the caller's own). Memory: one
// document and what the reader builds of it. Not thread-safe.
#ifndef IBID_INDEXER_SOURCE_READERS_H_
#define IBID_INDEXER_SOURCE_READERS_H_

#include "absl/status/status.h"
#include "indexer/source/document_sink.h"
#include "indexer/source/input_buffer.h"

namespace ibid {

// One document: an optional head, then text.
absl::Status ReadText(InputBuffer* input, DocumentSink* sink);

// One object a line; or, where the content says so, one object or one array over many lines.
// `name_says_lines`: the name or the user promises lines.
absl::Status ReadJson(InputBuffer* input, bool name_says_lines, DocumentSink* sink);

// <DOC> elements with a <DOCNO>.
absl::Status ReadTrec(InputBuffer* input, DocumentSink* sink);

// <REUTERS> elements of the Reuters-21578 collection.
absl::Status ReadReuters(InputBuffer* input, DocumentSink* sink);

// One document: a page.
absl::Status ReadHtml(InputBuffer* input, DocumentSink* sink);

// ReadAll for formats of one document a file: empty where the file was skipped (too large, a fault
// of the stream, a NUL), as told to the sink.
absl::StatusOr<std::optional<std::string_view>> ReadWholeText(InputBuffer* input,
                                                              DocumentSink* sink);

// "larger than 64 MB".
std::string TooLarge();

}  // namespace ibid

#endif  // IBID_INDEXER_SOURCE_READERS_H_
