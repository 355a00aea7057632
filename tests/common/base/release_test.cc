#include "common/base/release.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ibid {
namespace {

TEST(Release, GivesTheMemoryBackThatAnAssignmentKeeps) {
  std::vector<int> numbers(1000);
  numbers = {};
  EXPECT_GE(numbers.capacity(), 1000u);
  Release(&numbers);
  EXPECT_EQ(numbers.capacity(), 0u);
  std::string text(1000, 'a');
  Release(&text);
  EXPECT_EQ(text, "");
  EXPECT_LT(text.capacity(), 1000u);
}

}  // namespace
}  // namespace ibid
