#include "tests/soak/soak_watch.h"

#include <time.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>

#include "common/base/strings.h"

namespace ibid {
namespace {

double Now() {
  timespec now;
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

}  // namespace

uint64_t AnonymousBytes(pid_t process) {
  std::ifstream status(StrCat("/proc/", process, "/status"));
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("RssAnon:")) return std::stoull(line.substr(8)) << 10;
  }
  return 0;
}

size_t NumDescriptors(pid_t process) {
  size_t count = 0;
  std::error_code error;
  std::filesystem::directory_iterator files(StrCat("/proc/", process, "/fd"), error);
  for (; !error && files != std::filesystem::directory_iterator(); files.increment(error)) ++count;
  return count;
}

size_t NumHeld(const std::string& directory) {
  size_t held = 0;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd", error)) {
    std::error_code gone;
    const std::string target = std::filesystem::read_symlink(entry.path(), gone).string();
    held += target.starts_with(directory + "/") ? 1 : 0;
  }
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    held += line.find(directory + "/") != std::string::npos ? 1 : 0;
  }
  return held;
}

uint64_t BytesIn(const std::string& directory) {
  uint64_t bytes = 0;
  std::error_code error;
  std::filesystem::directory_iterator files(directory, error);
  for (; !error && files != std::filesystem::directory_iterator(); files.increment(error)) {
    std::error_code gone;
    const uintmax_t size = files->file_size(gone);
    bytes += gone ? 0 : size;
  }
  return bytes;
}

AwakeClock::AwakeClock() : last_(Now()) {}

double AwakeClock::Seconds() {
  const double now = Now();
  seconds_ += std::min(now - last_, 60.0);
  last_ = now;
  return seconds_;
}

double Series::MedianBetween(double from, double to) const {
  std::vector<double> values;
  for (const Point& point : points_) {
    if (point.seconds >= from && point.seconds < to) values.push_back(point.value);
  }
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2),
                   values.end());
  return values[values.size() / 2];
}

Trend Series::TrendFrom(double warm_up, double window) const {
  double n = 0, sum_x = 0, sum_y = 0, sum_xx = 0, sum_xy = 0, sum_yy = 0;
  for (double from = warm_up; from < last_seconds(); from += window) {
    const double value = MedianBetween(from, from + window);
    if (value != value) continue;
    const double hours = (from + window / 2) / 3600;
    n += 1;
    sum_x += hours;
    sum_y += value;
    sum_xx += hours * hours;
    sum_xy += hours * value;
    sum_yy += value * value;
  }
  const double spread = sum_xx - sum_x * sum_x / n;
  if (n < 3 || spread <= 0 || sum_y <= 0) return {};
  const double mean = sum_y / n;
  const double slope = (sum_xy - sum_x * mean) / spread;
  const double rest = std::max(0.0, sum_yy - sum_y * mean - slope * slope * spread);
  return {100 * slope / mean, 100 * std::sqrt(rest / (n - 2) / spread) / mean};
}

}  // namespace ibid
