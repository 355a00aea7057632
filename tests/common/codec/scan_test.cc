#include "common/codec/scan.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <random>
#include <set>
#include <vector>

#include "common/codec/kernels.h"
#include "gtest/gtest.h"

namespace ibid {
namespace {

std::vector<uint32_t> Increasing(std::mt19937* random, uint32_t size, uint32_t below) {
  std::set<uint32_t> values;
  while (values.size() < size) values.insert((*random)() % below);
  return {values.begin(), values.end()};
}

// Every set against the plain meaning, on every length up to two blocks and a bit.
class EveryScan : public testing::TestWithParam<const KernelSet*> {
 protected:
  const kernels::ScanRoutines& scans() const { return *GetParam()->scans; }
  std::mt19937 random_{20261121};
};

TEST_P(EveryScan, ScoresAreThoseOfOnePostingAtATime) {
  std::vector<uint8_t> norms(5000);
  for (uint8_t& norm : norms) norm = static_cast<uint8_t>(random_());
  std::array<float, 256> lengths;
  for (size_t i = 0; i < 256; ++i) lengths[i] = 0.3f + 0.017f * static_cast<float>(i);
  for (uint32_t size = 0; size <= 260; ++size) {
    const std::vector<uint32_t> docs = Increasing(&random_, size, 5000);
    std::vector<uint32_t> freqs(size);
    for (uint32_t& freq : freqs) freq = 1 + random_() % (size % 3 == 0 ? 3000000 : 7);
    std::vector<float> scores(size + kScanSlack);
    scans().score_postings(docs.data(), freqs.data(), size, norms.data(), lengths.data(), 3.7f,
                           scores.data());
    for (uint32_t i = 0; i < size; ++i) {
      const float freq = static_cast<float>(freqs[i]);
      const float share = freq / (freq + lengths[norms[docs[i]]]);
      const float expected = 3.7f * share;
      ASSERT_EQ(std::memcmp(&scores[i], &expected, sizeof(float)), 0) << size << ' ' << i;
    }
  }
}

TEST_P(EveryScan, SelectionsKeepWhatReachesTheThreshold) {
  std::vector<float> sums(80);
  for (float& sum : sums) sum = static_cast<float>(random_() % 10);
  for (uint32_t size = 0; size <= 260; ++size) {
    const std::vector<uint32_t> docs = Increasing(&random_, size, 80 << 7);
    const float threshold = static_cast<float>(size % 11);
    std::vector<uint32_t> places(size + kScanSlack);
    std::vector<float> bounds(size + kScanSlack);
    const uint32_t kept = scans().select_by_bound(docs.data(), size, 7, sums.data(), threshold,
                                                  places.data(), bounds.data());
    std::vector<uint32_t> expected;
    for (uint32_t i = 0; i < size; ++i) {
      if (sums[docs[i] >> 7] >= threshold) expected.push_back(i);
    }
    places.resize(kept);
    ASSERT_EQ(places, expected);
    std::vector<float> scores(size);
    for (uint32_t i = 0; i < size; ++i) scores[i] = sums[docs[i] >> 7];
    for (uint32_t i = 0; i < kept; ++i) ASSERT_EQ(bounds[i], scores[expected[i]]);
    places.assign(size + kScanSlack, 0);
    const uint32_t by_score =
        scans().select_by_score(scores.data(), size, 2.0f, threshold + 2.0f, places.data());
    places.resize(by_score);
    EXPECT_EQ(places, expected);
  }
}

TEST_P(EveryScan, BytesAreScaledAndAdded) {
  for (uint32_t size = 0; size <= 256; size += 8) {
    std::vector<uint8_t> bytes(size);
    std::vector<float> sums(size), expected(size);
    for (uint32_t i = 0; i < size; ++i) {
      bytes[i] = static_cast<uint8_t>(random_());
      sums[i] = expected[i] = static_cast<float>(random_() % 100) * 0.37f;
      expected[i] += 0.013f * static_cast<float>(bytes[i]);
    }
    scans().add_scaled_bytes(bytes.data(), size, 0.013f, sums.data());
    EXPECT_EQ(sums, expected);
  }
}

TEST_P(EveryScan, CodesSelectDocumentsWhoseValuesAddUp) {
  constexpr uint32_t kNumRanges = 9;
  for (size_t num_words = 1; num_words <= 5; ++num_words) {
    std::vector<std::vector<uint8_t>> codes(num_words);
    std::vector<const uint8_t*> pointers;
    std::vector<uint8_t> values;
    for (std::vector<uint8_t>& bytes : codes) {
      for (uint32_t i = 0; i < kNumRanges * kCodeBytesPerRange; ++i) {
        bytes.push_back(static_cast<uint8_t>(random_()));
      }
      pointers.push_back(bytes.data());
      values.push_back(0);
      for (uint32_t c = 1; c < 16; ++c) {
        values.push_back(static_cast<uint8_t>(random_() % (random_() % 4 == 0 ? 256 : 60)));
      }
    }
    const std::vector<uint32_t> ranges = {8, 0, 3, 4, 3};
    for (const uint32_t least : {1u, 2u, 59u, 120u, 200u, 254u, 255u}) {
      std::vector<uint64_t> masks(ranges.size());
      scans().select_by_codes(pointers.data(), values.data(), num_words, ranges.data(),
                              ranges.size(), static_cast<uint8_t>(least), masks.data());
      for (size_t r = 0; r < ranges.size(); ++r) {
        for (uint32_t doc = 0; doc < kCodesPerRange; ++doc) {
          uint32_t sum = 0;
          for (size_t w = 0; w < num_words; ++w) {
            const uint8_t two = codes[w][ranges[r] * kCodeBytesPerRange + doc % kCodeBytesPerRange];
            sum += values[16 * w + (doc < kCodeBytesPerRange ? two & 15u : two >> 4)];
          }
          ASSERT_EQ(masks[r] >> doc & 1, sum >= least ? 1u : 0u) << num_words << ' ' << doc;
        }
      }
    }
  }
}

TEST_P(EveryScan, BitsAreExpandedToTheirNumbers) {
  for (uint32_t num_bytes = 0; num_bytes <= 255; ++num_bytes) {
    const uint32_t share = 1 + random_() % 8;
    std::vector<uint8_t> bits(num_bytes);
    std::vector<uint32_t> expected;
    for (uint32_t i = 0; i < 8 * num_bytes; ++i) {
      if (random_() % share != 0) continue;
      bits[i / 8] = static_cast<uint8_t>(bits[i / 8] | 1 << i % 8);
      expected.push_back(1000 + i);
    }
    const auto count = static_cast<uint32_t>(expected.size());
    for (const uint32_t most : {count, count + 1, count + 9, 128u, count / 2, 0u}) {
      std::vector<uint32_t> numbers(most + 1, 7);
      const uint32_t found =
          scans().expand_bits(bits.data(), num_bytes, 1000, most, numbers.data());
      EXPECT_EQ(numbers[most], 7u) << "written past the end";
      if (count > most) {
        EXPECT_GT(found, most);
        continue;
      }
      ASSERT_EQ(found, count) << num_bytes << ' ' << most;
      numbers.resize(count);
      EXPECT_EQ(numbers, expected);
    }
  }
}

TEST_P(EveryScan, IntersectionsGiveThePlacesInBoth) {
  for (int round = 0; round < 3000; ++round) {
    const uint32_t below = 8 + random_() % 2000;
    const auto a = Increasing(&random_, random_() % std::min(260u, below), below);
    const auto b = Increasing(&random_, random_() % std::min(260u, below), below);
    std::vector<uint32_t> in_a(a.size() + kScanSlack), in_b(a.size() + kScanSlack);
    const uint32_t count =
        scans().intersect_sorted(a.data(), static_cast<uint32_t>(a.size()), b.data(),
                                 static_cast<uint32_t>(b.size()), in_a.data(), in_b.data());
    std::vector<uint32_t> common;
    std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(common));
    ASSERT_EQ(count, common.size());
    for (uint32_t i = 0; i < count; ++i) {
      ASSERT_EQ(a[in_a[i]], common[i]);
      ASSERT_EQ(b[in_b[i]], common[i]);
    }
  }
}

TEST_P(EveryScan, LowerBoundIsTheFirstValueNotBelow) {
  for (uint32_t size = 0; size <= 260; ++size) {
    std::vector<uint32_t> values = Increasing(&random_, size, 4 * size + 1);
    if (size > 2) values.back() = 0xfffffffeu;
    for (uint32_t target = 0; target <= 4 * size + 2; ++target) {
      ASSERT_EQ(scans().lower_bound(values.data(), size, target),
                std::lower_bound(values.begin(), values.end(), target) - values.begin());
    }
    EXPECT_EQ(scans().lower_bound(values.data(), size, 0xffffffffu), size);
  }
}

TEST_P(EveryScan, CommonBitsAreCounted) {
  for (size_t num_arrays = 1; num_arrays <= 4; ++num_arrays) {
    for (size_t num_words = 0; num_words <= 70; ++num_words) {
      std::vector<std::vector<uint64_t>> arrays(num_arrays);
      std::vector<const uint64_t*> pointers;
      for (auto& array : arrays) {
        for (size_t w = 0; w < num_words; ++w)
          array.push_back(uint64_t{random_()} << 32 | random_());
        pointers.push_back(array.data());
      }
      uint64_t expected = 0;
      for (size_t bit = 0; bit < 64 * num_words; ++bit) {
        expected += std::all_of(arrays.begin(), arrays.end(), [bit](const auto& array) {
          return (array[bit / 64] >> (bit % 64) & 1) != 0;
        });
      }
      ASSERT_EQ(scans().count_common_bits(pointers.data(), num_arrays, num_words), expected);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Scan, EveryScan, testing::ValuesIn(RunnableKernels()),
                         [](const auto& each) { return std::string(each.param->name); });

}  // namespace
}  // namespace ibid
