// What WriterCore does where one commit has more documents than memory should know of: those
// pending become a segment of their own, whose keys are looked up on disk, and which the commit
// merges with what comes after it. The index has the same bytes, for a merge leaves no trace of its
// inputs.
#include <algorithm>
#include <utility>

#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/env/remove_quietly.h"
#include "common/format/file_names.h"
#include "indexer/merge_policy.h"
#include "indexer/release_memory.h"
#include "indexer/writer_core.h"

namespace ibid {
namespace {

// Segments that are open at once, each with a file and some kilobytes of its own.
constexpr size_t kMaxUnits = 256;
// Documents that are put aside at a time at least, however small the buffer.
constexpr uint32_t kFewestDocs = 64;

}  // namespace

bool WriterCore::ShouldSpill() const {
  const bool many_keys =
      pending_.memory_bytes() > buffer_bytes_ / 2 && pending_.size() >= kFewestDocs;
  return many_keys || flushed_.size() >= kMaxUnits;
}

absl::Status WriterCore::Spill() {
  std::vector<uint64_t> ids;
  {
    ASSIGN_OR_RETURN(const std::vector<UnitSegment> units, CollectUnits());
    std::vector<MergeInput> inputs;
    for (const UnitSegment& unit : units) {
      inputs.push_back({.segment = unit.reader, .live = &unit.live});
    }
    if (!inputs.empty()) {
      ASSIGN_OR_RETURN(WriterSegment segment, MergeAside(inputs));
      spilled_.segments().push_back(std::move(segment));
      spilled_tiers_.push_back(0);
    }
    for (const FlushedUnit& unit : flushed_) ids.push_back(unit.segment_id);
    flushed_.clear();
    pending_.Clear();
  }
  RemoveAside(ids);
  return MergeSpilled();
}

// A segment that is never published.
absl::StatusOr<WriterSegment> WriterCore::MergeAside(const std::vector<MergeInput>& inputs) {
  ReleaseFreeMemory();
  MergeOptions options = MergeOptionsFor(next_unit_id_++);
  options.sync = false;
  options.use = SegmentUse::kPassing;
  ASSIGN_OR_RETURN(const SegmentMeta meta, MergeSegments(inputs, options));
  return OpenSegment(env_, dir_, meta);
}

// Neighbours of one tier become one segment of the next, so that a key is sought in few of them.
absl::Status WriterCore::MergeSpilled() {
  std::vector<WriterSegment>& segments = spilled_.segments();
  while (spilled_tiers_.size() >= kSegmentsPerTier &&
         spilled_tiers_[spilled_tiers_.size() - kSegmentsPerTier] == spilled_tiers_.back()) {
    const size_t first = segments.size() - kSegmentsPerTier;
    std::vector<uint64_t> ids;
    std::vector<MergeInput> inputs;
    for (size_t i = first; i < segments.size(); ++i) {
      ids.push_back(segments[i].meta.id);
      if (segments[i].num_live() == 0) continue;
      inputs.push_back({.segment = segments[i].reader, .live = &segments[i].live});
    }
    std::vector<WriterSegment> merged;
    if (!inputs.empty()) {
      ASSIGN_OR_RETURN(WriterSegment segment, MergeAside(inputs));
      merged.push_back(std::move(segment));
    }
    const uint32_t tier = spilled_tiers_.back() + 1;
    segments.resize(first);
    spilled_tiers_.resize(first);
    if (!merged.empty()) {
      segments.push_back(std::move(merged[0]));
      spilled_tiers_.push_back(tier);
    }
    RemoveAside(ids);
  }
  return absl::OkStatus();
}

// What cannot be removed now, the end of the commit removes.
void WriterCore::RemoveAside(const std::vector<uint64_t>& ids) {
  for (const uint64_t id : ids) RemoveQuietly(env_, JoinPath(dir_, SegmentFileName(id)));
}

}  // namespace ibid
