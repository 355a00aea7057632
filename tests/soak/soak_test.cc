// A writer, its merges and readers in three processes, for as long as IBID_SOAK_SECONDS says: the
// writer is killed every few seconds, its disk fails now and then, and every answer must be that of
// the brute-force engine at the generation that is read. Without it a short run that ends after a
// number of kills and answers. A second test has all of it in threads of one process, without
// kills, for ThreadSanitizer (IBID_SOAK_THREADS_SECONDS).
//
// IBID_SOAK_SEED repeats the random choices of each thread (not how the threads interleave),
// IBID_SOAK_DOCUMENTS is the number of keys, with IBID_SOAK_NO_KILLS one writer lives all the time,
// so that its memory may be watched, too; the index lies below $TMPDIR.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <malloc.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <limits>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "common/base/strings.h"
#include "common/format/manifest.h"
#include "ibid/check_index.h"
#include "ibid/index_reader.h"
#include "tests/soak/soak_board.h"
#include "tests/soak/soak_readers.h"
#include "tests/soak/soak_snapshot.h"
#include "tests/soak/soak_watch.h"
#include "tests/soak/soak_writer.h"
#include "tests/support/temp_directory.h"

namespace ibid {
namespace {

constexpr double kCheckEverySeconds = 60;
constexpr double kWindowSeconds = 120;     // whose median memory is one point
constexpr double kSecondsForSlope = 3600;  // shorter runs say nothing about one percent an hour
constexpr double kLongLifeSeconds = 60;    // of each 20th writer

volatile sig_atomic_t is_interrupted = 0;  // ends a run early, with its figures

uint64_t FromEnvironment(const char* name, uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr || *text == 0 ? otherwise : std::strtoull(text, nullptr, 10);
}

// 0: a short run.
uint64_t SecondsAsked(const char* name, uint64_t of_long_run) {
  return FromEnvironment(name, std::getenv("IBID_SOAK_LONG") != nullptr ? of_long_run : 0);
}

bool HasMemoryOfItsOwn() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return false;  // shadow memory, and freed memory kept back
#else
  return true;
#endif
}

// One run: its place, its options and what it counts.
class Soak : public testing::Test {
 protected:
  Soak() {
    std::filesystem::create_directory(place_.generations);
    std::printf("seed %llu, in %s\n", static_cast<unsigned long long>(seed_), temp_.path().c_str());
    std::fflush(stdout);
  }

  SoakWriterOptions WriterOptionsFor(bool own_process, bool is_long) {
    SoakWriterOptions options;
    options.num_keys = FromEnvironment("IBID_SOAK_DOCUMENTS", is_long ? 10000 : 300);
    options.one_call_in = is_long ? 10000 : 500;
    options.pause_microseconds = is_long ? 10000 : 0;
    options.own_process = own_process;
    options.seed = random_();
    return options;
  }

  SoakReaderOptions ReaderOptionsFor(bool is_long) {
    SoakReaderOptions options;
    options.num_questions = is_long ? 12 : 4;
    options.answers_of_generation = is_long ? 1000 : 30;
    options.one_call_in = is_long ? 10000 : 500;
    options.seed = random_();
    return options;
  }

  // Damage found in the newest generation is a problem.
  void Check(bool deep) {
    const auto report = CheckIndex(place_.index, Env::Posix(), {}, {.deep = deep});
    ++board_->checks;
    const bool none_yet = board_->acknowledged == 0 && absl::IsNotFound(report.status());
    if (!report.ok()) {
      if (!none_yet) board_->Problem(StrCat("check: ", report.status().ToString()));
    } else if (!report->problems.empty()) {
      board_->Problem(StrCat("check: ", report->problems[0]));
    }
  }

  void PrintFigures(double seconds) const {
    const auto number = [](const std::atomic<uint64_t>& value) { return WithCommas(value.load()); };
    std::printf(
        "figures: %.0f s: writers opened %s, commits %s (rolled back %s, merged to one %s), "
        "changes "
        "%s, calls of the writer %s, of which failed %s, failures of the writer %s\n"
        "figures: generations compared whole %s, refreshed %s, opened %s (failed by injection %s), "
        "most generations under one snapshot %s, gone before they were looked at %s, checks %s\n"
        "figures: answers compared %s, wrong %s; other deviations %s\n",
        seconds, number(board_->lives).c_str(), number(board_->commits).c_str(),
        number(board_->rollbacks).c_str(), number(board_->merges).c_str(),
        number(board_->changes).c_str(), number(board_->calls).c_str(),
        number(board_->faults).c_str(), number(board_->failures).c_str(),
        number(board_->generations).c_str(), number(board_->refreshes).c_str(),
        number(board_->opened).c_str(), number(board_->opens_failed).c_str(),
        number(board_->oldest_held).c_str(), number(board_->outrun).c_str(),
        number(board_->checks).c_str(), number(board_->answers).c_str(),
        number(board_->bad_answers).c_str(),
        WithCommas(board_->problems - board_->bad_answers).c_str());
    std::fflush(stdout);
  }

  const uint64_t seed_ = FromEnvironment("IBID_SOAK_SEED", std::random_device{}());
  std::mt19937_64 random_{seed_};
  const TempDirectory temp_;
  const SoakPlace place_{temp_.Path("index"), temp_.Path("generations")};
  SoakBoard* const board_ = NewSharedBoard();
};

// A child process that is looked after.
class Child {
 public:
  Child(std::string name, const std::function<void()>& work) : name_(std::move(name)) {
    std::fflush(stdout);
    pid_ = ::fork();
    if (pid_ != 0) return;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // nobody is left behind
    work();
    _exit(0);
  }

  pid_t pid() const { return pid_; }
  const std::string& name() const { return name_; }

  // Whether it has ended by itself.
  bool HasEnded() {
    if (!ended_) ended_ = ::waitpid(pid_, &status_, WNOHANG) == pid_;
    return ended_;
  }
  void Kill() {
    if (HasEnded()) return;
    ::kill(pid_, SIGKILL);
    Wait();
  }
  // The status of waitpid.
  int Wait() {
    if (!ended_) ended_ = ::waitpid(pid_, &status_, 0) == pid_;
    return status_;
  }
  bool EndedWell() { return WIFEXITED(Wait()) && WEXITSTATUS(status_) == 0; }

 private:
  std::string name_;
  pid_t pid_ = -1;
  int status_ = 0;
  bool ended_ = false;
};

struct Watched {
  std::string name;
  pid_t process = -1;
  // What the process says is allocated. The brute-force engine works in the readers, too, and what
  // it leaves of a heap in pieces stays resident; so does what the largest of the writer's buffers
  // left.
  const std::atomic<uint64_t>* allocated = nullptr;
  Series memory, resident, descriptors;
};

class SoakOfProcesses : public Soak {
 protected:
  SoakOfProcesses() : is_long_(seconds_ > 0), writer_options_(WriterOptionsFor(true, is_long_)) {}

  void StartReader(const std::string& name, bool holder) {
    const SoakReaderOptions options = ReaderOptionsFor(is_long_);
    readers_.push_back(std::make_unique<Child>(name, [this, holder, options] {
      ::mallopt(M_ARENA_MAX, 1);  // what one thread leaves, the next one uses
      (holder ? RunHolder : RunThreads)(place_, options, board_);
      const size_t held = NumHeld(place_.index);
      if (held > 0) board_->Problem(StrCat("a reader at its end holds ", held, " files"));
    }));
    const auto& allocated = holder ? board_->allocated_by_holder : board_->allocated_by_threads;
    watched_.push_back({name, readers_.back()->pid(), &allocated, {}, {}, {}});
  }

  void StartWriter() {
    writer_options_.seed = random_();
    writer_ = std::make_unique<Child>(
        "writer", [this] { SoakWriter(place_, writer_options_, board_).Run(); });
    if (!kills_wanted_ && watched_.size() == readers_.size()) {
      watched_.push_back({"writer", writer_->pid(), &board_->allocated_by_writer, {}, {}, {}});
    }
    born_ = clock_.Seconds();
    const bool live_long = is_long_ && kills_ % 20 == 19;
    until_seconds_ =
        born_ + (live_long ? kLongLifeSeconds : 0.01 * static_cast<double>(100 + random_() % 800));
    until_commits_ = board_->commits + 4 + random_() % 12;
  }

  bool IsTimeToKill() {
    if (!kills_wanted_) return false;
    return is_long_ ? clock_.Seconds() > until_seconds_ : board_->commits >= until_commits_;
  }

  // The last acknowledged commit is there, or the one that was under way; each document is right,
  // and each byte.
  void CheckAfterKill() {
    const uint64_t acknowledged = board_->acknowledged;
    const auto reader = IndexReader::Open(place_.index);
    if (!reader.ok()) {
      const bool none_yet = acknowledged == 0 && absl::IsNotFound(reader.status());
      if (!none_yet) board_->Problem(StrCat("after a kill: ", reader.status().ToString()));
      return;
    }
    const Generation generation = (*reader)->generation();
    if (generation < acknowledged) ++lost_;
    if (generation != acknowledged && generation != acknowledged + 1) {
      board_->Problem(
          StrCat("generation ", acknowledged, " was acknowledged, there is ", generation));
      return;
    }
    in_flight_ += generation > acknowledged ? 1 : 0;
    const auto versions = Generations(place_.generations).Load(generation);
    if (!versions.has_value()) {
      board_->Problem("no model of what was left after a kill");
      return;
    }
    const std::string problem = SoakSnapshot(*reader, *versions).Prepare(0, 0, &documents_);
    if (!problem.empty()) board_->Problem(StrCat("after a kill: ", problem));
    Check(/*deep=*/false);
  }

  void KillWriter() {
    const double lived = clock_.Seconds() - born_;
    const uint64_t memory = AnonymousBytes(writer_->pid());
    if (lived > 2 && memory > 0) {
      memory_of_writers_.Add(clock_.Seconds(), static_cast<double>(memory));
    }
    if (writer_->HasEnded() && !board_->stop) {
      board_->Problem(StrCat("the writer ended by itself: ", writer_->Wait()));
    }
    writer_->Kill();
    ++kills_;
    CheckAfterKill();
  }

  void Sample() {
    for (Watched& watched : watched_) {
      const uint64_t resident = AnonymousBytes(watched.process);
      const uint64_t memory = watched.allocated->load();
      const size_t descriptors = NumDescriptors(watched.process);
      if (resident == 0 || descriptors == 0) continue;
      if (memory > 0) watched.memory.Add(clock_.Seconds(), static_cast<double>(memory));
      watched.resident.Add(clock_.Seconds(), static_cast<double>(resident));
      watched.descriptors.Add(clock_.Seconds(), static_cast<double>(descriptors));
    }
    largest_index_ = std::max(largest_index_, BytesIn(place_.index));
  }

  bool IsOver() {
    if (board_->stop || is_interrupted != 0) return true;
    if (is_long_) return clock_.Seconds() >= static_cast<double>(seconds_);
    return (kills_ >= 6 || !kills_wanted_) && board_->answers >= 400 && board_->generations >= 6 &&
           board_->opened >= 40;
  }

  void Watch() {
    ::signal(SIGINT, [](int) { is_interrupted = 1; });
    double next_sample = 0, next_check = kCheckEverySeconds, next_print = 600;
    while (!IsOver()) {
      ::usleep(is_long_ ? 20000 : 2000);
      for (const auto& reader : readers_) {
        if (!reader->HasEnded() || board_->stop) continue;
        board_->Problem(StrCat(reader->name(), " ended by itself: ", reader->Wait()));
        board_->stop = true;
      }
      if (clock_.Seconds() >= next_sample) {
        Sample();
        next_sample = clock_.Seconds() + 1;
      }
      if (clock_.Seconds() >= next_check) {  // while the writer writes
        Check(/*deep=*/true);
        next_check = clock_.Seconds() + kCheckEverySeconds;
      }
      if (clock_.Seconds() >= next_print) {
        PrintAll();
        next_print = clock_.Seconds() + 600;
      }
      if (!IsTimeToKill() && !writer_->HasEnded()) continue;
      KillWriter();
      if (!board_->stop) StartWriter();
    }
  }

  double WarmUp() const { return static_cast<double>(seconds_) / 6; }

  void PrintAll() {
    PrintFigures(clock_.Seconds());
    std::printf(
        "figures: kills %llu, acknowledged commits lost %llu, under way and there %llu; "
        "descriptors of a writer just opened %llu; directories with nothing left over %llu; "
        "largest "
        "index %s\n",
        static_cast<unsigned long long>(kills_), static_cast<unsigned long long>(lost_),
        static_cast<unsigned long long>(in_flight_),
        static_cast<unsigned long long>(board_->descriptors.load()),
        static_cast<unsigned long long>(board_->files_after_open.load()),
        HumanBytes(largest_index_).c_str());
    std::fflush(stdout);
    if (!is_long_) return;
    for (const Watched& watched : watched_) {
      PrintMemory(watched.name, watched.memory);
      PrintMemory(watched.name + ", resident", watched.resident);
    }
    if (kills_wanted_) PrintMemory("writers", memory_of_writers_);
    for (const Watched& watched : watched_) {
      std::printf("figures: descriptors of the %s: at first %.0f, at last %.0f\n",
                  watched.name.c_str(), FirstMedian(watched.descriptors),
                  LastMedian(watched.descriptors));
    }
    std::fflush(stdout);
  }

  double FirstMedian(const Series& series) const {
    return series.MedianBetween(WarmUp(), WarmUp() + kWindowSeconds);
  }
  double LastMedian(const Series& series) const {
    return series.MedianBetween(series.last_seconds() - kWindowSeconds,
                                std::numeric_limits<double>::infinity());
  }

  void PrintMemory(const std::string& name, const Series& memory) const {
    const Trend trend = memory.TrendFrom(WarmUp(), kWindowSeconds);
    std::printf(
        "figures: memory of the %s: after %.0f s %.1f MB, at last %.1f MB, %+.2f +- %.2f %% an "
        "hour\n",
        name.c_str(), WarmUp(), FirstMedian(memory) / 1e6, LastMedian(memory) / 1e6,
        trend.percent_an_hour, trend.error);
  }

  // Of writers that are killed, each with other options and another life, memory has no trend to
  // judge.
  void ExpectFlat() const {
    for (const Watched& watched : watched_) {
      EXPECT_EQ(FirstMedian(watched.descriptors), LastMedian(watched.descriptors)) << watched.name;
      // What snapshots and their questions take differs by a tenth from one to the next.
      const Trend trend = watched.memory.TrendFrom(WarmUp(), kWindowSeconds);
      EXPECT_LT(trend.percent_an_hour - 2 * trend.error, 1) << watched.name;
    }
  }

  const uint64_t seconds_ = SecondsAsked("IBID_SOAK_SECONDS", 7200);
  const bool is_long_;
  const bool kills_wanted_ = std::getenv("IBID_SOAK_NO_KILLS") == nullptr;
  SoakWriterOptions writer_options_;
  AwakeClock clock_;
  DocumentCache documents_;
  std::vector<std::unique_ptr<Child>> readers_;
  std::vector<Watched> watched_;
  std::unique_ptr<Child> writer_;
  double born_ = 0, until_seconds_ = 0;
  uint64_t until_commits_ = 0;
  uint64_t kills_ = 0, lost_ = 0, in_flight_ = 0, largest_index_ = 0;
  Series memory_of_writers_;
};

TEST_F(SoakOfProcesses, EveryAnswerIsThatOfItsGenerationThroughKillsAndFaults) {
  StartReader("reader with four threads", /*holder=*/false);
  StartReader("reader that holds snapshots", /*holder=*/true);
  StartWriter();
  Watch();
  KillWriter();
  board_->stop = true;
  for (const auto& reader : readers_) EXPECT_TRUE(reader->EndedWell()) << reader->Wait();
  Check(/*deep=*/true);
  PrintAll();
  EXPECT_EQ(board_->problems, 0u) << board_->first_problem;
  EXPECT_EQ(lost_, 0u);
  EXPECT_GE(kills_, kills_wanted_ ? 6u : 1u);
  EXPECT_GT(board_->answers, 0u);
  EXPECT_GT(board_->files_after_open, 0u);
  EXPECT_EQ(board_->outrun, 0u);
  if (seconds_ >= kSecondsForSlope && HasMemoryOfItsOwn()) ExpectFlat();
}

using SoakOfThreads = Soak;

TEST_F(SoakOfThreads, OfOneProcessNeitherRaceNorAnswerWrongly) {
  const uint64_t seconds = SecondsAsked("IBID_SOAK_THREADS_SECONDS", 600);
  const bool is_long = seconds > 0;
  const SoakWriterOptions writer = WriterOptionsFor(/*own_process=*/false, is_long);
  const SoakReaderOptions readers = ReaderOptionsFor(is_long);
  Series memory;
  std::vector<std::thread> threads;
  threads.emplace_back([&] { SoakWriter(place_, writer, board_).Run(); });
  threads.emplace_back([&] { RunThreads(place_, readers, board_); });
  threads.emplace_back([&] { RunHolder(place_, readers, board_); });
  AwakeClock clock;
  const auto is_over = [&] {
    if (board_->stop) return true;
    if (is_long) return clock.Seconds() >= static_cast<double>(seconds);
    return board_->commits >= 30 && board_->generations >= 4 && board_->answers >= 200;
  };
  for (double next = 0; !is_over();) {
    ::usleep(is_long ? 100000 : 2000);
    if (clock.Seconds() < next) continue;
    memory.Add(clock.Seconds(), static_cast<double>(AnonymousBytes(::getpid())));
    next = clock.Seconds() + 1;
  }
  board_->stop = true;
  for (std::thread& thread : threads) thread.join();
  Check(/*deep=*/true);
  PrintFigures(clock.Seconds());
  const double warm_up = clock.Seconds() / 6;
  if (is_long) {
    const Trend trend = memory.TrendFrom(warm_up, 60);
    std::printf(
        "figures: memory: after %.0f s %.1f MB, at last %.1f MB, %+.2f +- %.2f %% an hour\n",
        warm_up, memory.MedianBetween(warm_up, warm_up + 60) / 1e6,
        memory.MedianBetween(memory.last_seconds() - 60, 1e9) / 1e6, trend.percent_an_hour,
        trend.error);
  }
  EXPECT_EQ(board_->problems, 0u) << board_->first_problem;
  EXPECT_GT(board_->answers, 0u);
  EXPECT_EQ(NumHeld(place_.index), 0u);
}

}  // namespace
}  // namespace ibid
