#include "bench/guard/frozen_kernels.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "bench/guard/frozen_parts.h"

namespace ibid::bench {
namespace {

const KernelSet* slowed = nullptr;

template <unsigned kWidth>
void SlowUnpack(const uint8_t* in, uint32_t* values) {
  slowed->blocks->unpack[kWidth](in, values);
  slowed->blocks->unpack[kWidth](in, values);
}

uint32_t SlowCrc32c(const uint8_t* data, size_t size, uint32_t crc) {
  slowed->crc32c(data, size, crc);
  return slowed->crc32c(data, size, crc);
}

void SlowScorePostings(const uint32_t* docs, const uint32_t* freqs, uint32_t size,
                       const uint8_t* norms, const float* lengths, float weight, float* scores) {
  slowed->scans->score_postings(docs, freqs, size, norms, lengths, weight, scores);
  slowed->scans->score_postings(docs, freqs, size, norms, lengths, weight, scores);
}

template <unsigned... kWidths>
void SlowEveryWidth(kernels::BlockRoutines* blocks, std::integer_sequence<unsigned, kWidths...>) {
  ((blocks->unpack[kWidths] = &SlowUnpack<kWidths>), ...);
}

// Whether a table has every routine: one frozen before a routine was added lacks it.
bool IsComplete(const kernels::ScanRoutines& scans) {
  std::array<void (*)(), sizeof(scans) / sizeof(void (*)())> routines;
  std::memcpy(routines.data(), &scans, sizeof(scans));
  return std::find(routines.begin(), routines.end(), nullptr) == routines.end();
}

}  // namespace

const KernelSet* FrozenKernels(std::string_view name) {
  static const KernelSet portable = {"portable", frozen::Crc32cPortable, &frozen::kBlocksPortable,
                                     frozen::PrefixSumPortable, &frozen::kScansScalar};
  if (name == portable.name) return IsComplete(*portable.scans) ? &portable : nullptr;
#if IBID_X86_64_KERNELS
  static const KernelSet avx2 = {"avx2", frozen::Crc32cSse42, &frozen::kBlocksPortable,
                                 frozen::PrefixSumAvx2, &frozen::kScansAvx2};
  if (name == avx2.name) return IsComplete(*avx2.scans) ? &avx2 : nullptr;
#endif
  return nullptr;
}

const KernelSet& SlowedKernels(const KernelSet& kernels) {
  static kernels::BlockRoutines blocks;
  static kernels::ScanRoutines scans;
  static KernelSet set;
  slowed = &kernels;
  blocks = *kernels.blocks;
  SlowEveryWidth(&blocks, std::make_integer_sequence<unsigned, 33>());
  scans = *kernels.scans;
  scans.score_postings = SlowScorePostings;
  set = kernels;
  set.crc32c = SlowCrc32c;
  set.blocks = &blocks;
  set.scans = &scans;
  return set;
}

}  // namespace ibid::bench
