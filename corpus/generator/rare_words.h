// Words that are not in the model's list, so that the vocabulary goes on growing as a real one
// does.
//
// Which word comes next follows the Pitman-Yor process (Pitman and Yor, Annals of Probability 1997)
// with concentration theta and discount d, whose vocabulary grows like n^d (Heaps' law): after n
// rare tokens with K different words the next is new with probability (theta + d K) / (theta + n).
// Instead of sampling that directly: with probability theta / (theta + n) it is new; else a past
// token is drawn, and with probability d / (occurrences of its word) it is new after all.
//
//   RareWords rare(theta, discount_permille, taken);
//   std::string form = RareWords::Spell(rare.Draw(random));
//
// Memory: 4 bytes a word and 4 bytes a token up to kMaxHistory tokens (64 MB); beyond that the
// history is a sample. Not thread-safe.
#ifndef IBID_CORPUS_GENERATOR_RARE_WORDS_H_
#define IBID_CORPUS_GENERATOR_RARE_WORDS_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "corpus/generator/random.h"

namespace ibid::corpus {

class RareWords {
 public:
  static constexpr size_t kMaxHistory = size_t{1} << 24;

  // `taken` says which spellings are words already and must not be invented again.
  RareWords(uint64_t theta, uint32_t discount_permille,
            std::function<bool(const std::string&)> taken);

  // The number of the next word.
  uint32_t Draw(Random& random);

  // The spelling of a word, all in lower case; distinct numbers have distinct spellings of two
  // syllables or more.
  static std::string Spell(uint32_t word);

  size_t num_words() const { return num_words_; }

 private:
  uint32_t Invent();
  void Remember(uint32_t word, Random& random);

  uint64_t theta_;
  uint32_t discount_permille_;
  std::function<bool(const std::string&)> taken_;
  uint64_t num_tokens_ = 0;
  size_t num_words_ = 0;
  std::vector<uint32_t> history_;
  std::vector<uint32_t> counts_;  // by number; 0 for numbers whose spelling was taken
};

}  // namespace ibid::corpus

#endif  // IBID_CORPUS_GENERATOR_RARE_WORDS_H_
