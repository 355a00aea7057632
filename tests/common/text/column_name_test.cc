#include "common/text/column_name.h"

#include <gtest/gtest.h>

#include <string>

#include "ibid/limits.h"

namespace ibid {
namespace {

TEST(ColumnName, IsALetterAndLettersDigitsDotsAndLines) {
  EXPECT_TRUE(IsColumnName("a"));
  EXPECT_TRUE(IsColumnName("Author.name-2_x"));
  EXPECT_TRUE(IsColumnName(std::string(kMaxColumnNameBytes, 'x')));
  for (const std::string& name : {std::string(), std::string("_id"), std::string("2nd"),
                                  std::string("a b"), std::string(1 + kMaxColumnNameBytes, 'x')}) {
    EXPECT_FALSE(IsColumnName(name)) << name;
  }
}

TEST(ColumnName, NamesFromElsewhereAreMadeFit) {
  EXPECT_EQ(FitColumnName("Author.name-2_x"), "Author.name-2_x");
  EXPECT_EQ(FitColumnName("my field"), "my_field");
  EXPECT_EQ(FitColumnName("@timestamp"), "f_timestamp");
  EXPECT_EQ(FitColumnName("_id"), "f_id");
  EXPECT_EQ(FitColumnName("2024"), "f_2024");
  EXPECT_EQ(FitColumnName("-"), "f_-");
}

TEST(ColumnName, WhatNoNameCanBeMadeOfIsEmpty) {
  EXPECT_EQ(FitColumnName(""), "");
  EXPECT_EQ(FitColumnName("caf\xc3\xa9"), "");
  EXPECT_EQ(FitColumnName(std::string(1 + kMaxColumnNameBytes, 'x')), "");
  EXPECT_EQ(FitColumnName("_" + std::string(kMaxColumnNameBytes - 1, 'x')), "");
}

// What a document source makes is what the writer takes.
TEST(ColumnName, AFitNameIsAlwaysAName) {
  for (int c = 0; c < 256; ++c) {
    for (const char* rest : {"", "x", " 2"}) {
      const std::string fit = FitColumnName(static_cast<char>(c) + std::string(rest));
      EXPECT_EQ(fit.empty(), c >= 0x80);
      EXPECT_EQ(IsColumnName(fit), !fit.empty()) << fit;
    }
  }
}

}  // namespace
}  // namespace ibid
