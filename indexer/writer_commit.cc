// WriterCore::Commit: which segments the next generation has, and their making.
#include <algorithm>
#include <iterator>
#include <utility>

#include "common/base/memory_guard.h"
#include "common/base/status_macros.h"
#include "ibid/version.h"
#include "indexer/commit.h"
#include "indexer/merge_order.h"
#include "indexer/merge_policy.h"
#include "indexer/release_memory.h"
#include "indexer/writer_core.h"

namespace ibid {

// One commit under way. The sources of its segments are numbered: the committed segments that have
// live documents, in their order, and last, if there are any, the pending documents together.
struct WriterCore::NextCommit {
  Manifest manifest;
  std::vector<size_t> committed;  // sources: places in committed_.segments()
  bool has_pending = false;
  std::vector<std::vector<size_t>> groups;  // of sources, each to become one segment
  std::vector<UnitSegment> units;           // the pending documents, where units were flushed
  std::vector<WriterSegment> segments;      // the result

  bool IsPending(size_t source) const { return source == committed.size(); }
  bool PendingIsAlone() const {
    return std::any_of(groups.begin(), groups.end(), [this](const std::vector<size_t>& members) {
      return members.size() == 1 && IsPending(members[0]);
    });
  }
};

bool WriterCore::NothingToCommit() const {
  if (took_over_ || manifest_.generation == 0 || num_pending() > 0 || committed_.changed()) {
    return false;
  }
  if (!merge_to_one_) return true;
  const auto& segments = committed_.segments();
  if (segments.empty()) return true;
  return segments.size() == 1 && IsAsMergedToOne(segments[0]);
}

// Whether the only segment is what MergeToOne would make of it.
bool WriterCore::IsAsMergedToOne(const WriterSegment& segment) const {
  return segment.live.num_deleted() == 0 && !reorder() &&
         segment.reader->file().format_version() == kFormatVersion;
}

CommitInfo WriterCore::TakeInfo() {
  CommitInfo info = std::exchange(info_, {});
  info.generation = manifest_.generation;
  info.num_docs = num_committed();
  return info;
}

absl::StatusOr<CommitInfo> WriterCore::Commit() {
  RETURN_IF_ERROR(TakeOverMerge());
  if (NothingToCommit()) {
    const CommitInfo info = TakeInfo();
    RETURN_IF_ERROR(Rollback());
    return info;
  }
  ASSIGN_OR_RETURN(NextCommit next, Plan());
  RETURN_IF_ERROR(WriteNewSegments(&next));
  next.manifest.columns = schema_.columns();
  const PublishResult published = Publish(env_, dir_, &next.manifest, &next.segments);
  outcome_unknown_ = published.unknown;
  RETURN_IF_ERROR(published.status);

  manifest_ = std::move(next.manifest);
  committed_.segments() = std::move(next.segments);
  CommitInfo info = TakeInfo();
  next.units.clear();
  Reset();
  const auto tidy = [this] {
    RemoveLeftovers();
    StartMerge();
    return absl::OkStatus();
  };
  GuardMemory("tidying", tidy).IgnoreError();  // the commit is made; the next one tries again
  return info;
}

absl::StatusOr<WriterCore::NextCommit> WriterCore::Plan() {
  NextCommit next;
  next.manifest = manifest_;
  ++next.manifest.generation;
  next.has_pending = num_pending() > 0;
  const std::vector<uint64_t> live_bytes = LiveBytes();
  std::vector<uint64_t> sizes;
  for (size_t i = 0; i < live_bytes.size(); ++i) {
    if (committed_.segments()[i].num_live() == 0) continue;
    next.committed.push_back(i);
    sizes.push_back(live_bytes[i]);
  }
  if (next.has_pending) sizes.push_back(pending_bytes_);
  if (merge_to_one_ && !sizes.empty()) {
    next.groups.resize(1);
    for (size_t source = 0; source < sizes.size(); ++source) next.groups[0].push_back(source);
  } else if (background_merges_ && committed_.segments().size() < kSegmentsToWait) {
    for (size_t source = 0; source < sizes.size(); ++source) next.groups.push_back({source});
  } else {
    next.groups = PlanMerges(sizes);
  }
  return next;
}

// Of each committed segment: bytes of the text of its live documents, about.
std::vector<uint64_t> WriterCore::LiveBytes() const {
  std::vector<uint64_t> sizes;
  for (const WriterSegment& segment : committed_.segments()) {
    const SegmentMeta& meta = segment.meta;
    sizes.push_back(static_cast<uint64_t>(static_cast<double>(meta.text_bytes) *
                                          static_cast<double>(segment.num_live()) / meta.num_docs));
  }
  return sizes;
}

absl::Status WriterCore::WriteNewSegments(NextCommit* next) {
  // Pending documents in one unit that become a segment of their own need not be written twice.
  const bool is_one_unit = flushed_.empty() && spilled_.segments().empty();
  const bool alone = is_one_unit && next->PendingIsAlone() && !reorder();
  if (next->has_pending && !alone) {
    for (WriterSegment& segment : spilled_.segments()) {
      if (segment.num_live() == 0) continue;
      next->units.push_back({.reader = segment.reader, .live = std::move(segment.live)});
    }
    ASSIGN_OR_RETURN(std::vector<UnitSegment> units, CollectUnits());
    std::move(units.begin(), units.end(), std::back_inserter(next->units));
  } else if (!flushed_.empty()) {
    RETURN_IF_ERROR(queue_->Wait().status());  // all of their documents have been deleted
  }
  for (const std::vector<size_t>& members : next->groups) {
    ASSIGN_OR_RETURN(WriterSegment segment, BuildSegment(members, next));
    next->segments.push_back(std::move(segment));
  }
  return absl::OkStatus();
}

// The pending documents as segments, where one of their documents is live.
absl::StatusOr<std::vector<WriterCore::UnitSegment>> WriterCore::CollectUnits() {
  std::vector<UnitSegment> units;
  RETURN_IF_ERROR(FlushUnit());
  ASSIGN_OR_RETURN(const std::vector<UnitResult> results, queue_->Wait());
  if (results.size() != flushed_.size()) return absl::InternalError("units of another commit");
  ReleaseFreeMemory();
  for (size_t i = 0; i < results.size(); ++i) {
    info_.cut_terms += results[i].cut_terms;
    UnitSegment unit;
    ASSIGN_OR_RETURN(unit.reader, SegmentReader::Open(env_, dir_, results[i].segment));
    const std::vector<uint32_t>& numbers = flushed_[i].numbers;
    unit.live = LiveDocs(static_cast<uint32_t>(numbers.size()));
    for (DocId doc = 0; doc < numbers.size(); ++doc) {
      if (!pending_.IsLive(numbers[doc])) unit.live.Delete(doc);
    }
    if (unit.live.num_deleted() < unit.live.num_docs()) units.push_back(std::move(unit));
  }
  return units;
}

absl::StatusOr<WriterSegment> WriterCore::WriteOnlyUnit(NextCommit* next) {
  std::vector<uint32_t> numbers;
  ASSIGN_OR_RETURN(const UnitResult result,
                   queue_->WriteNow(TakeUnit(&numbers), next->manifest.next_segment_id++));
  info_.cut_terms += result.cut_terms;
  return OpenSegment(env_, dir_, result.segment);
}

// A committed segment that is not merged with another.
bool WriterCore::ToBeRewritten(const WriterSegment& segment) const {
  const uint32_t num_deleted = segment.live.num_deleted();
  if (merge_to_one_) return !IsAsMergedToOne(segment);
  return !background_merges_ && WorthRewriting(num_deleted, segment.live.num_docs());
}

absl::StatusOr<WriterSegment> WriterCore::BuildSegment(const std::vector<size_t>& members,
                                                       NextCommit* next) {
  const bool has_pending = next->IsPending(members.back());
  if (members.size() == 1 && has_pending && next->units.empty()) return WriteOnlyUnit(next);
  std::vector<WriterSegment>& committed = committed_.segments();
  if (members.size() == 1 && !has_pending) {
    WriterSegment& segment = committed[next->committed[members[0]]];
    if (!ToBeRewritten(segment)) return std::move(segment);
  }
  std::vector<MergeInput> inputs;
  for (const size_t source : members) {
    if (next->IsPending(source)) continue;
    const WriterSegment& segment = committed[next->committed[source]];
    inputs.push_back({.segment = segment.reader, .live = &segment.live});
  }
  if (has_pending) {
    for (const UnitSegment& unit : next->units) {
      inputs.push_back({.segment = unit.reader, .live = &unit.live});
    }
  }
  ASSIGN_OR_RETURN(const SegmentMeta meta, Merge(inputs, next->manifest.next_segment_id++));
  return OpenSegment(env_, dir_, meta);
}

absl::StatusOr<SegmentMeta> WriterCore::Merge(const std::vector<MergeInput>& inputs,
                                              uint64_t segment_id) {
  MergeOrder order;
  if (reorder()) {
    ASSIGN_OR_RETURN(order, ChooseMergeOrder(inputs, {.memory_bytes = buffer_bytes_,
                                                      .threads = threads_,
                                                      .progress = ProgressOf("ordering")}));
    info_.order_note = std::move(order.note);
  }
  MergeOptions options = MergeOptionsFor(segment_id);
  if (!order.numbers.empty()) options.order = &order.numbers;
  options.progress = ProgressOf("merging");
  return MergeSegments(inputs, options);
}

MergeOptions WriterCore::MergeOptionsFor(uint64_t segment_id) const {
  return {.env = env_,
          .dir = dir_,
          .segment_id = segment_id,
          .index = manifest_.options,
          .columns = schema_.columns(),
          .sync = true,
          .threads = threads_,
          .memory_bytes = buffer_bytes_};
}

std::function<void(double)> WriterCore::ProgressOf(std::string_view what) const {
  if (!merge_to_one_ || !on_merge_progress_) return nullptr;
  return [this, what](double share) { on_merge_progress_(what, share); };
}

}  // namespace ibid
