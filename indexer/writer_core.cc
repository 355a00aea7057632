#include "indexer/writer_core.h"

#include <algorithm>
#include <optional>
#include <thread>
#include <utility>

#include "common/base/memory_guard.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/env/process_id.h"
#include "common/format/file_names.h"
#include "ibid/limits.h"
#include "indexer/document_check.h"
#include "indexer/hash.h"

namespace ibid {
namespace {

// With several threads a unit's size grows with what came before it, so that the threads have work
// early and a large run has large units. With one thread a unit is as large as the buffer bears:
// what fits into one unit need not be merged. Either way the index has the same bytes, for a merge
// leaves no trace of how its documents were cut.
constexpr size_t kMinUnitBytes = size_t{4} << 20;
constexpr size_t kUnitsPerBuffer = 8;
constexpr size_t kUnitsPerBufferOneThread = 3;
// Whatever the buffer.
constexpr size_t kSmallestUnitBytes = size_t{64} << 10;
// So that places, tokens and bytes of terms of a unit are well below 2^32.
constexpr size_t kLargestUnitBytes = size_t{1} << 30;
// What a document, and each column that it has a value in, take in a unit beside their strings.
constexpr size_t kDocumentOverhead = sizeof(UnitDocument) + 128;
constexpr size_t kColumnOverhead = sizeof(DocumentColumn) + sizeof(ColumnText) + 64;

absl::StatusOr<bool> DeleteFrom(WriterSegments* segments, std::string_view key) {
  ASSIGN_OR_RETURN(const std::optional<WriterSegments::Place> place, segments->Find(key));
  if (place) segments->Delete(*place);
  return place.has_value();
}

}  // namespace

absl::StatusOr<std::unique_ptr<WriterCore>> WriterCore::Open(Env* env, const std::string& dir,
                                                             const WriterOptions& options) {
  ASSIGN_OR_RETURN(OpenedIndex opened, OpenForWriting(env, dir, options));
  ASSIGN_OR_RETURN(WriterSegments committed, WriterSegments::Open(env, dir, opened.manifest));
  return std::unique_ptr<WriterCore>(
      new WriterCore(env, dir, options, std::move(opened), std::move(committed)));
}

WriterCore::WriterCore(Env* env, std::string dir, const WriterOptions& options, OpenedIndex opened,
                       WriterSegments committed)
    : process_(ProcessId()),
      dir_(std::move(dir)),
      buffer_bytes_(options.buffer_bytes),
      threads_(options.threads > 0
                   ? options.threads
                   : std::max(1, static_cast<int>(std::thread::hardware_concurrency()))),
      on_merge_progress_(options.on_merge_progress),
      lock_(std::move(opened.lock)),
      locked_env_(env, lock_.get()),
      env_(&locked_env_),
      made_(opened.made),
      manifest_(std::move(opened.manifest)),
      committed_(std::move(committed)),
      schema_(manifest_.columns),
      queue_(std::make_unique<UnitQueue>(UnitQueueOptions{
          .env = env_, .dir = dir_, .index = manifest_.options, .threads = threads_})),
      next_unit_id_(opened.first_unit_id),
      background_merges_(options.background_merges),
      merge_bytes_per_second_(options.merge_bytes_per_second) {}

WriterCore::~WriterCore() {
  if (ProcessId() != process_) {
    // Their destructors would wait for threads for ever.
    static_cast<void>(merge_.release());
    static_cast<void>(queue_.release());
    return;
  }
  merge_.reset();
  queue_.reset();
  if (outcome_unknown_) return;
  const auto clean_up = [this] {
    RemoveUnneeded(env_, dir_, manifest_);
    if (manifest_.generation == 0) TakeBack(env_, dir_, made_);
    return absl::OkStatus();
  };
  GuardMemory("closing", clean_up).IgnoreError();  // what stays, the next writer removes
}

uint32_t WriterCore::num_committed() const {
  uint32_t count = 0;
  for (const SegmentMeta& segment : manifest_.segments) {
    count += segment.num_docs - segment.num_deleted;
  }
  return count;
}

// ---- Adding and deleting -----------------------------------------------------------------------

absl::StatusOr<AddOutcome> WriterCore::Add(Document document, std::string_view origin) {
  refused_ = true;
  RETURN_IF_ERROR(CheckDocument(document));
  refused_ = false;
  const uint64_t num_replaced = RepairText(&document);
  const uint64_t text_bytes = document.title.size() + document.text.size();
  // Where no text is stored it goes into the index, and cannot be a secret of this process.
  const uint64_t fingerprint =
      FingerprintOf(document, manifest_.options.store_text ? ProcessHashSecret() : HashSecret());
  ASSIGN_OR_RETURN(const AddOutcome outcome, AddChecked(std::move(document), fingerprint, origin));
  info_.replaced_bytes += num_replaced;
  text_bytes_ += text_bytes;
  info_.added += outcome == AddOutcome::kAdded ? 1 : 0;
  info_.replaced += outcome == AddOutcome::kReplaced ? 1 : 0;
  info_.unchanged += outcome == AddOutcome::kUnchanged ? 1 : 0;
  return outcome;
}

absl::StatusOr<AddOutcome> WriterCore::AddChecked(Document document, uint64_t fingerprint,
                                                  std::string_view origin) {
  const std::optional<uint32_t> pending = pending_.Find(document.key);
  // Of pending documents the origin is part of what is compared.
  const uint64_t pending_fingerprint = HashBytes(origin, fingerprint);
  std::optional<WriterSegments::Place> spilled;
  std::optional<WriterSegments::Place> committed;
  if (pending && pending_.fingerprint(*pending) == pending_fingerprint) {
    ++info_.repeated;
    return AddOutcome::kUnchanged;
  }
  if (!pending) {
    ASSIGN_OR_RETURN(spilled, spilled_.Find(document.key));
  }
  if (spilled) {
    ASSIGN_OR_RETURN(const bool same,
                     IsUnchanged(&spilled_, *spilled, document, fingerprint, origin,
                                 /*origin_counts=*/true));
    if (same) ++info_.repeated;
    if (same) return AddOutcome::kUnchanged;
  } else if (!pending) {
    ASSIGN_OR_RETURN(committed, committed_.Find(document.key));
  }
  if (committed) {
    ASSIGN_OR_RETURN(const bool same,
                     IsUnchanged(&committed_, *committed, document, fingerprint, origin,
                                 /*origin_counts=*/!origin.empty()));
    if (same) return AddOutcome::kUnchanged;
  }
  uint64_t num_bad = 0;
  refused_ = true;
  ASSIGN_OR_RETURN(std::vector<DocumentColumn> columns, schema_.TypeDocument(document, &num_bad));
  refused_ = false;
  const uint64_t num_docs = uint64_t{pending_.size()} + spilled_.num_docs() + committed_.num_docs();
  if (num_docs >= kMaxDocuments) {
    return absl::ResourceExhaustedError(
        StrCat(dir_, ": ", WithCommas(kMaxDocuments),
               " documents, the limit; a merge to one segment drops the deleted ones"));
  }
  // Only now that another comes: documents that make one unit in all need not be merged.
  if (unit_.bytes >= UnitTarget()) RETURN_IF_ERROR(FlushUnit());
  if (pending || spilled) ++info_.repeated;
  if (pending) pending_.Remove(*pending);
  if (spilled) spilled_.Delete(*spilled);
  if (committed) committed_.Delete(*committed);
  info_.bad_column_values += num_bad;
  Append(std::move(document), std::move(columns), fingerprint, origin);
  if (ShouldSpill()) RETURN_IF_ERROR(Spill());
  return pending || spilled || committed ? AddOutcome::kReplaced : AddOutcome::kAdded;
}

// Content that now comes from elsewhere is a change, too: it is to be known where it belongs.
absl::StatusOr<bool> WriterCore::IsUnchanged(WriterSegments* segments,
                                             const WriterSegments::Place& place,
                                             const Document& document, uint64_t fingerprint,
                                             std::string_view origin, bool origin_counts) {
  ASSIGN_OR_RETURN(const bool same, segments->HasContent(place, document, fingerprint));
  if (!same || !origin_counts) return same;
  ASSIGN_OR_RETURN(const std::string before, segments->OriginOf(place));
  return before == origin;
}

void WriterCore::Append(Document document, std::vector<DocumentColumn> columns,
                        uint64_t fingerprint, std::string_view origin) {
  const size_t bytes =
      origin.size() + BytesOf(document) + kDocumentOverhead + columns.size() * kColumnOverhead;
  unit_numbers_.push_back(pending_.Add(document.key, HashBytes(origin, fingerprint)));
  unit_.documents.push_back({.document = std::move(document),
                             .columns = std::move(columns),
                             .fingerprint = fingerprint,
                             .origin = std::string(origin)});
  unit_.bytes += bytes;
  pending_bytes_ += bytes;
}

absl::StatusOr<bool> WriterCore::Delete(std::string_view key) {
  if (const std::optional<uint32_t> pending = pending_.Find(key)) {
    pending_.Remove(*pending);
  } else {
    ASSIGN_OR_RETURN(bool deleted, DeleteFrom(&spilled_, key));
    if (!deleted) {
      ASSIGN_OR_RETURN(deleted, DeleteFrom(&committed_, key));
    }
    if (!deleted) return false;
  }
  ++info_.deleted;
  return true;
}

absl::Status WriterCore::ForEachKey(std::string_view prefix,
                                    const std::function<void(std::string_view)>& visit) const {
  for (const WriterSegments* segments : {&committed_, &spilled_}) {
    RETURN_IF_ERROR(segments->ForEachKey(prefix, [&](std::string_view key, WriterSegments::Place) {
      visit(key);
      return absl::OkStatus();
    }));
  }
  std::vector<std::string_view> keys;
  for (uint32_t number = 0; number < pending_.size(); ++number) {
    const std::string_view key = pending_.key(number);
    if (pending_.IsLive(number) && key.starts_with(prefix)) keys.push_back(key);
  }
  std::sort(keys.begin(), keys.end());
  for (const std::string_view key : keys) visit(key);
  return absl::OkStatus();
}

absl::Status WriterCore::ForEachCommitted(
    std::string_view prefix,
    const std::function<void(std::string_view, std::string_view)>& visit) const {
  return committed_.ForEachKey(
      prefix, [&](std::string_view key, WriterSegments::Place place) -> absl::Status {
        ASSIGN_OR_RETURN(const std::string origin, committed_.OriginOf(place));
        visit(key, origin);
        return absl::OkStatus();
      });
}

// ---- Units -------------------------------------------------------------------------------------

// What the table of keys leaves of the buffer.
size_t WriterCore::BufferLeft() const {
  const size_t keys = pending_.memory_bytes();
  return std::max(buffer_bytes_ / 4, buffer_bytes_ - std::min(buffer_bytes_, keys));
}

size_t WriterCore::UnitTarget() const {
  if (threads_ == 1) {
    return std::clamp(BufferLeft() / kUnitsPerBufferOneThread, kSmallestUnitBytes,
                      kLargestUnitBytes);
  }
  const auto before = static_cast<size_t>(pending_bytes_ - unit_.bytes);
  const size_t target =
      std::min(std::max(before / 2, kMinUnitBytes), BufferLeft() / kUnitsPerBuffer);
  return std::clamp(target, kSmallestUnitBytes, kLargestUnitBytes);
}

// The live documents of the unit being filled, and their numbers.
DocumentUnit WriterCore::TakeUnit(std::vector<uint32_t>* numbers) {
  DocumentUnit unit = std::exchange(unit_, {});
  *numbers = std::exchange(unit_numbers_, {});
  unit.columns = schema_.columns();
  size_t kept = 0;
  for (size_t i = 0; i < numbers->size(); ++i) {
    if (!pending_.IsLive((*numbers)[i])) continue;
    if (kept != i) {
      unit.documents[kept] = std::move(unit.documents[i]);
      (*numbers)[kept] = (*numbers)[i];
    }
    ++kept;
  }
  unit.documents.resize(kept);
  numbers->resize(kept);
  return unit;
}

absl::Status WriterCore::FlushUnit() {
  FlushedUnit flushed;
  DocumentUnit unit = TakeUnit(&flushed.numbers);
  if (unit.documents.empty()) return absl::OkStatus();
  flushed.segment_id = next_unit_id_++;
  const uint64_t segment_id = flushed.segment_id;
  flushed_.push_back(std::move(flushed));
  const size_t left = BufferLeft();
  return queue_->Push(std::move(unit), segment_id, left - std::min(left, UnitTarget()));
}

// ---- Rollback ----------------------------------------------------------------------------------

void WriterCore::Reset() {
  spilled_ = WriterSegments();
  spilled_tiers_.clear();
  pending_.Clear();
  unit_ = {};
  unit_numbers_.clear();
  flushed_.clear();
  pending_bytes_ = 0;
  info_ = {};
  merge_to_one_ = false;
  order_ = DocumentOrder::kKept;
  took_over_ = false;
}

absl::Status WriterCore::Rollback() {
  RETURN_IF_ERROR(queue_->Wait().status());
  Reset();
  committed_.Rollback();
  schema_ = ColumnSchema(manifest_.columns);
  RemoveLeftovers();
  return absl::OkStatus();
}

}  // namespace ibid
