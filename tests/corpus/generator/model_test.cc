#include "corpus/generator/model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "common/base/strings.h"
#include "tests/corpus/generator/test_model.h"

namespace ibid::corpus {
namespace {

using ::testing::HasSubstr;

std::string ErrorOf(const std::string& bytes) {
  return std::string(MessageOf(ParseModel(bytes).status()));
}

std::string Replaced(std::string text, const std::string& from, const std::string& to) {
  const size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(LengthBucket, HoldsEveryLengthBetweenItsBounds) {
  for (uint32_t length = 1; length < 100000; ++length) {
    const uint32_t bucket = LengthBucket(length);
    ASSERT_LE(BucketBegin(bucket), length);
    ASSERT_LT(length, BucketBegin(bucket + 1));
  }
  EXPECT_EQ(LengthBucket(0xffffffffu), kNumLengthBuckets - 1);
}

TEST(Model, IsTheSameAfterWritingAndReading) {
  const absl::StatusOr<Model> model = ParseModel(kTestModel);
  ASSERT_TRUE(model.ok()) << model.status();
  EXPECT_EQ(FormatModel(*model), kTestModel);
}

TEST(Model, RefusesEveryCutOfItself) {
  const std::string whole(kTestModel);
  for (size_t n = 0; n + 1 < whole.size(); ++n) {
    EXPECT_FALSE(ParseModel(whole.substr(0, n)).ok()) << n;
  }
}

TEST(Model, NamesTheLineOfAnError) {
  EXPECT_EQ(ErrorOf("something else\n"), "model line 1: expected 'ibid-corpus-model 1'");
  EXPECT_EQ(ErrorOf(Replaced(std::string(kTestModel), "tokens 100", "tokens many")),
            "model line 4: expected a number up to 1099511627776, found 'many'");
}

TEST(Model, RefusesNumbersThatTheGeneratorCouldNotUse) {
  const std::string good(kTestModel);
  EXPECT_THAT(ErrorOf(Replaced(good, "words 8", "words 4000000000")), HasSubstr("line 10"));
  EXPECT_THAT(ErrorOf(Replaced(good, "the 40 0 0", "the 9999999999999 0 0")), HasSubstr("line 14"));
  EXPECT_THAT(ErrorOf(Replaced(good, "the 40 0 0", "the 40 41 0")), HasSubstr("line 14"));
  EXPECT_THAT(ErrorOf(Replaced(good, "3 4:15 5:5", "3 4:35 5:6")), HasSubstr("more pairs"));
  EXPECT_THAT(ErrorOf(Replaced(good, "3 4:15 5:5", "3 5:5 4:15")), HasSubstr("out of order"));
  EXPECT_THAT(ErrorOf(Replaced(good, "3 4:15 5:5", "3 8:5")), HasSubstr("up to 7"));
  EXPECT_THAT(ErrorOf(Replaced(good, "document 9:2 12:2", "document")), HasSubstr("no usable"));
  EXPECT_THAT(ErrorOf(Replaced(good, "rare 3 500", "rare 0 500")), HasSubstr("cannot grow"));
}

TEST(Model, RefusesFormsThatWouldBreakALineOfJson) {
  EXPECT_THAT(ErrorOf(Replaced(std::string(kTestModel), "old", "o\"d")), HasSubstr("<form>"));
  EXPECT_THAT(ErrorOf(Replaced(std::string(kTestModel), "old",
                               "o\x01"
                               "d")),
              HasSubstr("<form>"));
}

}  // namespace
}  // namespace ibid::corpus
