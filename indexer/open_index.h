// Takes an index directory for writing: makes it, locks it, reads its manifest, tidies up.
#ifndef IBID_INDEXER_OPEN_INDEX_H_
#define IBID_INDEXER_OPEN_INDEX_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "common/format/manifest.h"
#include "ibid/env.h"
#include "ibid/index_writer.h"

namespace ibid {

struct OpenedIndex {
  std::unique_ptr<FileLock> lock;
  Manifest manifest;  // generation 0 where the index is new; options are settled either way
};

// The errors are those of IndexWriter::Open.
absl::StatusOr<OpenedIndex> OpenForWriting(Env* env, const std::string& dir,
                                           const WriterOptions& options);

// Removes the files of `dir` that bear a name of ours and that `manifest` does not need: left
// behind by a crash, or no longer needed. Other files are never touched; failures do not matter,
// the next time will do.
void RemoveUnneeded(Env* env, const std::string& dir, const Manifest& manifest);

}  // namespace ibid

#endif  // IBID_INDEXER_OPEN_INDEX_H_
