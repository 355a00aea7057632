#include "indexer/temporary_bytes.h"

#include <algorithm>
#include <utility>

#include "common/base/status_macros.h"
#include "common/base/strings.h"

namespace ibid {
namespace {

// What is gathered between writes, once there is a file.
constexpr size_t kWriteBytes = size_t{1} << 20;

}  // namespace

TemporaryBytes::TemporaryBytes(Env* env, std::string path, size_t memory_bytes)
    : env_(env), path_(std::move(path)), memory_bytes_(memory_bytes) {}

TemporaryBytes::~TemporaryBytes() {
  opened_.reset();
  file_.reset();
  // Whoever opens the index next removes what stays behind.
  if (made_file_) env_->Remove(path_).IgnoreError();
}

absl::Status TemporaryBytes::Append(std::string_view bytes) {
  size_ += bytes.size();
  memory_.append(bytes);
  if (memory_.size() <= memory_bytes_) return absl::OkStatus();
  if (file_ == nullptr) {
    ASSIGN_OR_RETURN(file_, env_->CreateFile(path_, /*exclusive=*/true));
    made_file_ = true;
    memory_bytes_ = std::min(memory_bytes_, kWriteBytes);
  }
  const absl::Status written = file_->Append(memory_);
  memory_.clear();
  return written;
}

absl::StatusOr<std::span<const uint8_t>> TemporaryBytes::Finish() {
  if (file_ == nullptr) {
    return std::span(reinterpret_cast<const uint8_t*>(memory_.data()), memory_.size());
  }
  RETURN_IF_ERROR(file_->Append(memory_));
  memory_ = std::string();
  RETURN_IF_ERROR(file_->Close());
  ASSIGN_OR_RETURN(opened_, env_->OpenReadable(path_));
  if (opened_->bytes().size() != size_) {
    return absl::DataLossError(StrCat(path_, ": not what was written to it"));
  }
  return opened_->bytes();
}

void TemporaryBytes::LetGo(uint64_t begin, uint64_t end) {
  if (opened_ != nullptr && begin < end) opened_->DontNeed(begin, end - begin);
}

}  // namespace ibid
