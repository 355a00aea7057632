// What a process holds, read from /proc, and whether it grows.
#ifndef IBID_TESTS_SOAK_SOAK_WATCH_H_
#define IBID_TESTS_SOAK_SOAK_WATCH_H_

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace ibid {

// Resident memory that is not a mapped file, in bytes; 0 where there is no such process.
uint64_t AnonymousBytes(pid_t process);
// Open files of any kind; 0 where there is no such process.
size_t NumDescriptors(pid_t process);
// Descriptors and mappings that this process has of files below `directory`.
size_t NumHeld(const std::string& directory);
// Bytes of the files in it.
uint64_t BytesIn(const std::string& directory);

// Seconds in which this process was at work: a pause of the whole machine does not count.
class AwakeClock {
 public:
  AwakeClock();
  // Ask often: what lies between two calls counts as a minute at most.
  double Seconds();

 private:
  double last_ = 0, seconds_ = 0;
};

// Percent of its mean that a quantity rises an hour, and the standard error of that: what it would
// be for values that only scatter.
struct Trend {
  double percent_an_hour = 0;
  double error = 0;
};

// A quantity over time.
class Series {
 public:
  void Add(double seconds, double value) { points_.push_back({seconds, value}); }
  // Of the points from `warm_up` seconds on, by least squares over the medians of `window` seconds.
  // 0 where there are not three windows.
  Trend TrendFrom(double warm_up, double window) const;
  double MedianBetween(double from, double to) const;
  double last_seconds() const { return points_.empty() ? 0 : points_.back().seconds; }

 private:
  struct Point {
    double seconds, value;
  };
  std::vector<Point> points_;
};

}  // namespace ibid

#endif  // IBID_TESTS_SOAK_SOAK_WATCH_H_
