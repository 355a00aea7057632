#include "searcher/rank/bm25.h"

#include "common/base/portable_log.h"

namespace ibid {

double Idf(uint64_t num_docs, uint64_t doc_freq) {
  const double n = static_cast<double>(num_docs);
  const double df = static_cast<double>(doc_freq);
  return PortableLog(1.0 + (n - df + 0.5) / (df + 0.5));
}

float SumKernels(std::span<const uint32_t> gaps) {
  float sum = 0.0f;
  for (const uint32_t gap : gaps) sum += ProximityKernel(gap);
  return sum;
}

}  // namespace ibid
