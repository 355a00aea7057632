#include "ibid/salvage_index.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/memory_guard.h"
#include "common/base/status_macros.h"
#include "common/format/check_options.h"
#include "common/format/file_names.h"
#include "common/text/analyzer.h"
#include "searcher/salvage_source.h"

namespace ibid {
namespace {

constexpr size_t kCopyBytes = size_t{1} << 20;

// The directory that holds `path`.
std::string ParentOf(std::string path) {
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

// Whether a version of a document in `candidate` is to be taken rather than one in `other`. An
// index has one live version of each: where the deletions of a segment are known, it is what they
// spare. Otherwise the segment that was written later has it; the order of segments is not that of
// their age, since a merge stands where the first of its sources stood.
// Without a manifest nobody knows whether a segment had deletions.
bool IsRather(const SalvageCandidate& candidate, const SalvageCandidate& other, bool has_manifest) {
  const bool differ = candidate.has_live_docs != other.has_live_docs;
  if (has_manifest && differ) return candidate.has_live_docs;
  return candidate.meta.id > other.meta.id;
}

// Of documents with one key all but one are deleted: what lost its list of deletions may hold old
// versions of documents.
absl::StatusOr<uint64_t> DropOldVersions(std::vector<SalvageCandidate>* candidates,
                                         bool has_manifest) {
  uint64_t num_dropped = 0;
  for (SalvageCandidate& older : *candidates) {
    if (older.reader == nullptr) continue;
    for (DocId doc = 0; doc < older.meta.num_docs; ++doc) {
      if (!older.live.IsLive(doc)) continue;
      ASSIGN_OR_RETURN(const std::string key, older.reader->keys().Key(doc));
      for (const SalvageCandidate& newer : *candidates) {
        if (newer.reader == nullptr || !IsRather(newer, older, has_manifest)) continue;
        ASSIGN_OR_RETURN(const std::optional<DocId> found, newer.reader->keys().Find(key));
        if (!found.has_value() || !newer.live.IsLive(*found)) continue;
        older.live.Delete(doc);
        ++num_dropped;
        break;
      }
    }
  }
  return num_dropped;
}

// The new index on its way: everything it made is removed again unless it is finished.
class Copy {
 public:
  Copy(Env* env, const std::string& destination) : env_(env), destination_(destination) {}

  ~Copy() {
    if (is_finished_ || !has_directory_) return;
    const auto remove = [this] {
      for (const std::string& name : names_) {
        env_->Remove(JoinPath(destination_, name)).IgnoreError();
      }
      return env_->RemoveDirectory(destination_);
    };
    GuardMemory("salvaging an index", remove).IgnoreError();  // without a manifest it is no index
  }

  absl::Status ExpectNothingThere() {
    const absl::Status present = env_->Stat(destination_).status();
    if (absl::IsNotFound(present)) return absl::OkStatus();
    RETURN_IF_ERROR(present);
    return absl::AlreadyExistsError(absl::StrCat(destination_, ": is there already"));
  }

  absl::Status Begin() {
    RETURN_IF_ERROR(ExpectNothingThere());
    RETURN_IF_ERROR(env_->CreateDirectory(destination_));
    has_directory_ = true;
    return env_->SyncDirectory(ParentOf(destination_));
  }

  absl::Status Add(const SalvageCandidate& candidate, Generation generation, Manifest* manifest) {
    SegmentMeta meta = candidate.meta;
    RETURN_IF_ERROR(CopyFile(*candidate.file, SegmentFileName(meta.id)));
    meta.num_deleted = candidate.live.num_deleted();
    meta.live_docs_generation = 0;
    meta.live_docs_file = {};
    if (meta.num_deleted > 0) {
      names_.push_back(LiveDocsFileName(meta.id, generation));
      meta.live_docs_generation = generation;
      ASSIGN_OR_RETURN(meta.live_docs_file, candidate.live.Write(env_, destination_, meta.id,
                                                                 generation, /*sync=*/true));
    }
    manifest->segments.push_back(meta);
    return absl::OkStatus();
  }

  // Steps 3 to 6 of the commit protocol.
  absl::Status Finish(const Manifest& manifest) {
    RETURN_IF_ERROR(env_->SyncDirectory(destination_));
    names_.insert(names_.begin(), std::string(kManifestName));
    bool renamed = false;
    const absl::Status written = WriteManifest(env_, destination_, manifest, &renamed);
    is_finished_ = renamed;
    return written;
  }

 private:
  absl::Status CopyFile(const ReadableFile& from, const std::string& name) {
    names_.push_back(name);  // in a directory that was not there
    ASSIGN_OR_RETURN(const auto to, env_->CreateFile(JoinPath(destination_, name),
                                                     /*exclusive=*/true));
    const std::span<const uint8_t> bytes = from.bytes();
    for (size_t at = 0; at < bytes.size(); at += kCopyBytes) {
      const size_t length = std::min(kCopyBytes, bytes.size() - at);
      RETURN_IF_ERROR(to->Append({reinterpret_cast<const char*>(bytes.data()) + at, length}));
      from.DontNeed(at, length);
    }
    RETURN_IF_ERROR(to->Sync());
    return to->Close();
  }

  Env* env_;
  const std::string& destination_;
  std::vector<std::string> names_;
  bool has_directory_ = false;
  bool is_finished_ = false;
};

absl::Status NoteWhatIsUncertain(SalvageSource* source, SalvageReport* report) {
  bool all_deletions_known = source->has_manifest;
  for (const SalvageCandidate& candidate : source->candidates) {
    if (candidate.reader != nullptr && !candidate.has_live_docs) {
      all_deletions_known = false;
      report->notes.push_back(absl::StrCat(
          candidate.outcome.file, ": its list of deletions is lost; deleted documents are back"));
    }
  }
  if (!source->has_manifest) {
    report->notes.push_back(
        absl::StrCat("the MANIFEST is lost: language ", source->manifest.options.language,
                     " is taken for its own, and every segment that lies there for a part of it"));
  }
  if (all_deletions_known) return absl::OkStatus();
  ASSIGN_OR_RETURN(const uint64_t num_dropped,
                   DropOldVersions(&source->candidates, source->has_manifest));
  if (num_dropped > 0) {
    report->notes.push_back(
        absl::StrCat(num_dropped, " documents left out: another segment has a newer version"));
  }
  return absl::OkStatus();
}

void Sum(const SalvageSource& source, SalvageReport* report) {
  report->has_manifest = source.has_manifest;
  for (const SalvageCandidate& candidate : source.candidates) {
    SalvagedSegment segment = candidate.outcome;
    if (segment.kept) {
      segment.num_docs = candidate.live.num_docs() - candidate.live.num_deleted();
      report->num_docs += segment.num_docs;
      ++report->num_kept_segments;
    } else {
      report->num_lost_docs += segment.num_docs;
    }
    report->segments.push_back(std::move(segment));
  }
}

absl::StatusOr<SalvageReport> CopyWhatIsWhole(const std::string& source,
                                              const std::string& destination,
                                              const SalvageOptions& options, Env* env) {
  RETURN_IF_ERROR(CheckIndexOptions(options.index));
  RETURN_IF_ERROR(Analyzer::Create(options.index).status());
  Copy copy(env, destination);
  RETURN_IF_ERROR(copy.ExpectNothingThere());
  ASSIGN_OR_RETURN(SalvageSource found, ReadSalvageSource(env, source, options));
  SalvageReport report;
  RETURN_IF_ERROR(NoteWhatIsUncertain(&found, &report));
  Sum(found, &report);
  if (report.num_kept_segments == 0 && !report.segments.empty()) {
    return absl::DataLossError(absl::StrCat(source, ": no segment of ", report.segments.size(),
                                            " is whole; the first: ", report.segments[0].problem));
  }
  RETURN_IF_ERROR(copy.Begin());
  Manifest& manifest = found.manifest;
  ++manifest.generation;
  manifest.segments.clear();
  for (const SalvageCandidate& candidate : found.candidates) {
    if (candidate.reader == nullptr) continue;
    RETURN_IF_ERROR(copy.Add(candidate, manifest.generation, &manifest));
  }
  RETURN_IF_ERROR(copy.Finish(manifest));
  return report;
}

}  // namespace

absl::StatusOr<SalvageReport> SalvageIndex(const std::string& source,
                                           const std::string& destination,
                                           const SalvageOptions& options, Env* env) {
  return GuardMemory("salvaging an index",
                     [&] { return CopyWhatIsWhole(source, destination, options, env); });
}

}  // namespace ibid
