// Any bytes parse, and the canonical form of what they say parses back to the same query.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "ibid/query.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const absl::StatusOr<ibid::ParsedQuery> parsed = ibid::ParseQuery(text, {});
  if (!parsed.ok()) return 0;
  for (const ibid::QueryNote& note : parsed->notes) ibid::FormatNote(text, note);
  // The canonical form may be longer than what was typed, so its limits are wider.
  ibid::ParseOptions wide;
  wide.limits.max_query_bytes = size_t{64} << 20;
  wide.limits.max_nesting *= 4;
  const absl::StatusOr<ibid::ParsedQuery> again = ibid::ParseQuery(parsed->canonical, wide);
  if (!again.ok() || !(again->query == parsed->query)) std::abort();
  return 0;
}
