// Turns a unit of documents into a segment: analyses, inverts, writes.
//
//   ASSIGN_OR_RETURN(auto writer, UnitWriter::Create(env, dir, index_options));
//   ASSIGN_OR_RETURN(UnitResult result,
//                    writer->Write(std::move(unit), segment_id, /*to_merge=*/false));
//
// Not thread-safe; one a thread, used for many units. Holds at most the unit, 8 bytes a token and
// the unit's distinct terms.
#ifndef IBID_INDEXER_UNIT_WRITER_H_
#define IBID_INDEXER_UNIT_WRITER_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "absl/hash/hash.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/format/segment_writer.h"
#include "common/text/analyzer.h"
#include "ibid/env.h"
#include "ibid/index_options.h"
#include "indexer/document_unit.h"
#include "indexer/memory_postings.h"
#include "indexer/pair_lists.h"

namespace ibid {

class UnitWriter {
 public:
  // InvalidArgument for a language that is not known.
  static absl::StatusOr<std::unique_ptr<UnitWriter>> Create(Env* env, std::string dir,
                                                            const IndexOptions& options);

  // The segment has the unit's documents in their order. ResourceExhausted where memory runs out.
  // A segment `to_merge` is one that will not be published but merged: it has no lists of pairs,
  // for a merge makes them anew, its text is not made as small as can be, and it is not forced to
  // disk.
  absl::StatusOr<UnitResult> Write(DocumentUnit unit, uint64_t segment_id, bool to_merge);

 private:
  UnitWriter(Env* env, std::string dir, const IndexOptions& options,
             std::unique_ptr<Analyzer> analyzer);

  absl::StatusOr<UnitResult> WriteSegment(DocumentUnit unit, uint64_t segment_id, bool to_merge);
  absl::Status AddDocument(UnitDocument* document, DocId doc, const ColumnList& columns);
  uint32_t AddField(std::string_view text, AnalyzedText* words);
  void AddColumns(UnitDocument* document, DocId doc, const ColumnList& columns);
  void FoldTexts(ColumnValues* values);
  absl::Status AddKeys(const std::vector<UnitDocument>& documents);
  absl::Status AddTerms(uint64_t id, PairLists* pairs);
  absl::Status AddStem(std::string_view stem, std::span<const uint32_t> forms);

  Env* env_;
  std::string dir_;
  IndexOptions options_;
  std::unique_ptr<Analyzer> analyzer_;
  AnalyzedText title_;
  AnalyzedText text_;
  MemoryPostings postings_;
  // Folded forms of column texts, which repeat (outlets, sections).
  std::unordered_map<std::string, std::string, absl::Hash<std::string>> folded_;

  // Of the segment being written.
  std::unique_ptr<SegmentWriter> segment_;
  SegmentDocuments documents_;
  uint64_t cut_terms_ = 0;
};

}  // namespace ibid

#endif  // IBID_INDEXER_UNIT_WRITER_H_
