#include "indexer/open_index.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/env/process_id.h"
#include "common/format/file_names.h"
#include "common/text/analyzer.h"
#include "ibid/version.h"

namespace ibid {
namespace {

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
  return absl::OkStatus();
}

Manifest NewManifest(const IndexOptions& options) {
  Manifest manifest;
  manifest.options = options;
  manifest.analysis_version = kAnalysisVersion;
  manifest.library_versions = AnalysisLibraryVersions();
  return manifest;
}

absl::Status MakeDirectory(Env* env, const std::string& dir) {
  const auto present = env->Stat(dir);
  if (!present.ok() && !absl::IsNotFound(present.status())) return present.status();
  // A symbolic link may lead to a directory: Lock will tell.
  if (present.ok()) return absl::OkStatus();
  RETURN_IF_ERROR(env->CreateDirectory(dir));
  return env->SyncDirectory(ParentOf(dir));
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

}  // namespace

void RemoveUnneeded(Env* env, const std::string& dir, const Manifest& manifest) {
  const auto names = env->List(dir);
  if (!names.ok()) return;
  for (const std::string& name : *names) {
    if (!IsNeeded(ParseIndexFileName(name), manifest)) {
      env->Remove(JoinPath(dir, name)).IgnoreError();
    }
  }
}

absl::StatusOr<OpenedIndex> OpenForWriting(Env* env, const std::string& dir,
                                           const WriterOptions& options) {
  const IndexOptions wanted = Settled(options.index.value_or(IndexOptions{}));
  RETURN_IF_ERROR(Analyzer::Create(wanted).status());
  const absl::Status before = ReadManifest(env, dir).status();
  if (!before.ok() && !absl::IsNotFound(before)) return before;
  if (!before.ok() && !options.create_if_missing) return before;
  if (!before.ok()) RETURN_IF_ERROR(MakeDirectory(env, dir));

  OpenedIndex opened;
  ASSIGN_OR_RETURN(opened.lock,
                   env->Lock(JoinPath(dir, kLockName),
                             StrCat("process ", ProcessId(), " (", options.holder, ")")));
  // Read again: another writer may have been at work before the lock was ours.
  auto manifest = ReadManifest(env, dir);
  if (!manifest.ok() && !absl::IsNotFound(manifest.status())) return manifest.status();
  if (manifest.ok() && options.must_be_new) {
    return absl::AlreadyExistsError(StrCat(dir, ": there is an index already"));
  }
  if (manifest.ok() && options.index) {
    RETURN_IF_ERROR(CheckOptions(dir, wanted, manifest->options));
  }
  opened.manifest = manifest.ok() ? *std::move(manifest) : NewManifest(wanted);
  RemoveUnneeded(env, dir, opened.manifest);
  return opened;
}

}  // namespace ibid
