#include "tests/support/counted_new.h"

#include <malloc.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <new>

namespace {

std::atomic<uint64_t> num_allocations{0};
std::atomic<int64_t> num_live{0};
std::atomic<uint64_t> held{0};
std::atomic<uint64_t> peak{0};
std::atomic<bool> armed{false};
std::atomic<int64_t> until_failure{0};
std::atomic<bool> fails_for_ever{false};
std::atomic<bool> has_failed{false};

thread_local bool is_inside = false;

struct Inside {
  Inside() { is_inside = true; }
  ~Inside() { is_inside = false; }
};

bool Fails() {
  if (!armed.load(std::memory_order_relaxed)) return false;
  const int64_t left = until_failure.fetch_sub(1, std::memory_order_relaxed);
  if (left > 0 || (left < 0 && !fails_for_ever.load(std::memory_order_relaxed))) return false;
  has_failed.store(true, std::memory_order_relaxed);
  return true;
}

void* Allocate(std::size_t size, std::size_t alignment) {
  num_allocations.fetch_add(1, std::memory_order_relaxed);
  if (Fails()) throw std::bad_alloc();
  const std::size_t bytes =
      (std::max<std::size_t>(size, 1) + alignment - 1) / alignment * alignment;
  const Inside inside;
  void* const memory = alignment <= __STDCPP_DEFAULT_NEW_ALIGNMENT__
                           ? std::malloc(bytes)
                           : std::aligned_alloc(alignment, bytes);
  if (memory == nullptr) throw std::bad_alloc();
  num_live.fetch_add(1, std::memory_order_relaxed);
  const uint64_t now = held += malloc_usable_size(memory);
  for (uint64_t before = peak; before < now && !peak.compare_exchange_weak(before, now);) {
  }
  return memory;
}

void Free(void* memory) {
  if (memory == nullptr) return;
  num_live.fetch_sub(1, std::memory_order_relaxed);
  held -= malloc_usable_size(memory);
  const Inside inside;
  std::free(memory);
}

}  // namespace

// Those for arrays and those that do not throw call these.
void* operator new(std::size_t size) { return Allocate(size, 1); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  return Allocate(size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size) { return operator new(size); }
void* operator new[](std::size_t size, std::align_val_t alignment) {
  return operator new(size, alignment);
}
void operator delete(void* memory) noexcept { Free(memory); }
void operator delete(void* memory, std::size_t) noexcept { Free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { Free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { Free(memory); }
void operator delete[](void* memory) noexcept { Free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { Free(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { Free(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { Free(memory); }

// Also under sanitizers, whose own would count nothing.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  try {
    return operator new(size);
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}
void* operator new[](std::size_t size, const std::nothrow_t& tag) noexcept {
  return operator new(size, tag);
}
void operator delete(void* memory, const std::nothrow_t&) noexcept { Free(memory); }
void operator delete[](void* memory, const std::nothrow_t&) noexcept { Free(memory); }

namespace ibid {

bool IsInNewOrDelete() { return is_inside; }

uint64_t NumAllocations() { return num_allocations.load(); }
int64_t NumLiveAllocations() { return num_live.load(); }
uint64_t HeldBytes() { return held.load(); }
uint64_t PeakBytes() { return peak.load(); }
void ResetPeak() { peak.store(held.load()); }

void FailAllocations(uint64_t number, bool for_ever) {
  until_failure.store(static_cast<int64_t>(number));
  fails_for_ever.store(for_ever);
  has_failed.store(false);
  armed.store(true);
}

bool StopFailing() {
  armed.store(false);
  return has_failed.load();
}

}  // namespace ibid
