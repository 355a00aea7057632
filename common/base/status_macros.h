// The two macros of the project: hand an error up to the caller.
#ifndef IBID_COMMON_BASE_STATUS_MACROS_H_
#define IBID_COMMON_BASE_STATUS_MACROS_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

// RETURN_IF_ERROR(file->Sync());
#define RETURN_IF_ERROR(expr)                                                     \
  do {                                                                            \
    if (absl::Status ibid_status = (expr); !ibid_status.ok()) return ibid_status; \
  } while (false)

#define IBID_CONCAT_INNER(a, b) a##b
#define IBID_CONCAT(a, b) IBID_CONCAT_INNER(a, b)

// ASSIGN_OR_RETURN(auto file, env->OpenReadable(path));
#define ASSIGN_OR_RETURN(lhs, expr) \
  IBID_ASSIGN_OR_RETURN_INNER(IBID_CONCAT(ibid_statusor_, __LINE__), lhs, expr)
#define IBID_ASSIGN_OR_RETURN_INNER(tmp, lhs, expr) \
  auto tmp = (expr);                                \
  if (!tmp.ok()) return std::move(tmp).status();    \
  lhs = std::move(tmp).value()

#endif  // IBID_COMMON_BASE_STATUS_MACROS_H_
