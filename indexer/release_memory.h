// Gives memory that was freed back to the system.
#ifndef IBID_INDEXER_RELEASE_MEMORY_H_
#define IBID_INDEXER_RELEASE_MEMORY_H_

namespace ibid {

// Between two kinds of work: what the threads that made segments have freed lies in arenas of their
// own, of no use to the merge that follows. A hint; does nothing where the C library has no such
// call. Takes milliseconds.
void ReleaseFreeMemory();

}  // namespace ibid

#endif  // IBID_INDEXER_RELEASE_MEMORY_H_
