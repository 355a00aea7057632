// One JSON object to a document.
//
//   JsonDocumentParser parser;
//   absl::StatusOr<JsonDocument> read = parser.Parse(line);   // kPadding readable bytes behind
//
// `id`, `title`, `text`, `date` and `source` have their places (numbers and true/false as they are
// written, arrays joined: paragraphs for the text, blanks elsewhere). Every other member becomes a
// column: strings, integers (beyond 64 bits: reals), reals, "true"/"false"; arrays give several
// values, members of objects get dotted names ("author.name"). null and empty arrays are no value.
// A name that comes again replaces what it was given before. A lone surrogate escape reads as
// U+FFFD.
//
// Errors: InvalidArgument with the reason ("a string is not closed", "nested deeper than 32"); for
// malformed UTF-8 it is kMalformedUtf8, the bytes are then to be repaired and given again.
// Memory: about five times the line while parsing. Not thread-safe.
#ifndef IBID_INDEXER_SOURCE_JSON_DOCUMENT_H_
#define IBID_INDEXER_SOURCE_JSON_DOCUMENT_H_

#include <cstdint>
#include <memory>
#include <string_view>

#include "absl/status/statusor.h"
#include "ibid/document.h"

namespace ibid {

struct JsonDocument {
  Document document;                // its key is the id, or empty
  uint64_t num_replaced = 0;        // lone surrogates
  uint64_t num_bad_names = 0;       // values left out: the name cannot name a column
  uint64_t num_ignored_values = 0;  // objects where a text is expected
};

class JsonDocumentParser {
 public:
  static constexpr std::string_view kMalformedUtf8 = "malformed UTF-8";

  JsonDocumentParser();
  ~JsonDocumentParser();

  // InputBuffer::kPadding bytes behind `json` must be readable.
  absl::StatusOr<JsonDocument> Parse(std::string_view json);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ibid

#endif  // IBID_INDEXER_SOURCE_JSON_DOCUMENT_H_
