// What the second writer of an index is told.
#ifndef IBID_COMMON_ENV_LOCK_MESSAGE_H_
#define IBID_COMMON_ENV_LOCK_MESSAGE_H_

#include <cstddef>
#include <string_view>

#include "absl/status/status.h"

namespace ibid {

// A holder's text is read no further than this.
inline constexpr size_t kMaxHolderBytes = 256;

// Aborted: "/data/idx: being written by process 2817 (ibid index)" for the lock "/data/idx/LOCK"
// and what its holder wrote. Control characters of `holder` are left out.
absl::Status LockedByAnother(std::string_view lock_path, std::string_view holder);

}  // namespace ibid

#endif  // IBID_COMMON_ENV_LOCK_MESSAGE_H_
