#include "bench/engines/bench_query.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/support/temp_directory.h"

namespace ibid::bench {
namespace {

using ::testing::ElementsAre;

std::string ClassOfText(const std::string& text) { return ParseBenchQuery(text)->query_class; }

TEST(BenchQuery, ReadsSignsAndPhrases) {
  const BenchQuery query = ParseBenchQuery("+\"the who\" +uk -tour live").value();
  EXPECT_THAT(query.clauses,
              ElementsAre(Clause{Occur::kMust, {"the", "who"}}, Clause{Occur::kMust, {"uk"}},
                          Clause{Occur::kMustNot, {"tour"}}, Clause{Occur::kShould, {"live"}}));
}

TEST(BenchQuery, WritesWhatItReads) {
  for (const char* text : {"the", "a b c", "+a +b", "\"a b c\"", "+a -b", "+\"a b\" c",
                           "a NEAR/5 b", "+a b -c -\"d e\""}) {
    EXPECT_EQ(FormatBenchQuery(ParseBenchQuery(text).value()), text);
  }
}

TEST(BenchQuery, TakesWordsAsTheCorpusDoes) {
  EXPECT_EQ(FormatBenchQuery(ParseBenchQuery("  +Don't\t+\"AT&T 5-a\" -! ").value()),
            "+\"don t\" +\"at t 5 a\"");
}

TEST(BenchQuery, ClassesFollowFromTheForm) {
  EXPECT_EQ(ClassOfText("the"), "term");
  EXPECT_EQ(ClassOfText("a b"), "union");
  EXPECT_EQ(ClassOfText("+a +b"), "intersection");
  EXPECT_EQ(ClassOfText("\"a b\""), "phrase 2");
  EXPECT_EQ(ClassOfText("\"a b c\""), "phrase 3");
  EXPECT_EQ(ClassOfText("\"a b c d e\""), "phrase 4+");
  EXPECT_EQ(ClassOfText("+a -b"), "negated");
  EXPECT_EQ(ClassOfText("+a b"), "mixed");
  EXPECT_EQ(ClassOfText("+\"a b\" +c"), "mixed");
  EXPECT_EQ(ClassOfText("a NEAR/2 b"), "near");
}

TEST(BenchQuery, RefusesWhatAsksForNothing) {
  for (const char* text : {"", "  ", "-a", "!!", "a NEAR/0 b", "a NEAR/x b", "a NEAR/2",
                           "a NEAR/2 b c", "\"a b\" NEAR/2 c"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(ParseBenchQuery(text).status())) << text;
  }
}

TEST(BenchQuery, ReadsPlainAndJsonFiles) {
  const TempDirectory directory;
  directory.Write("q", "+a +b\n\n{\"query\": \"\\\"a b\\\"\", \"tags\": [\"phrase\"]}\n");
  const auto queries = ReadBenchQueries(directory.Path("q"), "game ").value();
  ASSERT_EQ(queries.size(), 2u);
  EXPECT_EQ(queries[0].query_class, "game intersection");
  EXPECT_EQ(FormatBenchQuery(queries[1]), "\"a b\"");
}

TEST(BenchQuery, NamesTheLineThatCannotBeRead) {
  const TempDirectory directory;
  directory.Write("q", "a b\n-c\n");
  const absl::Status status = ReadBenchQueries(directory.Path("q"), "").status();
  EXPECT_THAT(std::string(status.message()), testing::HasSubstr("q:2:"));
}

}  // namespace
}  // namespace ibid::bench
