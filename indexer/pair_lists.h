// Writes the lists of pairs of a segment, and of three words (common/format/pair_coverage.h):
// gathers the places of all phrases that may get one, chooses, and writes list by list.
//
//   PairLists pairs(env, path, options.pairs_percent);
//   pairs.AddTerm(term, info);                              // each term of the dictionary
//   RETURN_IF_ERROR(pairs.Write(source, num_docs, num_tokens, segment)); // behind the last stem
//
// The choice and the lists depend on nothing but the segment's documents and the percentage. The
// text is gone through once: all phrases that may have lists are counted and gathered, those that
// get none are then left out. What is gathered is sorted half a million places at a time, kept in a
// byte or two each, and goes to a temporary file past some megabytes. Not thread-safe.
#ifndef IBID_INDEXER_PAIR_LISTS_H_
#define IBID_INDEXER_PAIR_LISTS_H_

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "common/format/segment_writer.h"
#include "common/format/word_pairs.h"
#include "ibid/env.h"
#include "indexer/pair_choice.h"

namespace ibid {

// Gives the pairs of these words by document and position, as ForEachWordPair does.
using PairSource =
    std::function<absl::Status(std::span<const std::string> words, const WordPairVisitor& visit)>;

// seg_<id>.ibid.pair_runs.tmp in `dir`.
std::string PairsTemporaryName(const std::string& dir, uint64_t segment_id);

class PairLists {
 public:
  // `temporary` is a path for a file that is removed again.
  PairLists(Env* env, std::string temporary, int percent)
      : env_(env), temporary_(std::move(temporary)), percent_(percent) {}

  void AddTerm(std::string_view term, const TermInfo& info) {
    if (percent_ > 0) candidates_.Add(term, info.doc_freq, info.total_freq);
  }

  // Once. Finishes the segment's terms.
  absl::Status Write(const PairSource& source, uint32_t num_docs, uint64_t num_tokens,
                     SegmentWriter* segment);

 private:
  Env* env_;
  std::string temporary_;
  int percent_;
  PairCandidates candidates_;
};

}  // namespace ibid

#endif  // IBID_INDEXER_PAIR_LISTS_H_
