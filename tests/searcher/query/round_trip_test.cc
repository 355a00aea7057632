// Parse(Print(q)) == q for whatever the parser can produce.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <random>
#include <string>

#include "ibid/query.h"
#include "searcher/query/ast.h"
#include "searcher/query/tree.h"
#include "tests/searcher/query/random_query.h"

namespace ibid {
namespace {

constexpr uint64_t kSeed = 20151113;

// IBID_TEST_ROUNDS multiplies the work of each test.
size_t Rounds(size_t rounds) {
  const char* factor = std::getenv("IBID_TEST_ROUNDS");
  return rounds * (factor == nullptr ? 1 : std::strtoul(factor, nullptr, 10));
}

ParseOptions Lenient() {
  ParseOptions options;
  options.synonyms = {{"us", "united states", "usa"}};
  return options;
}

// The canonical form of `text` parses, with default options, to the same query and is its own
// canonical form.
void ExpectRoundTrip(const std::string& text, const ParseOptions& options) {
  const auto parsed = ParseQuery(text, options);
  if (!parsed.ok()) {
    EXPECT_EQ(parsed.status().code(), absl::StatusCode::kInvalidArgument) << text;
    return;
  }
  ParseOptions defaults;
  defaults.columns = options.columns;
  defaults.limits.max_query_bytes = size_t{1} << 30;
  const auto again = ParseQuery(parsed->canonical, defaults);
  ASSERT_TRUE(again.ok()) << again.status() << "\ntext: " << text
                          << "\ncanonical: " << parsed->canonical;
  EXPECT_EQ(again->canonical, parsed->canonical) << "text: " << text;
  EXPECT_TRUE(again->query == parsed->query)
      << "text: " << text << "\ncanonical: " << parsed->canonical;
}

TEST(RoundTrip, OfRandomWellFormedQueries) {
  RecordProperty("seed", std::to_string(kSeed));
  std::printf("seed %llu\n", static_cast<unsigned long long>(kSeed));
  RandomQuery random(kSeed);
  for (size_t i = 0; i < Rounds(20000) && !testing::Test::HasFailure(); ++i) {
    ExpectRoundTrip(random.WellFormed(i % 5), Lenient());
  }
}

TEST(RoundTrip, OfRandomQueriesOfAllWords) {
  std::printf("seed %llu\n", static_cast<unsigned long long>(kSeed + 1));
  RandomQuery random(kSeed + 1);
  ParseOptions options = Lenient();
  options.all_words = true;
  for (size_t i = 0; i < Rounds(10000) && !testing::Test::HasFailure(); ++i) {
    ExpectRoundTrip(random.WellFormed(i % 5), options);
  }
}

TEST(RoundTrip, OfRandomRangesOverEveryTypeOfColumn) {
  std::printf("seed %llu\n", static_cast<unsigned long long>(kSeed + 5));
  ParseOptions options = Lenient();
  options.columns = {{"day", ColumnType::kDate},
                     {"size", ColumnType::kInteger},
                     {"score", ColumnType::kReal},
                     {"place", ColumnType::kText}};
  const char* const fields[] = {
      "day:", "size:", "score:", "place:", "title,size:", "day,place:", ""};
  const char* const ends[] = {
      "2015", "2015-02", "2016-02-29", "2015-11-13T21", "-5",    "+3.25e2",      "1,000", ".5",
      "5.",   "\"a b\"", "*",          "x..y",          "a\\ b", "\"q \\\" r\"", "TO",    ""};
  const char* const forms[] = {"[1 TO 2]", "{1 TO 2]", "[1 TO 2}", "1..2", "1..", "..2",
                               ">1",       ">=1",      "<2",       "<=2",  "1",   "(1 2)"};
  std::mt19937_64 random(kSeed + 5);
  for (size_t i = 0; i < Rounds(20000) && !testing::Test::HasFailure(); ++i) {
    std::string text = fields[random() % std::size(fields)];
    for (const char* c = forms[random() % std::size(forms)]; *c != '\0'; ++c) {
      text += *c == '1' || *c == '2' ? ends[random() % std::size(ends)] : std::string(1, *c);
    }
    ExpectRoundTrip(text, options);
  }
}

TEST(RoundTrip, OfRandomPiecesOfTheLanguage) {
  std::printf("seed %llu\n", static_cast<unsigned long long>(kSeed + 2));
  RandomQuery random(kSeed + 2);
  for (size_t i = 0; i < Rounds(50000) && !testing::Test::HasFailure(); ++i) {
    ExpectRoundTrip(random.Pieces(i % 20 + 1), Lenient());
  }
}

TEST(RoundTrip, OfRandomBytes) {
  std::printf("seed %llu\n", static_cast<unsigned long long>(kSeed + 3));
  RandomQuery random(kSeed + 3);
  for (size_t i = 0; i < Rounds(10000) && !testing::Test::HasFailure(); ++i) {
    ExpectRoundTrip(random.Bytes(i % 200), Lenient());
  }
}

TEST(RoundTrip, NoTreeIsDeeperThanTheNestingLimit) {
  std::printf("seed %llu\n", static_cast<unsigned long long>(kSeed + 4));
  RandomQuery random(kSeed + 4);
  for (size_t i = 0; i < Rounds(5000); ++i) {
    const auto parsed = ParseQuery(random.WellFormed(12), Lenient());
    if (!parsed.ok() || parsed->query.root() == nullptr) continue;
    ASSERT_LE(Depth(*parsed->query.root()), QueryLimits().max_nesting);
    ASSERT_LE(CountClauses(*parsed->query.root()), QueryLimits().max_clauses);
  }
}

}  // namespace
}  // namespace ibid
