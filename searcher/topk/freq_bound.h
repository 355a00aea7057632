// How often an operator can match in a document, given how often its words stand in it; and the
// same for the odds freq / K, since every bound here is linear. An operator's minimal intervals
// differ in both ends, so that
//   a phrase, an ordered pair         has at most as many as its rarest operand,
//   an ordered chain                  as its first or last,
//   two operands in any order         twice as many as the rarer (each begins or ends with one),
//   more operands, sloppy phrases     as all operands together,
// the last two as frequencies also less n - 1 for n operands: behind the start of the last match
// lie the starts of n - 1 operands more, and matches have different starts.
//
// A match counts 1 / (1 + gap). Where the segment lists the documents that have two words side by
// side, and how often, no more than so many matches count 1; each other one counts a half at most.
//
// Immutable; a value.
#ifndef IBID_SEARCHER_TOPK_FREQ_BOUND_H_
#define IBID_SEARCHER_TOPK_FREQ_BOUND_H_

#include <cstdint>
#include <span>
#include <vector>

namespace ibid {

class FreqBound {
 public:
  enum class Kind : uint8_t {
    kUnknown,    // no bound
    kList,       // the frequency in a list
    kLeast,      // the least of the parts
    kPair,       // two operands in any order
    kEnds,       // the lesser of the first and the last part
    kWindows,    // several operands in any order
    kSum,        // of the parts
    kNeighbours  // the first part, where the others say how many matches have no gap
  };

  // What AtFreqs says where nothing is known: more than a document of the largest size may have.
  static constexpr float kUnboundedFreq = 1e12f;

  FreqBound() = default;  // kUnknown
  FreqBound(Kind kind, std::vector<FreqBound> parts) : kind_(kind), parts_(std::move(parts)) {}
  static FreqBound OfList(uint32_t list) {
    FreqBound bound;
    bound.kind_ = Kind::kList;
    bound.list_ = list;
    return bound;
  }

  Kind kind() const { return kind_; }
  uint32_t list() const { return list_; }  // kList
  const std::vector<FreqBound>& parts() const { return parts_; }

  // values[list]: odds; infinity where they are not known.
  float AtOdds(std::span<const float> values) const;
  // freqs[list]: frequencies in each of `size` documents, at most a block of them; null where they
  // are not known.
  void AtFreqs(std::span<const uint32_t* const> freqs, uint32_t size, float* out) const;
  // Whether the list's frequency is a bound as it is, and as good a one as AtFreqs has where only
  // this list's frequencies are known.
  bool IsAtMost(uint32_t list) const;
  // Whether AtFreqs bounds documents where only this list's frequencies are known.
  bool IsBoundedBy(uint32_t list) const;

 private:
  Kind kind_ = Kind::kUnknown;
  uint32_t list_ = 0;
  std::vector<FreqBound> parts_;
};

}  // namespace ibid

#endif  // IBID_SEARCHER_TOPK_FREQ_BOUND_H_
