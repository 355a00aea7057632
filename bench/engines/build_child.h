// Builds an index in a process of its own, so that its time and memory are its own.
//
//   int main(int argc, char** argv) {
//     if (IsBuildChild(argc, argv)) return RunBuildChild(argv);
//     ...
//     ASSIGN_OR_RETURN(ChildCost cost, BuildInChild(argv[0], "ibid", "words.txt", "work/ibid"));
#ifndef IBID_BENCH_ENGINES_BUILD_CHILD_H_
#define IBID_BENCH_ENGINES_BUILD_CHILD_H_

#include <string>

#include "absl/status/statusor.h"
#include "bench/support/process.h"

namespace ibid::bench {

// `program` is the one that calls this. Replaces `directory`. Errors of the child are on its
// standard error; here they are Internal.
absl::StatusOr<ChildCost> BuildInChild(const std::string& program, const std::string& engine,
                                       const std::string& words_path, const std::string& directory);

bool IsBuildChild(int argc, char** argv);
int RunBuildChild(char** argv);

}  // namespace ibid::bench

#endif  // IBID_BENCH_ENGINES_BUILD_CHILD_H_
