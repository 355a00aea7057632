#include "tests/fault/measured.h"

#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <thread>

namespace ibid {
namespace {

struct Report {
  double cpu_seconds, wall_seconds;
  uint64_t peak_bytes;
  char result[400];
};

double Seconds(clockid_t clock) {
  timespec now;
  ::clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

uint64_t AnonymousBytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("RssAnon:")) return std::stoull(line.substr(8)) << 10;
  }
  return 0;
}

// Looks at the memory of this process a thousand times a second.
class PeakWatch {
 public:
  PeakWatch() : before_(AnonymousBytes()), thread_([this] { Watch(); }) {}
  uint64_t Stop() {
    stop_ = true;
    thread_.join();
    return std::max(peak_.load(), before_) - before_;
  }

 private:
  void Watch() {
    while (!stop_) {
      peak_ = std::max(peak_.load(), AnonymousBytes());
      ::usleep(1000);
    }
    peak_ = std::max(peak_.load(), AnonymousBytes());
  }

  const uint64_t before_;
  std::atomic<uint64_t> peak_ = 0;
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

[[noreturn]] void RunAndReport(const std::function<std::string()>& work, int pipe) {
  Report report = {};
  {
    PeakWatch watch;
    const double cpu = Seconds(CLOCK_PROCESS_CPUTIME_ID), wall = Seconds(CLOCK_MONOTONIC);
    const std::string result = work();
    report.cpu_seconds = Seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    report.wall_seconds = Seconds(CLOCK_MONOTONIC) - wall;
    report.peak_bytes = watch.Stop();
    std::copy_n(result.data(), std::min(result.size(), sizeof(report.result) - 1), report.result);
  }
  _exit(::write(pipe, &report, sizeof(report)) == sizeof(report) ? 0 : 1);
}

}  // namespace

Measured InChild(const std::function<std::string()>& work) {
  int ends[2];
  if (::pipe(ends) != 0) std::abort();
  const pid_t child = ::fork();
  if (child == 0) RunAndReport(work, ends[1]);
  ::close(ends[1]);
  Report report = {};
  const bool has_report = ::read(ends[0], &report, sizeof(report)) == sizeof(report);
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  Measured measured;
  measured.ended_well = has_report && WIFEXITED(status) && WEXITSTATUS(status) == 0;
  measured.cpu_seconds = report.cpu_seconds;
  measured.wall_seconds = report.wall_seconds;
  measured.peak_bytes = report.peak_bytes;
  measured.result = report.result;
  return measured;
}

}  // namespace ibid
