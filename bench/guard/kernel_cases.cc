#include "bench/guard/kernel_cases.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <numeric>

#include "common/base/strings.h"
#include "common/codec/bit_packing.h"
#include "common/codec/scan.h"
#include "corpus/generator/random.h"

namespace ibid::bench {

namespace {

constexpr uint32_t kBlocks = 16;
constexpr uint32_t kDocs = 2048;
constexpr uint32_t kShift = 4;
constexpr uint32_t kFrameBytes = 16 << 10;

}  // namespace

struct KernelData {
  alignas(64) std::array<uint8_t, kBlocks * PackedBytes(kMaxBitWidth) + 64> packed;
  alignas(64) std::array<uint8_t, kBlocks * PackedBytes(kMaxBitWidth) + 64> packed_out;
  alignas(64) std::array<uint32_t, kBlockLength> values;
  alignas(64) std::array<uint8_t, kFrameBytes> frame;
  alignas(64) std::array<uint32_t, kDocs> docs, other_docs, freqs;
  alignas(64) std::array<uint8_t, 32 * kDocs> norms;
  alignas(64) std::array<float, 256> lengths;
  alignas(64) std::array<float, 32 * kDocs> sums;
  alignas(64) std::array<float, kDocs + kScanSlack> scores, bounds;
  alignas(64) std::array<uint32_t, kDocs + kScanSlack> indexes, other_indexes;
  alignas(64) std::array<std::array<uint64_t, 512>, 2> bits;
  volatile uint32_t sink = 0;  // keeps results that nobody needs
};

std::shared_ptr<KernelData> MakeKernelData() {
  const auto data = std::make_shared<KernelData>();
  corpus::Random random(1);
  const auto byte = [&random] { return static_cast<uint8_t>(random.Below(256)); };
  std::generate(data->packed.begin(), data->packed.end(), byte);
  std::generate(data->values.begin(), data->values.end(),
                [&random] { return static_cast<uint32_t>(random.Next()); });
  std::generate(data->frame.begin(), data->frame.end(), byte);
  for (auto& words : data->bits) {
    std::generate(words.begin(), words.end(), [&random] { return random.Next(); });
  }
  uint32_t doc = 0, other = 0;
  for (uint32_t i = 0; i < kDocs; ++i) {
    data->docs[i] = doc += 1 + random.Below(20);
    data->other_docs[i] = other += 1 + random.Below(20);
    data->freqs[i] = 1 + random.Below(8);
    data->scores[i] = static_cast<float>(random.Below(1000));
  }
  std::generate(data->norms.begin(), data->norms.end(), byte);
  for (uint32_t i = 0; i < 256; ++i) data->lengths[i] = 0.3f + 0.01f * static_cast<float>(i);
  for (float& sum : data->sums) sum = static_cast<float>(random.Below(1000));
  return data;
}

namespace {

using Data = std::shared_ptr<KernelData>;

void AddBlockCases(const KernelSet& set, const Data& data, std::vector<KernelCase>* cases) {
  for (unsigned width = 0; width <= kMaxBitWidth; ++width) {
    cases->push_back({StrCat("unpack ", width), [&set, data, width] {
                        for (uint32_t i = 0; i < kBlocks; ++i) {
                          set.blocks->unpack[width](data->packed.data() + i * PackedBytes(width),
                                                    data->values.data());
                        }
                      }});
  }
  cases->push_back({"pack", [&set, data] {
                      for (unsigned width = 0; width <= kMaxBitWidth; ++width) {
                        set.blocks->pack[width](data->values.data(), data->packed_out.data());
                      }
                    }});
  cases->push_back({"prefix_sum", [&set, data] {
                      for (uint32_t i = 0; i < kBlocks; ++i) set.prefix_sum(i, data->values.data());
                    }});
  cases->push_back({"crc32c 16 KiB", [&set, data] {
                      data->sink = set.crc32c(data->frame.data(), data->frame.size(), 0);
                    }});
  cases->push_back({"crc32c 1000 B", [&set, data] {
                      for (uint32_t i = 0; i < kBlocks; ++i) {
                        data->sink = set.crc32c(data->frame.data() + 100 * i, 1000, 0);
                      }
                    }});
}

// `share`: of postings whose sum or score passes, in thousandths.
void AddSelections(const KernelSet& set, const Data& data, uint32_t share,
                   std::vector<KernelCase>* cases) {
  const float threshold = 1000.0f - static_cast<float>(share);
  cases->push_back({StrCat("select_by_bound ", share), [&set, data, threshold] {
                      data->sink = set.scans->select_by_bound(
                          data->docs.data(), kDocs, kShift, data->sums.data(), threshold,
                          data->indexes.data(), data->bounds.data());
                    }});
  cases->push_back({StrCat("select_by_score ", share), [&set, data, threshold] {
                      data->sink = set.scans->select_by_score(data->sums.data(), kDocs, 0,
                                                              threshold, data->indexes.data());
                    }});
}

void AddScanCases(const KernelSet& set, const Data& data, std::vector<KernelCase>* cases) {
  cases->push_back({"score_postings", [&set, data] {
                      set.scans->score_postings(data->docs.data(), data->freqs.data(), kDocs,
                                                data->norms.data(), data->lengths.data(), 2.5f,
                                                data->scores.data());
                    }});
  AddSelections(set, data, 20, cases);
  AddSelections(set, data, 500, cases);
  // A scale of 0 leaves the sums as they are, at the same cost.
  cases->push_back({"add_scaled_bytes", [&set, data] {
                      set.scans->add_scaled_bytes(data->norms.data(), 4 * kDocs, 0.0f,
                                                  data->sums.data());
                    }});
  cases->push_back({"select_by_codes", [&set, data] {
                      // The frame's bytes are the codes of three words, each of 64 ranges.
                      const uint8_t* codes[3];
                      for (size_t w = 0; w < 3; ++w) codes[w] = data->frame.data() + 2048 * w;
                      uint32_t ranges[64];
                      std::iota(ranges, ranges + 64, 0u);
                      set.scans->select_by_codes(codes, data->norms.data(), 3, ranges, 64, 250,
                                                 data->bits[0].data());
                      data->sink = static_cast<uint32_t>(data->bits[0][63]);
                    }});
  cases->push_back({"expand_bits", [&set, data] {
                      uint32_t sum = 0;
                      for (uint32_t i = 0; i < 32; ++i) {
                        sum += set.scans->expand_bits(data->frame.data() + 24 * i, 24, i, 128,
                                                      data->indexes.data());
                      }
                      data->sink = sum;
                    }});
  cases->push_back({"intersect_sorted", [&set, data] {
                      data->sink = set.scans->intersect_sorted(
                          data->docs.data(), kDocs, data->other_docs.data(), kDocs,
                          data->indexes.data(), data->other_indexes.data());
                    }});
  cases->push_back({"lower_bound", [&set, data] {
                      uint32_t sum = 0;
                      for (uint32_t i = 0; i < kDocs / kBlockLength; ++i) {
                        const uint32_t* block = data->docs.data() + i * kBlockLength;
                        sum += set.scans->lower_bound(block, kBlockLength, block[37 * i % 128]);
                      }
                      data->sink = sum;
                    }});
  cases->push_back({"count_common_bits", [&set, data] {
                      const uint64_t* const arrays[] = {data->bits[0].data(), data->bits[1].data()};
                      data->sink = static_cast<uint32_t>(
                          set.scans->count_common_bits(arrays, 2, data->bits[0].size()));
                    }});
}

}  // namespace

std::vector<KernelCase> MakeKernelCases(const KernelSet& set,
                                        const std::shared_ptr<KernelData>& data) {
  std::vector<KernelCase> cases;
  AddBlockCases(set, data, &cases);
  AddScanCases(set, data, &cases);
  return cases;
}

}  // namespace ibid::bench
