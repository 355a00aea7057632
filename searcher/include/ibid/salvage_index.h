// What is whole of a damaged index, copied to a new one.
//
//   ASSIGN_OR_RETURN(SalvageReport report, SalvageIndex("stories.ibid", "saved.ibid", {}));
//   for (const SalvagedSegment& segment : report.segments) {
//     if (!segment.kept) std::cerr << segment.file << ": " << segment.problem << '\n';
//   }
#ifndef IBID_SALVAGE_INDEX_H_
#define IBID_SALVAGE_INDEX_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "ibid/env.h"
#include "ibid/export.h"
#include "ibid/index_options.h"

namespace ibid {

struct SalvageOptions {
  // Language and analyzer of an index whose MANIFEST is lost, which only it knew.
  IndexOptions index;
  // So many keys of lost documents are listed.
  size_t max_lost_keys = 1000000;
};

struct SalvagedSegment {
  std::string file;
  bool kept = false;
  uint32_t num_docs = 0;   // live documents: those in the copy, or those lost where they are known
  bool is_counted = true;  // false: how many were lost is not known
  // Why it was lost, or what of it was: the list of its deletions. Empty: nothing.
  std::string problem;
  std::vector<std::string> lost_keys;  // as far as they can still be read
};

struct SalvageReport {
  bool has_manifest = false;  // false: put together from the segments that lie there
  std::vector<SalvagedSegment> segments;
  uint64_t num_kept_segments = 0;
  uint64_t num_docs = 0;       // live documents of the copy
  uint64_t num_lost_docs = 0;  // of lost segments, as far as they are counted
  std::vector<std::string> notes;

  bool nothing_was_lost() const {
    return has_manifest && notes.empty() && num_kept_segments == segments.size();
  }
};

// Copies every segment that CheckIndex would call sound, with its deletions, to a new index at
// `destination`, which must not exist; `source` is read only. Where the list of a segment's
// deletions is damaged, or the MANIFEST is, documents that were deleted are back, one version of
// each key (that which known deletions spare, or else that of the newer segment): a note says so.
// The copy is forced to disk before it is called an index; an error leaves none.
//
// Errors: NotFound (no index), AlreadyExists (`destination`), InvalidArgument (impossible options),
// FailedPrecondition (a format that is not read), DataLoss (no segment is whole), PermissionDenied,
// ResourceExhausted (no memory, no further descriptor; nothing is called lost for that),
// Unavailable.
IBID_EXPORT absl::StatusOr<SalvageReport> SalvageIndex(const std::string& source,
                                                       const std::string& destination,
                                                       const SalvageOptions& options,
                                                       Env* env = Env::Posix());

}  // namespace ibid

#endif  // IBID_SALVAGE_INDEX_H_
