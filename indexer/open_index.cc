#include "indexer/open_index.h"

#include <algorithm>
#include <chrono>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/env/process_id.h"
#include "common/format/check_options.h"
#include "common/format/file_names.h"
#include "common/text/analyzer.h"
#include "ibid/version.h"

namespace ibid {
namespace {

// Between two tries to take a lock that another writer holds. The kernel has no wait with a
// deadline for it.
constexpr double kFirstPauseSeconds = 0.002;
constexpr double kLongestPauseSeconds = 0.1;

std::string ParentOf(std::string_view dir) {
  while (dir.size() > 1 && dir.back() == '/') dir.remove_suffix(1);
  const size_t slash = dir.rfind('/');
  if (slash == std::string_view::npos) return ".";
  return std::string(dir.substr(0, slash == 0 ? 1 : slash));
}

// kAlnum has no stemmer, whatever was asked for.
IndexOptions Settled(IndexOptions options) {
  if (options.analyzer == AnalyzerKind::kAlnum) options.language = "none";
  return options;
}

std::string_view NameOf(AnalyzerKind kind) {
  return kind == AnalyzerKind::kAlnum ? "alnum" : "standard";
}

absl::Status CheckOptions(const std::string& dir, const IndexOptions& given,
                          const IndexOptions& present) {
  const auto differs = [&](std::string_view what, std::string_view has, std::string_view wanted) {
    return absl::FailedPreconditionError(
        StrCat(dir, ": the index has ", what, " ", has, ", not ", wanted));
  };
  if (given.analyzer != present.analyzer) {
    return differs("analyzer", NameOf(present.analyzer), NameOf(given.analyzer));
  }
  if (given.language != present.language) {
    return differs("language", present.language, given.language);
  }
  if (given.store_text != present.store_text) {
    return differs("stored text:", present.store_text ? "yes" : "no",
                   given.store_text ? "yes" : "no");
  }
  if (given.pairs_percent != present.pairs_percent) {
    return differs("pairs of", StrCat(present.pairs_percent, " %"),
                   StrCat(given.pairs_percent, " %"));
  }
  return absl::OkStatus();
}

Manifest NewManifest(const IndexOptions& options) {
  Manifest manifest;
  manifest.options = options;
  manifest.analysis_version = kAnalysisVersion;
  manifest.library_versions = AnalysisLibraryVersions();
  return manifest;
}

// Whether the directory had to be made.
absl::StatusOr<bool> MakeDirectory(Env* env, const std::string& dir) {
  const auto present = env->Stat(dir);
  if (!present.ok() && !absl::IsNotFound(present.status())) return present.status();
  if (present.ok()) {
    // A symbolic link may lead to a directory: Lock will tell. Who made the directory may have died
    // before its name was durable; where its parent cannot be opened, it is not ours to care for.
    env->SyncDirectory(ParentOf(dir)).IgnoreError();
    return false;
  }
  RETURN_IF_ERROR(env->CreateDirectory(dir));
  const absl::Status synced = env->SyncDirectory(ParentOf(dir));
  if (!synced.ok()) env->RemoveDirectory(dir).IgnoreError();
  RETURN_IF_ERROR(synced);
  return true;
}

absl::StatusOr<OpenedIndex> LockOnce(Env* env, const std::string& dir, std::string_view holder,
                                     bool may_make) {
  OpenedIndex opened;
  if (may_make) {
    ASSIGN_OR_RETURN(opened.made.directory, MakeDirectory(env, dir));
  }
  const std::string path = JoinPath(dir, kLockName);
  opened.made.lock = absl::IsNotFound(env->Stat(path).status());
  auto lock = env->Lock(path, StrCat("process ", ProcessId(), " (", holder, ")"));
  if (!lock.ok()) {
    // Empty or not ours: where another writer was quicker, its lock keeps the directory.
    if (opened.made.directory) env->RemoveDirectory(dir).IgnoreError();
    return lock.status();
  }
  opened.lock = *std::move(lock);
  return opened;
}

// Makes and locks the directory. A writer that gives up a new index may remove the directory just
// before the lock is taken in it: then it is made once more.
absl::StatusOr<OpenedIndex> LockDirectory(Env* env, const std::string& dir, std::string_view holder,
                                          bool may_make) {
  constexpr int kAttempts = 10;
  for (int attempt = 1;; ++attempt) {
    auto opened = LockOnce(env, dir, holder, may_make);
    const bool vanished = absl::IsNotFound(opened.status()) && may_make;
    if (!vanished || attempt == kAttempts) return opened;
    if (!env->Stat(ParentOf(dir)).ok()) return opened;
  }
}

// Settles the manifest under the lock: another writer may have been at work before it was ours.
absl::Status ReadOrWriteManifest(Env* env, const std::string& dir, const WriterOptions& options,
                                 const IndexOptions& wanted, OpenedIndex* opened) {
  auto manifest = ReadManifest(env, dir);
  if (!manifest.ok() && !absl::IsNotFound(manifest.status())) return manifest.status();
  if (manifest.ok() && manifest->generation > 0) {
    if (options.must_be_new) {
      return absl::AlreadyExistsError(StrCat(dir, ": there is an index already"));
    }
    if (options.index) RETURN_IF_ERROR(CheckOptions(dir, wanted, manifest->options));
    opened->manifest = *std::move(manifest);
    return absl::OkStatus();
  }
  if (!options.create_if_missing) return ReadCommittedManifest(env, dir).status();  // there is none
  opened->manifest = NewManifest(wanted);
  if (manifest.ok() && *manifest == opened->manifest) return absl::OkStatus();
  opened->made.manifest = !manifest.ok();
  bool renamed = false;
  return WriteManifest(env, dir, opened->manifest, &renamed);
}

bool IsNeeded(const IndexFileName& file, const Manifest& manifest) {
  switch (file.kind) {
    case IndexFileKind::kManifestTemp:
    case IndexFileKind::kTemporary:
      return false;
    case IndexFileKind::kSegment:
    case IndexFileKind::kLiveDocs:
      break;
    default:
      return true;
  }
  return std::any_of(manifest.segments.begin(), manifest.segments.end(),
                     [&](const SegmentMeta& segment) {
                       if (segment.id != file.segment_id) return false;
                       return file.kind == IndexFileKind::kSegment ||
                              segment.live_docs_generation == file.generation;
                     });
}

bool IsOfSegment(const IndexFileName& file, std::optional<uint64_t> segment_id) {
  return segment_id == file.segment_id &&
         (file.kind == IndexFileKind::kSegment || file.kind == IndexFileKind::kTemporary);
}

bool HasSegments(Env* env, const std::string& dir) {
  const auto names = env->List(dir);
  return !names.ok() || std::any_of(names->begin(), names->end(), [](const std::string& name) {
    const IndexFileKind kind = ParseIndexFileName(name).kind;
    return kind == IndexFileKind::kSegment || kind == IndexFileKind::kLiveDocs;
  });
}

}  // namespace

bool RemoveUnneeded(Env* env, const std::string& dir, const Manifest& manifest,
                    std::optional<uint64_t> being_written) {
  const auto names = env->List(dir);
  if (!names.ok()) return false;
  bool removed = true;
  for (const std::string& name : *names) {
    const IndexFileName file = ParseIndexFileName(name);
    if (IsNeeded(file, manifest) || IsOfSegment(file, being_written)) continue;
    removed = env->Remove(JoinPath(dir, name)).ok() && removed;
  }
  return removed;
}

void TakeBack(Env* env, const std::string& dir, const NewFiles& made) {
  if (made.manifest) {
    // No state of the disk may show segments without a manifest: their removal comes first.
    if (HasSegments(env, dir) || !env->SyncDirectory(dir).ok()) return;
    env->Remove(JoinPath(dir, kManifestName)).IgnoreError();
  }
  // From where the lock's file is gone another writer may make the index anew.
  if (!made.lock || !env->Remove(JoinPath(dir, kLockName)).ok()) return;
  if (made.directory) env->RemoveDirectory(dir).IgnoreError();
}

namespace {

// Names further on than that are not of a writer that was killed.
constexpr uint64_t kNumbersOfAWriter = uint64_t{1} << 20;

// What could not be removed keeps its number.
absl::Status SkipNumbersInUse(Env* env, const std::string& dir, OpenedIndex* opened) {
  ASSIGN_OR_RETURN(const std::vector<std::string> names, env->List(dir));
  Manifest& manifest = opened->manifest;
  const uint64_t first = manifest.next_segment_id;
  for (const std::string& name : names) {
    const IndexFileName file = ParseIndexFileName(name);
    if (IsNeeded(file, manifest)) continue;
    const bool passing = file.segment_id >= kFirstPassingSegmentId;
    const uint64_t end = (passing ? kFirstPassingSegmentId : first) + kNumbersOfAWriter;
    if (file.segment_id >= (passing ? end : std::min(end, kFirstPassingSegmentId - 1))) continue;
    uint64_t& next = passing ? opened->first_unit_id : manifest.next_segment_id;
    next = std::max(next, file.segment_id + 1);
  }
  return absl::OkStatus();
}

absl::StatusOr<OpenedIndex> OpenOnce(Env* env, const std::string& dir,
                                     const WriterOptions& options) {
  const IndexOptions wanted = Settled(options.index.value_or(IndexOptions{}));
  RETURN_IF_ERROR(CheckIndexOptions(wanted));
  RETURN_IF_ERROR(Analyzer::Create(wanted).status());
  const absl::Status before = ReadManifest(env, dir).status();
  if (!before.ok() && !absl::IsNotFound(before)) return before;
  if (!options.create_if_missing) RETURN_IF_ERROR(ReadCommittedManifest(env, dir).status());
  ASSIGN_OR_RETURN(OpenedIndex opened,
                   LockDirectory(env, dir, options.holder, /*may_make=*/!before.ok()));
  const absl::Status settled = ReadOrWriteManifest(env, dir, options, wanted, &opened);
  if (!settled.ok()) {
    TakeBack(env, dir, opened.made);
    return settled;
  }
  if (RemoveUnneeded(env, dir, opened.manifest)) return opened;
  const absl::Status skipped = SkipNumbersInUse(env, dir, &opened);
  if (!skipped.ok()) {
    TakeBack(env, dir, opened.made);
    return skipped;
  }
  return opened;
}

}  // namespace

absl::StatusOr<OpenedIndex> OpenForWriting(Env* env, const std::string& dir,
                                           const WriterOptions& options) {
  using std::chrono::duration;
  using std::chrono::steady_clock;
  const steady_clock::time_point start = steady_clock::now();
  double pause = kFirstPauseSeconds;
  for (;;) {
    absl::StatusOr<OpenedIndex> opened = OpenOnce(env, dir, options);
    if (!absl::IsAborted(opened.status())) return opened;
    const double left =
        options.wait_seconds - duration<double>(steady_clock::now() - start).count();
    if (!(left > 0)) {
      if (!(options.wait_seconds > 0)) return opened;
      return absl::AbortedError(StrCat(MessageOf(opened.status()), "; waited in vain"));
    }
    if (options.wait_cancelled && options.wait_cancelled()) {
      return absl::CancelledError(StrCat("stopped waiting: ", MessageOf(opened.status())));
    }
    std::this_thread::sleep_for(duration<double>(std::min(pause, left)));
    pause = std::min(2 * pause, kLongestPauseSeconds);
  }
}

}  // namespace ibid
