// Which documents of a segment are not deleted: a bitmap, written anew by each commit that deletes.
//
//   LiveDocs live(segment.num_docs);
//   live.Delete(doc);
//   ASSIGN_OR_RETURN(SegmentFileInfo info, live.Write(env, dir, segment.id, generation, true));
//
// A value; safe to read from any number of threads.
#ifndef IBID_COMMON_FORMAT_LIVE_DOCS_H_
#define IBID_COMMON_FORMAT_LIVE_DOCS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/format/segment_file.h"
#include "ibid/env.h"
#include "ibid/types.h"

namespace ibid {

inline constexpr std::string_view kLiveDocsMagic = "IBIDLIV1";
inline constexpr size_t kLiveDocsHeaderBytes = 40;

// What a manifest says of a live-docs file.
struct LiveDocsInfo {
  SegmentFileInfo file;
  uint32_t num_deleted = 0;
};

class LiveDocs {
 public:
  // What a manifest would say of the file, taken from the file itself. NotFound; DataLoss.
  static absl::StatusOr<LiveDocsInfo> Describe(Env* env, const std::string& dir,
                                               uint64_t segment_id, uint64_t generation);

  LiveDocs() = default;
  explicit LiveDocs(uint32_t num_docs);  // all live

  // REQUIRES here and in Delete: doc < num_docs().
  bool IsLive(DocId doc) const { return (words_[doc >> 6] >> (doc & 63) & 1) != 0; }
  bool Delete(DocId doc);  // false where it was deleted already
  uint32_t num_docs() const { return num_docs_; }
  uint32_t num_deleted() const { return num_deleted_; }

  // Writes <dir>/live_<segment>_<generation>.ibid; synced with `sync`.
  absl::StatusOr<SegmentFileInfo> Write(Env* env, const std::string& dir, uint64_t segment_id,
                                        uint64_t generation, bool sync) const;
  // DataLoss where size, checksum, ids or the number of deleted documents are not as expected.
  static absl::StatusOr<LiveDocs> Read(Env* env, const std::string& dir, uint64_t segment_id,
                                       uint64_t generation, const SegmentFileInfo& expected,
                                       uint32_t num_docs, uint32_t num_deleted);

 private:
  uint32_t num_docs_ = 0;
  uint32_t num_deleted_ = 0;
  std::vector<uint64_t> words_;
};

}  // namespace ibid

#endif  // IBID_COMMON_FORMAT_LIVE_DOCS_H_
