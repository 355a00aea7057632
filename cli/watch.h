// ibid index --watch: an index that follows its folders.
#ifndef IBID_CLI_WATCH_H_
#define IBID_CLI_WATCH_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/console.h"
#include "cli/exit_codes.h"
#include "cli/flags.h"
#include "ibid/index_writer.h"
#include "indexer/source/source.h"

namespace ibid::cli {

// What a watch is about. All of it outlives the call.
struct WatchPlan {
  const Command& command;
  const std::string& directory;  // of the index
  const std::vector<std::string>& roots;
  const SourceOptions& source;
  // Takes the index for writing: at first as --wait says, again for as long as it takes.
  std::function<absl::StatusOr<std::unique_ptr<IndexWriter>>(bool again)> open;
};

// Indexes the roots as `ibid index --prune` does, then what changes in them, until an interrupt
// (exit code 130), SIGTERM (0) or an error. The index is held only while something is written.
ExitCode RunWatch(const WatchPlan& plan, Console& console);

}  // namespace ibid::cli

#endif  // IBID_CLI_WATCH_H_
