// What the processes and threads of a soak tell one another: counters in memory that they share.
#ifndef IBID_TESTS_SOAK_SOAK_BOARD_H_
#define IBID_TESTS_SOAK_SOAK_BOARD_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace ibid {

// Lock-free members only: any process may be killed between two instructions.
struct SoakBoard {
  std::atomic<bool> stop = false;
  // The writer's.
  std::atomic<uint64_t> acknowledged = 0;  // the generation of the last commit known to be there
  std::atomic<uint64_t> lives = 0;         // writers opened
  std::atomic<uint64_t> commits = 0, changes = 0, rollbacks = 0, merges = 0;
  std::atomic<uint64_t> calls = 0, faults = 0, failures = 0;  // of the file system; of the writer
  std::atomic<uint64_t> descriptors = 0;  // of a writer just opened; 0: not yet known
  std::atomic<uint64_t> files_after_open = 0;
  // Bytes allocated in the writer's process just behind its last commit without a merge under way.
  std::atomic<uint64_t> allocated_by_writer = 0;
  // The readers'.
  std::atomic<uint64_t> generations = 0;  // looked at whole
  std::atomic<uint64_t> refreshes = 0, opened = 0, opens_failed = 0;
  std::atomic<uint64_t> answers = 0, bad_answers = 0;
  std::atomic<uint64_t> oldest_held = 0;  // generations that passed while a snapshot was held
  std::atomic<uint64_t> outrun = 0;       // generations gone before they could be looked at
  std::atomic<uint64_t> checks = 0;
  // Bytes that are allocated in the process of the threads that share a reader, and of the one that
  // holds snapshots, each time that it has prepared a snapshot.
  std::atomic<uint64_t> allocated_by_threads = 0, allocated_by_holder = 0;
  // All of it.
  std::atomic<uint64_t> problems = 0;
  std::atomic<bool> has_first = false;
  char first_problem[2000] = "";

  // Counts a deviation, prints it, and keeps the first.
  void Problem(std::string_view what);
};

// A board in memory that children of this process share; lives for ever.
SoakBoard* NewSharedBoard();

}  // namespace ibid

#endif  // IBID_TESTS_SOAK_SOAK_BOARD_H_
