// Where chosen words of a segment stand side by side, found from their positions.
//
//   std::vector<TermInfo> words = {of_info, the_info};
//   RETURN_IF_ERROR(ForEachWordPair(segment, words, [&](std::span<const WordPair> pairs) {
//     for (const WordPair& pair : pairs) Use(pair.doc, pair.first, pair.second, pair.position);
//     return absl::OkStatus();
//   }));
//
// The words' positions are laid out over some documents at a time and read off in order, so that
// each position is decoded once and memory does not grow with the segment.
#ifndef IBID_COMMON_FORMAT_WORD_PAIRS_H_
#define IBID_COMMON_FORMAT_WORD_PAIRS_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "common/format/segment_reader.h"
#include "common/format/term_info.h"
#include "ibid/types.h"

namespace ibid {

// Words are numbered from 0, so that one number more still fits.
inline constexpr size_t kMaxPairWords = 1024;

struct WordPair {
  DocId doc = 0;
  uint16_t first = 0;   // number of the word at `position`
  uint16_t second = 0;  // of the one behind it
  Position position = 0;

  bool operator==(const WordPair&) const = default;
};

using WordPairVisitor = std::function<absl::Status(std::span<const WordPair>)>;

// Collects pairs and hands them on some hundred at a time. Finish hands on the last.
class WordPairBatch {
 public:
  explicit WordPairBatch(const WordPairVisitor* visit) : visit_(visit), pairs_(kBatchPairs) {}

  // `words` are the numbers of the words at the places of a document, plus 1; 0 for a place that
  // has none of them.
  absl::Status AddWords(DocId doc, std::span<const uint16_t> words);
  absl::Status Add(const WordPair& pair) {
    pairs_[size_++] = pair;
    return size_ == pairs_.size() ? Finish() : absl::OkStatus();
  }
  absl::Status Finish();

 private:
  static constexpr size_t kBatchPairs = 1024;

  const WordPairVisitor* visit_;
  std::vector<WordPair> pairs_;
  size_t size_ = 0;  // of the pairs in use
};

// `words` are different terms of the segment, at most kMaxPairWords; one of doc_freq 0 stands
// nowhere. Pairs come by document, then by position, deleted documents with the others; a word may
// follow itself. DataLoss where the segment is damaged; an error of `visit` ends the walk.
absl::Status ForEachWordPair(const SegmentReader& segment, std::span<const TermInfo> words,
                             const WordPairVisitor& visit);

}  // namespace ibid

#endif  // IBID_COMMON_FORMAT_WORD_PAIRS_H_
