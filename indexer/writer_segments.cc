#include "indexer/writer_segments.h"

#include <bit>
#include <utility>

#include "common/base/status_macros.h"
#include "common/format/own_columns.h"
#include "indexer/document_unit.h"

namespace ibid {
namespace {

// Stored text compared before its pages are let go.
constexpr size_t kLetGoBytes = size_t{16} << 20;

// The first rank whose key is not before `key`.
absl::StatusOr<uint32_t> LowerBound(const KeysReader& keys, uint32_t num_docs,
                                    std::string_view key) {
  uint32_t low = 0;
  uint32_t high = num_docs;
  while (low < high) {
    const uint32_t middle = low + (high - low) / 2;
    ASSIGN_OR_RETURN(const std::string found, keys.KeyOfRank(middle));
    if (found < key) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

absl::Status VisitKeys(const WriterSegment& segment, std::string_view prefix,
                       const std::function<absl::Status(std::string_view, DocId)>& visit) {
  const KeysReader& keys = segment.reader->keys();
  const uint32_t num_docs = segment.reader->num_docs();
  ASSIGN_OR_RETURN(uint32_t rank, LowerBound(keys, num_docs, prefix));
  for (; rank < num_docs; ++rank) {
    ASSIGN_OR_RETURN(const std::string key, keys.KeyOfRank(rank));
    if (!key.starts_with(prefix)) break;
    ASSIGN_OR_RETURN(const DocId doc, keys.DocOfRank(rank));
    if (segment.live.IsLive(doc)) RETURN_IF_ERROR(visit(key, doc));
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> HasFingerprint(const SegmentReader& segment, DocId doc, uint64_t fingerprint) {
  const ColumnReader* column = segment.columns().Find(kFingerprintColumn);
  if (column == nullptr) return false;
  ASSIGN_OR_RETURN(const uint32_t count, column->NumValues(doc));
  if (count != 1) return false;
  ASSIGN_OR_RETURN(const int64_t value, column->Integer(doc, 0));
  return std::bit_cast<uint64_t>(value) == fingerprint;
}

}  // namespace

absl::StatusOr<WriterSegment> OpenSegment(Env* env, const std::string& dir,
                                          const SegmentMeta& meta) {
  WriterSegment segment;
  segment.meta = meta;
  ASSIGN_OR_RETURN(segment.reader, SegmentReader::Open(env, dir, meta));
  segment.live = LiveDocs(meta.num_docs);
  if (meta.live_docs_generation == 0) return segment;
  ASSIGN_OR_RETURN(segment.live,
                   LiveDocs::Read(env, dir, meta.id, meta.live_docs_generation, meta.live_docs_file,
                                  meta.num_docs, meta.num_deleted));
  return segment;
}

absl::StatusOr<WriterSegments> WriterSegments::Open(Env* env, const std::string& dir,
                                                    const Manifest& manifest) {
  WriterSegments index;
  for (const SegmentMeta& meta : manifest.segments) {
    ASSIGN_OR_RETURN(WriterSegment segment, OpenSegment(env, dir, meta));
    RETURN_IF_ERROR(segment.reader->columns().CheckTypes(manifest));
    index.segments_.push_back(std::move(segment));
  }
  return index;
}

absl::StatusOr<std::optional<WriterSegments::Place>> WriterSegments::Find(
    std::string_view key) const {
  for (size_t i = segments_.size(); i-- > 0;) {
    ASSIGN_OR_RETURN(const std::optional<DocId> doc, segments_[i].reader->keys().Find(key));
    if (doc && segments_[i].live.IsLive(*doc)) return Place{.segment = i, .doc = *doc};
  }
  return std::nullopt;
}

void WriterSegments::Delete(const Place& place) {
  WriterSegment& segment = segments_[place.segment];
  if (!segment.changed) segment.saved = segment.live;
  segment.changed = true;
  segment.live.Delete(place.doc);
}

absl::StatusOr<bool> WriterSegments::HasContent(const Place& place, const Document& document,
                                                uint64_t fingerprint) {
  WriterSegment& segment = segments_[place.segment];
  const StoredReader& stored = segment.reader->stored();
  if (stored.empty()) return HasFingerprint(*segment.reader, place.doc, fingerprint);
  if (segment.stored == nullptr) segment.stored = std::make_unique<StoredCursor>(&stored);
  ASSIGN_OR_RETURN(const std::string_view record, segment.stored->Get(place.doc));
  const bool equal = record == EncodeStoredDocument(document);
  compared_bytes_ += record.size();
  if (compared_bytes_ >= kLetGoBytes) {
    const Section section = segment.reader->file().section(SectionId::kStored);
    section.DontNeed(0, section.size());
    compared_bytes_ = 0;
  }
  return equal;
}

absl::StatusOr<std::string> WriterSegments::OriginOf(const Place& place) const {
  const ColumnReader* column = segments_[place.segment].reader->columns().Find(kOriginColumn);
  if (column == nullptr || column->type() != StoredColumnType::kText) return "";
  ASSIGN_OR_RETURN(const uint32_t count, column->NumValues(place.doc));
  if (count != 1) return "";
  ASSIGN_OR_RETURN(const uint32_t ordinal, column->Ordinal(place.doc, 0));
  ASSIGN_OR_RETURN(ColumnText text, column->Text(ordinal));
  return std::move(text.original);
}

absl::Status WriterSegments::ForEachKey(
    std::string_view prefix,
    const std::function<absl::Status(std::string_view, Place)>& visit) const {
  for (size_t i = 0; i < segments_.size(); ++i) {
    RETURN_IF_ERROR(VisitKeys(segments_[i], prefix, [&](std::string_view key, DocId doc) {
      return visit(key, Place{.segment = i, .doc = doc});
    }));
  }
  return absl::OkStatus();
}

void WriterSegments::Rollback() {
  for (WriterSegment& segment : segments_) {
    if (!segment.changed) continue;
    segment.live = std::move(segment.saved);
    segment.changed = false;
  }
}

uint32_t WriterSegments::num_docs() const {
  uint32_t count = 0;
  for (const WriterSegment& segment : segments_) count += segment.live.num_docs();
  return count;
}

uint32_t WriterSegments::num_live() const {
  uint32_t count = 0;
  for (const WriterSegment& segment : segments_) count += segment.num_live();
  return count;
}

bool WriterSegments::changed() const {
  for (const WriterSegment& segment : segments_) {
    if (segment.changed) return true;
  }
  return false;
}

}  // namespace ibid
