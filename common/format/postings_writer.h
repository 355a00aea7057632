// Writes the postings of one term after another: documents and frequencies in blocks of 128 with
// skip data and impacts, positions in an area of their own. Layout: docs/FORMAT.md.
//
//   PostingsWriter writer(&postings, &positions, norms, length_table);
//   writer.BeginTerm(/*with_positions=*/true);
//   writer.Add(doc, positions);               // documents increase
//   TermInfo info = writer.FinishTerm();      // for the dictionary
//
// Not thread-safe. Holds one block and the skip data of the present term.
#ifndef IBID_COMMON_FORMAT_POSTINGS_WRITER_H_
#define IBID_COMMON_FORMAT_POSTINGS_WRITER_H_

#include <cstdint>
#include <memory>
#include <span>

#include "common/format/impacts.h"
#include "common/format/postings_block.h"
#include "common/format/segment_file.h"
#include "common/format/segment_use.h"
#include "common/format/term_info.h"
#include "ibid/types.h"

namespace ibid {

class PostingsWriter {
 public:
  // `norms` has one byte for each document of the segment; it and the buffers must outlive the
  // writer. `lengths` is for the segment's own average length and the default parameters.
  PostingsWriter(SectionBuffer* postings, SectionBuffer* positions, std::span<const uint8_t> norms,
                 const LengthTable& lengths, SegmentUse use = SegmentUse::kKept);
  ~PostingsWriter();

  // `coding` is that of whole blocks; of a segment that passes it is kPlain.
  void BeginTerm(bool with_positions, BlockCoding coding = BlockCoding::kPatched);
  // A posting with its positions, strictly increasing; its frequency is their number (>= 1).
  void Add(DocId doc, std::span<const Position> positions);
  // A posting of a term without positions.
  void Add(DocId doc, uint32_t freq);
  // Postings of any number, with all their positions as gaps: the first of each posting, and of
  // each further one how many positions lie between it and the one before.
  void AddBlock(std::span<const DocId> docs, std::span<const uint32_t> freqs,
                std::span<const uint32_t> gaps);
  // The same for a term without positions.
  void AddBlock(std::span<const DocId> docs, std::span<const uint32_t> freqs);
  // Without `forms`; a term with no postings gives doc_freq 0 and writes nothing.
  TermInfo FinishTerm();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ibid

#endif  // IBID_COMMON_FORMAT_POSTINGS_WRITER_H_
