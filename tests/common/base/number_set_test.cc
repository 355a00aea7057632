#include "common/base/number_set.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace ibid {
namespace {

struct Hash {
  uint64_t operator()(std::string_view name) const {
    return std::hash<std::string_view>()(name) & mask;
  }
  uint64_t operator()(uint32_t number) const { return (*this)((*names)[number]); }
  const std::vector<std::string>* names;
  uint64_t mask = UINT64_MAX;
};

struct Equal {
  bool operator()(uint32_t number, std::string_view name) const { return (*names)[number] == name; }
  const std::vector<std::string>* names;
};

using Names = NumberSet<Hash, Equal>;

TEST(NumberSet, FindsNothingWhereItIsEmpty) {
  const std::vector<std::string> names;
  Names set(Hash{&names}, Equal{&names});
  EXPECT_EQ(set.Find(std::string_view("a")), std::nullopt);
  EXPECT_EQ(set.size(), 0u);
}

// Insertions and erasures at random, against a map; also where all hashes are one of few.
TEST(NumberSet, HoldsWhatWasInsertedAndNotErased) {
  for (const uint64_t mask : {UINT64_MAX, uint64_t{3}, uint64_t{0xffffffff00000000}}) {
    std::mt19937 random(7);
    std::vector<std::string> names;
    for (int i = 0; i < 600; ++i) names.push_back("n" + std::to_string(i));
    Names set(Hash{&names, mask}, Equal{&names});
    std::map<std::string, uint32_t> expected;
    for (int step = 0; step < 6000; ++step) {
      const uint32_t number = random() % names.size();
      if (expected.erase(names[number]) == 1) {
        set.Erase(number);
      } else {
        set.Insert(number);
        expected[names[number]] = number;
      }
      ASSERT_EQ(set.size(), expected.size());
      const std::string_view asked = names[random() % names.size()];
      const auto found = expected.find(std::string(asked));
      ASSERT_EQ(set.Find(asked),
                found == expected.end() ? std::nullopt : std::optional(found->second));
    }
    for (const auto& [name, number] : expected) EXPECT_EQ(set.Find(std::string_view(name)), number);
    set.Clear();
    EXPECT_EQ(set.size(), 0u);
    EXPECT_EQ(set.Find(std::string_view("n1")), std::nullopt);
    set.Insert(1);
    EXPECT_EQ(set.Find(std::string_view("n1")), 1u);
  }
}

}  // namespace
}  // namespace ibid
