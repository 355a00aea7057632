// A clock for deadlines that stands still and counts the looks at it, so that a test says at which
// of them something happens.
//
//   CountedClock clock;
//   clock.OnLook(7, [&] { cancelled = true; });
//   ... a search with a time limit ...
//   EXPECT_GE(clock.looks(), 7);
//
// One at a time; searches of one thread only.
#ifndef IBID_TESTS_SEARCHER_COUNTED_CLOCK_H_
#define IBID_TESTS_SEARCHER_COUNTED_CLOCK_H_

#include <cstdint>
#include <functional>
#include <utility>

#include "searcher/match/deadline.h"

namespace ibid {

class CountedClock {
 public:
  // A time limit, in seconds, that passes at Pass().
  static constexpr double kLimit = 1000;

  CountedClock() {
    present_ = this;
    deadline_clock = &Look;
  }
  ~CountedClock() { deadline_clock = &SteadySeconds; }
  CountedClock(const CountedClock&) = delete;
  CountedClock& operator=(const CountedClock&) = delete;

  // Looks since it was made or Restart; the first of a search begins its time.
  uint64_t looks() const { return looks_; }
  void Restart() { looks_ = 0; }
  // `happen` comes before look `number`, counted from 1, gives the time. 0: never.
  void OnLook(uint64_t number, std::function<void()> happen) {
    number_ = number;
    happen_ = std::move(happen);
  }
  // The limit passes.
  void Pass() { seconds_ += kLimit; }

 private:
  static double Look() {
    if (++present_->looks_ == present_->number_) present_->happen_();
    return present_->seconds_;
  }

  static inline CountedClock* present_ = nullptr;
  uint64_t looks_ = 0;
  uint64_t number_ = 0;
  std::function<void()> happen_;
  double seconds_ = 0;
};

}  // namespace ibid

#endif  // IBID_TESTS_SEARCHER_COUNTED_CLOCK_H_
