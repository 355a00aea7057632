// Verifies an index: every byte against its checksum, and the structures against one another.
#ifndef IBID_CHECK_INDEX_H_
#define IBID_CHECK_INDEX_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "ibid/env.h"
#include "ibid/export.h"

namespace ibid {

struct CheckReport {
  std::vector<std::string> problems;  // empty: sound. One line each: file, part, what is wrong
  std::vector<std::string> warnings;  // as other library versions than the writer's
  uint64_t num_segments = 0;
  uint64_t num_sound_segments = 0;
  uint64_t num_docs = 0;
  uint64_t num_blocks = 0;  // frames of 16 KiB verified
  uint64_t num_bytes = 0;
  uint64_t num_analyzed_docs = 0;  // with CheckOptions::deep; deleted ones too
};

struct CheckOptions {
  // Also analyses the stored documents again and compares words, stems, positions, regions and
  // columns. Takes as long as indexing, and some 100 bytes a term. Without stored text a warning
  // says that there is nothing to analyse.
  bool deep = false;
};

// Reads every byte of every file the manifest names. NotFound, FailedPrecondition and Unavailable
// as IndexReader::Open; ResourceExhausted where memory or descriptors are lacking, which is no
// problem of the index; damage is reported, not returned. `progress` (may be empty) gets bytes done
// and bytes in all, and must not throw.
IBID_EXPORT absl::StatusOr<CheckReport> CheckIndex(
    const std::string& directory, Env* env = Env::Posix(),
    const std::function<void(uint64_t, uint64_t)>& progress = {}, const CheckOptions& options = {});

}  // namespace ibid

#endif  // IBID_CHECK_INDEX_H_
