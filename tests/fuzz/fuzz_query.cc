// Any bytes parse, and the canonical form of what they say parses back to the same query.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "ibid/query.h"
#include "tests/fuzz/fuzz_target.h"

namespace ibid {

std::vector<std::string> FuzzSeeds() {
  return {
      "prime minister",
      "\"prime minister\"~3 NEAR/5 paris",
      "+a -b (c OR d) AND NOT e^2.5",
      "title:rain quote:\"it fell\" text,title:x",
      "a ADJ/2 b PRE/3 c W/s d NEAR/p e",
      "wom* wom?n attck~2 ~word",
      "date:2015-11..2016 source:\"the wire\" rank:[1 TO 3} share:>=2.5",
      "a MAYBE b FILTER c XOR d | e @2 s\"x y\" p\"z\"",
      "\"a (b|c) * d\" [[ ]] ((((a))))",
      "\xe2\x80\x9cprime minister\xe2\x80\x9d caf\xc3\xa9 \xff NULL \\\" ~ ^ :",
  };
}

}  // namespace ibid

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
  ibid::Require(again.ok() && again->query == parsed->query,
                "the canonical form says something else: " + parsed->canonical);
  return 0;
}
