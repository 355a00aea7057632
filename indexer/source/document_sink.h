// Where the readers of all formats put what they found: documents, skips and warnings of one file.
//
//   DocumentSink sink(file, options, callbacks);
//   RETURN_IF_ERROR(sink.Emit(std::move(document), line));
//   RETURN_IF_ERROR(sink.SkipLine(line, "bad JSON (...)"));
//   sink.Finish();   // reports what was counted
//
// Emit and the Skip calls return an error where reading must stop: the caller's own status,
// Cancelled, and with options.strict InvalidArgument for any skip. Not thread-safe.
#ifndef IBID_INDEXER_SOURCE_DOCUMENT_SINK_H_
#define IBID_INDEXER_SOURCE_DOCUMENT_SINK_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "ibid/document.h"
#include "indexer/source/encoding.h"
#include "indexer/source/source.h"

namespace ibid {

// A file to be read.
struct SourceFile {
  std::string where;  // as messages name it
  std::string key;    // of its only document, or before "#line"; without the key prefix
};

class DocumentSink {
 public:
  // All three must outlive the sink.
  DocumentSink(const SourceFile& file, const SourceOptions& options,
               const SourceCallbacks& callbacks)
      : file_(file), options_(options), callbacks_(callbacks) {}

  const SourceFile& file() const { return file_; }

  // Hands a document on, its key given the prefix; an empty key becomes the file's. A document that
  // may not be indexed is skipped with the reason. `line` (0: none) says where it begins.
  absl::Status Emit(Document document, uint64_t line);
  // The key of a document without an id that begins at `line`.
  std::string LineKey(uint64_t line) const;

  // "skipped: <why>" for the file, or for what begins at a line of it (0: the file).
  absl::Status Skip(uint64_t line, std::string_view why);
  // The same for what may be any document, since its key could not be read.
  absl::Status SkipUnknown(uint64_t line, std::string_view why);
  absl::Status SkipEmptyFile();
  // Reading of the file ends early; what came before is kept. "stopped: <why>".
  absl::Status Stop(uint64_t line, std::string_view why);
  // The same for a fault of reading; lack of memory stops everything and is returned.
  absl::Status Stop(uint64_t line, const absl::Status& fault);
  // Something to know of a document that is read all the same.
  void Warn(uint64_t line, std::string_view what);

  // The text of `bytes` in UTF-8 (see DecodeText), with its flaws counted.
  std::string Decode(std::string_view bytes);
  void CountReplaced(uint64_t num_sequences) { num_replaced_ += num_sequences; }
  void CountWindows1252() { ++num_windows_1252_; }
  void CountBadNames(uint64_t num_values) { num_bad_names_ += num_values; }
  void CountIgnoredValues(uint64_t num_values) { num_ignored_values_ += num_values; }

  // Warns of what was counted, once for the file.
  void Finish();

 private:
  std::string Where(uint64_t line) const;
  absl::Status Report(uint64_t line, std::string_view verb, std::string_view why, ProblemKind kind);
  absl::Status CheckCancelled() const;

  const SourceFile& file_;
  const SourceOptions& options_;
  const SourceCallbacks& callbacks_;
  uint64_t num_windows_1252_ = 0;
  uint64_t num_replaced_ = 0;
  uint64_t num_bad_names_ = 0;
  uint64_t num_ignored_values_ = 0;
};

}  // namespace ibid

#endif  // IBID_INDEXER_SOURCE_DOCUMENT_SINK_H_
