#include "indexer/source/json_document.h"

#include <gtest/gtest.h>

#include <string>

#include "common/base/strings.h"
#include "ibid/limits.h"
#include "indexer/source/input_buffer.h"

namespace ibid {
namespace {

absl::StatusOr<JsonDocument> Parse(std::string json) {
  const size_t length = json.size();
  json.append(InputBuffer::kPadding, '\0');
  return JsonDocumentParser().Parse(std::string_view(json).substr(0, length));
}

Document MustParse(const std::string& json) {
  absl::StatusOr<JsonDocument> read = Parse(json);
  EXPECT_TRUE(read.ok()) << json << ": " << read.status();
  return read.ok() ? read->document : Document();
}

std::string Refusal(const std::string& json) {
  return std::string(MessageOf(Parse(json).status()));
}

TEST(JsonDocument, KnownMembersHaveTheirPlaces) {
  EXPECT_EQ(MustParse(R"({"id":"k","title":"T","text":"x","date":"2026-01-02","source":"s"})"),
            (Document{"k", "T", "x", "2026-01-02", "s", {}}));
}

TEST(JsonDocument, NumbersAndArraysBecomeTextWhereTextIsExpected) {
  EXPECT_EQ(MustParse(R"({"id":1.50,"title":["a",2],"text":["p",["q"],null]})"),
            (Document{"1.50", "a 2", "p\n\nq", "", "", {}}));
}

TEST(JsonDocument, OtherMembersBecomeColumns) {
  const Document document = MustParse(
      R"({"n":-7,"r":2.5,"b":true,"z":null,"e":[],"l":["x",1],"o":{"a":1,"b":{"c":[2,3]}}})");
  const std::vector<Field> expected = {{"n", {int64_t{-7}}},  {"r", {2.5}},
                                       {"b", {"true"}},       {"l", {"x", int64_t{1}}},
                                       {"o.a", {int64_t{1}}}, {"o.b.c", {int64_t{2}, int64_t{3}}}};
  EXPECT_EQ(document.fields, expected);
}

TEST(JsonDocument, ANameThatComesAgainReplaces) {
  const Document document = MustParse(R"({"text":"a","x":1,"x":{"y":2},"text":"b","x":3})");
  EXPECT_EQ(document.text, "b");
  EXPECT_EQ(document.fields, (std::vector<Field>{{"x", {int64_t{3}}}}));
}

TEST(JsonDocument, IntegersBeyond64BitsAreReals) {
  const Document document = MustParse(
      R"({"a":9223372036854775807,"b":9223372036854775808,"c":123456789012345678901234567890,"d":1e999})");
  const std::vector<Field> expected = {{"a", {int64_t{9223372036854775807}}},
                                       {"b", {9223372036854775808.0}},
                                       {"c", {123456789012345678901234567890.0}},
                                       {"d", {"1e999"}}};
  EXPECT_EQ(document.fields, expected);
}

TEST(JsonDocument, NamesAreMadeFitForColumns) {
  absl::StatusOr<JsonDocument> read = Parse("{\"my field\":1,\"2nd\":2,\"\xc3\xa9\":3,\"\":4}");
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->document.fields,
            (std::vector<Field>{{"my_field", {int64_t{1}}}, {"f_2nd", {int64_t{2}}}}));
  EXPECT_EQ(read->num_bad_names, 2u);
}

TEST(JsonDocument, NamesThatCannotBeginAColumnGetALetter) {
  const Document document =
      MustParse(R"({"@timestamp":1,"_id":2,"2024":3,"$ref":{"_x":4},".y":5})");
  EXPECT_EQ(document.fields, (std::vector<Field>{{"f_timestamp", {int64_t{1}}},
                                                 {"f_id", {int64_t{2}}},
                                                 {"f_2024", {int64_t{3}}},
                                                 {"f_ref._x", {int64_t{4}}},
                                                 {"f_.y", {int64_t{5}}}}));
}

// Were the path of each value built, this would copy 80 GB.
TEST(JsonDocument, AMemberOfALongNameCostsNoMoreForManyValuesWithinIt) {
  std::string members = "\"a\":1";
  for (size_t i = 0; i < 40000; ++i) members += ",\"a\":1";
  const absl::StatusOr<JsonDocument> read =
      Parse(StrCat("{\"", std::string(2000000, 'n'), "\":{", members, "}}"));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->num_bad_names, 40001u);
  EXPECT_TRUE(read->document.fields.empty());
}

TEST(JsonDocument, EscapesAreTakenOff) {
  EXPECT_EQ(MustParse(R"({"text":"\u0068\/\b\f\n\r\t\\\" \ud83d\ude00 end"})").text,
            "h/\b\f\n\r\t\\\" \xf0\x9f\x98\x80 end");
  EXPECT_EQ(MustParse(R"({"t\u0065xt":"x"})").text, "x");
}

TEST(JsonDocument, LoneSurrogatesAreReplacedAndCounted) {
  absl::StatusOr<JsonDocument> read = Parse(R"({"text":"x \ud800 y \udc00\ud800\ud83d\ude00"})");
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->document.text, "x \xef\xbf\xbd y \xef\xbf\xbd\xef\xbf\xbd\xf0\x9f\x98\x80");
  EXPECT_EQ(read->num_replaced, 3u);
}

TEST(JsonDocument, AnObjectWhereTextIsExpectedIsLeftOutAndCounted) {
  absl::StatusOr<JsonDocument> read = Parse(R"({"title":"t","text":{"x":[1,2]},"y":1})");
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->document.text, "");
  EXPECT_EQ(read->num_ignored_values, 1u);
  EXPECT_EQ(read->document.fields, (std::vector<Field>{{"y", {int64_t{1}}}}));
}

TEST(JsonDocument, WhatIsNotJsonIsRefusedWithTheReason) {
  const std::string structure = "a bracket, comma, colon or name is missing or too many";
  EXPECT_EQ(Refusal("{'id':'1'}"), structure);
  EXPECT_EQ(Refusal(R"({"a":1,})"), structure);
  EXPECT_EQ(Refusal(R"({"a":1 "b":2})"), structure);
  EXPECT_EQ(Refusal(R"({"a":"x)"), "a string is not closed");
  EXPECT_EQ(Refusal("{\"a\":\"\t\"}"), "a control character in a string");
  EXPECT_EQ(Refusal(R"({"a":"\x"})"), "a wrong escape in a string");
  EXPECT_EQ(Refusal(R"({"a":"\u12"})"), "a wrong escape in a string");
  EXPECT_EQ(Refusal(R"({"a":01})"), "neither a string, a number, true, false nor null");
  EXPECT_EQ(Refusal(R"({"a":nul})"), "neither a string, a number, true, false nor null");
  EXPECT_EQ(Refusal(R"({"a":1}{"b":2})"), "something follows the object");
  EXPECT_EQ(Refusal("[1]"), "not an object");
  EXPECT_EQ(Refusal("42"), "not an object");
  EXPECT_EQ(Refusal("{\"a\":\"\xff\"}"), "malformed UTF-8");
}

TEST(JsonDocument, NestingIsBounded) {
  const auto nested = [](size_t levels) {
    return StrCat("{\"text\":\"x\",\"a\":", std::string(levels, '['), "1", std::string(levels, ']'),
                  "}");
  };
  EXPECT_TRUE(Parse(nested(kMaxJsonDepth - 1)).ok());
  EXPECT_EQ(Refusal(nested(kMaxJsonDepth)), "nested deeper than 32");
  EXPECT_FALSE(Parse(nested(1000000)).ok());
  EXPECT_FALSE(Parse("{\"a\":" + std::string(1000000, '[')).ok());
}

TEST(JsonDocument, ColumnsAndValuesAreBounded) {
  std::string members;
  for (size_t i = 0; i <= kMaxFields; ++i) members += StrCat(",\"f", i, "\":1");
  EXPECT_EQ(Refusal(StrCat("{\"text\":\"x\"", members, "}")), "more than 256 columns");
  std::string values = "1";
  for (size_t i = 0; i < 65536; ++i) values += ",1";
  EXPECT_EQ(Refusal(StrCat("{\"v\":[", values, "]}")), "more than 65536 values");
}

}  // namespace
}  // namespace ibid
