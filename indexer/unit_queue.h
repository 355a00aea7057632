// Hands units of documents to threads that make segments of them.
//
//   UnitQueue queue({.env = env, .dir = dir, .index = options, .threads = 4});
//   RETURN_IF_ERROR(queue.Push(std::move(unit), segment_id, buffer_bytes));
//   ASSIGN_OR_RETURN(std::vector<UnitResult> results, queue.Wait());
//
// With one thread the caller's does the work. All calls come from one thread. Destroying the queue
// waits for the units at work and drops the others.
#ifndef IBID_INDEXER_UNIT_QUEUE_H_
#define IBID_INDEXER_UNIT_QUEUE_H_

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ibid/env.h"
#include "ibid/index_options.h"
#include "indexer/document_unit.h"
#include "indexer/unit_writer.h"

namespace ibid {

struct UnitQueueOptions {
  Env* env = nullptr;
  std::string dir;
  IndexOptions index;
  int threads = 1;
};

class UnitQueue {
 public:
  explicit UnitQueue(UnitQueueOptions options);
  ~UnitQueue();
  UnitQueue(const UnitQueue&) = delete;
  UnitQueue& operator=(const UnitQueue&) = delete;

  // Blocks while the units at work and this one would take more than `memory_bytes`, unless none is
  // at work. An error is that of any unit so far.
  absl::Status Push(DocumentUnit unit, uint64_t segment_id, size_t memory_bytes);

  // Waits for all units; their segments are to be merged. Results in the order of Push. Starts
  // anew.
  absl::StatusOr<std::vector<UnitResult>> Wait();

  // Makes the segment on the caller's thread and forces it to disk.
  absl::StatusOr<UnitResult> WriteNow(DocumentUnit unit, uint64_t segment_id);

 private:
  struct Task {
    DocumentUnit unit;
    uint64_t segment_id = 0;
    size_t number = 0;
    size_t cost_bytes = 0;
  };

  absl::StatusOr<UnitWriter*> OwnWriter();
  void StartThreads();
  void Work();
  absl::StatusOr<UnitResult> Process(Task task, std::unique_ptr<UnitWriter>* writer);
  void Finish(size_t number, size_t cost_bytes, absl::StatusOr<UnitResult> result);

  const UnitQueueOptions options_;
  std::unique_ptr<UnitWriter> own_writer_;

  std::mutex mutex_;
  std::condition_variable work_;  // a task came, or the end
  std::condition_variable done_;  // a task was finished
  std::deque<Task> tasks_;
  std::vector<UnitResult> results_;  // by number
  size_t num_unfinished_ = 0;
  size_t cost_bytes_ = 0;  // of the unfinished
  absl::Status error_;     // the first
  bool stopping_ = false;
  std::vector<std::jthread> threads_;  // last: they use all of the above
};

}  // namespace ibid

#endif  // IBID_INDEXER_UNIT_QUEUE_H_
