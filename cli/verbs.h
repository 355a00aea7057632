// The verbs of `ibid`. Each runs one parsed command, says what there is to say, and gives the exit
// code; standard output is flushed by the caller.
#ifndef IBID_CLI_VERBS_H_
#define IBID_CLI_VERBS_H_

#include "cli/console.h"
#include "cli/flags.h"

namespace ibid::cli {

ExitCode RunIndex(const Command& command, Console& console);
ExitCode RunSearch(const Command& command, Console& console);
ExitCode RunGet(const Command& command, Console& console);
ExitCode RunDelete(const Command& command, Console& console);
ExitCode RunMerge(const Command& command, Console& console);
ExitCode RunInfo(const Command& command, Console& console);
ExitCode RunTerms(const Command& command, Console& console);
ExitCode RunPostings(const Command& command, Console& console);
ExitCode RunAnalyze(const Command& command, Console& console);
ExitCode RunCheck(const Command& command, Console& console);
ExitCode RunSalvage(const Command& command, Console& console);

}  // namespace ibid::cli

#endif  // IBID_CLI_VERBS_H_
