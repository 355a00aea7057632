// Keeps the standard library's exceptions inside the library: no memory and no further thread
// become ResourceExhausted at the edge, any other is a fault of ours and becomes Internal.
#ifndef IBID_COMMON_BASE_MEMORY_GUARD_H_
#define IBID_COMMON_BASE_MEMORY_GUARD_H_

#include <exception>
#include <new>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <type_traits>

#include "absl/status/status.h"
#include "common/base/strings.h"

namespace ibid {

// An error whose message says what was done, or has none where there is no memory for one.
inline absl::Status ErrorWhile(absl::StatusCode code, std::string_view what, std::string_view doing,
                               std::string_view reason = {}) {
  try {
    return absl::Status(code, StrCat(what, " while ", doing, reason.empty() ? "" : ": ", reason));
  } catch (const std::bad_alloc&) {
    return absl::Status(code, "");  // allocates nothing
  }
}

// Calls `function`; "out of memory while <doing>" where an allocation fails in it. It must return a
// Status or a StatusOr.
template <typename Function>
std::invoke_result_t<Function> GuardMemory(std::string_view doing, Function&& function) {
  using absl::StatusCode;
  try {
    return function();
  } catch (const std::bad_alloc&) {
  } catch (const std::length_error&) {  // a string or vector past its possible size
  } catch (const std::system_error& error) {
    return ErrorWhile(StatusCode::kResourceExhausted, "cannot start a thread", doing, error.what());
  } catch (const std::exception& error) {
    return ErrorWhile(StatusCode::kInternal, "an exception", doing, error.what());
  }
  return ErrorWhile(StatusCode::kResourceExhausted, "out of memory", doing);
}

}  // namespace ibid

#endif  // IBID_COMMON_BASE_MEMORY_GUARD_H_
