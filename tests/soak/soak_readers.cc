#include "tests/soak/soak_readers.h"

#include <malloc.h>
#include <unistd.h>

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "common/base/strings.h"
#include "ibid/index_reader.h"
#include "tests/soak/random_fault_env.h"
#include "tests/soak/soak_model.h"
#include "tests/soak/soak_snapshot.h"

namespace ibid {
namespace {

constexpr size_t kMostHeld = 6;  // snapshots at a time

// The snapshot with its model. None where the model is gone: so long ago was the generation that
// the writer forgot it.
std::shared_ptr<SoakSnapshot> WithModel(std::shared_ptr<const IndexReader> reader,
                                        const SoakPlace& place, SoakBoard* board) {
  const Generation generation = reader->generation();
  std::optional<Versions> versions = Generations(place.generations).Load(generation);
  if (versions.has_value()) {
    return std::make_shared<SoakSnapshot>(std::move(reader), *std::move(versions));
  }
  if (generation + kGenerationsRemembered > board->acknowledged) {
    board->Problem(StrCat("no model of generation ", generation));
  }
  ++board->outrun;
  return nullptr;
}

// The questions of a snapshot, with their answers. The brute-force engine takes tens of megabytes
// for that; what is free afterwards goes back to the system. Notes what is allocated then beside
// expected answers.
std::string PrepareAndTrim(SoakSnapshot* snapshot, uint64_t seed, size_t num_questions,
                           DocumentCache* documents, std::atomic<uint64_t>* allocated) {
  std::string problem = snapshot->Prepare(seed, num_questions, documents);
  ::malloc_trim(0);
  const struct mallinfo2 info = ::mallinfo2();
  *allocated = info.uordblks + info.hblkhd - SoakSnapshot::BytesOfAnswers();
  return problem;
}

void CountAnswer(const std::string& problem, SoakBoard* board) {
  ++board->answers;
  if (problem.empty()) return;
  ++board->bad_answers;
  board->Problem(problem);
}

// Waits for the first generation.
std::shared_ptr<const IndexReader> OpenFirst(const SoakPlace& place, SoakBoard* board) {
  while (!board->stop) {
    auto reader = IndexReader::Open(place.index);
    if (reader.ok()) return *std::move(reader);
    if (!absl::IsNotFound(reader.status())) board->Problem(reader.status().ToString());
    ::usleep(2000);
  }
  return nullptr;
}

class SharedReaders {
 public:
  SharedReaders(const SoakPlace& place, const SoakReaderOptions& options, SoakBoard* board)
      : place_(place), options_(options), board_(board) {}

  void Run() {
    newest_ = OpenFirst(place_, board_);
    if (newest_ == nullptr) return;
    std::mt19937_64 random(options_.seed);
    MoveOn(&random);
    std::vector<std::thread> threads;
    for (size_t i = 0; i < options_.num_threads; ++i) {
      threads.emplace_back([this, i] { Read(options_.seed + 1 + i); });
    }
    for (std::thread& thread : threads) thread.join();
  }

 private:
  std::shared_ptr<SoakSnapshot> current() {
    const std::lock_guard<std::mutex> guard(mutex_);
    return current_;
  }

  std::shared_ptr<const IndexReader> newest() {
    const std::lock_guard<std::mutex> guard(mutex_);
    return newest_;
  }

  // The newest generation, which the others see too from now on.
  std::shared_ptr<const IndexReader> Refresh() {
    const auto refreshed = newest()->Refresh();
    if (!refreshed.ok()) {
      board_->Problem(StrCat("Refresh: ", refreshed.status().ToString()));
      return nullptr;
    }
    ++board_->refreshes;
    const std::lock_guard<std::mutex> guard(mutex_);
    if ((*refreshed)->generation() > newest_->generation()) newest_ = *refreshed;
    return *refreshed;
  }

  // Questions about the newest generation; the others ask the old ones meanwhile. One thread at a
  // time.
  void MoveOn(std::mt19937_64* random) {
    const auto reader = Refresh();
    if (reader == nullptr) return;
    auto snapshot = WithModel(reader, place_, board_);
    if (snapshot == nullptr) return;
    const uint64_t seed = (*random)();
    const std::string problem = PrepareAndTrim(snapshot.get(), seed, options_.num_questions,
                                               &documents_, &board_->allocated_by_threads);
    if (!problem.empty()) {
      board_->Problem(
          StrCat("generation ", snapshot->generation(), ", seed ", seed, ": ", problem));
      return;
    }
    ++board_->generations;
    const std::lock_guard<std::mutex> guard(mutex_);
    current_ = std::move(snapshot);
    asked_ = 0;
  }

  void Read(uint64_t seed) {
    std::mt19937_64 random(seed);
    while (!board_->stop) {
      if (asked_ >= options_.answers_of_generation && moving_.try_lock()) {
        if (asked_ >= options_.answers_of_generation) MoveOn(&random);
        moving_.unlock();
      }
      if (random() % 8 == 0) {
        const auto reader = Refresh();
        const auto quick = reader == nullptr ? nullptr : WithModel(reader, place_, board_);
        if (quick != nullptr) CountAnswer(quick->AskOfModel(&random), board_);
      }
      const auto snapshot = current();
      if (snapshot == nullptr) continue;
      ++asked_;
      CountAnswer(snapshot->Ask(&random), board_);
      if (board_->problems > 100) board_->stop = true;
    }
  }

  const SoakPlace place_;
  const SoakReaderOptions options_;
  SoakBoard* const board_;
  std::mutex mutex_;
  std::shared_ptr<const IndexReader> newest_;
  std::shared_ptr<SoakSnapshot> current_;
  std::atomic<size_t> asked_ = 0;
  std::mutex moving_;
  DocumentCache documents_;
};

}  // namespace

void RunThreads(const SoakPlace& place, const SoakReaderOptions& options, SoakBoard* board) {
  SharedReaders(place, options, board).Run();
}

void RunHolder(const SoakPlace& place, const SoakReaderOptions& options, SoakBoard* board) {
  if (OpenFirst(place, board) == nullptr) return;
  std::mt19937_64 random(options.seed);
  RandomFaultEnv env(Env::Posix(), options.one_call_in, options.seed);
  DocumentCache documents;
  std::deque<std::shared_ptr<SoakSnapshot>> held;
  while (!board->stop) {
    const auto reader = IndexReader::Open(place.index, &env);
    ++board->opened;
    if (!reader.ok()) {
      ++board->opens_failed;
      if (!RandomFaultEnv::IsInjected(reader.status())) {
        board->Problem(StrCat("IndexReader::Open: ", reader.status().ToString()));
      }
      continue;
    }
    auto snapshot = WithModel(*reader, place, board);
    if (snapshot == nullptr) continue;
    CountAnswer(snapshot->AskOfModel(&random), board);
    // Most are looked at and closed; some are kept while many others come and go.
    if (random() % 40 == 0) {
      const uint64_t seed = random();
      const std::string problem = PrepareAndTrim(snapshot.get(), seed, options.num_questions / 2,
                                                 &documents, &board->allocated_by_holder);
      if (!problem.empty()) {
        board->Problem(StrCat("generation ", snapshot->generation(), ": ", problem));
      }
      ++board->generations;
      if (held.size() == kMostHeld) {
        held.erase(held.begin() + static_cast<std::ptrdiff_t>(random() % held.size()));
      }
      held.push_back(std::move(snapshot));
    }
    for (const auto& old : held) {
      CountAnswer(old->Ask(&random), board);
      CountAnswer(old->AskOfModel(&random), board);
      const uint64_t passed = (*reader)->generation() - old->generation();
      if (passed > board->oldest_held) board->oldest_held = passed;
    }
    if (board->problems > 100) board->stop = true;
  }
}

}  // namespace ibid
