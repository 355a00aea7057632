#include <sys/mman.h>

#include <cstdint>

#include "common/env/huge_pages.h"

namespace ibid {
namespace {

constexpr uintptr_t kHugePageBytes = uintptr_t{2} << 20;
constexpr size_t kSmallestRange = size_t{8} << 20;

}  // namespace

void PreferHugePages(const void* begin, size_t bytes) {
#if defined(MADV_HUGEPAGE)
  if (bytes < kSmallestRange) return;
  const auto address = reinterpret_cast<uintptr_t>(begin);
  const uintptr_t first = (address + kHugePageBytes - 1) / kHugePageBytes * kHugePageBytes;
  const uintptr_t end = (address + bytes) / kHugePageBytes * kHugePageBytes;
  // A system that does not know the advice says so, and nothing else has changed.
  if (first < end) ::madvise(reinterpret_cast<void*>(first), end - first, MADV_HUGEPAGE);
#else
  static_cast<void>(begin);
  static_cast<void>(bytes);
#endif
}

}  // namespace ibid
