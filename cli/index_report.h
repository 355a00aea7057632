// What `ibid index` says of a commit, and of a run that stopped.
#ifndef IBID_CLI_INDEX_REPORT_H_
#define IBID_CLI_INDEX_REPORT_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "cli/console.h"
#include "cli/index_run.h"

namespace ibid::cli {

// "added 12, replaced 3, ... (commit 42: 120 documents)", for people.
std::string SummaryLine(const IndexCounts& counts);
// The same as a line of JSON whose type is `type`.
std::string SummaryJson(std::string_view type, const IndexCounts& counts, int64_t elapsed_us);

// Reports why a run ended before its commit, with what is kept.
ExitCode Stopped(const std::string& directory, const IndexCounts& counts,
                 const absl::Status& status, Console& console);

}  // namespace ibid::cli

#endif  // IBID_CLI_INDEX_REPORT_H_
