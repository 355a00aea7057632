// Cursor over the postings of one term in one segment, in increasing DocId order.
//
//   PostingsCursor c = segment.Postings(term_info);
//   for (DocId d = c.doc(); d != kNoMoreDocs; d = c.Next()) Use(d, c.freq());
//   RETURN_IF_ERROR(c.status());
//
// A damaged block ends the cursor: doc() is kNoMoreDocs and status() says DataLoss. Deleted
// documents are not skipped here.
//
// Not thread-safe; cheap to create (the first block's documents are decoded, nothing else);
// movable; valid while the SegmentReader lives.
#ifndef IBID_COMMON_FORMAT_POSTINGS_CURSOR_H_
#define IBID_COMMON_FORMAT_POSTINGS_CURSOR_H_

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "common/format/position_stream.h"
#include "common/format/segment_file.h"
#include "common/format/term_info.h"
#include "ibid/types.h"

namespace ibid {

class PostingsCursor {
 public:
  PostingsCursor();  // at its end
  PostingsCursor(Section postings, Section positions, const TermInfo& info, uint32_t num_docs);
  ~PostingsCursor();
  PostingsCursor(PostingsCursor&&) noexcept;
  PostingsCursor& operator=(PostingsCursor&&) noexcept;

  DocId doc() const { return doc_; }
  DocId Next() {  // Legal at the end: stays there.
    if (++index_ < size_) return doc_ = docs_[index_];
    return NextBlock();
  }
  // To the first document >= target. Never moves back.
  DocId NextGeq(DocId target) {
    if (target <= doc_) return doc_;
    if (target <= last_doc_) return SeekInBlock(target);
    return SeekBeyondBlock(target);
  }
  uint32_t freq();  // Of doc(); decoded for a block when first asked.
  // Appends the positions of doc(), increasing. Nothing where the term has none.
  void AppendPositions(std::vector<Position>* positions);

  uint32_t doc_freq() const;
  const absl::Status& status() const { return status_; }

  // ---- Bounds, without decoding. A block is 128 postings (the last may be shorter).
  // Moves the view of bounds to the block that would hold `target` (not the cursor itself).
  // block_last_doc() is kNoMoreDocs past the last block.
  void ShallowSeek(DocId target);
  DocId block_last_doc() const;
  uint8_t block_max_impact() const;
  uint32_t block_max_freq() const;  // >= every freq of the block; UINT32_MAX where not known
  uint8_t block_min_norm() const;   // <= every norm of the block

  // ---- Whole blocks, for code that works on arrays. LoadBlock decodes the block that holds
  // doc(); the arrays are valid until the cursor moves to another block.
  struct Block {
    const DocId* docs;  // increasing
    const uint32_t* freqs;
    uint32_t size;   // 1 to 128
    uint32_t index;  // of doc() in docs
  };
  Block CurrentBlock();
  DocId NextBlock();  // to the first document of the next block
  // Appends the position gaps of postings of the block that holds doc(), from number `first` on, as
  // PostingsWriter::AddBlock takes them: as many as their frequencies say. Gives how many postings:
  // all that are left, but where they have more than kGapsAtOnce in all, fewer, and at least one. 0
  // and an error where the term has no positions, or they are damaged.
  static constexpr uint32_t kGapsAtOnce = 1 << 14;
  uint32_t AppendBlockGaps(uint32_t first, std::vector<uint32_t>* gaps);

  // ---- Blocks by number, in any order, for code that plans its own way through the list.
  struct BlockBounds {
    DocId last_doc;      // of the block
    uint8_t max_impact;  // as block_max_impact(), and so on
    uint32_t max_freq;
    uint8_t min_norm;
  };
  uint32_t num_blocks() const;  // 0 where the dictionary says what cannot be
  // `block` < num_blocks(). On damage the bounds are loose and the cursor is at its end.
  BlockBounds BoundsOfBlock(uint32_t block);
  DocId LastDocOfBlock(uint32_t block);
  uint8_t MaxImpactOfBlock(uint32_t block);
  // The first block at or after `from` with a largest impact of at least `at_least`; num_blocks()
  // if none.
  uint32_t FindImpact(uint8_t at_least, uint32_t from);
  // The first block at or after `from` that may hold a document >= target; num_blocks() if none.
  uint32_t FindBlock(DocId target, uint32_t from);
  // Moves to the first document of `block`, forwards or back. False at damage: see status().
  bool LoadBlock(uint32_t block);
  uint32_t block() const;  // the loaded one; num_blocks() at the end
  const DocId* docs() const { return docs_; }
  uint32_t size() const { return size_; }
  const uint32_t* Freqs();  // beside docs(); null at damage
  // Positions of the term in the documents before the loaded block.
  uint64_t positions_before_block() const;
  // The frequencies of `block` alone, for who knows by other means at which of its places a
  // document stands; with the positions of the term before it. Empty at damage: see status(). Valid
  // until the next call or move; may move the cursor to the block.
  std::span<const uint32_t> FreqsOfBlock(uint32_t block, uint64_t* positions_before);
  // Appends the positions of postings, one behind the other. A posting's run begins at what lies
  // before its block plus the frequencies before it in the block. False at damage: see status(); a
  // position at or above `end` is such.
  bool AppendPositionsOf(std::span<const PositionRun> runs, Position end,
                         std::vector<Position>* positions);
  // Moves to docs()[index], index < size().
  void MoveTo(uint32_t index) {
    index_ = index;
    doc_ = docs_[index];
  }

  // ---- What was decoded since the cursor was made.
  struct Work {
    uint64_t doc_blocks = 0;
    uint64_t freq_blocks = 0;
    uint64_t position_blocks = 0;
    uint64_t positions = 0;
    uint64_t bytes = 0;  // of the blocks

    void operator+=(const Work& other) {
      doc_blocks += other.doc_blocks;
      freq_blocks += other.freq_blocks;
      position_blocks += other.position_blocks;
      positions += other.positions;
      bytes += other.bytes;
    }
  };
  Work work() const;

 private:
  struct Impl;
  DocId SeekInBlock(DocId target);
  DocId SeekBeyondBlock(DocId target);
  DocId End();
  DocId Fail(absl::Status status);
  bool LoadDocs(uint32_t block);
  bool LoadFreqs();
  struct BlockPlace;
  bool FindPlace(uint32_t block, BlockPlace* place);
  bool ReadTail(uint64_t begin, uint64_t length, int64_t previous);

  DocId doc_ = kNoMoreDocs;
  DocId last_doc_ = kNoMoreDocs;  // of the block in docs_; kNoMoreDocs at the end
  uint32_t index_ = 0;            // of doc_ in docs_
  uint32_t size_ = 0;             // of docs_; 0 at the end
  const DocId* docs_ = nullptr;
  absl::Status status_;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ibid

#endif  // IBID_COMMON_FORMAT_POSTINGS_CURSOR_H_
