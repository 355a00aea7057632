// An Env for work in the background: it writes no faster than it is told, and stops when it is
// told.
//
//   Pace pace(32 << 20);
//   PacedEnv env(base, &pace);
//   ... another thread writes through `env` ...
//   pace.Cancel();  // its next Append fails with Cancelled
#ifndef IBID_INDEXER_PACED_ENV_H_
#define IBID_INDEXER_PACED_ENV_H_

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/env/forwarding_env.h"
#include "ibid/env.h"

namespace ibid {

// A share of the disk. Safe to share by threads.
class Pace {
 public:
  // 0: as fast as it goes.
  explicit Pace(uint64_t bytes_per_second) : bytes_per_second_(bytes_per_second) {}

  // Waits until `bytes` more may have been written. Cancelled after Cancel, also from the wait.
  absl::Status Spend(uint64_t bytes);
  // No more waiting.
  void Lift();
  void Cancel();

 private:
  const uint64_t bytes_per_second_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::chrono::steady_clock::time_point due_;  // when what was spent so far is paid for
  bool lifted_ = false;
  bool cancelled_ = false;
};

// Passes everything on; what is appended to files keeps the pace. Files that stay (not *.tmp) are
// forced to disk every few megabytes on the way, so that a commit meanwhile does not wait for all
// of them at once.
class PacedEnv : public ForwardingEnv {
 public:
  // Both must outlive this Env and the files it hands out.
  PacedEnv(Env* base, Pace* pace) : ForwardingEnv(base), pace_(pace) {}

  absl::StatusOr<std::unique_ptr<WritableFile>> CreateFile(const std::string& path,
                                                           bool exclusive) override;

 private:
  Pace* pace_;
};

}  // namespace ibid

#endif  // IBID_INDEXER_PACED_ENV_H_
