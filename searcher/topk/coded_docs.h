// The documents that the codes of words (searcher/match/range_impacts.h) leave for a place among
// the best, the most promising first.
//
//   CodedDocs docs(num_docs, terms, {.every = false, .in_order = false, .k = 10});
//   docs.Run(threshold, should_stop, [&](std::span<const CodedDocs::Chosen> chosen) {
//     ...score them...
//     return new_threshold;
//   });
//
// Ranges of 64 documents whose words' highest impacts together reach the threshold are compared
// code by code; the documents that this leaves wait until there are enough to choose from. Ranges
// of the highest sums come first, so that the threshold is high when the many others are looked at.
// (The words' part of a score in few bits, added for many documents at once: V. Anh and A. Moffat,
// "Pruned query evaluation using pre-computed impacts", SIGIR 2006, has impacts so; the tables of
// 16 values in a register are those of F. Andre, A.-M. Kermarrec and N. Le Scouarnec, "Cache
// locality is not enough: high-performance nearest neighbor search with product quantization fast
// scan", VLDB 2015.)
#ifndef IBID_SEARCHER_TOPK_CODED_DOCS_H_
#define IBID_SEARCHER_TOPK_CODED_DOCS_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "searcher/match/range_impacts.h"

namespace ibid {

// Not thread-safe.
class CodedDocs {
 public:
  struct Term {
    const RangeImpacts* impacts = nullptr;  // has codes; outlives this
    float scale = 0;                        // what a share of 1 scores at most
  };
  struct Options {
    bool every = false;     // only documents that have all terms
    bool in_order = false;  // gives documents in their order, not the best first
    uint64_t k = 10;        // wanted
  };
  struct Chosen {
    float bound = 0;  // at least the score
    DocId doc = 0;
  };
  // At most kMostChosen, in their order; the threshold that is to be reached from now on.
  using Decide = std::function<float(std::span<const Chosen>)>;
  static constexpr uint32_t kMostChosen = 1024;

  CodedDocs(uint32_t num_docs, std::vector<Term> terms, Options options);

  // `should_stop` is told of the next document and about how many are looked at. Adds the ranges
  // whose codes were compared to *ranges_tested.
  void Run(float threshold, const std::function<bool(DocId, uint32_t)>& should_stop,
           const Decide& decide, uint64_t* ranges_tested);

 private:
  float SumOfFew() const;
  bool Scan(float from, float below);
  void Wait(const uint32_t* ranges, uint32_t count);
  void DecideWaiting();
  void NoteThreshold(float threshold);

  const uint32_t num_ranges_;
  const std::vector<Term> terms_;
  const Options options_;
  std::vector<const uint8_t*> codes_;
  std::vector<float> sums_;  // of the highest impacts of each range

  float threshold_ = 0;
  std::vector<uint8_t> values_;  // 16 of each term: what codes stand for
  std::vector<uint8_t>
      present_;        // 16 of each term: 1, but 0 for the code that says it is not there
  uint8_t least_ = 1;  // of the sums of values

  std::vector<Chosen> waiting_;
  size_t most_waiting_;
  uint32_t at_once_;  // decided
  const std::function<bool(DocId, uint32_t)>* should_stop_ = nullptr;
  const Decide* decide_ = nullptr;
  uint64_t ranges_tested_ = 0;
};

}  // namespace ibid

#endif  // IBID_SEARCHER_TOPK_CODED_DOCS_H_
