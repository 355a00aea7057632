// The sorted terms of one segment with what is known of each: front-coded blocks of 32, found
// through the first term of each block. Three sections have this form: terms, stems, pairs.
//
//   TermDictionaryWriter writer(DictionaryKind::kTerms);
//   RETURN_IF_ERROR(writer.Add("assad", info));            // increasing by bytes
//   RETURN_IF_ERROR(writer.Finish(&section_buffer));
//
//   ASSIGN_OR_RETURN(auto dictionary, TermDictionary::Open(section, DictionaryKind::kTerms));
//   ASSIGN_OR_RETURN(std::optional<TermInfo> info, dictionary.Find("assad"));
#ifndef IBID_COMMON_FORMAT_TERM_DICTIONARY_H_
#define IBID_COMMON_FORMAT_TERM_DICTIONARY_H_

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/byte_writer.h"
#include "common/format/segment_file.h"
#include "common/format/term_info.h"

namespace ibid {

enum class DictionaryKind { kTerms, kStems, kPairs };

inline constexpr uint32_t kDictionaryBlockTerms = 32;

// Where the next term of a block is expected to have its bytes: what records are relative to.
struct DictionaryPlace {
  uint64_t postings_offset = 0;
  uint64_t positions_offset = 0;
  uint32_t form = 0;  // the first form of the stem before
};

// Not thread-safe. Blocks go to the buffer as they fill; only the block index is held in memory.
class TermDictionaryWriter {
 public:
  TermDictionaryWriter(DictionaryKind kind, SectionBuffer* out);
  // Terms strictly increase by bytes, 1 to kMaxTermBytes long (pairs: the two terms with a byte 0
  // between). InvalidArgument otherwise.
  absl::Status Add(std::string_view term, const TermInfo& info);
  absl::Status Finish();
  uint32_t num_terms() const { return num_terms_; }
  // Sums over the terms so far: document frequencies, occurrences.
  uint64_t num_postings() const { return num_postings_; }
  uint64_t num_positions() const { return num_positions_; }

 private:
  absl::Status CheckTerm(std::string_view term, const TermInfo& info) const;
  void BeginBlock(std::string_view term);
  void AppendInfo(const TermInfo& info);
  void AppendForms(const TermInfo& info);

  DictionaryKind kind_;
  SectionBuffer* out_;
  uint32_t num_terms_ = 0;
  uint64_t num_postings_ = 0;
  uint64_t num_positions_ = 0;
  std::string last_term_;
  DictionaryPlace place_;
  ByteWriter block_;
  std::deque<uint64_t> block_keys_;
  std::deque<uint64_t> block_offsets_;
};

class TermCursor;

// Safe to share by threads; valid while the SegmentFile lives. An empty section is an empty
// dictionary.
class TermDictionary {
 public:
  TermDictionary() = default;
  static absl::StatusOr<TermDictionary> Open(Section section, DictionaryKind kind);

  uint32_t num_terms() const { return num_terms_; }
  absl::StatusOr<std::optional<TermInfo>> Find(std::string_view term) const;
  // The cursor stands on the first term >= `term`.
  absl::StatusOr<TermCursor> Seek(std::string_view term) const;
  // The cursor stands on the term of that ordinal (0 is the smallest term).
  absl::StatusOr<TermCursor> SeekOrdinal(uint32_t ordinal) const;

 private:
  friend class TermCursor;
  // Offset and end of a block, its bytes verified.
  absl::StatusOr<std::span<const uint8_t>> Block(uint32_t block) const;
  absl::StatusOr<uint64_t> BlockKey(uint32_t block) const;
  absl::StatusOr<std::string_view> FirstTerm(uint32_t block) const;
  // The last block whose first term is <= `term`, or block 0.
  absl::StatusOr<uint32_t> FindBlock(std::string_view term) const;
  absl::StatusOr<TermCursor> SeekBlock(uint32_t block) const;

  Section section_;
  DictionaryKind kind_ = DictionaryKind::kTerms;
  uint32_t num_terms_ = 0;
  uint32_t num_blocks_ = 0;
  uint64_t blocks_bytes_ = 0;  // the keys of the blocks follow, then their offsets
  uint64_t offsets_offset_ = 0;
  unsigned offset_width_ = 0;
};

// Walks a dictionary in order.
//
//   for (; !cursor.at_end(); ) { Use(cursor.term(), cursor.info()); RETURN_IF_ERROR(cursor.Next());
//   }
//
// Not thread-safe.
class TermCursor {
 public:
  bool at_end() const { return at_end_; }
  std::string_view term() const { return term_; }  // until Next
  uint32_t ordinal() const { return ordinal_; }
  const TermInfo& info() const { return info_; }
  absl::Status Next();

 private:
  friend class TermDictionary;
  absl::Status EnterBlock(uint32_t block);
  absl::Status ReadRecord();

  const TermDictionary* dictionary_ = nullptr;
  bool at_end_ = true;
  std::string term_;
  uint32_t ordinal_ = 0;
  TermInfo info_;
  DictionaryPlace place_;
  std::span<const uint8_t> rest_;  // of the block, behind the record
};

}  // namespace ibid

#endif  // IBID_COMMON_FORMAT_TERM_DICTIONARY_H_
