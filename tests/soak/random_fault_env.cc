#include "tests/soak/random_fault_env.h"

#include <utility>

#include "common/base/status_macros.h"
#include "common/base/strings.h"

namespace ibid {
namespace {

constexpr std::string_view kMark = " [injected]";

}  // namespace

class RandomFaultEnv::File : public ForwardingFile {
 public:
  File(RandomFaultEnv* env, std::unique_ptr<WritableFile> base, std::string path)
      : ForwardingFile(std::move(base)), env_(env), path_(std::move(path)) {}

  absl::Status Append(std::string_view data) override {
    const absl::Status fault = env_->Next("write", path_);
    if (fault.ok()) return ForwardingFile::Append(data);
    // What a full disk leaves: the first part of it.
    RETURN_IF_ERROR(ForwardingFile::Append(data.substr(0, data.size() / 2)));
    return fault;
  }
  absl::Status Sync() override {
    RETURN_IF_ERROR(env_->Next("fdatasync", path_));
    return ForwardingFile::Sync();
  }
  absl::Status Close() override {
    const absl::Status fault = env_->Next("close", path_);
    const absl::Status closed = ForwardingFile::Close();
    return fault.ok() ? closed : fault;
  }

 private:
  RandomFaultEnv* env_;
  std::string path_;
};

bool RandomFaultEnv::IsInjected(const absl::Status& status) {
  return std::string_view(status.message().data(), status.message().size()).find(kMark) !=
         std::string_view::npos;
}

absl::Status RandomFaultEnv::Next(std::string_view operation, std::string_view path) {
  ++calls_;
  if (one_in_ == 0) return absl::OkStatus();
  const std::lock_guard<std::mutex> guard(mutex_);
  if (random_() % one_in_ != 0) return absl::OkStatus();
  ++faults_;
  const bool full = random_() % 2 == 0;
  return absl::UnavailableError(StrCat(operation, " ", BaseName(path), ": ",
                                       full ? "No space left on device" : "Input/output error",
                                       kMark));
}

absl::StatusOr<std::unique_ptr<ReadableFile>> RandomFaultEnv::OpenReadable(
    const std::string& path) {
  RETURN_IF_ERROR(Next("open", path));
  return ForwardingEnv::OpenReadable(path);
}

absl::StatusOr<std::unique_ptr<WritableFile>> RandomFaultEnv::CreateFile(const std::string& path,
                                                                         bool exclusive) {
  RETURN_IF_ERROR(Next("create", path));
  ASSIGN_OR_RETURN(auto file, ForwardingEnv::CreateFile(path, exclusive));
  return std::make_unique<File>(this, std::move(file), path);
}

absl::Status RandomFaultEnv::Rename(const std::string& from, const std::string& to) {
  RETURN_IF_ERROR(Next("rename", to));
  return ForwardingEnv::Rename(from, to);
}

absl::Status RandomFaultEnv::Remove(const std::string& path) {
  RETURN_IF_ERROR(Next("remove", path));
  return ForwardingEnv::Remove(path);
}

absl::Status RandomFaultEnv::CreateDirectory(const std::string& path) {
  RETURN_IF_ERROR(Next("mkdir", path));
  return ForwardingEnv::CreateDirectory(path);
}

absl::Status RandomFaultEnv::RemoveDirectory(const std::string& path) {
  RETURN_IF_ERROR(Next("rmdir", path));
  return ForwardingEnv::RemoveDirectory(path);
}

absl::Status RandomFaultEnv::SyncDirectory(const std::string& path) {
  RETURN_IF_ERROR(Next("fsync", path));
  return ForwardingEnv::SyncDirectory(path);
}

absl::StatusOr<std::vector<std::string>> RandomFaultEnv::List(const std::string& path) {
  RETURN_IF_ERROR(Next("list", path));
  return ForwardingEnv::List(path);
}

absl::StatusOr<FileInfo> RandomFaultEnv::Stat(const std::string& path) {
  RETURN_IF_ERROR(Next("stat", path));
  return ForwardingEnv::Stat(path);
}

absl::StatusOr<std::unique_ptr<FileLock>> RandomFaultEnv::Lock(const std::string& path,
                                                               std::string_view holder) {
  RETURN_IF_ERROR(Next("lock", path));
  return ForwardingEnv::Lock(path, holder);
}

}  // namespace ibid
