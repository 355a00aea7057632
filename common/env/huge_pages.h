// Large pages for memory that is read and written all over.
#ifndef IBID_COMMON_ENV_HUGE_PAGES_H_
#define IBID_COMMON_ENV_HUGE_PAGES_H_

#include <cstddef>

namespace ibid {

// Asks the system to back the whole large pages in [begin, begin + bytes) by such, where it has
// them for the asking, when they are first touched: a fault for each two megabytes instead of each
// four kilobytes, and fewer misses of the table of pages. A range of some megabytes or less is left
// alone. No promise; any thread.
void PreferHugePages(const void* begin, size_t bytes);

}  // namespace ibid

#endif  // IBID_COMMON_ENV_HUGE_PAGES_H_
