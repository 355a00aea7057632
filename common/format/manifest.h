// The manifest: which segments one generation of the index consists of. Replaced atomically by each
// commit (docs/RELIABILITY.md, the commit protocol).
#ifndef IBID_COMMON_FORMAT_MANIFEST_H_
#define IBID_COMMON_FORMAT_MANIFEST_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "common/format/segment_file.h"
#include "ibid/env.h"
#include "ibid/index_options.h"
#include "ibid/types.h"

namespace ibid {

inline constexpr std::string_view kManifestMagic = "IBIDMAN1";

// One segment as the manifest knows it.
struct SegmentMeta {
  uint64_t id = 0;  // names the file: seg_<10 digits>.ibid
  SegmentFileInfo file;
  uint32_t num_docs = 0;    // with deleted ones
  uint64_t num_tokens = 0;  // sum of the documents' lengths, with deleted ones
  uint64_t text_bytes = 0;  // of title and text as indexed
  // Where documents are deleted: the file live_<id>_<generation>.ibid. Else 0 and nothing.
  uint32_t num_deleted = 0;
  uint64_t live_docs_generation = 0;
  SegmentFileInfo live_docs_file;

  bool operator==(const SegmentMeta&) const = default;
};

enum class StoredColumnType : uint8_t { kText = 0, kInteger = 1, kReal = 2, kDate = 3 };

struct Manifest {
  Generation generation = 0;  // 0: made before the first segment, nothing is committed yet
  IndexOptions options;
  uint32_t analysis_version = 0;
  std::string library_versions;  // AnalysisLibraryVersions() of the writer
  uint64_t next_segment_id = 1;
  std::vector<std::pair<std::string, StoredColumnType>> columns;  // in order of first use
  std::vector<SegmentMeta> segments;                              // in document order

  std::string Encode() const;
  // `path`, the index's directory, opens error messages. DataLoss; FailedPrecondition for another
  // format version
  // ("/data/idx: format 5; this program reads 1-4").
  static absl::StatusOr<Manifest> Decode(std::string_view bytes, std::string_view path);

  bool operator==(const Manifest&) const = default;
};

// Reads <dir>/MANIFEST. NotFound: "<dir>: no index here (no MANIFEST)". Where segments or deletions
// lie there without one it was lost, for a manifest comes before the first of them: DataLoss, with
// what to do in a line of its own.
absl::StatusOr<Manifest> ReadManifest(Env* env, const std::string& dir);

// As ReadManifest, for those who read: NotFound also for generation 0, an index that was begun but
// has no commit yet.
absl::StatusOr<Manifest> ReadCommittedManifest(Env* env, const std::string& dir);

// Steps 4 to 6 of the commit protocol: writes MANIFEST.tmp, syncs, renames, syncs the directory.
// The segments must already be on disk and the directory synced (steps 1 to 3).
// *renamed tells, on failure, whether the rename had happened; then the outcome is unknown, and the
// status is Unknown: "...: commit 42 may or may not be saved; run ibid check" (but for generation
// 0, which saves nothing). Before the rename, failures leave no MANIFEST.tmp. DataLoss, with
// nothing written, for a manifest that Decode would refuse. A sync that failed is never repeated:
// the caller stops writing.
absl::Status WriteManifest(Env* env, const std::string& dir, const Manifest& manifest,
                           bool* renamed);

}  // namespace ibid

#endif  // IBID_COMMON_FORMAT_MANIFEST_H_
