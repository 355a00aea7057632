// Numbers the distinct terms of a unit of documents in order of first appearance.
//
//   TermTable table;
//   table.Intern(words, 0, &ids);                // appends one number a token
//   std::string_view term = table.term(ids[0]);
//
// Open addressing in slots of 24 bytes at half load: terms of up to 16 bytes live in their slot,
// longer ones are told apart by hashes first. A stretch of tokens is hashed, its slots prefetched,
// then looked up, so that the misses overlap. Not thread-safe; no allocation for a token that is
// known already. Slots follow from a secret of the process, so that no text can be written whose
// words all meet in one place; the numbers do not.
#ifndef IBID_INDEXER_TERM_TABLE_H_
#define IBID_INDEXER_TERM_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/text/analyzer.h"
#include "indexer/hash.h"

namespace ibid {

class TermTable {
 public:
  // Terms are numbered from here; 0 is left to the caller.
  static constexpr uint32_t kFirstId = 1;

  explicit TermTable(HashSecret secret = ProcessHashSecret());

  // Appends the number of the term of each token from `first` on to `ids`.
  void Intern(const AnalyzedText& words, size_t first, std::vector<uint32_t>* ids);

  // One past the largest number given.
  uint32_t end_id() const { return static_cast<uint32_t>(ends_.size()); }
  std::string_view term(uint32_t id) const {
    return std::string_view(bytes_).substr(ends_[id - 1], ends_[id] - ends_[id - 1]);
  }

  void Prefetch(uint32_t id) const { __builtin_prefetch(bytes_.data() + ends_[id - 1]); }

  // The longest way from where a term's hash points to where it lies, in slots; 0 for none.
  size_t LongestProbe() const;

  // Gives back what only Intern needs, by far the most; no more of it until Clear.
  void EndInterning();

  // Forgets all terms and gives back memory beyond a small table.
  void Clear();

 private:
  // A term's bytes, zero-padded (up to 16), or two hashes; with the length they are its name.
  struct Slot {
    uint64_t low = 0;
    uint64_t high = 0;
    uint32_t id = 0;  // 0: free
    uint32_t length = 0;
  };
  struct Token {
    uint64_t low;
    uint64_t high;
    uint64_t hash;
    uint32_t begin;
    uint32_t length;
  };

  uint64_t SlotHash(uint64_t low, uint64_t high, uint32_t length) const {
    return MixHash(low ^ secret_.first, high ^ length ^ secret_.second);
  }
  Token MakeToken(std::string_view terms, uint32_t begin, uint32_t end) const;
  Token MakeLongToken(std::string_view terms, uint32_t begin, uint32_t end) const;
  uint32_t FindOrAdd(const Token& token, std::string_view terms);
  uint32_t AddTerm(const Token& token, std::string_view terms, size_t place);
  void Grow();

  HashSecret secret_;
  std::vector<Slot> slots_;
  int shift_;                   // a hash's top bits are its slot
  std::string bytes_;           // all terms one after another
  std::vector<uint32_t> ends_;  // term i is bytes_[ends_[i-1], ends_[i])
};

}  // namespace ibid

#endif  // IBID_INDEXER_TERM_TABLE_H_
