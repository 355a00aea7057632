// Brings the postings of one term after another into the order of other document numbers.
//
//   PostingShuffle shuffle(num_docs);
//   for (each posting, in any order) shuffle.Add(doc, positions);
//   shuffle.MoveTo(/*with_positions=*/true, &writer);       // between BeginTerm and FinishTerm
//
// Holds the postings and position gaps of what was added since the last MoveTo, and at most 5 bytes
// a document. Not thread-safe.
#ifndef IBID_INDEXER_POSTING_SHUFFLE_H_
#define IBID_INDEXER_POSTING_SHUFFLE_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "common/format/postings_writer.h"
#include "ibid/types.h"

namespace ibid {

class PostingShuffle {
 public:
  // Bytes that a posting and a position take.
  static constexpr uint64_t kPostingBytes = 16;
  static constexpr uint64_t kPositionBytes = sizeof(uint32_t);

  explicit PostingShuffle(uint32_t num_docs) : num_docs_(num_docs) {}

  // Each document below `num_docs` once; all of a term with positions or all without.
  void Add(DocId doc, std::span<const Position> positions);
  void Add(DocId doc, uint32_t freq) {
    postings_.push_back({.doc = doc, .freq = freq, .begin = 0});
  }
  // As PostingsWriter::AddBlock, but documents come in any order.
  void AddBlock(std::span<const DocId> docs, std::span<const uint32_t> freqs,
                std::span<const uint32_t> gaps);

  void AddBlock(std::span<const DocId> docs, std::span<const uint32_t> freqs) {
    for (size_t i = 0; i < docs.size(); ++i) Add(docs[i], freqs[i]);
  }

  void MoveTo(bool with_positions, PostingsWriter* out);

 private:
  struct Posting {
    DocId doc;
    uint32_t freq;
    uint64_t begin;  // in gaps_
  };
  static_assert(sizeof(Posting) == kPostingBytes);

  void MoveBlocks(PostingsWriter* out);
  template <typename Visit>
  void ForEachInOrder(Visit visit);

  uint32_t num_docs_;
  std::vector<Posting> postings_;
  std::vector<uint32_t> gaps_;
  // Of dense terms: which documents have it, and where their postings are.
  std::vector<uint64_t> present_;
  std::vector<uint32_t> slots_;
};

}  // namespace ibid

#endif  // IBID_INDEXER_POSTING_SHUFFLE_H_
