// Takes an index directory for writing: makes it, locks it, reads its manifest, tidies up.
#ifndef IBID_INDEXER_OPEN_INDEX_H_
#define IBID_INDEXER_OPEN_INDEX_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "common/format/file_names.h"
#include "common/format/manifest.h"
#include "ibid/env.h"
#include "ibid/index_writer.h"

namespace ibid {

// What a writer found that it had to make. All of it goes again where nothing is committed.
struct NewFiles {
  bool directory = false;
  bool lock = false;
  bool manifest = false;
};

struct OpenedIndex {
  std::unique_ptr<FileLock> lock;
  // Generation 0 where the index is new; options are settled either way. What could not be removed
  // bears no number from next_segment_id or first_unit_id on.
  Manifest manifest;
  uint64_t first_unit_id = kFirstPassingSegmentId;
  NewFiles made;
};

// A new index gets a manifest of generation 0, durable before the first segment: segments without a
// manifest are therefore never a new index, but one that lost it (DataLoss, nothing is touched).
// Where another writer holds the lock, all of it is tried again until options.wait_seconds are
// over: that writer may take back the index that it had begun.
// The errors are those of IndexWriter::Open; after one, what was made is removed again.
absl::StatusOr<OpenedIndex> OpenForWriting(Env* env, const std::string& dir,
                                           const WriterOptions& options);

// Takes back what OpenForWriting made for an index in which nothing was committed. No segments may
// be left: a manifest beside one stays. The caller still holds the lock and lets it go afterwards.
// Failures do not matter: what is left the next writer takes for a new index.
void TakeBack(Env* env, const std::string& dir, const NewFiles& made);

// Removes the files of `dir` that bear a name of ours and that `manifest` does not need: left
// behind by a crash, or no longer needed; but for those of the segment `being_written`. Other files
// are never touched. Whether all could be removed; failures do not matter, the next time will do.
bool RemoveUnneeded(Env* env, const std::string& dir, const Manifest& manifest,
                    std::optional<uint64_t> being_written = std::nullopt);

}  // namespace ibid

#endif  // IBID_INDEXER_OPEN_INDEX_H_
