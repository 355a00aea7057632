#include "bench/guard/paired.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "bench/guard/frozen_kernels.h"
#include "bench/guard/kernel_cases.h"
#include "common/codec/kernels.h"

namespace ibid::bench {
namespace {

TEST(Paired, SeesALoopThatRunsAQuarterLonger) {
  const auto data = MakeKernelData();
  const std::vector<KernelCase> cases = MakeKernelCases(Kernels(), data);
  for (const char* name : {"unpack 16", "score_postings"}) {
    const auto kernel = std::find_if(cases.begin(), cases.end(),
                                     [name](const KernelCase& c) { return c.name == name; });
    ASSERT_NE(kernel, cases.end());
    const auto times = [&kernel](int calls) {
      return [run = kernel->run, calls] {
        for (int i = 0; i < calls; ++i) run();
      };
    };
    EXPECT_GT(PairedRatio(times(5), times(4), {}), kPairedGate) << name;
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
