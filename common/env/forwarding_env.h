// An Env that passes every call on to another one: what wrappers override a part of.
#ifndef IBID_COMMON_ENV_FORWARDING_ENV_H_
#define IBID_COMMON_ENV_FORWARDING_ENV_H_

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ibid/env.h"

namespace ibid {

class ForwardingFile : public WritableFile {
 public:
  explicit ForwardingFile(std::unique_ptr<WritableFile> base) : base_(std::move(base)) {}

  absl::Status Append(std::string_view data) override { return base_->Append(data); }
  absl::Status Sync() override { return base_->Sync(); }
  absl::Status Close() override { return base_->Close(); }

 private:
  std::unique_ptr<WritableFile> base_;
};

class ForwardingEnv : public Env {
 public:
  // `base` must outlive this Env and the files it hands out.
  explicit ForwardingEnv(Env* base) : base_(base) {}

  absl::StatusOr<std::unique_ptr<ReadableFile>> OpenReadable(const std::string& path) override {
    return base_->OpenReadable(path);
  }
  absl::StatusOr<std::unique_ptr<WritableFile>> CreateFile(const std::string& path,
                                                           bool exclusive) override {
    return base_->CreateFile(path, exclusive);
  }
  absl::Status Rename(const std::string& from, const std::string& to) override {
    return base_->Rename(from, to);
  }
  absl::Status Remove(const std::string& path) override { return base_->Remove(path); }
  absl::Status CreateDirectory(const std::string& path) override {
    return base_->CreateDirectory(path);
  }
  absl::Status RemoveDirectory(const std::string& path) override {
    return base_->RemoveDirectory(path);
  }
  absl::Status SyncDirectory(const std::string& path) override {
    return base_->SyncDirectory(path);
  }
  absl::StatusOr<std::vector<std::string>> List(const std::string& path) override {
    return base_->List(path);
  }
  absl::StatusOr<FileInfo> Stat(const std::string& path) override { return base_->Stat(path); }
  absl::StatusOr<std::unique_ptr<FileLock>> Lock(const std::string& path,
                                                 std::string_view holder) override {
    return base_->Lock(path, holder);
  }

 protected:
  Env* base() const { return base_; }

 private:
  Env* base_;
};

}  // namespace ibid

#endif  // IBID_COMMON_ENV_FORWARDING_ENV_H_
