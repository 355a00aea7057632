// The documents as they were given, in zstd blocks.
#ifndef IBID_COMMON_FORMAT_STORED_H_
#define IBID_COMMON_FORMAT_STORED_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/format/packed_offsets.h"
#include "common/format/segment_file.h"
#include "common/format/segment_use.h"
#include "ibid/document.h"
#include "ibid/limits.h"
#include "ibid/types.h"

namespace ibid {

// Bytes of one block before compression (the last may be shorter). Records run on from one block
// into the next.
inline constexpr uint32_t kStoredBlockBytes = 32 * 1024;

// Bytes of one record: of a document that may be indexed, each malformed byte replaced by three.
inline constexpr uint64_t kMaxRecordBytes = 3 * uint64_t{kMaxDocumentBytes} + 1024;
// Fields of one document, and values of all its fields.
inline constexpr uint32_t kMaxStoredFields = uint32_t{1} << 21;

// A document without its key (the keys section has it), and back.
std::string EncodeStoredDocument(const Document& document);
absl::StatusOr<Document> DecodeStoredDocument(std::string_view record, std::string_view where);

// Documents in order from 0. Not thread-safe. Holds one block, and a few bytes a document.
class StoredWriter {
 public:
  explicit StoredWriter(SectionBuffer* out, SegmentUse use = SegmentUse::kKept);
  ~StoredWriter();
  absl::Status Add(std::string_view record);
  absl::Status Finish();
  uint32_t num_docs() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Safe to share by threads; valid while the SegmentFile lives.
class StoredReader {
 public:
  StoredReader() = default;
  static absl::StatusOr<StoredReader> Open(Section section, uint32_t num_docs);
  bool empty() const { return section_.empty(); }

  // The record of a document. Decompresses the blocks it lies in (a caller that walks documents in
  // order uses StoredCursor).
  absl::StatusOr<std::string> Get(DocId doc) const;

 private:
  friend class StoredCursor;
  Section section_;
  uint64_t frames_bytes_ = 0;
  uint64_t raw_bytes_ = 0;
  PackedOffsetsReader block_offsets_;
  PackedOffsetsReader doc_offsets_;
};

// Reads records in order, decompressing each block once. Not thread-safe.
class StoredCursor {
 public:
  explicit StoredCursor(const StoredReader* reader);
  ~StoredCursor();
  absl::StatusOr<std::string_view> Get(DocId doc);  // until the next call

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ibid

#endif  // IBID_COMMON_FORMAT_STORED_H_
