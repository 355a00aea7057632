#include "indexer/column_values.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "ibid/limits.h"

namespace ibid {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

Document WithField(const std::string& name, std::vector<FieldValue> values) {
  Document document;
  document.fields = {{.name = name, .values = std::move(values)}};
  return document;
}

// The values that `schema` makes of one column of one document; bad ones are counted in *num_bad.
ColumnValues Typed(ColumnSchema* schema, const std::string& name, std::vector<FieldValue> values,
                   uint64_t* num_bad) {
  const auto typed = schema->TypeDocument(WithField(name, std::move(values)), num_bad);
  EXPECT_TRUE(typed.ok()) << typed.status();
  return typed.ok() && !typed->empty() ? (*typed)[0].values : ColumnValues{};
}

TEST(ParseDate, CountsSecondsSince1970) {
  EXPECT_EQ(ParseDate("1970-01-01"), 0);
  EXPECT_EQ(ParseDate("1970-01-02T00:00:01"), 86401);
  EXPECT_EQ(ParseDate("2000-02-29"), 951782400);
  EXPECT_EQ(ParseDate("2024-11-27T12:30:59Z"), 1732710659);
  EXPECT_EQ(ParseDate("1969-12-31T23:59:59"), -1);
  EXPECT_EQ(ParseDate("0001-01-01"), -62135596800);
}

TEST(ParseDate, RefusesWhatIsNoDayOrTime) {
  for (const char* text :
       {"", "2024", "2024-11", "2024-13-01", "2024-00-10", "2023-02-29", "1900-02-29", "2024-04-31",
        "2024-1-01", "24-11-2701", "2024/11/27", "2024-11-27T", "2024-11-27 12:00:00",
        "2024-11-27T24:00:00", "2024-11-27T12:60:00", "2024-11-27T12:00", "2024-11-27X",
        "-024-11-27", "2024-11-27T12:00:61"}) {
    EXPECT_EQ(ParseDate(text), std::nullopt) << text;
  }
}

TEST(ColumnSchema, TheFirstValueDecidesTheType) {
  ColumnSchema schema;
  uint64_t bad = 0;
  Typed(&schema, "pages", {int64_t{3}}, &bad);
  Typed(&schema, "weight", {2.5}, &bad);
  Typed(&schema, "printed", {"2024-11-27"}, &bad);
  Typed(&schema, "author", {"A. Writer"}, &bad);
  EXPECT_THAT(schema.columns(), ElementsAre(Pair("pages", StoredColumnType::kInteger),
                                            Pair("weight", StoredColumnType::kReal),
                                            Pair("printed", StoredColumnType::kDate),
                                            Pair("author", StoredColumnType::kText)));
  EXPECT_EQ(bad, 0u);
}

TEST(ColumnSchema, DateIsAlwaysDateAndSourceAlwaysText) {
  ColumnSchema schema;
  uint64_t bad = 0;
  Document document;
  document.date = "yesterday";
  document.source = "2024-11-27";
  ASSERT_TRUE(schema.TypeDocument(document, &bad).ok());
  EXPECT_THAT(schema.columns(), ElementsAre(Pair("date", StoredColumnType::kDate),
                                            Pair("source", StoredColumnType::kText)));
  EXPECT_EQ(bad, 1u);
}

TEST(ColumnSchema, AnIntegerColumnBecomesRealAndKeepsItsValues) {
  ColumnSchema schema;
  uint64_t bad = 0;
  const ColumnValues values = Typed(&schema, "n", {int64_t{3}, 2.5, int64_t{4}}, &bad);
  EXPECT_THAT(schema.columns(), ElementsAre(Pair("n", StoredColumnType::kReal)));
  EXPECT_THAT(values.reals, ElementsAre(3.0, 2.5, 4.0));
  EXPECT_THAT(values.integers, IsEmpty());
  EXPECT_EQ(bad, 0u);
}

TEST(ColumnSchema, StringsOfDigitsAreNumbersInANumberColumn) {
  ColumnSchema schema({{"n", StoredColumnType::kInteger}});
  uint64_t bad = 0;
  EXPECT_THAT(Typed(&schema, "n", {"17", "-4"}, &bad).integers, ElementsAre(17, -4));
  EXPECT_THAT(Typed(&schema, "n", {"many", "17 pages"}, &bad).integers, IsEmpty());
  EXPECT_EQ(bad, 2u);
}

TEST(ColumnSchema, NumbersThatAreNotFiniteAreLeftOut) {
  ColumnSchema schema;
  uint64_t bad = 0;
  const double inf = std::numeric_limits<double>::infinity();
  EXPECT_THAT(Typed(&schema, "x", {inf, std::nan(""), 1.5, "inf", "nan"}, &bad).reals,
              ElementsAre(1.5));
  EXPECT_EQ(bad, 4u);
}

TEST(ColumnSchema, NumbersInATextColumnAreSpeltOut) {
  ColumnSchema schema({{"t", StoredColumnType::kText}});
  uint64_t bad = 0;
  const ColumnValues values = Typed(&schema, "t", {int64_t{12}, 0.1, "x"}, &bad);
  ASSERT_EQ(values.texts.size(), 3u);
  EXPECT_EQ(values.texts[0].original, "12");
  EXPECT_EQ(values.texts[1].original, "0.1");
  EXPECT_EQ(values.texts[2].original, "x");
  EXPECT_EQ(bad, 0u);
}

TEST(ColumnSchema, EmptyStringsAreNoValues) {
  ColumnSchema schema;
  uint64_t bad = 0;
  EXPECT_TRUE(Typed(&schema, "t", {"", ""}, &bad).texts.empty());
  EXPECT_THAT(schema.columns(), IsEmpty());
  EXPECT_EQ(bad, 0u);
}

TEST(ColumnSchema, ValuesOfOneColumnComeTogether) {
  ColumnSchema schema;
  uint64_t bad = 0;
  Document document;
  document.source = "Wire";
  document.fields = {{.name = "source", .values = {"Agency"}},
                     {.name = "n", .values = {int64_t{1}}},
                     {.name = "source", .values = {"Desk"}}};
  const auto typed = schema.TypeDocument(document, &bad);
  ASSERT_TRUE(typed.ok()) << typed.status();
  ASSERT_EQ(typed->size(), 2u);
  ASSERT_EQ((*typed)[0].values.texts.size(), 3u);
  EXPECT_EQ((*typed)[0].values.texts[2].original, "Desk");
}

TEST(ColumnSchema, RefusesReservedAndMalformedNamesAndChangesNothing) {
  ColumnSchema schema;
  uint64_t bad = 0;
  Document document = WithField("good", {int64_t{1}});
  document.fields.push_back({.name = "_id", .values = {int64_t{1}}});
  const absl::Status reserved = schema.TypeDocument(document, &bad).status();
  EXPECT_EQ(reserved.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(reserved.message()), HasSubstr("\"_id\": names that begin with '_'"));
  for (const std::string& name : {std::string(), std::string("two words"), std::string("9lives"),
                                  std::string("x\"y"), std::string(256, 'x')}) {
    EXPECT_FALSE(schema.TypeDocument(WithField(name, {int64_t{1}}), &bad).ok()) << name;
  }
  EXPECT_THAT(schema.columns(), IsEmpty());
}

TEST(ColumnSchema, RefusesMoreColumnsThanTheLimit) {
  ColumnSchema schema;
  uint64_t bad = 0;
  Document document;
  document.date = "2024-11-27";
  document.source = "Wire";
  for (size_t i = 0; i + 2 < kMaxFields; ++i) {
    document.fields.push_back({.name = "c" + std::to_string(i), .values = {int64_t{1}}});
  }
  ASSERT_TRUE(schema.TypeDocument(document, &bad).ok());
  EXPECT_EQ(schema.columns().size(), kMaxFields);
  const absl::Status more = schema.TypeDocument(WithField("one_more", {int64_t{1}}), &bad).status();
  EXPECT_EQ(more.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(schema.TypeDocument(document, &bad).ok());
}

TEST(ColumnSchema, CountsAColumnOnceHoweverOftenItIsNamed) {
  ColumnSchema schema;
  uint64_t bad = 0;
  Document document;
  for (size_t i = 0; i < kMaxFields; ++i) {
    document.fields.push_back({.name = "same", .values = {int64_t{1}}});
  }
  ASSERT_TRUE(schema.TypeDocument(document, &bad).ok());
  document.date = "2024-11-27";
  document.source = "Wire";
  ASSERT_TRUE(schema.TypeDocument(document, &bad).ok());
  for (size_t i = 0; i + 4 < kMaxFields; ++i) {
    document.fields.push_back({.name = "c" + std::to_string(i), .values = {int64_t{1}}});
  }
  ASSERT_TRUE(schema.TypeDocument(document, &bad).ok());
  EXPECT_EQ(schema.columns().size(), kMaxFields - 1);
  EXPECT_TRUE(schema.TypeDocument(WithField("the_last", {int64_t{1}}), &bad).ok());
  EXPECT_EQ(schema.columns().size(), kMaxFields);
}

}  // namespace
}  // namespace ibid
