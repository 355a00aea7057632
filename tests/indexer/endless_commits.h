// A writer that commits for ever, for tests that end it: what its index must show follows from the
// number of the last commit alone.
#ifndef IBID_TESTS_INDEXER_ENDLESS_COMMITS_H_
#define IBID_TESTS_INDEXER_ENDLESS_COMMITS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "ibid/document.h"
#include "ibid/env.h"
#include "tests/indexer/index_model.h"

namespace ibid {

// What the index holds after commit `step`, counted from 1: each commit adds a document, replaces
// two, and deletes the oldest; each 23rd merges.
std::vector<Document> DocumentsAfter(int64_t step);

// The number of the last commit that the index shows; 0 where there is none.
int64_t StepOf(const IndexModel& model);

// Goes on from commit `step` and writes each number to the pipe once it is committed. Ends the
// process where anything fails, with a code above 2.
[[noreturn]] void CommitForEver(Env* env, const std::string& dir, int64_t step, bool background,
                                int pipe);

}  // namespace ibid

#endif  // IBID_TESTS_INDEXER_ENDLESS_COMMITS_H_
