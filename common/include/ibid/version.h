// Versions of the library and of what it writes.
#ifndef IBID_VERSION_H_
#define IBID_VERSION_H_

#include <cstdint>

namespace ibid {

inline constexpr char kVersion[] = "0.1.0";

// The on-disk format this library writes (docs/FORMAT.md), and the oldest it reads.
inline constexpr uint32_t kFormatVersion = 4;
inline constexpr uint32_t kOldestReadableFormatVersion = 1;

// Moves whenever the same text would give other terms, positions or regions.
inline constexpr uint32_t kAnalysisVersion = 1;

}  // namespace ibid

#endif  // IBID_VERSION_H_
