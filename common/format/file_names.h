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

// Ids count from 1 and are spelled with ten digits; live docs' generations with at most 18.
inline constexpr uint64_t kMaxSegmentId = 9'999'999'999;
// From here on, of segments that are merged away before their commit and never published. They have
// names of their own so that how many there were leaves no trace in the index.
inline constexpr uint64_t kFirstPassingSegmentId = uint64_t{1} << 32;
inline constexpr uint64_t kMaxGeneration = 999'999'999'999'999'999;

std::string SegmentFileName(uint64_t segment_id);                        // seg_0000000007.ibid
std::string LiveDocsFileName(uint64_t segment_id, uint64_t generation);  // live_0000000007_12.ibid
std::string JoinPath(std::string_view directory, std::string_view name);

// kTemporary: seg_<id>.ibid.<word>.tmp, with <word> of a-z, 0-9 and '_'.
enum class IndexFileKind {
  kManifest,
  kManifestTemp,
  kLock,
  kSegment,
  kLiveDocs,
  kTemporary,
  kForeign
};

struct IndexFileName {
  IndexFileKind kind = IndexFileKind::kForeign;
  uint64_t segment_id = 0;
  uint64_t generation = 0;
};

// kForeign for anything this library would not have written; such files are never touched.
IndexFileName ParseIndexFileName(std::string_view name);

}  // namespace ibid

#endif  // IBID_COMMON_FORMAT_FILE_NAMES_H_
