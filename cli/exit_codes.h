// What `ibid` tells the shell.
#ifndef IBID_CLI_EXIT_CODES_H_
#define IBID_CLI_EXIT_CODES_H_

#include "absl/status/status.h"

namespace ibid::cli {

enum ExitCode : int {
  kFound = 0,         // found, or done
  kNothingFound = 1,  // a search without hits, a key or term that is not there
  kUsage = 2,         // flags, a query refused by --strict, --create on an existing index
  kNoIndex = 3,       // no index here, or one that this program cannot read
  kCorrupt = 4,
  kInputOutput = 5,  // disk full, read and write errors, permissions, a missing PATH
  kBusy = 6,         // another writer
  kLimit = 7,        // a limit was reached (answers are flagged as partial), or no memory is left
  kBug = 70,
  kInterrupted = 130,
};

// The one place where a Status becomes an exit code.
ExitCode ExitCodeOf(const absl::Status& status);

}  // namespace ibid::cli

#endif  // IBID_CLI_EXIT_CODES_H_
