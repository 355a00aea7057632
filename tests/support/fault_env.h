// An Env that counts its calls and makes chosen ones fail, over any other Env.
//
//   FaultEnv env(base.get());
//   env.FailCall(17, {.status = absl::UnavailableError("write seg: Input/output error")});
//   EXPECT_FALSE(Commit(&env).ok());
//
// Counted are the calls that may fail on a real disk: opening, creating, appending, syncing,
// closing, renaming, removing, making and removing directories, syncing and listing them, stat and
// lock. Safe to share by threads.
#ifndef IBID_TESTS_SUPPORT_FAULT_ENV_H_
#define IBID_TESTS_SUPPORT_FAULT_ENV_H_

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "ibid/env.h"

namespace ibid {

struct Fault {
  absl::Status status = absl::UnavailableError("injected: Input/output error");
  bool for_ever = false;     // this call and all after it; else this call alone
  bool short_write = false;  // an Append writes the first half of its data before it fails
};

class FaultEnv : public Env {
 public:
  // `base` must outlive this Env and the files it hands out.
  explicit FaultEnv(Env* base);

  // Calls count from 0 since the Env was made, or since Reset.
  void FailCall(uint64_t call, Fault fault);
  // No faults, count from 0, empty log.
  void Reset();
  uint64_t calls() const;
  // One line a call: "create seg_0000000001.ibid", "append MANIFEST.tmp", "rename MANIFEST", ...
  // Files go by their last component, directories by "dir".
  std::vector<std::string> log() const;
  // As log() without repeated lines one after another, reads, and stat.
  std::vector<std::string> write_log() const;

  absl::StatusOr<std::unique_ptr<ReadableFile>> OpenReadable(const std::string& path) override;
  absl::StatusOr<std::unique_ptr<WritableFile>> CreateFile(const std::string& path,
                                                           bool exclusive) override;
  absl::Status Rename(const std::string& from, const std::string& to) override;
  absl::Status Remove(const std::string& path) override;
  absl::Status CreateDirectory(const std::string& path) override;
  absl::Status RemoveDirectory(const std::string& path) override;
  absl::Status SyncDirectory(const std::string& path) override;
  absl::StatusOr<std::vector<std::string>> List(const std::string& path) override;
  absl::StatusOr<FileInfo> Stat(const std::string& path) override;
  absl::StatusOr<std::unique_ptr<FileLock>> Lock(const std::string& path,
                                                 std::string_view holder) override;

 private:
  class FaultFile;

  // Counts a call; the fault that it meets, its status OK for none.
  Fault Count(std::string_view operation, std::string_view name);

  Env* base_;
  mutable std::mutex mutex_;
  uint64_t calls_ = 0;
  uint64_t fail_at_ = UINT64_MAX;
  Fault fault_;
  std::vector<std::string> log_;
};

}  // namespace ibid

#endif  // IBID_TESTS_SUPPORT_FAULT_ENV_H_
