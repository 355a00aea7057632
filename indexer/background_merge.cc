#include "indexer/background_merge.h"

#include <algorithm>
#include <utility>

#include "common/base/memory_guard.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"

namespace ibid {
namespace {

WriterSegment* FindSegment(std::vector<WriterSegment>* segments, uint64_t id) {
  const auto found =
      std::find_if(segments->begin(), segments->end(),
                   [id](const WriterSegment& segment) { return segment.meta.id == id; });
  return found == segments->end() ? nullptr : &*found;
}

}  // namespace

BackgroundMerge::BackgroundMerge(std::vector<MergeSource> sources, MergeOptions options,
                                 uint64_t bytes_per_second)
    : sources_(std::move(sources)),
      env_(options.env),
      pace_(bytes_per_second),
      paced_(env_, &pace_),
      options_(std::move(options)) {
  options_.env = &paced_;
  options_.threads = 1;  // one processor's share
}

absl::StatusOr<std::unique_ptr<BackgroundMerge>> BackgroundMerge::Start(
    std::vector<MergeSource> sources, MergeOptions options, uint64_t bytes_per_second) {
  return GuardMemory("merging", [&]() -> absl::StatusOr<std::unique_ptr<BackgroundMerge>> {
    std::unique_ptr<BackgroundMerge> merge(
        new BackgroundMerge(std::move(sources), std::move(options), bytes_per_second));
    merge->thread_ = std::jthread([self = merge.get()] { self->Run(); });
    return merge;
  });
}

BackgroundMerge::~BackgroundMerge() { pace_.Cancel(); }

void BackgroundMerge::Run() {
  absl::StatusOr<SegmentMeta> result = GuardMemory("merging", [this] {
    std::vector<MergeInput> inputs;
    for (const MergeSource& source : sources_) {
      inputs.push_back({.segment = source.reader, .live = &source.live});
    }
    return MergeSegments(inputs, options_);
  });
  const std::lock_guard lock(mutex_);
  result_.emplace(std::move(result));
  finished_.notify_all();
}

bool BackgroundMerge::done() const {
  const std::lock_guard lock(mutex_);
  return result_.has_value();
}

absl::Status BackgroundMerge::status() const {
  const std::lock_guard lock(mutex_);
  if (!result_ || result_->ok()) return absl::OkStatus();
  return absl::Status(result_->status().code(),
                      StrCat("merge in the background: ", MessageOf(result_->status())));
}

void BackgroundMerge::Wait() {
  Hurry();
  std::unique_lock lock(mutex_);
  finished_.wait(lock, [this] { return result_.has_value(); });
}

absl::Status BackgroundMerge::TakeOver(std::vector<WriterSegment>* segments) const {
  RETURN_IF_ERROR(status());
  ASSIGN_OR_RETURN(WriterSegment merged, OpenSegment(env_, options_.dir, **result_));
  merged.saved = merged.live;
  DocId doc = 0;  // of the merged segment
  for (const MergeSource& source : sources_) {
    const WriterSegment* now = FindSegment(segments, source.id);
    for (DocId old = 0; old < source.live.num_docs(); ++old) {
      if (!source.live.IsLive(old)) continue;
      // A source that a commit left out had no live document any more.
      if (now == nullptr || !now->live.IsLive(old)) merged.live.Delete(doc);
      ++doc;
    }
  }
  merged.changed = merged.live.num_deleted() > 0;
  bool placed = false;
  for (const MergeSource& source : sources_) {
    WriterSegment* const place = FindSegment(segments, source.id);
    if (place == nullptr) continue;
    if (placed) {
      segments->erase(segments->begin() + (place - segments->data()));
    } else {
      *place = std::move(merged);
      placed = true;
    }
  }
  return absl::OkStatus();
}

}  // namespace ibid
