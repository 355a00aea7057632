#include "bench/guard/paired.h"

#include <gtest/gtest.h>

#include <functional>
#include <string_view>
#include <utility>
#include <vector>

#include "bench/guard/frozen_kernels.h"
#include "bench/guard/kernel_cases.h"
#include "common/codec/kernels.h"

namespace ibid::bench {
namespace {

// A machine on which time passes only where a test says so.
class Machine {
 public:
  // A routine that takes so many seconds a call.
  std::function<void()> Routine(double seconds) {
    return [this, seconds] { now_ += seconds; };
  }
  PairedOptions Options() {
    PairedOptions options;
    options.clock = [this] {
      now_ += interrupted_ ? interrupted_(reads_) : 0;
      ++reads_;
      return now_;
    };
    return options;
  }
  // Seconds that pass beside the routine, by how often the clock was read before.
  void Interrupt(std::function<double(int)> seconds) { interrupted_ = std::move(seconds); }
  int reads() const { return reads_; }

 private:
  double now_ = 0;
  int reads_ = 0;
  std::function<double(int)> interrupted_;
};

constexpr double kMicrosecond = 1e-6;

TEST(Paired, SeesALoopThatRunsAQuarterLonger) {
  Machine machine;
  EXPECT_NEAR(PairedRatio(machine.Routine(5 * kMicrosecond), machine.Routine(4 * kMicrosecond),
                          machine.Options()),
              1.25, 1e-9);
  EXPECT_GT(1.25, kPairedGate);
}

TEST(Paired, InterruptionsOfMostRoundsChangeNothing) {
  for (const int undisturbed : {0, 5, 38}) {
    Machine machine;
    machine.Interrupt([=](int reads) { return reads / 4 % 41 == undisturbed ? 0 : reads * 1e-5; });
    EXPECT_NEAR(PairedRatio(machine.Routine(5 * kMicrosecond), machine.Routine(4 * kMicrosecond),
                            machine.Options()),
                1.25, 1e-9);
  }
}

TEST(Paired, ALongFirstCallDoesNotMakeTheRoundsShort) {
  Machine machine;  // a clock that takes a microsecond, and an interruption at its second reading
  machine.Interrupt([](int reads) { return reads == 1 ? 1.0 : kMicrosecond; });
  EXPECT_GT(PairedRatio(machine.Routine(5e-8), machine.Routine(4e-8), machine.Options()), 1.23);
}

TEST(Paired, ADisturbanceThatLastsPassesWithMoreRounds) {
  for (const int attempts : {1, 10}) {
    Machine machine;
    const auto routine = machine.Routine(kMicrosecond);
    PairedOptions options = machine.Options();
    options.attempts = attempts;
    const auto now = [&] {  // twice as long until the clock was read 300 times
      routine();
      if (machine.reads() < 300) routine();
    };
    const double ratio = PairedRatio(now, routine, options);
    EXPECT_NEAR(ratio, attempts == 1 ? 2 : 1, 1e-9) << attempts;
  }
}

TEST(Paired, EachKernelOfASetHasACaseAndAFrozenCopy) {
  constexpr size_t kScanKernels = sizeof(kernels::ScanRoutines) / sizeof(void*);
  EXPECT_EQ(kScanKernels, 9u) << "a kernel is new: give it a case in kernel_cases.cc, run "
                                 "bench/guard/freeze.py, and count it here";
  EXPECT_EQ(sizeof(KernelSet) / sizeof(void*), 5u);
  const auto data = MakeKernelData();
  for (const KernelSet* set : RunnableKernels()) {
    if (set->name != std::string_view("portable") && set->name != std::string_view("avx2"))
      continue;
    const KernelSet* frozen = FrozenKernels(set->name);
    ASSERT_NE(frozen, nullptr) << "run bench/guard/freeze.py";
    EXPECT_NE(frozen->scans->score_postings, set->scans->score_postings);
    for (const KernelCase& kernel_case : MakeKernelCases(*frozen, data)) kernel_case.run();
  }
}

TEST(Paired, SlowedKernelsGiveTheSame) {
  const KernelSet& kernels = Kernels();
  const KernelSet& slowed = SlowedKernels(kernels);
  const uint8_t bytes[] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
  EXPECT_EQ(slowed.crc32c(bytes, sizeof(bytes), 5), kernels.crc32c(bytes, sizeof(bytes), 5));
  EXPECT_NE(slowed.blocks->unpack[7], kernels.blocks->unpack[7]);
}

}  // namespace
}  // namespace ibid::bench
