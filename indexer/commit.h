// The last steps of a commit: makes a set of segments the next generation of the index.
#ifndef IBID_INDEXER_COMMIT_H_
#define IBID_INDEXER_COMMIT_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/format/manifest.h"
#include "ibid/env.h"
#include "indexer/writer_segments.h"

namespace ibid {

struct PublishResult {
  absl::Status status;
  bool unknown = false;  // on failure: the new generation may or may not survive a power cut
};

// Steps 1 to 6 of the commit protocol (docs/RELIABILITY.md) from where the segment files are
// written and synced: writes the live docs of changed segments, syncs the directory, replaces the
// manifest. `next` is the new manifest but for its segments, which become those of `segments`; on
// success both are as committed.
PublishResult Publish(Env* env, const std::string& dir, Manifest* next,
                      std::vector<WriterSegment>* segments);

}  // namespace ibid

#endif  // IBID_INDEXER_COMMIT_H_
