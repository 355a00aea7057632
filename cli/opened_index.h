// What most verbs begin with: the index of -i, $IBID_INDEX or the nearest .ibid, opened.
//
//   OpenedIndex index = OpenIndex(command);
//   if (!index.status.ok()) return FailOn(index.directory, index.status, console);
#ifndef IBID_CLI_OPENED_INDEX_H_
#define IBID_CLI_OPENED_INDEX_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "cli/console.h"
#include "cli/flags.h"
#include "ibid/index_reader.h"

namespace ibid::cli {

struct OpenedIndex {
  absl::Status status;
  std::string directory;                      // as far as it is known
  std::shared_ptr<const IndexReader> reader;  // null where !status.ok()
};

OpenedIndex OpenIndex(const Command& command);

// Reports an error of the index in `directory`, with what helps against it.
ExitCode FailOn(const std::string& directory, const absl::Status& status, Console& console);

// "ibid salvage news.ibid NEW to keep the rest".
std::string SalvageHint(const std::string& directory);

// "commit 41, 120,000 documents": what a reader of `directory` sees; empty where there is none. An
// index that is there but cannot be opened is not taken for none.
std::string KeptIn(const std::string& directory);

}  // namespace ibid::cli

#endif  // IBID_CLI_OPENED_INDEX_H_
