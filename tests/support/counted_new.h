// Allocations of C++ counted, and made to fail: a program that links counted_new.cc has this in
// place of the library's operator new. What C libraries take by malloc is in failing_malloc.h.
//
//   FailAllocations(17, /*for_ever=*/false);  // the 18th from here
//   ... work ...
//   const bool failed = StopFailing();
#ifndef IBID_TESTS_SUPPORT_COUNTED_NEW_H_
#define IBID_TESTS_SUPPORT_COUNTED_NEW_H_

#include <cstdint>

namespace ibid {

// Allocations made so far, by any thread, and those of them that live.
uint64_t NumAllocations();
int64_t NumLiveAllocations();

// What the living ones take, in bytes, and the most that they took since ResetPeak.
uint64_t HeldBytes();
uint64_t PeakBytes();
void ResetPeak();

// From here on allocation `number`, counted from 0 over all threads, throws std::bad_alloc; with
// `for_ever` all behind it, too.
void FailAllocations(uint64_t number, bool for_ever);
// Whether any has failed.
bool StopFailing();

// Whether this thread is inside operator new or delete, which ask malloc and free.
bool IsInNewOrDelete();

}  // namespace ibid

#endif  // IBID_TESTS_SUPPORT_COUNTED_NEW_H_
