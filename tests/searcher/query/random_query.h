// Random texts for the parser: from nearly well-formed queries to any bytes.
#ifndef IBID_TESTS_SEARCHER_QUERY_RANDOM_QUERY_H_
#define IBID_TESTS_SEARCHER_QUERY_RANDOM_QUERY_H_

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>

namespace ibid {

class RandomQuery {
 public:
  explicit RandomQuery(uint64_t seed) : random_(seed) {}

  // A query of the grammar, nested at most `depth` deep.
  std::string WellFormed(size_t depth);
  // `count` pieces of the language side by side, often without sense.
  std::string Pieces(size_t count);
  // `count` bytes.
  std::string Bytes(size_t count);

 private:
  size_t Below(size_t bound) { return random_() % bound; }
  std::string Leaf();
  std::string Word();
  std::string Phrase();

  std::mt19937_64 random_;
};

}  // namespace ibid

#endif  // IBID_TESTS_SEARCHER_QUERY_RANDOM_QUERY_H_
