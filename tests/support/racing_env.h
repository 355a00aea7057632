// An Env in which something happens just before a segment is opened: what a writer in another
// process may do at that moment.
#ifndef IBID_TESTS_SUPPORT_RACING_ENV_H_
#define IBID_TESTS_SUPPORT_RACING_ENV_H_

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "common/env/forwarding_env.h"

namespace ibid {

class RacingEnv : public ForwardingEnv {
 public:
  RacingEnv(Env* base, std::function<void()> before_segment)
      : ForwardingEnv(base), before_segment_(std::move(before_segment)) {}

  absl::StatusOr<std::unique_ptr<ReadableFile>> OpenReadable(const std::string& path) override {
    if (path.find("/seg_") != std::string::npos) before_segment_();
    return ForwardingEnv::OpenReadable(path);
  }

 private:
  std::function<void()> before_segment_;
};

}  // namespace ibid

#endif  // IBID_TESTS_SUPPORT_RACING_ENV_H_
