// Brings the pairs of words of documents from one order of documents into another.
//
//   PairShuffle shuffle(&records);
//   RETURN_IF_ERROR(shuffle.Add(pairs));          // any order, those of a document together
//   RETURN_IF_ERROR(shuffle.ForEach(visit));      // by document
//
// Not thread-safe.
#ifndef IBID_INDEXER_PAIR_SHUFFLE_H_
#define IBID_INDEXER_PAIR_SHUFFLE_H_

#include <span>

#include "absl/status/status.h"
#include "common/base/byte_writer.h"
#include "common/format/word_pairs.h"
#include "indexer/record_shuffle.h"

namespace ibid {

class PairShuffle {
 public:
  // `records` is new, and outlives this object.
  explicit PairShuffle(RecordShuffle* records) : records_(records) {}

  // The pairs of one document may come in several calls, by position.
  absl::Status Add(std::span<const WordPair> pairs);
  // Once, last.
  absl::Status ForEach(const WordPairVisitor& visit);

 private:
  absl::Status EndDocument();

  RecordShuffle* records_;
  DocId doc_ = 0;
  ByteWriter record_;  // of doc_
};

}  // namespace ibid

#endif  // IBID_INDEXER_PAIR_SHUFFLE_H_
