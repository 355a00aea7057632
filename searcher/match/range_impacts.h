// What the postings of a word say of its scores: its best documents, the highest impact in each
// range of documents, and of frequent words something of every document. Made when a word is asked
// for the second time, and kept as long as the segment is open: bounds that are tighter, and sooner
// at hand, than those of the blocks in the file.
//
//   std::shared_ptr<const RangeImpacts> impacts = kept.Get(segment, info);   // null: not yet
//
// Thread-safe. Holds at most MaxRangeImpactBytes and two MB of counts: those of the words that are
// asked for most often of late (least frequently used goes first, with counts that are halved now
// and then).
#ifndef IBID_SEARCHER_MATCH_RANGE_IMPACTS_H_
#define IBID_SEARCHER_MATCH_RANGE_IMPACTS_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "common/codec/bit_packing.h"
#include "common/codec/scan.h"
#include "common/format/segment_reader.h"
#include "common/format/term_info.h"

namespace ibid {

// Coarse ranges: about a thousand in a segment of up to two million documents. Fine ones: 64
// documents each.
uint32_t CoarseRangeShift(uint32_t num_docs);
inline constexpr uint32_t kFineRangeShift = 6;
// Numbers of ranges are rounded up to whole vectors.
inline constexpr uint32_t kRangeVector = 16;
constexpr uint32_t NumRanges(uint32_t num_docs, uint32_t shift) { return (num_docs >> shift) + 1; }
constexpr uint32_t RangeStride(uint32_t num_docs, uint32_t shift) {
  return (NumRanges(num_docs, shift) + kRangeVector - 1) / kRangeVector * kRangeVector;
}

// Of lists of so few blocks only the best documents are kept, of those of one block nothing.
inline constexpr uint32_t kShortListBlocks = 8;
// Best documents that are kept, at most.
inline constexpr size_t kBestDocs = 160;
// Words in at least so large a part of the documents have a code for each.
inline constexpr uint32_t kCodedShare = 32;
constexpr bool HasCodes(const TermInfo& info, uint32_t num_docs) {
  return info.doc_freq >= num_docs / kCodedShare && info.doc_freq > kShortListBlocks * kBlockLength;
}
inline constexpr uint32_t kFreqNotTold = 255;
// 64 MB up to a million documents, then 64 bytes a document: codes of about 120 words.
constexpr size_t MaxRangeImpactBytes(uint32_t num_docs) {
  return std::max(size_t{64} << 20, size_t{num_docs} * 64);
}

// As impacts are kept in the index (common/format/impacts.h): under BM25's default parameters and
// the segment's own average length. 0: no document of the range has the word.
struct RangeImpacts {
  // The documents of the highest shares, those first, and the highest share of the others (the
  // "champion lists" of C. Manning, P. Raghavan and H. Schuetze, "Introduction to Information
  // Retrieval", 2008, section 7.1.3, but with what they leave out).
  struct BestDoc {
    DocId doc = 0;
    uint32_t freq = 0;
    float share = 0;
  };
  std::vector<BestDoc> best;
  float share_of_others = 0;

  std::vector<uint8_t> coarse;  // empty where the list is short
  std::vector<uint8_t> fine;    // empty where there are no codes
  // Of frequent words, a code for each document, as SelectByCodes (common/codec/scan.h) takes them:
  // 0 where the document has not the word, else the higher, the higher its share. Each code stands
  // for about half as many documents as the one below it: the best are told apart best.
  std::vector<uint8_t> codes;
  std::array<float, 16> shares = {};  // of a code: the highest
  // The frequency in all documents of one code and one norm; kFreqNotTold where it is not the same
  // in all, or higher.
  std::vector<uint8_t> freqs;  // by code * 256 + norm

  uint32_t CodeOf(DocId doc) const {
    const uint32_t two =
        codes[doc / kCodesPerRange * kCodeBytesPerRange + doc % kCodeBytesPerRange];
    return two >> (doc / kCodeBytesPerRange % 2 * 4) & 15;
  }
  // At least the document's share.
  float ShareOf(DocId doc) const { return shares[CodeOf(doc)]; }
  // kFreqNotTold: the list must be looked at.
  uint32_t FreqOf(uint32_t code, uint8_t norm) const { return freqs[code * 256 + norm]; }
  size_t bytes() const {
    return sizeof(*this) + best.capacity() * sizeof(BestDoc) + coarse.size() + fine.size() +
           codes.size() + freqs.size();
  }
};

class RangeImpactsOfLists {
 public:
  // `max_bytes`: MaxRangeImpactBytes of the segment, but for tests.
  explicit RangeImpactsOfLists(size_t max_bytes) : max_bytes_(max_bytes) {}

  // Null at the first time, for lists of one block, where words that are asked for more often take
  // all the room, and where the list is damaged (its cursor says so).
  std::shared_ptr<const RangeImpacts> Get(const SegmentReader& segment, const TermInfo& info);

  size_t bytes() const;

 private:
  struct Entry {
    uint32_t uses = 0;
    uint32_t doc_freq = 0;
    uint64_t postings_bytes = 0;
    std::shared_ptr<const RangeImpacts> impacts;  // null: none are kept
  };

  bool MakeRoom(size_t bytes, uint32_t uses);
  void HalveUses();

  const size_t max_bytes_;
  mutable std::mutex mutex_;
  size_t bytes_ = 0;
  uint64_t num_gets_ = 0;
  uint64_t no_room_until_ = 0;                   // num_gets_
  std::unordered_map<uint64_t, Entry> entries_;  // by postings_offset
};

}  // namespace ibid

#endif  // IBID_SEARCHER_MATCH_RANGE_IMPACTS_H_
