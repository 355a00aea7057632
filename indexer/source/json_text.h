// The scalars of JSON (RFC 8259): strings without their escapes, numbers.
#ifndef IBID_INDEXER_SOURCE_JSON_TEXT_H_
#define IBID_INDEXER_SOURCE_JSON_TEXT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ibid/document.h"

namespace ibid {

// Appends to `out` the string that `json` begins with, its opening quote taken off already, and
// returns how many lone surrogates became U+FFFD; nothing where an escape is wrong or no quote ends
// it.
std::optional<uint64_t> AppendJsonString(std::string_view json, std::string* out);

// The number written as `token`: an integer, a real (an integer beyond 64 bits too), or its own
// text where it is beyond the reals; nothing where it is no JSON number.
std::optional<FieldValue> ParseJsonNumber(std::string_view token);

}  // namespace ibid

#endif  // IBID_INDEXER_SOURCE_JSON_TEXT_H_
