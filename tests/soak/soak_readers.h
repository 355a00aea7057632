// The readers of a soak: threads that share a searcher and move it on, and one that opens the index
// anew and holds old snapshots.
#ifndef IBID_TESTS_SOAK_SOAK_READERS_H_
#define IBID_TESTS_SOAK_SOAK_READERS_H_

#include <cstddef>
#include <cstdint>

#include "tests/soak/soak_board.h"
#include "tests/soak/soak_writer.h"

namespace ibid {

struct SoakReaderOptions {
  size_t num_threads = 4;
  size_t num_questions = 8;            // that the brute-force engine answers of one generation
  size_t answers_of_generation = 400;  // before the threads move on to the next
  uint64_t one_call_in = 10000;        // fails, of RunHolder
  uint64_t seed = 1;
};

// Both run until board->stop, and begin with the first generation.
void RunThreads(const SoakPlace& place, const SoakReaderOptions& options, SoakBoard* board);
void RunHolder(const SoakPlace& place, const SoakReaderOptions& options, SoakBoard* board);

}  // namespace ibid

#endif  // IBID_TESTS_SOAK_SOAK_READERS_H_
