// Who this process is, for messages to others.
#ifndef IBID_COMMON_ENV_PROCESS_ID_H_
#define IBID_COMMON_ENV_PROCESS_ID_H_

#include <cstdint>

namespace ibid {

// The system's number of this process.
int64_t ProcessId();

}  // namespace ibid

#endif  // IBID_COMMON_ENV_PROCESS_ID_H_
