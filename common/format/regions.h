// Title, sentences, paragraphs and quotations of each document, as ranges of positions.
#ifndef IBID_COMMON_FORMAT_REGIONS_H_
#define IBID_COMMON_FORMAT_REGIONS_H_

#include <cstdint>
#include <deque>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/byte_writer.h"
#include "common/format/packed_offsets.h"
#include "common/format/segment_file.h"
#include "ibid/types.h"

namespace ibid {

// Positions [begin, end).
struct PositionRange {
  Position begin = 0;
  Position end = 0;

  bool operator==(const PositionRange&) const = default;
};

// The regions of one document. Title and text have sentences, paragraphs and quotations of their
// own; the lists hold the title's first, in one space of positions.
struct DocRegions {
  uint32_t title_tokens = 0;
  uint32_t text_tokens = 0;
  std::vector<Position> sentence_ends;  // one past each sentence's last position
  std::vector<Position> paragraph_ends;
  std::vector<PositionRange> quotations;  // in order, disjoint

  // The position of the text's first token: one position is left free behind a title.
  Position text_begin() const { return title_tokens == 0 ? 0 : title_tokens + 1; }
  PositionRange title() const { return {0, title_tokens}; }
  PositionRange text() const { return {text_begin(), text_begin() + text_tokens}; }
  uint32_t length() const { return title_tokens + text_tokens; }

  bool operator==(const DocRegions&) const = default;
};

// Documents in order from 0. Not thread-safe. Holds some 6 bytes a document.
class RegionsWriter {
 public:
  explicit RegionsWriter(SectionBuffer* out);
  // Every token of title and text lies in one sentence and in one paragraph, and the title ends
  // both; Finish gives InvalidArgument where that is not so.
  void Add(const DocRegions& regions);
  absl::Status Finish();
  uint32_t num_docs() const { return static_cast<uint32_t>(title_tokens_.size()); }

 private:
  bool AddSentences(const DocRegions& regions);
  bool AddQuotations(const DocRegions& regions);

  SectionBuffer* out_;
  std::deque<uint32_t> title_tokens_;
  PackedOffsetsWriter offsets_;
  ByteWriter blob_;
  absl::Status status_;
};

// Safe to share by threads; valid while the SegmentFile lives.
class RegionsReader {
 public:
  RegionsReader() = default;
  static absl::StatusOr<RegionsReader> Open(Section section, uint32_t num_docs);

  absl::StatusOr<uint32_t> TitleTokens(DocId doc) const;  // O(1), no other region is decoded
  absl::Status Get(DocId doc, DocRegions* regions) const;

 private:
  Section section_;
  uint32_t num_docs_ = 0;
  unsigned title_width_ = 0;
  uint64_t titles_offset_ = 0;  // behind the records of the documents
  PackedOffsetsReader offsets_;
};

}  // namespace ibid

#endif  // IBID_COMMON_FORMAT_REGIONS_H_
