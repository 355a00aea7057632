#include "indexer/unit_queue.h"

#include <utility>

#include "common/base/memory_guard.h"
#include "common/base/status_macros.h"

namespace ibid {
namespace {

// What a unit takes while it is made a segment, in halves of its documents' bytes: the documents
// themselves, tokens and postings at 8 bytes a token, terms, buffers. Measured on English news.
constexpr size_t kCostHalves = 5;

}  // namespace

UnitQueue::UnitQueue(UnitQueueOptions options) : options_(std::move(options)) {}

UnitQueue::~UnitQueue() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    tasks_.clear();
  }
  work_.notify_all();
  threads_.clear();
}

absl::StatusOr<UnitWriter*> UnitQueue::OwnWriter() {
  if (own_writer_ == nullptr) {
    ASSIGN_OR_RETURN(own_writer_, UnitWriter::Create(options_.env, options_.dir, options_.index));
  }
  return own_writer_.get();
}

absl::StatusOr<UnitResult> UnitQueue::WriteNow(DocumentUnit unit, uint64_t segment_id) {
  ASSIGN_OR_RETURN(UnitWriter * writer, OwnWriter());
  return writer->Write(std::move(unit), segment_id, /*to_merge=*/false);
}

void UnitQueue::StartThreads() {
  threads_.reserve(static_cast<size_t>(options_.threads));
  while (threads_.size() < static_cast<size_t>(options_.threads)) {
    threads_.emplace_back([this] { Work(); });
  }
}

absl::Status UnitQueue::Push(DocumentUnit unit, uint64_t segment_id, size_t memory_bytes) {
  if (options_.threads <= 1) {
    ASSIGN_OR_RETURN(UnitWriter * writer, OwnWriter());
    ASSIGN_OR_RETURN(UnitResult result,
                     writer->Write(std::move(unit), segment_id, /*to_merge=*/true));
    results_.push_back(std::move(result));
    return absl::OkStatus();
  }
  StartThreads();
  const size_t cost = static_cast<size_t>(unit.bytes) * kCostHalves / 2;
  std::unique_lock lock(mutex_);
  done_.wait(lock, [&] {
    return num_unfinished_ == 0 || !error_.ok() || cost_bytes_ + cost <= memory_bytes;
  });
  RETURN_IF_ERROR(error_);
  const size_t number = results_.size();
  results_.emplace_back();
  tasks_.push_back(
      {.unit = std::move(unit), .segment_id = segment_id, .number = number, .cost_bytes = cost});
  cost_bytes_ += cost;
  ++num_unfinished_;
  lock.unlock();
  work_.notify_one();
  return absl::OkStatus();
}

absl::StatusOr<std::vector<UnitResult>> UnitQueue::Wait() {
  std::unique_lock lock(mutex_);
  done_.wait(lock, [&] { return num_unfinished_ == 0; });
  std::vector<UnitResult> results = std::exchange(results_, {});
  RETURN_IF_ERROR(std::exchange(error_, absl::OkStatus()));
  return results;
}

void UnitQueue::Work() {
  std::unique_ptr<UnitWriter> writer;
  std::unique_lock lock(mutex_);
  while (true) {
    work_.wait(lock, [&] { return stopping_ || !tasks_.empty(); });
    if (stopping_) return;
    Task task = std::move(tasks_.front());
    tasks_.pop_front();
    const bool skip = !error_.ok();
    const size_t number = task.number;
    const size_t cost = task.cost_bytes;
    lock.unlock();
    absl::StatusOr<UnitResult> result = UnitResult{};
    if (!skip) result = Process(std::move(task), &writer);
    lock.lock();
    Finish(number, cost, std::move(result));
  }
}

absl::StatusOr<UnitResult> UnitQueue::Process(Task task, std::unique_ptr<UnitWriter>* writer) {
  return GuardMemory("indexing", [&]() -> absl::StatusOr<UnitResult> {
    if (*writer == nullptr) {
      ASSIGN_OR_RETURN(*writer, UnitWriter::Create(options_.env, options_.dir, options_.index));
    }
    return (*writer)->Write(std::move(task.unit), task.segment_id, /*to_merge=*/true);
  });
}

void UnitQueue::Finish(size_t number, size_t cost_bytes, absl::StatusOr<UnitResult> result) {
  if (result.ok()) {
    results_[number] = *std::move(result);
  } else if (error_.ok()) {
    error_ = result.status();
  }
  cost_bytes_ -= cost_bytes;
  --num_unfinished_;
  done_.notify_all();
}

}  // namespace ibid
