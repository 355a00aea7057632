// What WriterCore does where one commit has more documents than memory should know of: those
// pending become a segment of their own, whose keys are looked up on disk, and which the commit
// merges with what comes after it. The index has the same bytes, for a merge leaves no trace of its
// inputs.
#include <algorithm>
#include <utility>

#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/format/file_names.h"
#include "indexer/release_memory.h"
#include "indexer/writer_core.h"

namespace ibid {
namespace {

// Segments that are open at once, each with a file and some kilobytes of its own.
constexpr size_t kMaxUnits = 256;

}  // namespace

bool WriterCore::ShouldSpill() const {
  return pending_.memory_bytes() > buffer_bytes_ / 2 || flushed_.size() >= kMaxUnits;
}

absl::Status WriterCore::Spill() {
  std::vector<uint64_t> ids;
  {
    ASSIGN_OR_RETURN(const std::vector<UnitSegment> units, CollectUnits());
    for (const FlushedUnit& unit : flushed_) ids.push_back(unit.segment_id);
    flushed_.clear();
    pending_.Clear();
    ReleaseFreeMemory();
    std::vector<MergeInput> inputs;
    for (const UnitSegment& unit : units) {
      inputs.push_back({.segment = unit.reader, .live = &unit.live});
    }
    if (!inputs.empty()) {
      MergeOptions options = MergeOptionsFor(next_unit_id_++);
      options.sync = false;
      options.use = SegmentUse::kPassing;
      ASSIGN_OR_RETURN(const SegmentMeta meta, MergeSegments(inputs, options));
      ASSIGN_OR_RETURN(WriterSegment segment, OpenSegment(env_, dir_, meta));
      spilled_.segments().push_back(std::move(segment));
    }
  }
  for (const uint64_t id : ids) {
    RETURN_IF_ERROR(env_->Remove(JoinPath(dir_, SegmentFileName(id))));
  }
  return absl::OkStatus();
}

}  // namespace ibid
