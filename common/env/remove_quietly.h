// For destructors, which have no way to fail.
#ifndef IBID_COMMON_ENV_REMOVE_QUIETLY_H_
#define IBID_COMMON_ENV_REMOVE_QUIETLY_H_

#include <string>

#include "common/base/memory_guard.h"
#include "ibid/env.h"

namespace ibid {

// Removes a file of an index where that can be done, also where memory has run out. Whoever opens
// the index next removes what stays behind.
inline void RemoveQuietly(Env* env, const std::string& path) noexcept {
  GuardMemory("removing", [&] { return env->Remove(path); }).IgnoreError();
}

}  // namespace ibid

#endif  // IBID_COMMON_ENV_REMOVE_QUIETLY_H_
