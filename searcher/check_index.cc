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

class IndexCheck {
 public:
  IndexCheck(const std::string& directory, Env* env,
             const std::function<void(uint64_t, uint64_t)>& progress, const CheckOptions& options)
      : directory_(directory), env_(env), progress_(progress), options_(options) {}

  absl::StatusOr<CheckReport> Run() {
    absl::StatusOr<Manifest> manifest = ReadCommittedManifest(env_, directory_);
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
    for (const SegmentMeta& meta : manifest->segments) CheckOne(*manifest, meta);
    CheckNames(*manifest);
    return std::move(report_);
  }

 private:
  void CheckOne(const Manifest& manifest, const SegmentMeta& meta) {
    const size_t problems_before = report_.problems.size();
    ++report_.num_segments;
    CheckLiveDocs(meta);
    const absl::StatusOr<std::shared_ptr<const SegmentReader>> segment =
        SegmentReader::Open(env_, directory_, meta);
    if (segment.ok()) {
      Keep((*segment)->file().VerifyAll());
      report_.num_blocks += (meta.file.size_bytes + kFrameBytes - 1) / kFrameBytes;
      if (problems_before == report_.problems.size()) {
        CheckSegmentStructures(**segment, meta, &report_.problems);
        Keep((*segment)->columns().CheckTypes(manifest));
        Keep(CheckStoredText(**segment, manifest));
        if (problems_before == report_.problems.size()) Keep(AnalyzeAgain(**segment, manifest));
      }
    } else {
      Keep(segment.status());
    }
    report_.num_docs += meta.num_docs - meta.num_deleted;
    report_.num_bytes += meta.file.size_bytes + meta.live_docs_file.size_bytes;
    if (problems_before == report_.problems.size()) ++report_.num_sound_segments;
    if (progress_) progress_(report_.num_bytes, total_bytes_);
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
    CheckAgainstStoredText(segment, analyzer.get(), &report_.problems);
    report_.num_analyzed_docs += segment.num_docs();
    return absl::OkStatus();
  }

  void CheckLiveDocs(const SegmentMeta& meta) {
    if (meta.live_docs_generation == 0) return;
    Keep(LiveDocs::Read(env_, directory_, meta.id, meta.live_docs_generation, meta.live_docs_file,
                        meta.num_docs, meta.num_deleted)
             .status());
  }

  // Files of our own naming that the manifest does not know are left over from a crash: harmless,
  // removed by the next writer.
  void CheckNames(const Manifest& manifest) {
    const absl::StatusOr<std::vector<std::string>> names = env_->List(directory_);
    if (!names.ok()) return Keep(names.status());
    for (const std::string& name : *names) {
      if (!IsKnown(manifest, ParseIndexFileName(name))) {
        report_.warnings.push_back(
            absl::StrCat(name, ": not part of this index; the next writer removes it"));
      }
    }
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

  void Keep(const absl::Status& status) {
    if (!status.ok()) report_.problems.emplace_back(status.message());
  }

  const std::string& directory_;
  Env* env_;
  const std::function<void(uint64_t, uint64_t)>& progress_;
  const CheckOptions& options_;
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
