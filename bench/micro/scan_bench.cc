// Each kernel of common/codec/scan.h in each set that this machine runs, on a block of 128
// postings.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <numeric>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "bench/micro/benches.h"
#include "bench/micro/machine_limits.h"
#include "common/codec/bit_packing.h"
#include "common/codec/kernels.h"
#include "common/codec/scan.h"

namespace ibid::bench {
namespace {

constexpr uint32_t kNumDocs = 1 << 20;
constexpr uint32_t kRangeShift = 10;
constexpr uint32_t kSize = kBlockLength;
// As many postings as survive a bound in a search for the best ten.
constexpr double kSurvivors = 0.03;

// Increasing documents that stand 1 to 2 * gap - 1 apart.
std::vector<uint32_t> Documents(uint32_t size, uint32_t gap, std::mt19937* random) {
  std::vector<uint32_t> docs;
  uint32_t doc = 0;
  for (uint32_t i = 0; i < size; ++i) docs.push_back(doc += 1 + (*random)() % (2 * gap - 1));
  docs.resize(size + kScanSlack);
  return docs;
}

struct Arrays {
  Arrays() {
    for (uint32_t& freq : freqs) freq = 1 + random() % 3;
    for (uint8_t& norm : norms) norm = static_cast<uint8_t>(random());
    for (float& length : lengths) length = 1.0f + static_cast<float>(random() % 100);
    for (float& sum : sums) sum = static_cast<float>(random() % 10000) * 1e-4f;
    for (float& score : scores) score = static_cast<float>(random() % 10000) * 1e-4f;
  }
  std::mt19937 random{1};
  std::vector<uint32_t> docs = Documents(kSize, 50, &random);
  std::vector<uint32_t> others = Documents(kSize, 50, &random);
  std::vector<uint32_t> freqs = std::vector<uint32_t>(kSize + kScanSlack);
  std::vector<uint8_t> norms = std::vector<uint8_t>(kNumDocs);
  std::vector<float> lengths = std::vector<float>(256);
  std::vector<float> sums = std::vector<float>(kNumDocs >> kRangeShift);
  std::vector<float> scores = std::vector<float>(kSize + kScanSlack);
  std::vector<uint32_t> indexes = std::vector<uint32_t>(kSize + kScanSlack);
  std::vector<uint32_t> other_indexes = std::vector<uint32_t>(kSize + kScanSlack);
  std::vector<float> bounds = std::vector<float>(kSize + kScanSlack);
};

void ScorePostings(benchmark::State& state, const kernels::ScanRoutines* scans) {
  Arrays a;
  Meter meter(state);
  for (auto _ : state) {
    scans->score_postings(a.docs.data(), a.freqs.data(), kSize, a.norms.data(), a.lengths.data(),
                          3.5f, a.scores.data());
    benchmark::ClobberMemory();
  }
  meter.CountItems("postings", kSize);
}

void SelectByBound(benchmark::State& state, const kernels::ScanRoutines* scans) {
  Arrays a;
  Meter meter(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(scans->select_by_bound(a.docs.data(), kSize, kRangeShift,
                                                    a.sums.data(), 1 - kSurvivors, a.indexes.data(),
                                                    a.bounds.data()));
    benchmark::ClobberMemory();
  }
  meter.CountItems("postings", kSize);
}

void SelectByScore(benchmark::State& state, const kernels::ScanRoutines* scans) {
  Arrays a;
  Meter meter(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        scans->select_by_score(a.scores.data(), kSize, 0.5f, 1.5f - kSurvivors, a.indexes.data()));
    benchmark::ClobberMemory();
  }
  meter.CountItems("postings", kSize);
}

void AddScaledBytes(benchmark::State& state, const kernels::ScanRoutines* scans) {
  Arrays a;
  const auto size = static_cast<uint32_t>(a.sums.size());
  Meter meter(state);
  for (auto _ : state) {
    scans->add_scaled_bytes(a.norms.data(), size, 0.25f, a.sums.data());
    benchmark::ClobberMemory();
  }
  meter.CountItems("ranges", size);
}

void SelectByCodes(benchmark::State& state, const kernels::ScanRoutines* scans) {
  constexpr uint32_t kRanges = 64, kWords = 3;
  std::vector<uint8_t> codes(kRanges * kCodeBytesPerRange), values;
  for (size_t i = 0; i < codes.size(); ++i) codes[i] = static_cast<uint8_t>(i * 37);
  for (uint32_t i = 0; i < 16 * kWords; ++i) values.push_back(static_cast<uint8_t>(i % 16 * 5));
  const std::vector<const uint8_t*> words(kWords, codes.data());
  std::vector<uint32_t> ranges(kRanges);
  std::iota(ranges.begin(), ranges.end(), 0u);
  std::vector<uint64_t> masks(kRanges);
  Meter meter(state);
  for (auto _ : state) {
    scans->select_by_codes(words.data(), values.data(), kWords, ranges.data(), kRanges, 200,
                           masks.data());
    benchmark::ClobberMemory();
  }
  meter.CountItems("documents", kRanges * kCodesPerRange);
}

void ExpandBits(benchmark::State& state, const kernels::ScanRoutines* scans) {
  const std::vector<uint8_t> bits(32, 0x55);
  std::vector<uint32_t> numbers(kSize);
  Meter meter(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(scans->expand_bits(bits.data(), 32, 0, 128, numbers.data()));
    benchmark::ClobberMemory();
  }
  meter.CountItems("postings", 128);
}

void IntersectSorted(benchmark::State& state, const kernels::ScanRoutines* scans) {
  Arrays a;
  Meter meter(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(scans->intersect_sorted(a.docs.data(), kSize, a.others.data(), kSize,
                                                     a.indexes.data(), a.other_indexes.data()));
    benchmark::ClobberMemory();
  }
  meter.CountItems("postings", 2 * kSize);
}

void LowerBound(benchmark::State& state, const kernels::ScanRoutines* scans) {
  Arrays a;
  uint32_t place = 0;
  Meter meter(state);
  for (auto _ : state) {
    for (const uint32_t target : a.others)
      place += scans->lower_bound(a.docs.data(), kSize, target);
    benchmark::DoNotOptimize(place);
  }
  meter.CountItems("seeks", static_cast<double>(a.others.size()));
}

}  // namespace

void RegisterScanBenches() {
  using Bench = void (*)(benchmark::State&, const kernels::ScanRoutines*);
  const std::pair<const char*, Bench> benches[] = {
      {"score_postings_scan", ScorePostings},     {"select_by_bound_scan", SelectByBound},
      {"select_by_score_scan", SelectByScore},    {"add_scaled_bytes_scan", AddScaledBytes},
      {"select_by_codes_scan", SelectByCodes},    {"expand_bits_scan", ExpandBits},
      {"intersect_sorted_scan", IntersectSorted}, {"lower_bound_scan", LowerBound}};
  for (const KernelSet* kernels : RunnableKernels()) {
    for (const auto& [name, bench] : benches) {
      benchmark::RegisterBenchmark((std::string(name) + "/" + kernels->name).c_str(), bench,
                                   kernels->scans);
    }
  }
}

}  // namespace ibid::bench
