// Document keys: sorted, front-coded, with the permutation between sorted rank and document.
#ifndef IBID_COMMON_FORMAT_KEYS_H_
#define IBID_COMMON_FORMAT_KEYS_H_

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/format/front_coded.h"
#include "common/format/segment_file.h"
#include "ibid/types.h"

namespace ibid {

// Not thread-safe. Holds 4 bytes a document, 8 while it finishes.
class KeysWriter {
 public:
  explicit KeysWriter(SectionBuffer* out);
  // Keys strictly increase by bytes, 1 to kMaxKeyBytes long; each document once.
  absl::Status Add(std::string_view key, DocId doc);
  absl::Status Finish();
  uint32_t num_docs() const { return keys_.num_strings(); }

 private:
  SectionBuffer* out_;
  FrontCodedWriter keys_;
  std::deque<DocId> docs_;  // by rank
  std::string last_key_;
};

// Safe to share by threads; valid while the SegmentFile lives.
class KeysReader {
 public:
  KeysReader() = default;
  static absl::StatusOr<KeysReader> Open(Section section, uint32_t num_docs);

  absl::StatusOr<std::optional<DocId>> Find(std::string_view key) const;
  absl::StatusOr<std::string> Key(DocId doc) const;
  absl::StatusOr<uint32_t> Rank(DocId doc) const;  // place of its key in sorted order
  absl::StatusOr<DocId> DocOfRank(uint32_t rank) const;
  absl::StatusOr<std::string> KeyOfRank(uint32_t rank) const;

 private:
  // Number `index` of the permutation at `offset`.
  absl::StatusOr<uint32_t> Permuted(uint64_t offset, uint32_t index) const;

  Section section_;
  uint32_t num_docs_ = 0;
  unsigned width_ = 0;         // bits of a document number; 0: rank == document
  uint64_t docs_offset_ = 0;   // documents by rank
  uint64_t ranks_offset_ = 0;  // ranks by document
  FrontCodedReader keys_;
};

}  // namespace ibid

#endif  // IBID_COMMON_FORMAT_KEYS_H_
