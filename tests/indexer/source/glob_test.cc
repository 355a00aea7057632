#include "indexer/source/glob.h"

#include <gtest/gtest.h>

#include <string>

namespace ibid {
namespace {

TEST(Glob, APatternWithoutSlashMatchesTheName) {
  EXPECT_TRUE(MatchesGlob("*.txt", "a/b/c.txt"));
  EXPECT_TRUE(MatchesGlob("c.???", "a/b/c.txt"));
  EXPECT_FALSE(MatchesGlob("b", "a/b/c.txt"));
}

TEST(Glob, APatternWithSlashMatchesTheWholePath) {
  EXPECT_TRUE(MatchesGlob("a/*/c.txt", "a/b/c.txt"));
  EXPECT_FALSE(MatchesGlob("a/*", "a/b/c.txt"));
  EXPECT_TRUE(MatchesGlob("a/**", "a/b/c.txt"));
}

TEST(Glob, TwoStarsAndASlashMatchAnyNumberOfNames) {
  EXPECT_TRUE(MatchesGlob("**/c.txt", "c.txt"));
  EXPECT_TRUE(MatchesGlob("a/**/c.txt", "a/c.txt"));
  EXPECT_TRUE(MatchesGlob("a/**/c.txt", "a/x/y/c.txt"));
  EXPECT_FALSE(MatchesGlob("a/**/c.txt", "a/xc.txt"));
}

TEST(Glob, SetsAndEscapes) {
  EXPECT_TRUE(MatchesGlob("[a-c]1", "b1"));
  EXPECT_FALSE(MatchesGlob("[!a-c]1", "b1"));
  EXPECT_TRUE(MatchesGlob("[]x]", "]"));
  EXPECT_TRUE(MatchesGlob("[x", "[x"));
  EXPECT_TRUE(MatchesGlob("\\*", "*"));
  EXPECT_FALSE(MatchesGlob("\\*", "a"));
}

TEST(Glob, ManyStarsTakeNoLongTime) {
  std::string pattern;
  for (int i = 0; i < 200; ++i) pattern += "a*";
  EXPECT_FALSE(MatchesGlob(pattern + "b", std::string(2000, 'a')));
}

}  // namespace
}  // namespace ibid
