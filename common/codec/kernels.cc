#include "common/codec/kernels.h"

#include <bit>
#include <cstdlib>

namespace ibid {
namespace {

// The plainest code for each routine: the reference that the others are tested against, and the
// set for big-endian machines, whose vectors would not match the bytes on disk.
constexpr KernelSet kScalar = {"scalar", kernels::Crc32cPortable, &kernels::kBlocksScalar,
                               kernels::PrefixSumScalar, &kernels::kScansScalar};

constexpr KernelSet kPortable = {"portable", kernels::Crc32cPortable, &kernels::kBlocksPortable,
                                 kernels::PrefixSumPortable, &kernels::kScansScalar};

#if IBID_X86_64_KERNELS
constexpr KernelSet kSse42 = {"sse42", kernels::Crc32cSse42, &kernels::kBlocksPortable,
                              kernels::PrefixSumPortable, &kernels::kScansScalar};

constexpr KernelSet kAvx2 = {"avx2", kernels::Crc32cSse42, &kernels::kBlocksPortable,
                             kernels::PrefixSumAvx2, &kernels::kScansAvx2};
#endif

std::string_view WantedName() {
  const char* name = std::getenv("IBID_KERNELS");
  return name == nullptr ? std::string_view() : std::string_view(name);
}

}  // namespace

std::vector<const KernelSet*> RunnableKernels() {
  std::vector<const KernelSet*> sets = {&kScalar};
  if constexpr (std::endian::native == std::endian::little) sets.push_back(&kPortable);
#if IBID_X86_64_KERNELS
  __builtin_cpu_init();
  const bool sse42 = __builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("pclmul");
  if (sse42) sets.push_back(&kSse42);
  if (sse42 && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("popcnt"))
    sets.push_back(&kAvx2);
#endif
  return sets;
}

const KernelSet& ChooseKernels(std::string_view name) {
  const std::vector<const KernelSet*> sets = RunnableKernels();
  for (const KernelSet* set : sets) {
    if (name == set->name) return *set;
  }
  return *sets.back();
}

const KernelSet& Kernels() {
  static const KernelSet& chosen = ChooseKernels(WantedName());
  return chosen;
}

}  // namespace ibid
