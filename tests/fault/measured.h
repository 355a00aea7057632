// Work done in a process of its own, with what it took.
#ifndef IBID_TESTS_FAULT_MEASURED_H_
#define IBID_TESTS_FAULT_MEASURED_H_

#include <cstdint>
#include <functional>
#include <string>

namespace ibid {

struct Measured {
  bool ended_well = false;  // false: a signal, or an exception
  double cpu_seconds = 0;   // of all its threads
  double wall_seconds = 0;
  uint64_t peak_bytes = 0;  // of memory that is not a mapped file, above what it began with
  std::string result;       // of `work`; at most a few hundred bytes
};

// Runs `work` in a child of this process, which must have no other threads.
Measured InChild(const std::function<std::string()>& work);

}  // namespace ibid

#endif  // IBID_TESTS_FAULT_MEASURED_H_
