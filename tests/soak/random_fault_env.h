// An Env whose calls fail now and then, at random: input/output errors, full disks, writes that
// stop half-way.
#ifndef IBID_TESTS_SOAK_RANDOM_FAULT_ENV_H_
#define IBID_TESTS_SOAK_RANDOM_FAULT_ENV_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "common/env/forwarding_env.h"

namespace ibid {

class RandomFaultEnv : public ForwardingEnv {
 public:
  // One call in `one_in` fails; 0: none. `base` must outlive this Env.
  RandomFaultEnv(Env* base, uint64_t one_in, uint64_t seed)
      : ForwardingEnv(base), one_in_(one_in), random_(seed) {}

  uint64_t calls() const { return calls_; }
  uint64_t faults() const { return faults_; }
  // Whether a status is, or passes on, a failure of this Env's making.
  static bool IsInjected(const absl::Status& status);

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
  class File;

  // Counts a call. OK, or why it fails.
  absl::Status Next(std::string_view operation, std::string_view path);

  const uint64_t one_in_;
  std::mutex mutex_;
  std::mt19937_64 random_;
  std::atomic<uint64_t> calls_ = 0, faults_ = 0;
};

}  // namespace ibid

#endif  // IBID_TESTS_SOAK_RANDOM_FAULT_ENV_H_
