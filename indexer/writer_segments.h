// Segments as a writer sees them: open, with the documents deleted since the last commit.
//
//   ASSIGN_OR_RETURN(auto committed, WriterSegments::Open(env, dir, manifest));
//   ASSIGN_OR_RETURN(auto place, committed.Find(key));
//   if (place) committed.Delete(*place);
//
// Not thread-safe.
#ifndef IBID_INDEXER_WRITER_SEGMENTS_H_
#define IBID_INDEXER_WRITER_SEGMENTS_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/format/live_docs.h"
#include "common/format/manifest.h"
#include "common/format/segment_reader.h"
#include "common/format/stored.h"
#include "ibid/document.h"
#include "ibid/env.h"
#include "ibid/types.h"

namespace ibid {

struct WriterSegment {
  SegmentMeta meta;  // as of the last commit
  std::shared_ptr<const SegmentReader> reader;
  LiveDocs live;   // with the deletions since
  LiveDocs saved;  // as of the last commit; set when `changed`
  bool changed = false;
  std::unique_ptr<StoredCursor> stored;  // made when first needed

  uint32_t num_live() const { return live.num_docs() - live.num_deleted(); }
};

// Opens a segment without deletions, or with those that the manifest names.
absl::StatusOr<WriterSegment> OpenSegment(Env* env, const std::string& dir,
                                          const SegmentMeta& meta);

class WriterSegments {
 public:
  struct Place {
    size_t segment = 0;
    DocId doc = 0;
  };

  WriterSegments() = default;
  static absl::StatusOr<WriterSegments> Open(Env* env, const std::string& dir,
                                             const Manifest& manifest);

  // The live document of that key.
  absl::StatusOr<std::optional<Place>> Find(std::string_view key) const;
  void Delete(const Place& place);
  // Whether the document there has the same content. Where no text is stored, the fingerprint says.
  absl::StatusOr<bool> HasContent(const Place& place, const Document& document,
                                  uint64_t fingerprint);

  // The origin that the document there was added with; empty for none.
  absl::StatusOr<std::string> OriginOf(const Place& place) const;

  // Keys of live documents that start with `prefix`, in order within each segment, and what gives
  // the place of each.
  absl::Status ForEachKey(std::string_view prefix,
                          const std::function<absl::Status(std::string_view, Place)>& visit) const;

  // Forgets the deletions since the last commit.
  void Rollback();

  uint32_t num_docs() const;  // deleted ones included
  uint32_t num_live() const;
  bool changed() const;
  std::vector<WriterSegment>& segments() { return segments_; }
  const std::vector<WriterSegment>& segments() const { return segments_; }

 private:
  std::vector<WriterSegment> segments_;
  size_t compared_bytes_ = 0;  // of stored text since its pages were last let go
};

}  // namespace ibid

#endif  // IBID_INDEXER_WRITER_SEGMENTS_H_
