// What each instruction set's file contributes to the table in kernels.cc.
//
// Files compiled for an instruction set include nothing that has inline functions of its own
// (standard containers, Abseil): the linker could otherwise keep their copy for everybody.
#ifndef IBID_COMMON_CODEC_KERNEL_PARTS_H_
#define IBID_COMMON_CODEC_KERNEL_PARTS_H_

#include <cstddef>
#include <cstdint>

#if defined(__x86_64__)
#define IBID_X86_64_KERNELS 1
#else
#define IBID_X86_64_KERNELS 0
#endif

namespace ibid::kernels {

// One routine for each width from 0 to 32.
struct BlockRoutines {
  void (*pack[33])(const uint32_t* values, uint8_t* out);
  void (*unpack[33])(const uint8_t* in, uint32_t* values);
};

// What scan.h offers.
struct ScanRoutines {
  void (*score_postings)(const uint32_t* docs, const uint32_t* freqs, uint32_t size,
                         const uint8_t* norms, const float* lengths, float weight, float* scores);
  uint32_t (*select_by_bound)(const uint32_t* docs, uint32_t size, uint32_t shift,
                              const float* sums, float threshold, uint32_t* indexes, float* bounds);
  uint32_t (*select_by_score)(const float* scores, uint32_t size, float rest, float threshold,
                              uint32_t* indexes);
  void (*add_scaled_bytes)(const uint8_t* bytes, uint32_t size, float scale, float* sums);
  void (*select_by_codes)(const uint8_t* const* codes, const uint8_t* values, size_t num_words,
                          const uint32_t* ranges, size_t num_ranges, uint8_t least,
                          uint64_t* masks);
  uint32_t (*expand_bits)(const uint8_t* bits, uint32_t num_bytes, uint32_t base, uint32_t most,
                          uint32_t* numbers);
  uint32_t (*intersect_sorted)(const uint32_t* a, uint32_t a_size, const uint32_t* b,
                               uint32_t b_size, uint32_t* a_indexes, uint32_t* b_indexes);
  uint32_t (*lower_bound)(const uint32_t* values, uint32_t size, uint32_t target);
  uint64_t (*count_common_bits)(const uint64_t* const* arrays, size_t num_arrays, size_t num_words);
};

uint32_t Crc32cPortable(const uint8_t* data, size_t size, uint32_t crc);

extern const BlockRoutines kBlocksScalar;
void PrefixSumScalar(uint32_t base, uint32_t* values);

extern const ScanRoutines kScansScalar;

extern const BlockRoutines kBlocksPortable;
void PrefixSumPortable(uint32_t base, uint32_t* values);

#if IBID_X86_64_KERNELS
uint32_t Crc32cSse42(const uint8_t* data, size_t size, uint32_t crc);  // and PCLMULQDQ
void PrefixSumAvx2(uint32_t base, uint32_t* values);
extern const ScanRoutines kScansAvx2;
#endif

}  // namespace ibid::kernels

#endif  // IBID_COMMON_CODEC_KERNEL_PARTS_H_
