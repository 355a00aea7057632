// What a power cut may leave behind, modelled: an Env that keeps a log of its calls, and every
// state that a weak file system can have made of the first calls of such a log.
//
//   CrashEnv env(memory.get());
//   ... write an index through env ...
//   ForEachCrashState(std::span(log).first(40), {}, [](const DiskState& disk) { ... });
//
// The weak file system keeps what was forced to disk and promises nothing else: of the operations
// on a directory since it was last forced (a file made, renamed or removed) any subset may be
// missing; of what was written to a file since it was last forced all, none or half may be there,
// zeros in place of the rest (Pillai et al., "All File Systems Are Not Created Equal", OSDI 2014).
// One rename is whole or missing.
#ifndef IBID_TESTS_SUPPORT_CRASH_ENV_H_
#define IBID_TESTS_SUPPORT_CRASH_ENV_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/env/forwarding_env.h"

namespace ibid {

struct CrashCall {
  enum class Kind {
    kCreate,
    kCut,  // a file that was there is made anew: its bytes go
    kWrite,
    kSync,
    kRename,
    kRemove,
    kMakeDirectory,
    kRemoveDirectory,
    kSyncDirectory
  };
  Kind kind = Kind::kCreate;
  std::string path;
  std::string to;   // kRename
  size_t file = 0;  // which file it is, whatever its name: numbered by creation
  std::string data;
};

// Keeps a log of the calls that succeed and change something. `base` must be empty at first and is
// changed through this Env alone. Safe to share by threads.
class CrashEnv : public ForwardingEnv {
 public:
  explicit CrashEnv(Env* base) : ForwardingEnv(base) {}

  std::vector<CrashCall> calls() const;
  size_t num_calls() const;

  absl::StatusOr<std::unique_ptr<WritableFile>> CreateFile(const std::string& path,
                                                           bool exclusive) override;
  absl::Status Rename(const std::string& from, const std::string& to) override;
  absl::Status Remove(const std::string& path) override;
  absl::Status CreateDirectory(const std::string& path) override;
  absl::Status RemoveDirectory(const std::string& path) override;
  absl::Status SyncDirectory(const std::string& path) override;
  absl::StatusOr<std::unique_ptr<FileLock>> Lock(const std::string& path,
                                                 std::string_view holder) override;

 private:
  class CrashFile;

  void Keep(CrashCall call);
  // The number of the file that is at `path` after it was created or cut, which is kept as a call.
  size_t KeepOpened(const std::string& path);

  mutable std::mutex mutex_;
  std::vector<CrashCall> calls_;
  std::map<std::string, size_t> files_;  // path -> number
  size_t num_files_ = 0;
};

struct DiskState {
  std::set<std::string> directories;
  std::map<std::string, std::string> files;  // path -> bytes

  bool operator==(const DiskState&) const = default;
};

struct CrashChoice {
  uint64_t max_states = 5000;  // up to here all of them
  uint64_t num_samples = 500;  // beyond: all the extreme ones, and so many more at random
  uint64_t seed = 1;
};

// Calls `visit` with the states that a power cut may leave right after `calls`, some of them more
// than once. False: they were too many, and are a choice.
bool ForEachCrashState(std::span<const CrashCall> calls, const CrashChoice& choice,
                       const std::function<void(const DiskState&)>& visit);

// Calls `visit` with what is there where all calls are done but the last, a write: cut at each 512
// bytes, with zeros or garbage behind the cut.
void ForEachTornWrite(std::span<const CrashCall> calls,
                      const std::function<void(const DiskState&)>& visit);

// An Env in memory with these files.
std::unique_ptr<Env> EnvOf(const DiskState& disk);

}  // namespace ibid

#endif  // IBID_TESTS_SUPPORT_CRASH_ENV_H_
