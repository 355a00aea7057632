#include "indexer/spilled_bytes.h"

#include <algorithm>
#include <utility>

#include "common/base/release.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/env/remove_quietly.h"

namespace ibid {
namespace {

// What is gathered for the file once there is one.
constexpr size_t kWriteBytes = size_t{64} << 10;

}  // namespace

SpilledBytes::SpilledBytes(Env* env, std::string temporary, size_t memory_bytes)
    : env_(env), temporary_(std::move(temporary)), memory_bytes_(memory_bytes) {}

SpilledBytes::~SpilledBytes() {
  opened_.reset();
  file_.reset();
  if (made_file_) RemoveQuietly(env_, temporary_);
}

absl::Status SpilledBytes::Append(std::string_view bytes) {
  const size_t bound = made_file_ ? std::min(memory_bytes_, kWriteBytes) : memory_bytes_;
  if (!memory_.empty() && memory_.size() + bytes.size() > bound) RETURN_IF_ERROR(MoveToFile());
  memory_.append(bytes);
  return absl::OkStatus();
}

absl::Status SpilledBytes::MoveToFile() {
  if (!made_file_) {
    ASSIGN_OR_RETURN(file_, env_->CreateFile(temporary_, /*exclusive=*/true));
    made_file_ = true;
  }
  RETURN_IF_ERROR(file_->Append(memory_));
  file_bytes_ += memory_.size();
  if (memory_.capacity() > 2 * kWriteBytes) {
    Release(&memory_);
  } else {
    memory_.clear();
  }
  return absl::OkStatus();
}

absl::Status SpilledBytes::Finish() {
  if (!made_file_) return absl::OkStatus();
  RETURN_IF_ERROR(MoveToFile());
  RETURN_IF_ERROR(file_->Close());
  ASSIGN_OR_RETURN(opened_, env_->OpenReadable(temporary_));
  if (opened_->bytes().size() != file_bytes_) {
    return absl::DataLossError(StrCat(temporary_, ": not what was written to it"));
  }
  return absl::OkStatus();
}

std::span<const uint8_t> SpilledBytes::view() const {
  if (opened_ != nullptr) return opened_->bytes();
  return {reinterpret_cast<const uint8_t*>(memory_.data()), memory_.size()};
}

void SpilledBytes::LetGo(uint64_t begin, uint64_t end) const {
  if (opened_ != nullptr && begin < end) opened_->DontNeed(begin, end - begin);
}

}  // namespace ibid
