// Keeps the standard library's exceptions (no memory, no further thread) inside the library: they
// become ResourceExhausted at the edge.
#ifndef IBID_COMMON_BASE_MEMORY_GUARD_H_
#define IBID_COMMON_BASE_MEMORY_GUARD_H_

#include <new>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <type_traits>

#include "absl/status/status.h"
#include "common/base/strings.h"

namespace ibid {

// Calls `function`; "out of memory while <doing>" where an allocation fails in it. It must return a
// Status or a StatusOr.
template <typename Function>
std::invoke_result_t<Function> GuardMemory(std::string_view doing, Function&& function) {
  try {
    return function();
  } catch (const std::bad_alloc&) {
  } catch (const std::length_error&) {  // a string or vector past its possible size
  } catch (const std::system_error& error) {
    return absl::ResourceExhaustedError(
        StrCat("cannot start a thread while ", doing, ": ", error.what()));
  }
  return absl::ResourceExhaustedError(StrCat("out of memory while ", doing));
}

}  // namespace ibid

#endif  // IBID_COMMON_BASE_MEMORY_GUARD_H_
