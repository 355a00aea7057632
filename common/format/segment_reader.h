// One open segment: the readers of all its structures.
//
//   ASSIGN_OR_RETURN(auto segment, SegmentReader::Open(env, dir, meta));
//   ASSIGN_OR_RETURN(auto info, segment->terms().Find("assad"));
//   if (info) { PostingsCursor c = segment->Postings(*info); ... }
//
// Immutable and safe to share by threads. Opening reads a few hundred bytes, whatever the size.
#ifndef IBID_COMMON_FORMAT_SEGMENT_READER_H_
#define IBID_COMMON_FORMAT_SEGMENT_READER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/format/columns.h"
#include "common/format/keys.h"
#include "common/format/manifest.h"
#include "common/format/pair_coverage.h"
#include "common/format/postings_cursor.h"
#include "common/format/regions.h"
#include "common/format/segment_file.h"
#include "common/format/stored.h"
#include "common/format/term_dictionary.h"
#include "ibid/env.h"
#include "ibid/types.h"

namespace ibid {

// What the properties section holds.
struct SegmentProperties {
  uint32_t num_docs = 0;
  uint64_t num_tokens = 0;     // sum of document lengths
  uint64_t text_bytes = 0;     // of title and text as given
  uint64_t num_positions = 0;  // == num_tokens
  uint64_t num_postings = 0;   // of surface forms
  PairCoverage pairs;
  // What the lists of pairs take at the end of the section postings. They have no positions.
  uint64_t pair_postings_bytes = 0;

  std::string Encode() const;
  static absl::StatusOr<SegmentProperties> Decode(Section section);
  bool operator==(const SegmentProperties&) const = default;
};

// What a manifest would say of segment `id`, without its deletions, taken from its own file.
// NotFound; DataLoss; FailedPrecondition for a format version this library does not read.
absl::StatusOr<SegmentMeta> DescribeSegment(Env* env, const std::string& dir, uint64_t id);

class SegmentReader {
 public:
  static absl::StatusOr<std::shared_ptr<const SegmentReader>> Open(Env* env, const std::string& dir,
                                                                   const SegmentMeta& meta);

  const SegmentFile& file() const { return *file_; }
  const SegmentProperties& properties() const { return properties_; }
  uint32_t num_docs() const { return properties_.num_docs; }
  const TermDictionary& terms() const { return terms_; }
  const TermDictionary& stems() const { return stems_; }
  // Keys are PairKey(first, second) and TripleKey(first, second, third). What a missing list means,
  // pair_coverage() says.
  const TermDictionary& pairs() const { return pairs_; }
  const PairCoverage& pair_coverage() const { return properties_.pairs; }
  absl::StatusOr<std::optional<TermInfo>> FindPair(std::string_view first,
                                                   std::string_view second) const {
    return pairs_.Find(PairKey(first, second));
  }
  absl::StatusOr<std::optional<TermInfo>> FindTriple(std::string_view first,
                                                     std::string_view second,
                                                     std::string_view third) const {
    return pairs_.Find(TripleKey(first, second, third));
  }
  const RegionsReader& regions() const { return regions_; }
  const ColumnsReader& columns() const { return columns_; }
  const KeysReader& keys() const { return keys_; }
  const StoredReader& stored() const { return stored_; }

  PostingsCursor Postings(const TermInfo& info) const;
  // Norms, one byte a document. Touch before use: norms().Touch(doc, 1).
  const Section& norms() const { return norms_; }
  absl::StatusOr<uint8_t> Norm(DocId doc) const;

 private:
  SegmentReader() = default;

  std::unique_ptr<SegmentFile> file_;
  SegmentProperties properties_;
  TermDictionary terms_, stems_, pairs_;
  Section postings_, positions_, norms_;
  RegionsReader regions_;
  ColumnsReader columns_;
  KeysReader keys_;
  StoredReader stored_;
};

}  // namespace ibid

#endif  // IBID_COMMON_FORMAT_SEGMENT_READER_H_
