// The segments of a damaged index, each judged: whole, or lost and why.
#ifndef IBID_SEARCHER_SALVAGE_SOURCE_H_
#define IBID_SEARCHER_SALVAGE_SOURCE_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/format/live_docs.h"
#include "common/format/manifest.h"
#include "common/format/segment_reader.h"
#include "ibid/salvage_index.h"

namespace ibid {

struct SalvageCandidate {
  SegmentMeta meta;
  SalvagedSegment outcome;
  std::unique_ptr<ReadableFile> file;           // stays readable where a writer removes it
  std::shared_ptr<const SegmentReader> reader;  // null where it is lost
  LiveDocs live;
  bool has_live_docs = true;  // false: which documents are deleted is not known
};

struct SalvageSource {
  Manifest manifest;  // made up where has_manifest is false; its segments are the candidates'
  bool has_manifest = false;
  std::vector<SalvageCandidate> candidates;  // in document order
};

// NotFound where there is no index; FailedPrecondition for a format that is not read.
absl::StatusOr<SalvageSource> ReadSalvageSource(Env* env, const std::string& directory,
                                                const SalvageOptions& options);

}  // namespace ibid

#endif  // IBID_SEARCHER_SALVAGE_SOURCE_H_
