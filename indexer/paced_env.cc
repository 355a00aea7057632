#include "indexer/paced_env.h"

#include <algorithm>
#include <utility>

#include "common/base/status_macros.h"

namespace ibid {
namespace {

// Written to a file that stays before it is forced to disk: about a tenth of a second of a disk's
// time, and what a commit may have to wait for.
constexpr uint64_t kSyncBytes = uint64_t{8} << 20;

class PacedFile : public ForwardingFile {
 public:
  PacedFile(std::unique_ptr<WritableFile> file, Pace* pace, bool stays)
      : ForwardingFile(std::move(file)), pace_(pace), stays_(stays) {}

  absl::Status Append(std::string_view data) override {
    RETURN_IF_ERROR(pace_->Spend(data.size()));
    RETURN_IF_ERROR(ForwardingFile::Append(data));
    unsynced_ += data.size();
    if (!stays_ || unsynced_ < kSyncBytes) return absl::OkStatus();
    unsynced_ = 0;
    return Sync();
  }

 private:
  Pace* pace_;
  bool stays_;
  uint64_t unsynced_ = 0;
};

}  // namespace

absl::Status Pace::Spend(uint64_t bytes) {
  using Clock = std::chrono::steady_clock;
  std::unique_lock lock(mutex_);
  if (bytes_per_second_ > 0 && !lifted_ && !cancelled_) {
    const std::chrono::duration<double> price(static_cast<double>(bytes) /
                                              static_cast<double>(bytes_per_second_));
    due_ = std::max(due_, Clock::now()) + std::chrono::duration_cast<Clock::duration>(price);
    changed_.wait_until(lock, due_, [this] { return lifted_ || cancelled_; });
  }
  return cancelled_ ? absl::CancelledError("merge cancelled") : absl::OkStatus();
}

void Pace::Lift() {
  const std::lock_guard lock(mutex_);
  lifted_ = true;
  changed_.notify_all();
}

void Pace::Cancel() {
  const std::lock_guard lock(mutex_);
  cancelled_ = true;
  changed_.notify_all();
}

absl::StatusOr<std::unique_ptr<WritableFile>> PacedEnv::CreateFile(const std::string& path,
                                                                   bool exclusive) {
  ASSIGN_OR_RETURN(std::unique_ptr<WritableFile> file, base()->CreateFile(path, exclusive));
  return std::make_unique<PacedFile>(std::move(file), pace_, !path.ends_with(".tmp"));
}

}  // namespace ibid
