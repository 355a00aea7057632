#include "indexer/commit.h"

#include "common/base/status_macros.h"
#include "common/format/file_names.h"

namespace ibid {
namespace {

absl::Status WriteLiveDocs(Env* env, const std::string& dir, Generation generation,
                           WriterSegment* segment) {
  SegmentMeta& meta = segment->meta;
  const auto write = [&] {
    return segment->live.Write(env, dir, meta.id, generation, /*sync=*/true);
  };
  absl::StatusOr<SegmentFileInfo> written = write();
  if (absl::IsAlreadyExists(written.status())) {
    // Left by a writer that was killed in the commit of this number, and not removable since.
    RETURN_IF_ERROR(env->Remove(JoinPath(dir, LiveDocsFileName(meta.id, generation))));
    written = write();
  }
  ASSIGN_OR_RETURN(meta.live_docs_file, written);
  meta.live_docs_generation = generation;
  meta.num_deleted = segment->live.num_deleted();
  return absl::OkStatus();
}

absl::Status PrepareFiles(Env* env, const std::string& dir, Manifest* next,
                          std::vector<WriterSegment>* segments) {
  next->segments.clear();
  for (WriterSegment& segment : *segments) {
    if (segment.changed) RETURN_IF_ERROR(WriteLiveDocs(env, dir, next->generation, &segment));
    next->segments.push_back(segment.meta);
  }
  return env->SyncDirectory(dir);
}

}  // namespace

PublishResult Publish(Env* env, const std::string& dir, Manifest* next,
                      std::vector<WriterSegment>* segments) {
  PublishResult result;
  result.status = PrepareFiles(env, dir, next, segments);
  if (!result.status.ok()) return result;
  bool renamed = false;
  const absl::Status written = WriteManifest(env, dir, *next, &renamed);
  result.unknown = renamed && !written.ok();
  result.status = written;
  if (!written.ok()) return result;
  for (WriterSegment& segment : *segments) {
    segment.changed = false;
    segment.saved = LiveDocs();
  }
  return result;
}

}  // namespace ibid
