// WriterCore's merges in the background: when one begins, and how a commit takes its result over.
#include <algorithm>
#include <numeric>
#include <utility>

#include "common/base/status_macros.h"
#include "indexer/merge_policy.h"
#include "indexer/writer_core.h"

namespace ibid {
namespace {

// Where commits come faster than merges spare the disk: from so many segments on the merge no
// longer does. At rest there are at most seven a tier.
constexpr size_t kSegmentsToHurry = 48;

}  // namespace

absl::Status WriterCore::WaitForMerge() {
  if (merge_ != nullptr) merge_->Wait();
  return MergeStatus();
}

absl::Status WriterCore::TakeOverMerge() {
  if (merge_to_one_) merge_.reset();  // all of its work is in the one to come
  if (merge_ == nullptr) return absl::OkStatus();
  const size_t num_segments = committed_.segments().size();
  if (num_segments >= kSegmentsToHurry) merge_->Hurry();
  if (num_segments >= kSegmentsToWait) merge_->Wait();
  if (!merge_->done()) return absl::OkStatus();
  RETURN_IF_ERROR(merge_->TakeOver(&committed_.segments()));
  merge_.reset();
  took_over_ = true;
  return absl::OkStatus();
}

// The places of the committed segments to merge next: of what the policy names, the least work.
std::vector<size_t> WriterCore::ChooseMerge() const {
  const std::vector<uint64_t> sizes = LiveBytes();
  std::vector<size_t> chosen;
  uint64_t chosen_bytes = 0;
  for (std::vector<size_t>& group : PlanMerges(sizes)) {
    const LiveDocs& first = committed_.segments()[group[0]].live;
    if (group.size() == 1 && !WorthRewriting(first.num_deleted(), first.num_docs())) continue;
    const uint64_t bytes =
        std::accumulate(group.begin(), group.end(), uint64_t{0},
                        [&](uint64_t sum, size_t member) { return sum + sizes[member]; });
    if (!chosen.empty() && bytes >= chosen_bytes) continue;
    chosen = std::move(group);
    chosen_bytes = bytes;
  }
  return chosen;
}

// Called where nothing has changed since a commit: a rollback must find the sources as they were.
void WriterCore::StartMerge() {
  if (!background_merges_ || merge_ != nullptr) return;
  const std::vector<size_t> chosen = ChooseMerge();
  if (chosen.empty()) return;
  std::vector<MergeSource> sources;
  for (const size_t place : chosen) {
    const WriterSegment& segment = committed_.segments()[place];
    sources.push_back({.id = segment.meta.id, .reader = segment.reader, .live = segment.live});
  }
  absl::StatusOr<std::unique_ptr<BackgroundMerge>> merge = BackgroundMerge::Start(
      std::move(sources), MergeOptionsFor(manifest_.next_segment_id), merge_bytes_per_second_);
  // Without a thread for it there is no merge now; the next commit tries again.
  if (!merge.ok()) return;
  ++manifest_.next_segment_id;
  merge_ = *std::move(merge);
}

void WriterCore::RemoveLeftovers() {
  RemoveUnneeded(env_, dir_, manifest_,
                 merge_ ? std::optional(merge_->segment_id()) : std::nullopt);
}

}  // namespace ibid
