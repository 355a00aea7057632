#include "cli/flags.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ibid::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Command Parsed(std::vector<std::string> arguments) {
  const ParsedCommandLine parsed = ParseCommandLine(std::move(arguments));
  EXPECT_FALSE(parsed.exit_code.has_value()) << parsed.text;
  return parsed.command;
}

std::string Refused(std::vector<std::string> arguments) {
  const ParsedCommandLine parsed = ParseCommandLine(std::move(arguments));
  EXPECT_EQ(parsed.exit_code, kUsage);
  return parsed.text;
}

TEST(Flags, AQueryKeepsItsWordsInOrderWhateverStandsBetween) {
  const Command command = Parsed({"search", "prime", "-n", "5", "minister", "-a", "paris"});
  EXPECT_THAT(command.arguments, ElementsAre("prime", "minister", "paris"));
  EXPECT_EQ(command.search.options.limit, 5u);
  EXPECT_TRUE(command.search.all_words);
}

TEST(Flags, AQueryIsNeverTakenApart) {
  EXPECT_THAT(Parsed({"search", "[2015-01-01 TO 2016-01-01]", "a,b", "{x}", "%%", ""}).arguments,
              ElementsAre("[2015-01-01 TO 2016-01-01]", "a,b", "{x}", "%%", ""));
  EXPECT_THAT(Parsed({"search", "index", "info", "search"}).arguments,
              ElementsAre("index", "info", "search"));
  EXPECT_THAT(Parsed({"search", "-5"}).arguments, ElementsAre("-5"));
}

TEST(Flags, EverythingBehindTwoDashesIsTheQuery) {
  const Command command = Parsed({"search", "-c", "paris", "--", "-texas", "--help", "--"});
  EXPECT_THAT(command.arguments, ElementsAre("paris", "-texas", "--help", "--"));
  EXPECT_TRUE(command.search.count);
}

TEST(Flags, ADashAloneIsAnArgument) {
  EXPECT_THAT(Parsed({"index", "-", "--format", "jsonl"}).arguments, ElementsAre("-"));
}

TEST(Flags, ASortOrderMayBeginWithADash) {
  EXPECT_EQ(Parsed({"search", "--sort", "-date", "x"}).search.sort, "-date");
  EXPECT_EQ(Parsed({"search", "--sort=-date", "x"}).search.sort, "-date");
}

TEST(Flags, GlobsAreRepeatableAndKeepTheirBrackets) {
  const Command command = Parsed({"index", "--glob", "[a,b]", "--glob", "*.txt", "dir"});
  EXPECT_THAT(command.index_flags.globs, ElementsAre("[a,b]", "*.txt"));
  EXPECT_THAT(command.arguments, ElementsAre("dir"));
}

TEST(Flags, LimitsReachTheSearchOptions) {
  const SearchOptions options =
      Parsed({"search", "--timeout", "0.5", "--max-clauses", "7", "--k1", "0.9", "--b", "0.4",
              "--max-query-expansions", "5", "--max-terms-read", "6", "--max-memory", "2M", "x"})
          .search.options;
  EXPECT_EQ(options.limits.timeout_seconds, 0.5);
  EXPECT_EQ(options.query_limits.max_clauses, 7u);
  EXPECT_EQ(options.limits.max_query_expansions, 5u);
  EXPECT_EQ(options.limits.max_terms_read, 6u);
  EXPECT_EQ(options.limits.memory_bytes, 2u << 20);
  EXPECT_EQ(options.k1, 0.9f);
  EXPECT_EQ(options.b, 0.4f);
}

TEST(Flags, WrongUsageIsSaidInOneLine) {
  EXPECT_EQ(Refused({}), "missing VERB");
  EXPECT_EQ(Refused({"--", "search"}), "missing VERB");
  EXPECT_EQ(Refused({"find"}), "no such verb: find");
  EXPECT_EQ(Refused({"indx"}), "no such verb: indx (did you mean index?)");
  EXPECT_EQ(Refused({"search", "-aground"}),
            "no such option: -aground (what stands behind -- is no option)");
  EXPECT_EQ(Refused({"search", "-n"}), "--limit: a value is missing");
  EXPECT_EQ(Refused({"search"}), "missing QUERY");
  EXPECT_EQ(Refused({"index"}), "missing PATH");
  EXPECT_EQ(Refused({"get"}), "missing KEY");
  EXPECT_EQ(Refused({"get", "a", "b"}), "unexpected argument b");
  EXPECT_EQ(Refused({"info", "x"}), "unexpected argument x");
  EXPECT_EQ(Refused({"search", "--queries", "f", "x"}), "unexpected argument x");
  EXPECT_EQ(Refused({"search", "-foo"}),
            "no such option: -foo (what stands behind -- is no option)");
  EXPECT_EQ(Refused({"search", "--format", "xml", "x"}),
            "--format: xml is not one of text|tsv|json|trec");
  EXPECT_EQ(Refused({"search", "--b", "nan", "x"}), "--b: nan is not a number from 0 to 1");
  EXPECT_EQ(Refused({"search", "--b", "1.5", "x"}), "--b: 1.5 is not a number from 0 to 1");
  EXPECT_EQ(Refused({"search", "--timeout", "-1", "x"}), "--timeout: -1 is not a number 0 or more");
  EXPECT_EQ(Refused({"index", "--buffer", "12Q", "x"}),
            "--buffer: 12Q is not a size from 1.0 MB to 1.1 TB, as in 256M");
}

TEST(Flags, NumbersOutsideTheirRangeAreRefusedWithTheRange) {
  const auto refused = [](const std::string& flag, const std::string& value) {
    return Refused({"search", flag, value, "x"});
  };
  EXPECT_EQ(refused("-n", "many"),
            "--limit: many is not a whole number from 0 to 1,000,000,000,000");
  EXPECT_EQ(refused("--offset", "99999999999999999999999"),
            "--offset: 99999999999999999999999 is not a whole number from 0 to 1,000,000,000,000");
  EXPECT_EQ(refused("--max-nesting", "1000000"),
            "--max-nesting: 1000000 is not a whole number from 1 to 1,000");
  EXPECT_EQ(refused("--max-distance", "4294967296"),
            "--max-distance: 4294967296 is not a whole number from 0 to 4,294,967,295");
  EXPECT_EQ(refused("--max-query-expansions", "0"),
            "--max-query-expansions: 0 is not a whole number from 1 to 1,000,000,000,000");
  EXPECT_EQ(refused("--max-memory", "1K"),
            "--max-memory: 1K is not a size from 1.0 MB to 1.1 TB, as in 256M");
  EXPECT_EQ(Refused({"index", "--threads", "4294967297", "x"}),
            "--threads: 4294967297 is not a whole number from 0 to 1,024");
  EXPECT_EQ(Refused({"index", "--threads", "-1", "x"}),
            "--threads: -1 is not a whole number from 0 to 1,024");
  for (const char* number : {"", "1.5", " 1", "1 ", "0x10", "+1"}) {
    EXPECT_EQ(refused("--limit", number).substr(0, 9), "--limit: ") << number;
  }
}

TEST(Flags, HelpAnswersForEveryVerb) {
  for (const char* verb : {"index", "search", "get", "delete", "merge", "info", "terms", "postings",
                           "analyze", "check"}) {
    const ParsedCommandLine parsed = ParseCommandLine({verb, "--help"});
    EXPECT_EQ(parsed.exit_code, kFound);
    EXPECT_THAT(parsed.text, HasSubstr(std::string("Usage: ibid ") + verb));
    EXPECT_THAT(parsed.text, HasSubstr("Examples:\n  ibid"));
  }
  EXPECT_EQ(ParseCommandLine({"--help"}).exit_code, kFound);
  EXPECT_EQ(ParseCommandLine({"--version"}).text, "ibid 0.1.0\n");
}

TEST(ParseByteSize, TakesPowersOfTwo) {
  EXPECT_EQ(ParseByteSize("65536"), 65536u);
  EXPECT_EQ(ParseByteSize("4k"), 4096u);
  EXPECT_EQ(ParseByteSize("256M"), 256u << 20);
  EXPECT_EQ(ParseByteSize("1T"), uint64_t{1} << 40);
}

TEST(ParseByteSize, RefusesEverythingElse) {
  for (const char* text :
       {"", "M", "1.5G", "-1", "12MB", "1 M", "99999999999999999999", "18446744073709551615K"}) {
    EXPECT_EQ(ParseByteSize(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace ibid::cli
