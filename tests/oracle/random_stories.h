// Small random collections and random queries over the same few words, for comparing the engine
// with the brute-force one. The same seed gives the same on every machine.
#ifndef IBID_TESTS_ORACLE_RANDOM_STORIES_H_
#define IBID_TESTS_ORACLE_RANDOM_STORIES_H_

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "ibid/document.h"

namespace ibid {

class RandomStories {
 public:
  // `num_words`: of the vocabulary, inflected forms and names included.
  RandomStories(uint64_t seed, size_t num_words);
  // Over words of the caller's, not none.
  RandomStories(uint64_t seed, std::vector<std::string> words);

  // Title, sentences, quotations, paragraphs, columns; sometimes empty, or one word.
  Document Story(const std::string& key);
  // A query in which operators stand at most `depth` deep.
  std::string AnyQuery(size_t depth);
  // One that proximity operators may take as operand.
  std::string Positional(size_t depth);

  size_t Below(size_t bound) { return bound == 0 ? 0 : random_() % bound; }

 private:
  bool OneIn(size_t n) { return Below(n) == 0; }
  const std::string& Word();  // the first of the vocabulary are the most frequent
  std::string Sentence();
  std::string Number() { return std::to_string(1 + Below(4)); }
  std::string Distance();
  std::string Phrase();
  std::string Pattern();
  std::string Near(size_t depth);
  std::string LeafWord();
  std::string ColumnQuery();
  std::string Clauses(size_t depth);
  std::string Joined(size_t count, size_t depth, const std::string& separator);

  std::mt19937_64 random_;
  std::vector<std::string> words_;
};

}  // namespace ibid

#endif  // IBID_TESTS_ORACLE_RANDOM_STORIES_H_
