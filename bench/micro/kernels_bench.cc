// Each kernel of common/codec/kernels.h in each set that this machine runs.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "bench/micro/benches.h"
#include "bench/micro/machine_limits.h"
#include "common/codec/bit_packing.h"
#include "common/codec/kernels.h"

namespace ibid::bench {
namespace {

constexpr size_t kBlocks = 64;  // stay in the first cache at every width
constexpr unsigned kWidths[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 20, 24, 32};

struct Blocks {
  explicit Blocks(unsigned width)
      : packed(kBlocks * PackedBytes(width) + 64), values(kBlockLength) {
    std::mt19937_64 random(1);
    for (uint8_t& byte : packed) byte = static_cast<uint8_t>(random());
    for (uint32_t& value : values) value = static_cast<uint32_t>(random());
  }
  std::vector<uint8_t> packed;
  std::vector<uint32_t> values;
};

void Unpack(benchmark::State& state, const KernelSet* kernels, unsigned width) {
  Blocks blocks(width);
  Meter meter(state);
  for (auto _ : state) {
    for (size_t block = 0; block < kBlocks; ++block) {
      kernels->blocks->unpack[width](blocks.packed.data() + block * PackedBytes(width),
                                     blocks.values.data());
      benchmark::ClobberMemory();
    }
  }
  meter.CountItems("integers", kBlocks * kBlockLength);
}

void Pack(benchmark::State& state, const KernelSet* kernels, unsigned width) {
  Blocks blocks(width);
  Meter meter(state);
  for (auto _ : state) {
    for (size_t block = 0; block < kBlocks; ++block) {
      kernels->blocks->pack[width](blocks.values.data(),
                                   blocks.packed.data() + block * PackedBytes(width));
      benchmark::ClobberMemory();
    }
  }
  meter.CountItems("integers", kBlocks * kBlockLength);
}

void SumPrefixes(benchmark::State& state, const KernelSet* kernels) {
  Blocks blocks(8);
  Meter meter(state);
  for (auto _ : state) {
    kernels->prefix_sum(7, blocks.values.data());
    benchmark::ClobberMemory();
  }
  meter.CountItems("integers", kBlockLength);
}

void Checksum(benchmark::State& state, const KernelSet* kernels, size_t bytes) {
  const std::vector<uint8_t> data(bytes, 0x5a);
  uint32_t crc = 0;
  Meter meter(state);
  for (auto _ : state) {
    crc = kernels->crc32c(data.data(), data.size(), crc);
    benchmark::DoNotOptimize(crc);
  }
  meter.CountBytes(static_cast<double>(bytes));
}

}  // namespace

void RegisterKernelBenches() {
  for (const KernelSet* kernels : RunnableKernels()) {
    const std::string set = kernels->name;
    for (const unsigned width : kWidths) {
      const std::string end = "/" + set + "/" + std::to_string(width);
      benchmark::RegisterBenchmark(("unpack" + end).c_str(), Unpack, kernels, width);
      benchmark::RegisterBenchmark(("pack" + end).c_str(), Pack, kernels, width);
    }
    benchmark::RegisterBenchmark(("prefix_sum/" + set).c_str(), SumPrefixes, kernels);
    for (const size_t bytes : {size_t{16} << 10, size_t{256} << 20}) {
      const std::string size = bytes < (1 << 20) ? "/frame" : "/memory";
      benchmark::RegisterBenchmark(("crc32c/" + set + size).c_str(), Checksum, kernels, bytes);
    }
  }
}

}  // namespace ibid::bench
