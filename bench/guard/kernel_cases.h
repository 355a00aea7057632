// One run of each kernel of a set over fixed data, of some microseconds.
//
//   const auto data = MakeKernelData();
//   for (const KernelCase& c : MakeKernelCases(Kernels(), data)) c.run();
#ifndef IBID_BENCH_GUARD_KERNEL_CASES_H_
#define IBID_BENCH_GUARD_KERNEL_CASES_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/codec/kernels.h"

namespace ibid::bench {

struct KernelData;
std::shared_ptr<KernelData> MakeKernelData();

struct KernelCase {
  std::string name;  // "unpack 7"
  std::function<void()> run;
};

// The same cases in the same order for every set. `set` must outlive them; they share `data`, so
// that two sets work on the same bytes.
std::vector<KernelCase> MakeKernelCases(const KernelSet& set,
                                        const std::shared_ptr<KernelData>& data);

}  // namespace ibid::bench

#endif  // IBID_BENCH_GUARD_KERNEL_CASES_H_
