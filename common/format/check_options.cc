#include "common/format/check_options.h"

#include "common/base/strings.h"

namespace ibid {

absl::Status CheckIndexOptions(const IndexOptions& options) {
  if (options.analyzer != AnalyzerKind::kStandard && options.analyzer != AnalyzerKind::kAlnum) {
    return absl::InvalidArgumentError(
        StrCat("analyzer ", static_cast<int>(options.analyzer), ": there is no such"));
  }
  if (options.pairs_percent < 0 || options.pairs_percent > 100) {
    return absl::InvalidArgumentError(
        StrCat("pairs of ", options.pairs_percent, " %: 0 to 100 are possible"));
  }
  return absl::OkStatus();
}

}  // namespace ibid
