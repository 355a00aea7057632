// The names of the files of an index: the only place that knows them.
#ifndef IBID_COMMON_FORMAT_FILE_NAMES_H_
#define IBID_COMMON_FORMAT_FILE_NAMES_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace ibid {

inline constexpr std::string_view kManifestName = "MANIFEST";
inline constexpr std::string_view kManifestTempName = "MANIFEST.tmp";
inline constexpr std::string_view kLockName = "LOCK";

std::string SegmentFileName(uint64_t segment_id);                          // seg_0000000007.ibid
std::string LiveDocsFileName(uint64_t segment_id, uint64_t generation);    // live_0000000007_12.ibid
std::string JoinPath(std::string_view directory, std::string_view name);

enum class IndexFileKind { kManifest, kManifestTemp, kLock, kSegment, kLiveDocs, kTemporary, kForeign };

struct IndexFileName {
  IndexFileKind kind = IndexFileKind::kForeign;
  uint64_t segment_id = 0;
  uint64_t generation = 0;
};

// kForeign for anything this library would not have written; such files are never touched.
IndexFileName ParseIndexFileName(std::string_view name);

}  // namespace ibid

#endif  // IBID_COMMON_FORMAT_FILE_NAMES_H_
