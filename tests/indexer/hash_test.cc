#include "indexer/hash.h"

#include <gtest/gtest.h>

#include <cstring>
#include <set>
#include <string>

namespace ibid {
namespace {

TEST(Hash, OfAFingerprintIsTheSameInEveryProcess) {
  EXPECT_EQ(HashBytes(""), 0xb98b148f3731bb98u);
  EXPECT_EQ(HashBytes("rain"), 0xf191ef6cc442043cu);
  EXPECT_EQ(HashBytes("It rained all night.", 5), 0xe7025cd2bac1be42u);
}

TEST(Hash, WithAnotherSecretIsAnother) {
  EXPECT_EQ(HashBytes("rain", 0, ProcessHashSecret()), HashBytes("rain", 0, ProcessHashSecret()));
  EXPECT_NE(HashBytes("rain", 0, {.first = 1, .second = 3}), HashBytes("rain"));
  EXPECT_NE(HashBytes("rain", 0, {.first = 1, .second = 3}),
            HashBytes("rain", 0, {.first = 1, .second = 5}));
}

// A block that equals the public constant makes the product zero: all that was before is forgotten.
TEST(Hash, NoBlockForgetsWhatWasBeforeItWhereTheSecretIsNotKnown) {
  std::string block(16, 'x');
  const uint64_t odd = hash_internal::kOdd1;
  std::memcpy(block.data(), &odd, sizeof(odd));
  std::set<uint64_t> known, secret;
  for (char c = 'a'; c <= 'p'; ++c) {
    const std::string key = std::string(16, c) + block + "end";
    known.insert(HashBytes(key));
    secret.insert(HashBytes(key, 0, {.first = 0x1234567, .second = 0x89abcdf}));
  }
  EXPECT_EQ(known.size(), 1u);
  EXPECT_EQ(secret.size(), 16u);
}

}  // namespace
}  // namespace ibid
