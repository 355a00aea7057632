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

namespace ibid {

// Calls so far, by any thread, and blocks that were not given back.
uint64_t NumMallocs();
int64_t NumLiveMallocs();

// From here on call `number`, counted from 0 over all threads, gives none; with `for_ever` none
// behind it does.
void FailMallocs(uint64_t number, bool for_ever);
// Whether any has failed.
bool StopFailingMallocs();

}  // namespace ibid

#endif  // IBID_TESTS_SUPPORT_FAILING_MALLOC_H_
