#include "tests/support/failing_malloc.h"

#include <atomic>
#include <cerrno>
#include <cstddef>

#include "tests/support/counted_new.h"

namespace {

std::atomic<uint64_t> num_calls{0};
std::atomic<int64_t> num_live{0};
std::atomic<bool> armed{false};
std::atomic<uint64_t> least_size{0};
std::atomic<int64_t> until_failure{0};
std::atomic<bool> fails_for_ever{false};
std::atomic<bool> has_failed{false};

[[maybe_unused]] bool Fails(std::size_t size) {
  num_calls.fetch_add(1, std::memory_order_relaxed);
  if (!armed.load(std::memory_order_relaxed) || size < least_size) return false;
  const int64_t left = until_failure.fetch_sub(1, std::memory_order_relaxed);
  if (left > 0 || (left < 0 && !fails_for_ever.load(std::memory_order_relaxed))) return false;
  has_failed.store(true, std::memory_order_relaxed);
  errno = ENOMEM;
  return true;
}

}  // namespace

#if IBID_MALLOC_CAN_FAIL
// Seen from other libraries, whatever the compiler hides by default.
#define IBID_REPLACES __attribute__((visibility("default")))

// glibc's own, and its leave to replace what calls them: "Replacing malloc" of its manual.
extern "C" {
void* __libc_malloc(std::size_t size);                     // NOLINT
void* __libc_calloc(std::size_t count, std::size_t size);  // NOLINT
void* __libc_realloc(void* memory, std::size_t size);      // NOLINT
void __libc_free(void* memory);                            // NOLINT

IBID_REPLACES void* malloc(std::size_t size) {
  if (ibid::IsInNewOrDelete()) return __libc_malloc(size);
  if (Fails(size)) return nullptr;
  num_live.fetch_add(1, std::memory_order_relaxed);
  return __libc_malloc(size);
}

IBID_REPLACES void* calloc(std::size_t count, std::size_t size) {
  if (Fails(count * size)) return nullptr;
  num_live.fetch_add(1, std::memory_order_relaxed);
  return __libc_calloc(count, size);
}

IBID_REPLACES void* realloc(void* memory, std::size_t size) {
  if (Fails(size)) return nullptr;
  if (memory == nullptr) num_live.fetch_add(1, std::memory_order_relaxed);
  return __libc_realloc(memory, size);
}

IBID_REPLACES void free(void* memory) {
  if (memory != nullptr && !ibid::IsInNewOrDelete()) {
    num_live.fetch_sub(1, std::memory_order_relaxed);
  }
  __libc_free(memory);
}
}  // extern "C"
#endif

namespace ibid {

uint64_t NumMallocs() { return num_calls.load(); }
int64_t NumLiveMallocs() { return num_live.load(); }

void FailMallocs(uint64_t number, bool for_ever, uint64_t at_least) {
  least_size.store(at_least);
  until_failure.store(static_cast<int64_t>(number));
  fails_for_ever.store(for_ever);
  has_failed.store(false);
  armed.store(true);
}

bool StopFailingMallocs() {
  armed.store(false);
  return has_failed.load();
}

}  // namespace ibid
