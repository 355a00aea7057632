#include "indexer/source/dates.h"

#include <gtest/gtest.h>

namespace ibid {
namespace {

TEST(Dates, IsoDatesAndTimesAreBroughtToUtc) {
  EXPECT_EQ(NormalizeDate("2026-01-02"), "2026-01-02");
  EXPECT_EQ(NormalizeDate(" 2026/1/2\n"), "2026-01-02");
  EXPECT_EQ(NormalizeDate("20260102"), "2026-01-02");
  EXPECT_EQ(NormalizeDate("2026-01-02T03:04:05.678Z"), "2026-01-02T03:04:05");
  EXPECT_EQ(NormalizeDate("2026-01-01 00:30+01:00"), "2025-12-31T23:30:00");
  EXPECT_EQ(NormalizeDate("2026-12-31T23:30:00-0130"), "2027-01-01T01:00:00");
}

TEST(Dates, NamedMonthsAreUnderstood) {
  EXPECT_EQ(NormalizeDate("26-FEB-1987 15:01:01.79"), "1987-02-26T15:01:01");
  EXPECT_EQ(NormalizeDate("Fri, 2 Jan 2026 03:04:05 GMT"), "2026-01-02T03:04:05");
  EXPECT_EQ(NormalizeDate("January 2, 2026"), "2026-01-02");
  EXPECT_EQ(NormalizeDate("2 Sept. 2026"), "2026-09-02");
}

TEST(Dates, WhatIsNoDateStaysAsItIs) {
  for (const char* text : {"soon", "2026", "2026-02-30", "2026-13-01", "199608", "1 2 3", "", "T",
                           "2026-01-02T25:00", "99999999999999999999", "0000-01-01"}) {
    EXPECT_EQ(NormalizeDate(text), text);
  }
  EXPECT_TRUE(IsIsoDate("1996-08-20"));
  EXPECT_FALSE(IsIsoDate("1996-08-32"));
  EXPECT_FALSE(IsIsoDate("1996/08/20"));
}

}  // namespace
}  // namespace ibid
