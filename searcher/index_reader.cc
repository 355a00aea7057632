#include "ibid/index_reader.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/memory_guard.h"
#include "common/base/status_macros.h"
#include "common/format/file_names.h"
#include "ibid/version.h"
#include "searcher/match/snapshot.h"

namespace ibid {
namespace {

// Tries to open a generation whose files a writer may be removing meanwhile (docs/RELIABILITY.md,
// the commit protocol).
constexpr int kOpenAttempts = 10;

// Analyzers kept for the next query, each for a query at a time.
constexpr size_t kMostIdleAnalyzers = 64;

using SegmentMap = std::map<uint64_t, SnapshotSegment>;

absl::StatusOr<SnapshotSegment> OpenSegment(Env* env, const std::string& directory,
                                            const SegmentMeta& meta, const SegmentMap& known) {
  SnapshotSegment segment;
  segment.meta = meta;
  const auto it = known.find(meta.id);
  const bool same_file = it != known.end() && it->second.meta.file.crc == meta.file.crc;
  if (same_file) {
    segment.reader = it->second.reader;
    segment.dense_lists = it->second.dense_lists;
    segment.range_impacts = it->second.range_impacts;
  } else {
    ASSIGN_OR_RETURN(segment.reader, SegmentReader::Open(env, directory, meta));
    segment.dense_lists = std::make_shared<DenseLists>();
    segment.range_impacts =
        std::make_shared<RangeImpactsOfLists>(MaxRangeImpactBytes(segment.reader->num_docs()));
  }
  if (meta.live_docs_generation == 0) return segment;
  if (same_file && it->second.meta.live_docs_generation == meta.live_docs_generation &&
      it->second.meta.live_docs_file == meta.live_docs_file) {
    segment.live_docs = it->second.live_docs;
    return segment;
  }
  ASSIGN_OR_RETURN(LiveDocs live,
                   LiveDocs::Read(env, directory, meta.id, meta.live_docs_generation,
                                  meta.live_docs_file, meta.num_docs, meta.num_deleted));
  segment.live_docs = std::make_shared<const LiveDocs>(std::move(live));
  return segment;
}

absl::Status OpenSegments(IndexReader::Impl* impl, const SegmentMap& known) {
  impl->segments.clear();
  impl->num_docs = impl->num_tokens = impl->num_live = 0;
  for (const SegmentMeta& meta : impl->manifest.segments) {
    ASSIGN_OR_RETURN(SnapshotSegment segment, OpenSegment(impl->env, impl->directory, meta, known));
    RETURN_IF_ERROR(segment.reader->columns().CheckTypes(impl->manifest));
    impl->num_docs += meta.num_docs;
    impl->num_tokens += meta.num_tokens;
    impl->num_live += meta.num_docs - meta.num_deleted;
    impl->segments.push_back(std::move(segment));
  }
  impl->default_lengths = MakeLengthTable({}, impl->average_length());
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<IndexReader::Impl>> OpenSnapshot(Env* env,
                                                                const std::string& directory,
                                                                const SegmentMap& known) {
  static std::atomic<uint64_t> num_opened{0};
  auto impl = std::make_unique<IndexReader::Impl>();
  impl->serial = ++num_opened;
  impl->env = env;
  impl->directory = directory;
  ASSIGN_OR_RETURN(impl->manifest, ReadCommittedManifest(env, directory));
  for (int attempt = 0; attempt < kOpenAttempts; ++attempt) {
    absl::Status opened = OpenSegments(impl.get(), known);
    if (opened.ok()) return impl;
    if (!absl::IsNotFound(opened)) return opened;
    const Generation before = impl->manifest.generation;
    ASSIGN_OR_RETURN(impl->manifest, ReadManifest(env, directory));
    if (impl->manifest.generation == before) return absl::DataLossError(opened.message());
  }
  return absl::UnavailableError(absl::StrCat(directory, ": changed each time it was opened, ",
                                             kOpenAttempts, " times; try again"));
}

ColumnType ToColumnType(StoredColumnType type) {
  switch (type) {
    case StoredColumnType::kText:
      return ColumnType::kText;
    case StoredColumnType::kInteger:
      return ColumnType::kInteger;
    case StoredColumnType::kReal:
      return ColumnType::kReal;
    case StoredColumnType::kDate:
      return ColumnType::kDate;
  }
  return ColumnType::kText;
}

}  // namespace

IndexReader::Impl::BorrowedAnalyzer::~BorrowedAnalyzer() {
  if (analyzer_ == nullptr) return;
  const std::lock_guard lock(impl_->mutex_);
  // One more is kept only where there is room: a destructor has no way to fail.
  if (impl_->idle_analyzers_.size() < impl_->idle_analyzers_.capacity()) {
    impl_->idle_analyzers_.push_back(std::move(analyzer_));
  }
}

absl::StatusOr<IndexReader::Impl::BorrowedAnalyzer> IndexReader::Impl::BorrowAnalyzer() const {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_analyzers_.empty()) {
      std::unique_ptr<Analyzer> analyzer = std::move(idle_analyzers_.back());
      idle_analyzers_.pop_back();
      return BorrowedAnalyzer(this, std::move(analyzer));
    }
  }
  ASSIGN_OR_RETURN(std::unique_ptr<Analyzer> analyzer, Analyzer::Create(manifest.options));
  {
    const std::lock_guard lock(mutex_);
    idle_analyzers_.reserve(std::min(kMostIdleAnalyzers, ++num_analyzers_));
  }
  return BorrowedAnalyzer(this, std::move(analyzer));
}

IndexReader::IndexReader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
IndexReader::~IndexReader() = default;

absl::StatusOr<std::shared_ptr<const IndexReader>> IndexReader::Open(const std::string& directory,
                                                                     Env* env) {
  return GuardMemory(
      "opening an index", [&]() -> absl::StatusOr<std::shared_ptr<const IndexReader>> {
        ASSIGN_OR_RETURN(std::unique_ptr<Impl> impl, OpenSnapshot(env, directory, {}));
        return std::shared_ptr<const IndexReader>(new IndexReader(std::move(impl)));
      });
}

absl::StatusOr<std::shared_ptr<const IndexReader>> IndexReader::Refresh() const {
  return GuardMemory(
      "opening an index", [&]() -> absl::StatusOr<std::shared_ptr<const IndexReader>> {
        ASSIGN_OR_RETURN(const Manifest newest, ReadManifest(impl_->env, impl_->directory));
        if (newest == impl_->manifest) return shared_from_this();
        SegmentMap known;
        for (const SnapshotSegment& segment : impl_->segments)
          known.emplace(segment.meta.id, segment);
        ASSIGN_OR_RETURN(std::unique_ptr<Impl> impl,
                         OpenSnapshot(impl_->env, impl_->directory, known));
        return std::shared_ptr<const IndexReader>(new IndexReader(std::move(impl)));
      });
}

Generation IndexReader::generation() const { return impl_->manifest.generation; }
uint32_t IndexReader::num_docs() const { return impl_->num_live; }
const IndexOptions& IndexReader::options() const { return impl_->manifest.options; }

std::vector<std::pair<std::string, ColumnType>> IndexReader::columns() const {
  std::vector<std::pair<std::string, ColumnType>> columns;
  for (const auto& [name, type] : impl_->manifest.columns) {
    if (!name.starts_with("_")) columns.emplace_back(name, ToColumnType(type));
  }
  return columns;
}

namespace {

// Which of a segment's sections are its positional index.
bool IsPositional(SectionId id) {
  return id == SectionId::kTerms || id == SectionId::kStems || id == SectionId::kPairs ||
         id == SectionId::kPostings || id == SectionId::kPositions || id == SectionId::kNorms;
}

void AddPairs(const SegmentReader& segment, uint32_t most_docs, IndexInfo* info) {
  const SegmentProperties& properties = segment.properties();
  uint64_t pair_bytes = properties.pair_postings_bytes;
  uint64_t positional_bytes = 0;
  for (const auto& [id, bytes] : segment.file().sections()) {
    if (IsPositional(id)) positional_bytes += bytes;
    if (id == SectionId::kPairs) pair_bytes += bytes;
  }
  pair_bytes = std::min(pair_bytes, positional_bytes);  // properties may be anything
  info->num_pairs += segment.pairs().num_terms();
  info->pair_bytes += pair_bytes;
  info->unpaired_bytes += positional_bytes - pair_bytes;
  if (properties.num_docs < most_docs || properties.num_docs == 0) return;
  info->pair_words = properties.pairs.num_words;
  info->pair_doc_share = static_cast<double>(properties.pairs.min_doc_freq) / properties.num_docs;
}

}  // namespace

IndexInfo IndexReader::Info() const {
  IndexInfo info;
  info.generation = generation();
  info.format_version = kFormatVersion;
  info.options = options();
  info.library_versions = impl_->manifest.library_versions;
  info.analysis_differs = impl_->manifest.analysis_version != kAnalysisVersion ||
                          info.library_versions != AnalysisLibraryVersions();
  info.num_docs = impl_->num_live;
  info.num_tokens = impl_->num_tokens;
  info.columns = columns();
  std::map<SectionId, uint64_t> sections;
  uint64_t in_sections = 0;
  uint32_t most_docs = 0;
  for (const SnapshotSegment& segment : impl_->segments) {
    most_docs = std::max(most_docs, segment.meta.num_docs);
  }
  for (const SnapshotSegment& segment : impl_->segments) {
    AddPairs(*segment.reader, most_docs, &info);
    const SegmentProperties& properties = segment.reader->properties();
    info.num_deleted += segment.meta.num_deleted;
    info.num_terms += segment.reader->terms().num_terms();
    info.num_postings += properties.num_postings;
    info.num_positions += properties.num_positions;
    info.text_bytes += properties.text_bytes;
    for (const auto& [id, bytes] : segment.reader->file().sections()) {
      sections[id] += bytes;
      in_sections += bytes;
    }
    const uint64_t bytes = segment.meta.file.size_bytes + segment.meta.live_docs_file.size_bytes;
    info.total_bytes += bytes;
    info.segments.push_back({.id = segment.meta.id,
                             .file = SegmentFileName(segment.meta.id),
                             .num_docs = segment.meta.num_docs,
                             .num_deleted = segment.meta.num_deleted,
                             .num_tokens = segment.meta.num_tokens,
                             .text_bytes = segment.meta.text_bytes,
                             .bytes = bytes,
                             .deleted_in = segment.meta.live_docs_generation});
  }
  const std::string manifest = impl_->manifest.Encode();
  info.total_bytes += manifest.size();
  for (const auto& [id, bytes] : sections) {
    info.structure_bytes.emplace_back(SectionName(id), bytes);
  }
  info.structure_bytes.emplace_back("other", info.total_bytes - in_sections);
  return info;
}

absl::StatusOr<bool> IndexReader::Contains(std::string_view key) const {
  return GuardMemory("looking a key up", [&]() -> absl::StatusOr<bool> {
    for (const SnapshotSegment& segment : impl_->segments) {
      ASSIGN_OR_RETURN(const std::optional<DocId> doc, segment.reader->keys().Find(key));
      if (doc.has_value() && segment.IsLive(*doc)) return true;
    }
    return false;
  });
}

absl::StatusOr<std::optional<Document>> IndexReader::GetDocument(std::string_view key) const {
  return GuardMemory("reading a document", [&]() -> absl::StatusOr<std::optional<Document>> {
    if (!options().store_text) {
      return absl::FailedPreconditionError(
          absl::StrCat(impl_->directory, ": this index was made without stored text (--no-store)"));
    }
    for (const SnapshotSegment& segment : impl_->segments) {
      ASSIGN_OR_RETURN(const std::optional<DocId> doc, segment.reader->keys().Find(key));
      if (!doc.has_value() || !segment.IsLive(*doc)) continue;
      ASSIGN_OR_RETURN(const std::string record, segment.reader->stored().Get(*doc));
      ASSIGN_OR_RETURN(Document document,
                       DecodeStoredDocument(record, SegmentFileName(segment.meta.id)));
      document.key = key;
      return document;
    }
    return std::nullopt;
  });
}

absl::Status IndexReader::ForEachTerm(std::string_view prefix,
                                      const std::function<bool(const TermStats&)>& visit) const {
  return GuardMemory("reading terms", [&]() -> absl::Status {
    std::vector<TermCursor> cursors;
    for (const SnapshotSegment& segment : impl_->segments) {
      ASSIGN_OR_RETURN(TermCursor cursor, segment.reader->terms().Seek(prefix));
      cursors.push_back(std::move(cursor));
    }
    while (true) {
      const TermCursor* smallest = nullptr;
      for (const TermCursor& cursor : cursors) {
        if (cursor.at_end() || !cursor.term().starts_with(prefix)) continue;
        if (smallest == nullptr || cursor.term() < smallest->term()) smallest = &cursor;
      }
      if (smallest == nullptr) return absl::OkStatus();
      TermStats stats{std::string(smallest->term()), 0, 0};
      for (TermCursor& cursor : cursors) {
        if (cursor.at_end() || cursor.term() != stats.term) continue;
        stats.doc_freq += cursor.info().doc_freq;
        stats.total_freq += cursor.info().total_freq;
        RETURN_IF_ERROR(cursor.Next());
      }
      if (!visit(stats)) return absl::OkStatus();
    }
  });
}

absl::Status IndexReader::ForEachPosting(
    std::string_view term, const std::function<bool(const TermPosting&)>& visit) const {
  return GuardMemory("reading postings", [&]() -> absl::Status {
    for (const SnapshotSegment& segment : impl_->segments) {
      ASSIGN_OR_RETURN(const std::optional<TermInfo> info, segment.reader->terms().Find(term));
      if (!info.has_value()) continue;
      PostingsCursor cursor = segment.reader->Postings(*info);
      for (; cursor.doc() != kNoMoreDocs; cursor.Next()) {
        if (!segment.IsLive(cursor.doc())) continue;
        TermPosting posting;
        ASSIGN_OR_RETURN(posting.key, segment.reader->keys().Key(cursor.doc()));
        posting.freq = cursor.freq();
        cursor.AppendPositions(&posting.positions);
        RETURN_IF_ERROR(cursor.status());
        if (!visit(posting)) return absl::OkStatus();
      }
      RETURN_IF_ERROR(cursor.status());
    }
    return absl::OkStatus();
  });
}

}  // namespace ibid
