// An Env for one who holds the lock of a directory: it opens, makes, renames and removes files only
// as long as the lock is that of the directory which the path names.
//
// A path may come to name another directory while a writer lives: the index was moved or replaced,
// the current directory changed, or the process is a fork of the writer's. Then nothing there is
// the writer's to touch.
#ifndef IBID_INDEXER_LOCKED_ENV_H_
#define IBID_INDEXER_LOCKED_ENV_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/status_macros.h"
#include "common/env/forwarding_env.h"
#include "ibid/env.h"

namespace ibid {

// As thread-safe as `base`.
class LockedEnv : public ForwardingEnv {
 public:
  // Both must outlive this Env and the files it hands out.
  LockedEnv(Env* base, const FileLock* lock) : ForwardingEnv(base), lock_(lock) {}

  absl::StatusOr<std::unique_ptr<ReadableFile>> OpenReadable(const std::string& path) override {
    RETURN_IF_ERROR(lock_->CheckHeld());
    return base()->OpenReadable(path);
  }
  absl::StatusOr<std::unique_ptr<WritableFile>> CreateFile(const std::string& path,
                                                           bool exclusive) override {
    RETURN_IF_ERROR(lock_->CheckHeld());
    return base()->CreateFile(path, exclusive);
  }
  absl::Status Rename(const std::string& from, const std::string& to) override {
    RETURN_IF_ERROR(lock_->CheckHeld());
    return base()->Rename(from, to);
  }
  absl::Status Remove(const std::string& path) override {
    RETURN_IF_ERROR(lock_->CheckHeld());
    return base()->Remove(path);
  }

 private:
  const FileLock* lock_;
};

}  // namespace ibid

#endif  // IBID_INDEXER_LOCKED_ENV_H_
