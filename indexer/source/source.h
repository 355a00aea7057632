// Documents in: folders and files of many formats, read one document at a time.
//
//   SourceOptions options;
//   SourceCallbacks callbacks{.on_document = ..., .on_problem = ..., .on_bytes = ...};
//   RETURN_IF_ERROR(ReadSource("stories/", options, callbacks));
//
// Nothing outside the named directory is read, symbolic links are not followed, no more than one
// document (and one read buffer) is held in memory. Not thread-safe.
#ifndef IBID_INDEXER_SOURCE_SOURCE_H_
#define IBID_INDEXER_SOURCE_SOURCE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ibid/document.h"

namespace ibid {

enum class SourceFormat { kAuto, kText, kJsonLines, kTrec, kReuters, kHtml };

// "auto", "text", "jsonl", "trec", "reuters", "html"; InvalidArgument lists them.
absl::StatusOr<SourceFormat> ParseSourceFormat(std::string_view name);

struct SourceOptions {
  SourceFormat format = SourceFormat::kAuto;  // told from name and content
  std::vector<std::string>
      globs;               // directories: only files whose relative path or name matches one
  std::string key_prefix;  // put before every key
  bool strict = false;     // the first bad document is an error instead of a skip
  std::vector<std::string> excluded_directories;  // never entered (the index itself)
  // Of a directory, only what is at this path relative to it: a file, or a directory with all below
  // it; nothing where there is no such thing any more. Empty: everything.
  std::string below;
};

enum class ProblemKind {
  kWarning,    // nothing was left out
  kSkipped,    // a document or file was left out
  kEmptyFile,  // likewise, since the file holds nothing
  // Likewise, and it is not known what: a file or folder of which nothing, or no more, could be
  // read, or a document whose key could not be.
  kUnread,
};

// One thing that was left out, or read in a way the user should know of.
struct SourceProblem {
  std::string where;  // "notes/x.bin", "stories.jsonl:17"
  std::string what;   // "skipped: not text (NUL at byte 12)"
  std::string path;   // of the file or folder below the directory that is read
  ProblemKind kind = ProblemKind::kSkipped;
};

struct SourceCallbacks {
  // A non-OK status stops the reading and is returned.
  std::function<absl::Status(Document)> on_document;
  std::function<void(const SourceProblem&)> on_problem;
  // Each file of a directory that will be read next, by its path relative to it. May be null.
  std::function<void(const std::string& path)> on_file;
  // Bytes of input consumed since the last call (as stored on disk, before unpacking).
  std::function<void(uint64_t)> on_bytes;
  // Asked between documents and files; true stops the reading with Cancelled.
  std::function<bool()> cancelled;
};

// Reads a file, a directory with all below it, or standard input ("-"). Keys: below a directory the
// path relative to it; a file named directly has its path as typed, normalised; JSON Lines, TREC
// and Reuters documents have their own ids ("path#line" where a JSON line has none). Errors:
// NotFound, PermissionDenied, Unavailable for `path` itself; with options.strict, the first bad
// document as InvalidArgument; ResourceExhausted where memory or descriptors are lacking, which is
// no document's fault; Cancelled; whatever on_document returned.
absl::Status ReadSource(const std::string& path, const SourceOptions& options,
                        const SourceCallbacks& callbacks);

// The total size of the files ReadSource would read, for progress displays (0 for "-").
absl::StatusOr<uint64_t> SourceBytes(const std::string& path, const SourceOptions& options);

// The paths that ReadSource would read, in order, with problems as in ReadSource (--dry-run).
absl::Status ListSource(const std::string& path, const SourceOptions& options,
                        const std::function<void(const std::string&)>& on_path,
                        const std::function<void(const SourceProblem&)>& on_problem);

}  // namespace ibid

#endif  // IBID_INDEXER_SOURCE_SOURCE_H_
