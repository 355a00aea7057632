// What the system says about time, memory and files, and programs run beside the benchmark.
//
// Thread-safe, except that ChildProcess belongs to one thread.
#ifndef IBID_BENCH_SUPPORT_PROCESS_H_
#define IBID_BENCH_SUPPORT_PROCESS_H_

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace ibid::bench {

double WallSeconds();       // of a clock that never goes back
double ThreadCpuSeconds();  // that this thread has run

// Bytes of all files below `directory`; 0 where there is none.
uint64_t DirectoryBytes(const std::string& directory);
// Of this process: resident now.
uint64_t ResidentBytes();

// What a program cost that has ended: its own and its children's.
struct ChildCost {
  double wall_seconds = 0, cpu_seconds = 0;
  uint64_t peak_bytes = 0;  // largest resident set of any one process
};
// Runs a program to its end, its output going where this one's goes. Internal where it does not end
// with code 0.
absl::StatusOr<ChildCost> RunChild(const std::vector<std::string>& arguments);

// Whether `program` is found in $PATH.
bool HasProgram(const std::string& program);

// A program that answers lines with lines. Ended, by closing its input, with the object.
class ChildProcess {
 public:
  static absl::StatusOr<std::unique_ptr<ChildProcess>> Start(
      const std::vector<std::string>& arguments);
  // What Start makes; closes both ends when it goes.
  ChildProcess(int process, int write_fd, std::FILE* answers)
      : process_(process), write_fd_(write_fd), answers_(answers) {}
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  // Sends `line` with a newline and waits for the answer, given without its newline. Unavailable
  // where the program has ended.
  absl::StatusOr<std::string> Ask(std::string_view line);

 private:
  int process_;
  int write_fd_;
  std::FILE* answers_;
};

// "Intel Xeon ..., 2 cores, 24 GB, g++ 12.2.0", and the load average, for kept runs.
std::string MachineDescription();
double LoadAverage();

// The command for kept runs: folders of paths are left out, so that no machine's places are kept.
std::string CommandLine(std::string_view program, const std::vector<std::string>& arguments);

absl::Status WriteTextFile(const std::string& path, std::string_view text);

}  // namespace ibid::bench

#endif  // IBID_BENCH_SUPPORT_PROCESS_H_
