#include "corpus/generator/json_line.h"

#include <gtest/gtest.h>

#include <string>

namespace ibid::corpus {
namespace {

TEST(StringField, FindsAFieldBehindOthersOfAnyKind) {
  EXPECT_EQ(
      StringField(R"({"id": 7, "tags": ["a", {"text": "no"}], "x": null, "text": "yes"})", "text"),
      "yes");
}

TEST(StringField, UndoesEveryEscape) {
  EXPECT_EQ(StringField(R"({"text":"a\n\t\"\\\/\u00e9\u2014\ud83d\ude00"})", "text"),
            "a\n\t\"\\/é—😀");
}

TEST(StringField, ReplacesALoneSurrogate) {
  EXPECT_EQ(StringField(R"({"text":"\ud83d!"})", "text"), "\xef\xbf\xbd!");
}

TEST(StringField, IsNothingWhereTheFieldIsMissingOrNoString) {
  EXPECT_EQ(StringField(R"({"title":"a"})", "text"), std::nullopt);
  EXPECT_EQ(StringField(R"({"text":12})", "text"), std::nullopt);
}

TEST(StringField, IsNothingForEveryCutOfAnObject) {
  const std::string whole = R"({"a": [1, {"b": "c\u00e9"}], "text": "yes")";
  for (size_t n = 0; n + 1 < whole.size(); ++n) {
    EXPECT_EQ(StringField(whole.substr(0, n), "text"), std::nullopt) << n;
  }
}

TEST(StringField, PassesDeepNestingWithoutRecursion) {
  const std::string deep =
      R"({"a":)" + std::string(1000000, '[') + std::string(1000000, ']') + R"(,"text":"here"})";
  EXPECT_EQ(StringField(deep, "text"), "here");
}

}  // namespace
}  // namespace ibid::corpus
