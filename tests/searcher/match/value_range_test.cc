#include "searcher/match/value_range.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>

#include "indexer/column_values.h"

namespace ibid {
namespace {

constexpr int64_t kDay = 86400;

BoundNode NodeOf(StoredColumnType type) {
  BoundNode node;
  node.column = "c";
  node.column_type = type;
  return node;
}

TEST(DateSpan, AYearAMonthADayAndAMomentNameTheirFirstAndLastSeconds) {
  const int64_t day = *ParseDate("2015-11-13");
  EXPECT_EQ(DateSpan("2015-11-13"), std::pair(day, day + kDay - 1));
  EXPECT_EQ(DateSpan("2015-11"), std::pair(*ParseDate("2015-11-01"), *ParseDate("2015-12-01") - 1));
  EXPECT_EQ(DateSpan("2015-12"), std::pair(*ParseDate("2015-12-01"), *ParseDate("2016-01-01") - 1));
  EXPECT_EQ(DateSpan("2015"), std::pair(*ParseDate("2015-01-01"), *ParseDate("2016-01-01") - 1));
  EXPECT_EQ(DateSpan("2016-02"),
            std::pair(*ParseDate("2016-02-01"), *ParseDate("2016-02-29") + kDay - 1));
  const int64_t moment = day + 20 * 3600 + 15 * 60 + 7;
  EXPECT_EQ(DateSpan("2015-11-13T20:15:07"), std::pair(moment, moment));
  EXPECT_EQ(DateSpan("2015-11-13T20:15:07Z"), std::pair(moment, moment));
}

TEST(DateSpan, DaysBefore1970AreNegative) {
  EXPECT_EQ(DateSpan("1969-12-31"), (std::pair<int64_t, int64_t>(-kDay, -1)));
  EXPECT_EQ(DateSpan("1600-02-29")->first, *ParseDate("1600-02-29"));
}

TEST(DateSpan, WhatIsNoDateIsRefused) {
  for (const char* text : {"", "x", "201", "20155", "2015-", "2015-13", "2015-00", "2015-1",
                           "2015-11-31", "2015-02-29", "2015-11-13T", "2015-11-13T24:00:00",
                           "2015-11-13T10:60:00", "2015-11-13T10:00", "2015-11-13 10:00:00",
                           "2015-11-13T10:00:00ZZ", "2015-11-13x", "-2015"}) {
    EXPECT_FALSE(DateSpan(text).has_value()) << text;
  }
}

TEST(SetBounds, EndsOfDatesAreMeantAsAWhole) {
  BoundNode node = NodeOf(StoredColumnType::kDate);
  ASSERT_TRUE(SetBounds(Bound{"2015-11", true}, Bound{"2015", false}, &node).ok());
  EXPECT_EQ(node.lower_integer, *ParseDate("2015-11-01"));
  EXPECT_EQ(node.upper_integer, *ParseDate("2015-01-01") - 1);
  node = NodeOf(StoredColumnType::kDate);
  ASSERT_TRUE(SetBounds(Bound{"2015-11", false}, std::nullopt, &node).ok());
  EXPECT_EQ(node.lower_integer, *ParseDate("2015-12-01"));
  EXPECT_FALSE(node.upper_integer.has_value());
}

TEST(SetBounds, IntegersAreComparedAsIntegersUnlessABoundIsAReal) {
  BoundNode node = NodeOf(StoredColumnType::kInteger);
  ASSERT_TRUE(SetBounds(Bound{"9007199254740993", false}, Bound{"-5", true}, &node).ok());
  EXPECT_EQ(node.lower_integer, int64_t{9007199254740994});
  EXPECT_EQ(node.upper_integer, -5);
  node = NodeOf(StoredColumnType::kInteger);
  ASSERT_TRUE(SetBounds(Bound{"2.5", false}, Bound{"3", true}, &node).ok());
  EXPECT_EQ(node.lower_real, 2.5);
  EXPECT_TRUE(node.lower_real_open);
  EXPECT_EQ(node.upper_real, 3.0);
  EXPECT_FALSE(node.upper_real_open);
}

TEST(SetBounds, NothingLiesAboveTheLargestInteger) {
  BoundNode node = NodeOf(StoredColumnType::kInteger);
  ASSERT_TRUE(SetBounds(Bound{"9223372036854775807", false}, std::nullopt, &node).ok());
  EXPECT_GT(node.lower_integer, node.upper_integer);
}

TEST(SetBounds, TextIsFolded) {
  BoundNode node = NodeOf(StoredColumnType::kText);
  ASSERT_TRUE(SetBounds(Bound{"Caf\u00e9", true}, Bound{"Z", false}, &node).ok());
  EXPECT_EQ(node.lower_text, "cafe");
  EXPECT_EQ(node.upper_text, "z");
  EXPECT_TRUE(node.upper_text_open);
}

TEST(SetBounds, WhatCannotBeReadIsNamedWithWhatWasExpected) {
  BoundNode date = NodeOf(StoredColumnType::kDate);
  EXPECT_EQ(SetBounds(Bound{"soon", true}, std::nullopt, &date).message(),
            "\"soon\" is not a date (YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDThh:mm:ss), which "
            "column c holds");
  BoundNode real = NodeOf(StoredColumnType::kReal);
  EXPECT_EQ(SetBounds(std::nullopt, Bound{"much", true}, &real).message(),
            "\"much\" is not a number, which column c holds");
  EXPECT_FALSE(SetBounds(Bound{"nan", true}, std::nullopt, &real).ok());
}

}  // namespace
}  // namespace ibid
