#include "searcher/salvage_source.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/format/file_names.h"
#include "common/text/analyzer.h"
#include "ibid/version.h"
#include "searcher/segment_checks.h"

namespace ibid {
namespace {

// An index that is being written is read anew so many times where a part of it is gone.
constexpr int kReadAttempts = 10;

std::string Message(const absl::Status& status) { return std::string(status.message()); }

class SourceReader {
 public:
  SourceReader(Env* env, const std::string& directory, const SalvageOptions& options)
      : env_(env), directory_(directory), options_(options) {}

  absl::StatusOr<SalvageSource> Read() {
    absl::StatusOr<Manifest> manifest = ReadCommittedManifest(env_, directory_);
    if (manifest.ok()) {
      source_.has_manifest = true;
      source_.manifest = *std::move(manifest);
      for (const SegmentMeta& meta : source_.manifest.segments) RETURN_IF_ERROR(Examine(meta));
      return std::move(source_);
    }
    if (!absl::IsDataLoss(manifest.status())) return manifest.status();
    RETURN_IF_ERROR(ReadWithoutManifest());
    return std::move(source_);
  }

 private:
  // Judges a segment that a manifest, or its own file, describes. An error where memory or
  // descriptors are lacking: nothing is then known of the segment.
  absl::Status Examine(const SegmentMeta& meta) {
    SalvageCandidate& candidate = source_.candidates.emplace_back();
    candidate.meta = meta;
    candidate.outcome.file = SegmentFileName(meta.id);
    auto file = env_->OpenReadable(JoinPath(directory_, candidate.outcome.file));
    if (file.ok()) candidate.file = *std::move(file);
    auto segment = SegmentReader::Open(env_, directory_, meta);
    const absl::Status sound = !file.ok()     ? file.status()
                               : segment.ok() ? IsWhole(**segment, meta)
                                              : segment.status();
    if (absl::IsResourceExhausted(sound)) return sound;
    RETURN_IF_ERROR(ReadLiveDocs(&candidate));
    candidate.outcome.num_docs = candidate.live.num_docs() - candidate.live.num_deleted();
    if (sound.ok()) {
      candidate.reader = *std::move(segment);
      candidate.outcome.kept = true;
      return absl::OkStatus();
    }
    candidate.outcome.problem = Message(sound);
    candidate.outcome.num_docs = meta.num_docs - meta.num_deleted;
    return ListLostKeys(&candidate);
  }

  absl::Status IsWhole(const SegmentReader& segment, const SegmentMeta& meta) {
    RETURN_IF_ERROR(segment.file().VerifyAll());
    std::vector<std::string> problems;
    RETURN_IF_ERROR(CheckSegmentStructures(segment, meta, &problems));
    if (!problems.empty()) return absl::DataLossError(problems.front());
    if (source_.has_manifest) return segment.columns().CheckTypes(source_.manifest);
    return AdoptColumns(segment);
  }

  // Without a manifest the segments say which columns there are.
  absl::Status AdoptColumns(const SegmentReader& segment) {
    auto columns = source_.manifest.columns;
    for (const ColumnReader& column : segment.columns().columns()) {
      if (column.name().starts_with('_')) continue;  // the library's own, in no manifest
      const auto known = std::find_if(columns.begin(), columns.end(),
                                      [&](const auto& c) { return c.first == column.name(); });
      if (known == columns.end()) {
        columns.emplace_back(column.name(), column.type());
      } else if (known->second == StoredColumnType::kInteger &&
                 column.type() == StoredColumnType::kReal) {
        known->second = StoredColumnType::kReal;
      }
    }
    Manifest widened;
    widened.columns = std::move(columns);
    RETURN_IF_ERROR(segment.columns().CheckTypes(widened));
    source_.manifest.columns = std::move(widened.columns);
    return absl::OkStatus();
  }

  absl::Status ReadLiveDocs(SalvageCandidate* candidate) {
    const SegmentMeta& meta = candidate->meta;
    candidate->live = LiveDocs(meta.num_docs);
    if (meta.live_docs_generation == 0) return absl::OkStatus();
    absl::StatusOr<LiveDocs> live =
        LiveDocs::Read(env_, directory_, meta.id, meta.live_docs_generation, meta.live_docs_file,
                       meta.num_docs, meta.num_deleted);
    if (live.ok()) {
      candidate->live = *std::move(live);
      return absl::OkStatus();
    }
    if (absl::IsResourceExhausted(live.status())) return live.status();
    candidate->has_live_docs = false;
    candidate->outcome.problem = Message(live.status());
    return absl::OkStatus();
  }

  // Keys are in a section of their own, which may be whole where others are not.
  absl::Status ListLostKeys(SalvageCandidate* candidate) {
    const SegmentMeta& meta = candidate->meta;
    const auto file =
        SegmentFile::Open(env_, JoinPath(directory_, SegmentFileName(meta.id)), meta.id, meta.file);
    if (absl::IsResourceExhausted(file.status())) return file.status();
    if (!file.ok()) return absl::OkStatus();
    const auto keys = KeysReader::Open((*file)->section(SectionId::kKeys), meta.num_docs);
    if (!keys.ok()) return absl::OkStatus();
    for (uint32_t rank = 0; rank < meta.num_docs && num_lost_keys_ < options_.max_lost_keys;
         ++rank) {
      const absl::StatusOr<DocId> doc = keys->DocOfRank(rank);
      if (!doc.ok() || !candidate->live.IsLive(*doc)) continue;
      absl::StatusOr<std::string> key = keys->KeyOfRank(rank);
      if (!key.ok()) continue;
      candidate->outcome.lost_keys.push_back(*std::move(key));
      ++num_lost_keys_;
    }
    return absl::OkStatus();
  }

  absl::Status ReadWithoutManifest() {
    ASSIGN_OR_RETURN(const std::vector<std::string> names, env_->List(directory_));
    std::map<uint64_t, uint64_t> generations;  // of the newest live docs of each segment
    for (const std::string& name : names) {
      const IndexFileName parsed = ParseIndexFileName(name);
      if (parsed.kind != IndexFileKind::kLiveDocs) continue;
      uint64_t& newest = generations[parsed.segment_id];
      newest = std::max(newest, parsed.generation);
    }
    Manifest& manifest = source_.manifest;
    manifest.options = options_.index;
    manifest.analysis_version = kAnalysisVersion;
    manifest.library_versions = AnalysisLibraryVersions();
    manifest.options.store_text = true;
    for (const std::string& name : names) {
      const IndexFileName parsed = ParseIndexFileName(name);
      if (parsed.kind != IndexFileKind::kSegment) continue;
      // Of a commit that was never made.
      if (parsed.segment_id >= kFirstPassingSegmentId) continue;
      const auto live = generations.find(parsed.segment_id);
      RETURN_IF_ERROR(ExamineFile(parsed.segment_id, live == generations.end() ? 0 : live->second));
      manifest.next_segment_id = std::max(manifest.next_segment_id, parsed.segment_id + 1);
    }
    for (const auto& [id, generation] : generations) {
      manifest.generation = std::max(manifest.generation, generation);
    }
    for (const SalvageCandidate& candidate : source_.candidates) {
      if (candidate.reader == nullptr || !candidate.reader->stored().empty()) continue;
      manifest.options.store_text = false;
    }
    return absl::OkStatus();
  }

  // A segment of which only its file tells.
  absl::Status ExamineFile(uint64_t id, uint64_t live_docs_generation) {
    absl::StatusOr<SegmentMeta> meta = DescribeSegment(env_, directory_, id);
    if (absl::IsResourceExhausted(meta.status())) return meta.status();
    if (!meta.ok()) {
      SalvageCandidate& candidate = source_.candidates.emplace_back();
      candidate.meta.id = id;
      candidate.outcome.file = SegmentFileName(id);
      candidate.outcome.problem = Message(meta.status());
      candidate.outcome.is_counted = false;
      return absl::OkStatus();
    }
    const absl::Status described = DescribeLiveDocs(live_docs_generation, &*meta);
    if (absl::IsResourceExhausted(described)) return described;
    RETURN_IF_ERROR(Examine(*meta));
    if (described.ok()) return absl::OkStatus();
    SalvageCandidate& candidate = source_.candidates.back();
    candidate.has_live_docs = false;
    if (candidate.outcome.kept) candidate.outcome.problem = Message(described);
    return absl::OkStatus();
  }

  absl::Status DescribeLiveDocs(uint64_t generation, SegmentMeta* meta) {
    if (generation == 0) return absl::OkStatus();
    ASSIGN_OR_RETURN(const LiveDocsInfo info,
                     LiveDocs::Describe(env_, directory_, meta->id, generation));
    meta->live_docs_generation = generation;
    meta->live_docs_file = info.file;
    meta->num_deleted = std::min(info.num_deleted, meta->num_docs);
    return absl::OkStatus();
  }

  Env* env_;
  const std::string& directory_;
  const SalvageOptions& options_;
  SalvageSource source_;
  size_t num_lost_keys_ = 0;
};

bool NothingIsLost(const SalvageSource& source) {
  return std::all_of(source.candidates.begin(), source.candidates.end(),
                     [](const SalvageCandidate& candidate) {
                       return candidate.outcome.kept && candidate.has_live_docs;
                     });
}

}  // namespace

absl::StatusOr<SalvageSource> ReadSalvageSource(Env* env, const std::string& directory,
                                                const SalvageOptions& options) {
  for (int attempt = 1;; ++attempt) {
    absl::StatusOr<SalvageSource> source = SourceReader(env, directory, options).Read();
    if (!source.ok() || !source->has_manifest || NothingIsLost(*source)) return source;
    // What a writer removed meanwhile is not lost: the last commit has it elsewhere.
    const auto now = ReadCommittedManifest(env, directory);
    if (absl::IsResourceExhausted(now.status())) return now.status();
    const bool has_moved = now.ok() && now->generation != source->manifest.generation;
    if (!has_moved || attempt == kReadAttempts) return source;
  }
}

}  // namespace ibid
