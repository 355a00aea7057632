// Writes one segment: owns the buffers of all its sections and the writers that fill them, and puts
// the segment file together at the end.
//
//   ASSIGN_OR_RETURN(auto segment, SegmentWriter::Create(env, dir, segment_id, options));
//   // As documents arrive, in DocId order (any memory a document needs can be let go afterwards):
//   segment->regions().Add(regions);
//   RETURN_IF_ERROR(segment->stored().Add(EncodeStoredDocument(document)));
//   segment->columns().Add(doc, "source", StoredColumnType::kText, values);
//   // When all documents are known, then term by term in byte order:
//   segment->StartPostings({.norms = norms, .num_tokens = tokens, .text_bytes = bytes});
//   segment->postings().BeginTerm(/*with_positions=*/true);
//   segment->postings().Add(doc, positions);
//   RETURN_IF_ERROR(segment->terms().Add("assad", segment->postings().FinishTerm()));
//   // Then, where there are to be lists of pairs, in the byte order of their keys:
//   ASSIGN_OR_RETURN(const uint64_t bytes, segment->FinishTerms());
//   segment->SetPairCoverage(coverage);
//   RETURN_IF_ERROR(segment->pairs().Add(PairKey("of", "the"), info));
//   // Keys in byte order, and:
//   RETURN_IF_ERROR(segment->keys().Add(key, doc));
//   ASSIGN_OR_RETURN(SegmentMeta meta, segment->Finish(/*sync=*/true));
//
// Not thread-safe, but the writers of different sections may be used by different threads (each by
// one at a time), except terms, stems, pairs and postings, which belong together. Dropping it
// unfinished removes its temporary files; nothing of that name is left behind.
#ifndef IBID_COMMON_FORMAT_SEGMENT_WRITER_H_
#define IBID_COMMON_FORMAT_SEGMENT_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/format/column_stream.h"
#include "common/format/columns.h"
#include "common/format/keys.h"
#include "common/format/manifest.h"
#include "common/format/pair_coverage.h"
#include "common/format/postings_writer.h"
#include "common/format/regions.h"
#include "common/format/stored.h"
#include "common/format/term_dictionary.h"
#include "ibid/env.h"

namespace ibid {

struct SegmentWriterOptions {
  bool store_text = true;  // false: no stored section; stored() must not be used
  SegmentUse use = SegmentUse::kKept;
  // Bytes that each of the eleven sections may hold in memory before it goes to a temporary file.
  size_t section_memory_bytes = size_t{1} << 20;
};

// What StartPostings must be told: the documents as a whole.
struct SegmentDocuments {
  std::vector<uint8_t> norms;  // LengthToNorm of each document's length; its size is num_docs
  uint64_t num_tokens = 0;     // sum of the exact lengths
  uint64_t text_bytes = 0;     // of title and text as given
};

class SegmentWriter {
 public:
  // The file <dir>/seg_<segment_id>.ibid must not exist when Finish is called.
  static absl::StatusOr<std::unique_ptr<SegmentWriter>> Create(Env* env, const std::string& dir,
                                                               uint64_t segment_id,
                                                               const SegmentWriterOptions& options);
  ~SegmentWriter();

  // Usable at once.
  RegionsWriter& regions();
  StoredWriter& stored();
  ColumnsWriter& columns();
  ColumnStreamWriter& column_stream();  // instead of columns(), never beside it
  KeysWriter& keys();

  // Once. Makes the four writers below usable.
  void StartPostings(SegmentDocuments documents);
  PostingsWriter& postings();
  TermDictionaryWriter& terms();
  TermDictionaryWriter& stems();
  TermDictionaryWriter& pairs();

  // Once, behind the last term and stem, where pairs follow: what the positional index takes
  // without them (dictionaries, postings, positions, norms), in bytes.
  absl::StatusOr<uint64_t> FinishTerms();
  // Which pairs have lists; none where it is not called. The lists come behind FinishTerms.
  void SetPairCoverage(const PairCoverage& coverage);

  // Once. Regions, keys (and stored) must hold every document by now. Writes the segment file; with
  // `sync`, forces it to disk (the directory is the caller's to sync).
  absl::StatusOr<SegmentMeta> Finish(bool sync);

 private:
  struct Impl;
  explicit SegmentWriter(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace ibid

#endif  // IBID_COMMON_FORMAT_SEGMENT_WRITER_H_
