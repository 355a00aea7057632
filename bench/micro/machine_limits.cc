#include "bench/micro/machine_limits.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "bench/support/process.h"
#include "common/codec/bit_packing.h"
#include "common/codec/kernels.h"

namespace ibid::bench {
namespace {

constexpr size_t kMemoryBytes = size_t{256} << 20;
constexpr size_t kCacheBytes = size_t{16} << 10;
constexpr int kRuns = 4;
constexpr unsigned kUnpackWidth = 8;

// Eight sums side by side, so that no addition waits for another.
uint64_t SumWords(const std::vector<uint64_t>& words) {
  uint64_t sums[8] = {};
  for (size_t i = 0; i + 8 <= words.size(); i += 8) {
    for (size_t lane = 0; lane < 8; ++lane) sums[lane] += words[i + lane];
  }
  uint64_t sum = 0;
  for (const uint64_t lane : sums) sum += lane;
  return sum;
}

double ReadSpeed(size_t bytes, int repetitions) {
  const std::vector<uint64_t> words(bytes / sizeof(uint64_t), 1);
  double best = 0;
  for (int run = 0; run < kRuns; ++run) {
    const double started = ThreadCpuSeconds();
    for (int i = 0; i < repetitions; ++i) {
      benchmark::DoNotOptimize(SumWords(words));
      benchmark::ClobberMemory();
    }
    const double seconds = ThreadCpuSeconds() - started;
    best = std::max(best, static_cast<double>(bytes) * repetitions / seconds);
  }
  return best;
}

double UnpackSpeed() {
  constexpr int kRepetitions = 10000;
  std::vector<uint8_t> packed(PackedBytes(kUnpackWidth) + 64, 0x5a);
  std::vector<uint32_t> values(kBlockLength);
  double best = 0;
  for (const KernelSet* kernels : RunnableKernels()) {
    for (int run = 0; run < kRuns; ++run) {
      const double started = ThreadCpuSeconds();
      for (int i = 0; i < kRepetitions; ++i) {
        kernels->blocks->unpack[kUnpackWidth](packed.data(), values.data());
        benchmark::ClobberMemory();
      }
      const double seconds = ThreadCpuSeconds() - started;
      best = std::max(best, static_cast<double>(kBlockLength) * kRepetitions / seconds);
    }
  }
  return best;
}

}  // namespace

const MachineLimits& Limits() {
  static const MachineLimits limits = {.memory_bytes_a_second = ReadSpeed(kMemoryBytes, 1),
                                       .cache_bytes_a_second = ReadSpeed(kCacheBytes, 2000),
                                       .unpacked_a_second = UnpackSpeed()};
  return limits;
}

Meter::Meter(benchmark::State& state) : state_(state), started_(ThreadCpuSeconds()) {}

double Meter::Rate(double an_iteration) {
  if (seconds_ == 0) seconds_ = ThreadCpuSeconds() - started_;
  return an_iteration * static_cast<double>(state_.iterations()) / seconds_;
}

void Meter::CountItems(const char* what, double an_iteration) {
  const double rate = Rate(an_iteration);
  state_.counters[std::string(what) + "/s"] = rate;
  state_.counters["of_unpack"] = rate / Limits().unpacked_a_second;
}

void Meter::CountBytes(double an_iteration) {
  const double rate = Rate(an_iteration);
  state_.counters["bytes/s"] = rate;
  state_.counters["of_memory"] = rate / Limits().memory_bytes_a_second;
}

}  // namespace ibid::bench
