// The frozen copies as a set of kernels, and kernels that are slow on purpose.
#ifndef IBID_BENCH_GUARD_FROZEN_KERNELS_H_
#define IBID_BENCH_GUARD_FROZEN_KERNELS_H_

#include <string_view>

#include "common/codec/kernels.h"

namespace ibid::bench {

// The copy of the set "portable" or "avx2"; null where none is kept, or where the copy is older
// than a kernel of today (then bench/guard/freeze.py is to be run). The processor must run it.
const KernelSet* FrozenKernels(std::string_view name);

// `kernels` with some routines that do their work once more than needed. One at a time: a second
// call changes what the first gave. `kernels` must outlive its use.
const KernelSet& SlowedKernels(const KernelSet& kernels);

}  // namespace ibid::bench

#endif  // IBID_BENCH_GUARD_FROZEN_KERNELS_H_
