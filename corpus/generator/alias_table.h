// Draws an index with given integer weights in constant time (Walker's alias method, built as in
// Vose, "A linear algorithm for generating random numbers with a given distribution", IEEE TSE
// 1991), with integer arithmetic only, so that every machine draws the same.
//
//   AliasTable table({7, 2, 1});
//   size_t drawn = table.Draw(random);  // 0 seven times in ten
//
// Immutable after construction; Draw may be called by several threads, each with its own Random.
#ifndef IBID_CORPUS_GENERATOR_ALIAS_TABLE_H_
#define IBID_CORPUS_GENERATOR_ALIAS_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "corpus/generator/random.h"

namespace ibid::corpus {

// A column of the table: `own` if the draw's low half is below `threshold`, else `other`.
struct AliasColumn {
  uint32_t threshold = 0;
  uint32_t own = 0;
  uint32_t other = 0;
};

inline constexpr uint64_t kMaxAliasWeight = uint64_t{1} << 40;  // of all weights together
inline constexpr size_t kMaxAliasSize = size_t{1} << 22;

// The columns for these weights; `values[i]` is what column i stands for. Requires 1 to
// kMaxAliasSize weights with a sum from 1 to kMaxAliasWeight.
std::vector<AliasColumn> BuildAliasColumns(std::span<const uint64_t> weights,
                                           std::span<const uint32_t> values);

inline uint32_t DrawFrom(std::span<const AliasColumn> columns, Random& random) {
  const uint64_t bits = random.Next();
  const AliasColumn& column = columns[((bits >> 32) * columns.size()) >> 32];
  return static_cast<uint32_t>(bits) < column.threshold ? column.own : column.other;
}

class AliasTable {
 public:
  AliasTable() = default;
  explicit AliasTable(std::span<const uint64_t> weights);

  // Requires a table built from weights.
  uint32_t Draw(Random& random) const { return DrawFrom(columns_, random); }

 private:
  std::vector<AliasColumn> columns_;
};

}  // namespace ibid::corpus

#endif  // IBID_CORPUS_GENERATOR_ALIAS_TABLE_H_
