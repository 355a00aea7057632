#include "corpus/generator/alias_table.h"

#include <bit>
#include <numeric>

namespace ibid::corpus {
namespace {

constexpr uint32_t kAlways = 0xffffffffu;

// share / total as a fraction of 2^32; share < total <= kMaxAliasWeight.
uint32_t Fraction(uint64_t share, uint64_t total) {
  const int excess = std::bit_width(total) - 31;
  const int shift = excess > 0 ? excess : 0;
  const uint64_t fraction = ((share >> shift) << 32) / (total >> shift);
  return fraction < kAlways ? static_cast<uint32_t>(fraction) : kAlways;
}

}  // namespace

std::vector<AliasColumn> BuildAliasColumns(std::span<const uint64_t> weights,
                                           std::span<const uint32_t> values) {
  const uint64_t total = std::accumulate(weights.begin(), weights.end(), uint64_t{0});
  std::vector<AliasColumn> columns(weights.size());
  std::vector<uint64_t> rest(weights.size());  // weight * columns; a full column holds `total`
  std::vector<uint32_t> small, large;
  for (size_t i = 0; i < weights.size(); ++i) {
    columns[i] = {kAlways, values[i], values[i]};
    rest[i] = weights[i] * weights.size();
    (rest[i] < total ? small : large).push_back(static_cast<uint32_t>(i));
  }
  while (!small.empty() && !large.empty()) {
    const uint32_t poor = small.back();
    const uint32_t rich = large.back();
    small.pop_back();
    columns[poor].threshold = Fraction(rest[poor], total);
    columns[poor].other = values[rich];
    rest[rich] -= total - rest[poor];
    if (rest[rich] >= total) continue;
    large.pop_back();
    small.push_back(rich);
  }
  return columns;
}

AliasTable::AliasTable(std::span<const uint64_t> weights) {
  std::vector<uint32_t> values(weights.size());
  std::iota(values.begin(), values.end(), 0u);
  columns_ = BuildAliasColumns(weights, values);
}

}  // namespace ibid::corpus
