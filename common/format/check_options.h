// Whether an index can have given options.
#ifndef IBID_COMMON_FORMAT_CHECK_OPTIONS_H_
#define IBID_COMMON_FORMAT_CHECK_OPTIONS_H_

#include "absl/status/status.h"
#include "ibid/index_options.h"

namespace ibid {

// InvalidArgument, naming the option, where a manifest cannot hold it. Of languages the analyzer
// knows (Analyzer::Create).
absl::Status CheckIndexOptions(const IndexOptions& options);

}  // namespace ibid

#endif  // IBID_COMMON_FORMAT_CHECK_OPTIONS_H_
