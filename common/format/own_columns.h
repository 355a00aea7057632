// Columns that the library keeps for itself; their names begin with '_', which no user's may.
#ifndef IBID_COMMON_FORMAT_OWN_COLUMNS_H_
#define IBID_COMMON_FORMAT_OWN_COLUMNS_H_

#include <string_view>

namespace ibid {

// Where no text is stored: a hash of the whole document, to tell whether it changed, and the bytes
// of its title and text.
inline constexpr std::string_view kFingerprintColumn = "_fingerprint";
inline constexpr std::string_view kTextBytesColumn = "_text_bytes";
// Where a document came from, of those that were added with an origin.
inline constexpr std::string_view kOriginColumn = "_origin";

}  // namespace ibid

#endif  // IBID_COMMON_FORMAT_OWN_COLUMNS_H_
