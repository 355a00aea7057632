#include "tests/support/fault_env.h"

#include <utility>

#include "common/base/status_macros.h"
#include "common/base/strings.h"

namespace ibid {

class FaultEnv::FaultFile : public WritableFile {
 public:
  FaultFile(FaultEnv* env, std::unique_ptr<WritableFile> file, std::string name)
      : env_(env), file_(std::move(file)), name_(std::move(name)) {}

  absl::Status Append(std::string_view data) override {
    const Fault fault = env_->Count("append", name_);
    if (fault.status.ok()) return file_->Append(data);
    if (fault.short_write) RETURN_IF_ERROR(file_->Append(data.substr(0, data.size() / 2)));
    return fault.status;
  }

  absl::Status Sync() override {
    RETURN_IF_ERROR(env_->Count("sync", name_).status);
    return file_->Sync();
  }

  // The descriptor is gone even where close reports an error.
  absl::Status Close() override {
    const Fault fault = env_->Count("close", name_);
    const absl::Status closed = file_->Close();
    return fault.status.ok() ? closed : fault.status;
  }

 private:
  FaultEnv* env_;
  std::unique_ptr<WritableFile> file_;
  std::string name_;
};

FaultEnv::FaultEnv(Env* base) : base_(base) {}

void FaultEnv::FailCall(uint64_t call, Fault fault) {
  const std::lock_guard<std::mutex> guard(mutex_);
  fail_at_ = call;
  fault_ = std::move(fault);
}

void FaultEnv::Reset() {
  const std::lock_guard<std::mutex> guard(mutex_);
  calls_ = 0;
  fail_at_ = UINT64_MAX;
  log_.clear();
}

uint64_t FaultEnv::calls() const {
  const std::lock_guard<std::mutex> guard(mutex_);
  return calls_;
}

std::vector<std::string> FaultEnv::log() const {
  const std::lock_guard<std::mutex> guard(mutex_);
  return log_;
}

std::vector<std::string> FaultEnv::write_log() const {
  std::vector<std::string> result;
  for (std::string& line : log()) {
    const bool reads =
        line.starts_with("open ") || line.starts_with("stat ") || line.starts_with("list ");
    if (!reads && (result.empty() || result.back() != line)) result.push_back(std::move(line));
  }
  return result;
}

Fault FaultEnv::Count(std::string_view operation, std::string_view name) {
  const std::lock_guard<std::mutex> guard(mutex_);
  log_.push_back(StrCat(operation, " ", name));
  const uint64_t call = calls_++;
  if (call == fail_at_ || (call > fail_at_ && fault_.for_ever)) return fault_;
  return Fault{.status = absl::OkStatus()};
}

absl::StatusOr<std::unique_ptr<ReadableFile>> FaultEnv::OpenReadable(const std::string& path) {
  RETURN_IF_ERROR(Count("open", BaseName(path)).status);
  return base_->OpenReadable(path);
}

absl::StatusOr<std::unique_ptr<WritableFile>> FaultEnv::CreateFile(const std::string& path,
                                                                   bool exclusive) {
  RETURN_IF_ERROR(Count("create", BaseName(path)).status);
  ASSIGN_OR_RETURN(auto file, base_->CreateFile(path, exclusive));
  return std::make_unique<FaultFile>(this, std::move(file), std::string(BaseName(path)));
}

absl::Status FaultEnv::Rename(const std::string& from, const std::string& to) {
  RETURN_IF_ERROR(Count("rename", BaseName(to)).status);
  return base_->Rename(from, to);
}

absl::Status FaultEnv::Remove(const std::string& path) {
  RETURN_IF_ERROR(Count("remove", BaseName(path)).status);
  return base_->Remove(path);
}

absl::Status FaultEnv::CreateDirectory(const std::string& path) {
  RETURN_IF_ERROR(Count("mkdir", "dir").status);
  return base_->CreateDirectory(path);
}

absl::Status FaultEnv::RemoveDirectory(const std::string& path) {
  RETURN_IF_ERROR(Count("rmdir", "dir").status);
  return base_->RemoveDirectory(path);
}

absl::Status FaultEnv::SyncDirectory(const std::string& path) {
  RETURN_IF_ERROR(Count("sync", "dir").status);
  return base_->SyncDirectory(path);
}

absl::StatusOr<std::vector<std::string>> FaultEnv::List(const std::string& path) {
  RETURN_IF_ERROR(Count("list", "dir").status);
  return base_->List(path);
}

absl::StatusOr<FileInfo> FaultEnv::Stat(const std::string& path) {
  RETURN_IF_ERROR(Count("stat", BaseName(path)).status);
  return base_->Stat(path);
}

absl::StatusOr<std::unique_ptr<FileLock>> FaultEnv::Lock(const std::string& path,
                                                         std::string_view holder) {
  RETURN_IF_ERROR(Count("lock", BaseName(path)).status);
  return base_->Lock(path, holder);
}

}  // namespace ibid
