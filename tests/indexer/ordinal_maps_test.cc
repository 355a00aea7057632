#include "indexer/ordinal_maps.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <utility>

namespace ibid {
namespace {

// Some ordinals of some inputs, interleaved as a merge of dictionaries gives them.
void MapAndFind(uint32_t seed, uint32_t num_inputs, size_t memory_bytes, bool expect_file) {
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  const auto env = NewMemoryEnv();
  {
    OrdinalMaps maps(env.get(), "maps.tmp", num_inputs, memory_bytes);
    std::vector<uint32_t> next(num_inputs);
    std::map<std::pair<uint32_t, uint32_t>, uint32_t> expected;
    for (uint32_t ordinal = 0; ordinal < 20'000; ++ordinal) {
      const uint32_t input = random() % num_inputs;
      uint32_t& old = next[input];
      if (random() % 5 == 0) old += random() % 40;  // those between are left out
      expected[{input, old}] = ordinal;
      ASSERT_TRUE(maps.Add(input, old++, ordinal).ok());
    }
    ASSERT_TRUE(maps.Finish().ok());
    EXPECT_EQ(env->Stat("maps.tmp").ok(), expect_file);
    for (uint32_t input = 0; input < num_inputs; ++input) {
      for (uint32_t old = 0; old < next[input] + 10; ++old) {
        const auto found = maps.Find(input, old);
        const auto want = expected.find({input, old});
        if (want == expected.end()) {
          EXPECT_TRUE(absl::IsDataLoss(found.status())) << input << " " << old;
        } else {
          ASSERT_TRUE(found.ok()) << input << " " << old;
          EXPECT_EQ(*found, want->second) << input << " " << old;
        }
      }
      EXPECT_TRUE(absl::IsDataLoss(maps.Find(input, UINT32_MAX).status()));
    }
  }
  EXPECT_FALSE(env->Stat("maps.tmp").ok());
}

TEST(OrdinalMaps, FindsEachOrdinalInMemory) {
  MapAndFind(1, 1, size_t{8} << 20, /*expect_file=*/false);
  MapAndFind(2, 7, size_t{8} << 20, /*expect_file=*/false);
}

TEST(OrdinalMaps, FindsEachOrdinalInAFile) {
  MapAndFind(3, 1, 0, /*expect_file=*/true);
  MapAndFind(4, 9, 4000, /*expect_file=*/true);
  MapAndFind(5, 700, 10'000, /*expect_file=*/true);
}

}  // namespace
}  // namespace ibid
