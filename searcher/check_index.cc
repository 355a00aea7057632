#include "ibid/check_index.h"

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/memory_guard.h"
#include "common/base/status_macros.h"
#include "common/format/file_names.h"
#include "common/format/live_docs.h"
#include "common/format/manifest.h"
#include "common/format/segment_reader.h"
#include "common/text/analyzer.h"
#include "ibid/version.h"
#include "searcher/deep_checks.h"
#include "searcher/segment_checks.h"

namespace ibid {
namespace {

// Tries to open a generation whose files a writer may be removing meanwhile.
constexpr int kOpenAttempts = 10;

struct OpenedSegment {
  absl::StatusOr<std::shared_ptr<const SegmentReader>> segment;
  absl::Status live_docs;

  bool IsMissing() const {
    return absl::IsNotFound(segment.status()) || absl::IsNotFound(live_docs);
  }
};

class IndexCheck {
 public:
  IndexCheck(const std::string& directory, Env* env,
             const std::function<void(uint64_t, uint64_t)>& progress, const CheckOptions& options)
      : directory_(directory), env_(env), progress_(progress), options_(options) {}

  absl::StatusOr<CheckReport> Run() {
    const absl::StatusOr<Manifest> manifest = OpenGeneration();
    if (absl::IsDataLoss(manifest.status())) {
      report_.problems.emplace_back(manifest.status().message());
      return std::move(report_);
    }
    RETURN_IF_ERROR(manifest.status());
    if (manifest->analysis_version != kAnalysisVersion ||
        manifest->library_versions != AnalysisLibraryVersions()) {
      report_.warnings.push_back(absl::StrCat(
          "written with ", manifest->library_versions, ", analysis ", manifest->analysis_version,
          "; this program has ", AnalysisLibraryVersions(), ", analysis ", kAnalysisVersion,
          ": words may be cut or stemmed differently; index anew to be sure"));
    }
    if (options_.deep && !manifest->options.store_text) {
      report_.warnings.push_back(
          "made without stored text (--no-store): there is nothing to analyse again");
    }
    for (const SegmentMeta& meta : manifest->segments) {
      total_bytes_ += meta.file.size_bytes + meta.live_docs_file.size_bytes;
    }
    for (size_t i = 0; i < opened_.size(); ++i) {
      RETURN_IF_ERROR(CheckOne(*manifest, manifest->segments[i],
                               std::exchange(opened_[i].segment, nullptr), opened_[i].live_docs));
    }
    RETURN_IF_ERROR(CheckNames(*manifest));
    return std::move(report_);
  }

 private:
  // Opens all files of a generation before the first is read: a writer may remove them meanwhile,
  // and what is open stays. One that is missing is a problem only where its generation is still the
  // last.
  absl::StatusOr<Manifest> OpenGeneration() {
    ASSIGN_OR_RETURN(Manifest manifest, ReadCommittedManifest(env_, directory_));
    for (int attempt = 0; attempt < kOpenAttempts; ++attempt) {
      opened_.clear();
      bool is_missing = false;
      for (const SegmentMeta& meta : manifest.segments) {
        opened_.push_back({SegmentReader::Open(env_, directory_, meta), OpenLiveDocs(meta)});
        is_missing = is_missing || opened_.back().IsMissing();
      }
      if (!is_missing) return manifest;
      ASSIGN_OR_RETURN(Manifest now, ReadCommittedManifest(env_, directory_));
      if (now.generation == manifest.generation) return manifest;
      manifest = std::move(now);
    }
    return absl::UnavailableError(absl::StrCat(directory_,
                                               ": changed each time it was opened for the check, ",
                                               kOpenAttempts, " times; try again"));
  }

  absl::Status CheckOne(const Manifest& manifest, const SegmentMeta& meta,
                        const absl::StatusOr<std::shared_ptr<const SegmentReader>>& segment,
                        const absl::Status& live_docs) {
    const size_t problems_before = report_.problems.size();
    ++report_.num_segments;
    RETURN_IF_ERROR(Keep(live_docs));
    RETURN_IF_ERROR(Keep(segment.status()));
    if (segment.ok()) {
      RETURN_IF_ERROR(Keep((*segment)->file().VerifyAll()));
      report_.num_blocks += (meta.file.size_bytes + kFrameBytes - 1) / kFrameBytes;
      if (problems_before == report_.problems.size()) {
        RETURN_IF_ERROR(CheckSegmentStructures(**segment, meta, &report_.problems));
        RETURN_IF_ERROR(Keep((*segment)->columns().CheckTypes(manifest)));
        RETURN_IF_ERROR(Keep(CheckStoredText(**segment, manifest)));
        if (problems_before == report_.problems.size()) {
          RETURN_IF_ERROR(Keep(AnalyzeAgain(**segment, manifest)));
        }
      }
    }
    report_.num_docs += meta.num_docs - meta.num_deleted;
    report_.num_bytes += meta.file.size_bytes + meta.live_docs_file.size_bytes;
    if (problems_before == report_.problems.size()) ++report_.num_sound_segments;
    if (progress_) progress_(report_.num_bytes, total_bytes_);
    return absl::OkStatus();
  }

  static absl::Status CheckStoredText(const SegmentReader& segment, const Manifest& manifest) {
    if (segment.stored().empty() != manifest.options.store_text) return absl::OkStatus();
    return segment.file()
        .section(SectionId::kStored)
        .Corrupt(0, manifest.options.store_text ? "missing, though the manifest promises it"
                                                : "there, though the manifest denies it");
  }

  absl::Status AnalyzeAgain(const SegmentReader& segment, const Manifest& manifest) {
    if (!options_.deep || !manifest.options.store_text) return absl::OkStatus();
    ASSIGN_OR_RETURN(const std::unique_ptr<Analyzer> analyzer, Analyzer::Create(manifest.options));
    RETURN_IF_ERROR(CheckAgainstStoredText(segment, analyzer.get(), &report_.problems));
    report_.num_analyzed_docs += segment.num_docs();
    return absl::OkStatus();
  }

  absl::Status OpenLiveDocs(const SegmentMeta& meta) {
    if (meta.live_docs_generation == 0) return absl::OkStatus();
    return LiveDocs::Read(env_, directory_, meta.id, meta.live_docs_generation, meta.live_docs_file,
                          meta.num_docs, meta.num_deleted)
        .status();
  }

  // Files of our own naming that the manifest does not know are left over from a crash: harmless,
  // removed by the next writer. Or they are of a newer commit.
  absl::Status CheckNames(const Manifest& manifest) {
    const absl::StatusOr<std::vector<std::string>> names = env_->List(directory_);
    if (!names.ok()) return Keep(names.status());
    const absl::StatusOr<Manifest> now = ReadCommittedManifest(env_, directory_);
    if (absl::IsResourceExhausted(now.status())) return now.status();
    if (now.ok() && now->generation != manifest.generation) return absl::OkStatus();
    for (const std::string& name : *names) {
      if (!IsKnown(manifest, ParseIndexFileName(name))) {
        report_.warnings.push_back(
            absl::StrCat(name, ": not part of this index; the next writer removes it"));
      }
    }
    return absl::OkStatus();
  }

  static bool IsKnown(const Manifest& manifest, const IndexFileName& name) {
    switch (name.kind) {
      case IndexFileKind::kManifest:
      case IndexFileKind::kLock:
      case IndexFileKind::kForeign:
        return true;
      case IndexFileKind::kManifestTemp:
      case IndexFileKind::kTemporary:
        return false;
      case IndexFileKind::kSegment:
      case IndexFileKind::kLiveDocs:
        break;
    }
    for (const SegmentMeta& meta : manifest.segments) {
      if (meta.id != name.segment_id) continue;
      return name.kind == IndexFileKind::kSegment || meta.live_docs_generation == name.generation;
    }
    return false;
  }

  absl::Status Keep(const absl::Status& found) { return KeepProblem(found, &report_.problems); }

  const std::string& directory_;
  Env* env_;
  const std::function<void(uint64_t, uint64_t)>& progress_;
  const CheckOptions& options_;
  std::vector<OpenedSegment> opened_;  // in the order of the manifest
  CheckReport report_;
  uint64_t total_bytes_ = 0;
};

}  // namespace

absl::StatusOr<CheckReport> CheckIndex(const std::string& directory, Env* env,
                                       const std::function<void(uint64_t, uint64_t)>& progress,
                                       const CheckOptions& options) {
  return GuardMemory("checking an index",
                     [&] { return IndexCheck(directory, env, progress, options).Run(); });
}

}  // namespace ibid
