#include "cli/exit_codes.h"

namespace ibid::cli {

ExitCode ExitCodeOf(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return kFound;
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kOutOfRange:
      return kUsage;
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kFailedPrecondition:
      return kNoIndex;
    case absl::StatusCode::kDataLoss:
      return kCorrupt;
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kUnknown:
      return kInputOutput;
    case absl::StatusCode::kAborted:
      return kBusy;
    case absl::StatusCode::kResourceExhausted:
    case absl::StatusCode::kDeadlineExceeded:
      return kLimit;
    case absl::StatusCode::kCancelled:
      return kInterrupted;
    default:
      return kBug;
  }
}

}  // namespace ibid::cli
