// What is taken by malloc, calloc and realloc elsewhere than in operator new, counted and made to
// fail: by ICU, zstd and Snowball, and by the C and C++ libraries themselves. A program that links
// failing_malloc.cc and counted_new.cc has this in place of the C library's. Under sanitizers,
// which have their own, nothing is counted and nothing fails.
//
//   FailMallocs(3, /*for_ever=*/false);  // the fourth from here
//   ... work ...
//   const bool failed = StopFailingMallocs();
#ifndef IBID_TESTS_SUPPORT_FAILING_MALLOC_H_
#define IBID_TESTS_SUPPORT_FAILING_MALLOC_H_

#include <cstdint>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define IBID_MALLOC_CAN_FAIL 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define IBID_MALLOC_CAN_FAIL 0
#else
#define IBID_MALLOC_CAN_FAIL 1
#endif
#else
#define IBID_MALLOC_CAN_FAIL 1
#endif

namespace ibid {

// Calls so far, by any thread, and blocks that were not given back.
uint64_t NumMallocs();
int64_t NumLiveMallocs();

// From here on call `number`, counted from 0 over all threads, gives none; with `for_ever` none
// behind it does. Only calls for `at_least` bytes count.
void FailMallocs(uint64_t number, bool for_ever, uint64_t at_least = 0);
// Whether any has failed.
bool StopFailingMallocs();

}  // namespace ibid

#endif  // IBID_TESTS_SUPPORT_FAILING_MALLOC_H_
