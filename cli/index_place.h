// Where the index is: -i DIR, else $IBID_INDEX, else `.ibid`.
#ifndef IBID_CLI_INDEX_PLACE_H_
#define IBID_CLI_INDEX_PLACE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace ibid::cli {

// For `ibid index`: falls back to `.ibid` in the current directory.
std::string PlaceForIndexing(const std::optional<std::string>& flag);

// InvalidArgument where one of `roots` (the PATHs of `ibid index`) is the index `directory` itself,
// or lies inside it while there is no index yet: a folder of documents would become an index that
// leaves out all that is below it. Symbolic links are followed.
absl::Status CheckIsNoRoot(const std::string& directory, const std::vector<std::string>& roots);

// Whether `path`, which need not be there, is `directory` or lies inside it. Links are followed.
bool IsInside(const std::string& path, const std::string& directory);

// For all other verbs: falls back to the nearest `.ibid` here or in a directory above, as git does
// with its own. NotFound where there is none.
absl::StatusOr<std::string> PlaceOfExisting(const std::optional<std::string>& flag);

}  // namespace ibid::cli

#endif  // IBID_CLI_INDEX_PLACE_H_
