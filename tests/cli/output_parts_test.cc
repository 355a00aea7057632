#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

#include "cli/exit_codes.h"
#include "cli/json_writer.h"
#include "cli/opened_index.h"
#include "cli/seen_keys.h"
#include "cli/shell_quotes.h"
#include "cli/suggest.h"
#include "cli/text_escape.h"
#include "cli/text_input.h"
#include "tests/support/temp_directory.h"

namespace ibid::cli {
namespace {

std::string JsonString(std::string_view text) {
  JsonWriter json;
  json.String(text);
  return json.TakeLine();
}

TEST(JsonWriter, PutsCommasBetweenValuesOnly) {
  JsonWriter json;
  json.BeginObject().Key("a").Number(1).Key("b").BeginArray().String("x").BeginObject().EndObject();
  json.Bool(true).EndArray().Key("c").BeginArray().EndArray().EndObject();
  EXPECT_EQ(json.TakeLine(), "{\"a\":1,\"b\":[\"x\",{},true],\"c\":[]}\n");
  json.BeginArray().EndArray();
  EXPECT_EQ(json.TakeLine(), "[]\n");
}

TEST(JsonWriter, NumbersReadBackAsTheSame) {
  JsonWriter json;
  json.BeginArray().Number(0.1f).Number(7.25).Number(int64_t{-5}).Number(~uint64_t{0});
  json.Number(std::nan("")).Number(std::numeric_limits<float>::infinity()).EndArray();
  EXPECT_EQ(json.TakeLine(), "[0.1,7.25,-5,18446744073709551615,null,null]\n");
}

TEST(JsonWriter, EscapesWhateverCouldDriveATerminal) {
  EXPECT_EQ(JsonString("a\"\\\n\r\t"), "\"a\\\"\\\\\\n\\r\\t\"\n");
  EXPECT_EQ(JsonString("\x1b[0m\x7f"), "\"\\u001b[0m\\u007f\"\n");
  EXPECT_EQ(JsonString("\xc2\x9b"), "\"\\u009b\"\n");
  EXPECT_EQ(JsonString("\u202e\u2028"), "\"\\u202e\\u2028\"\n");
  EXPECT_EQ(JsonString("é水\U0001F600"), "\"é水\U0001F600\"\n");
  EXPECT_EQ(JsonString("\xff"), "\"\uFFFD\"\n");
}

TEST(Keys, AreShownWithoutControlsAndReadBackFromColumns) {
  const std::string key = "a b\t%\x1b\xff\u202eé.txt";
  EXPECT_EQ(VisibleKey(key), "a b%09%%1B%FF%E2%80%AEé.txt");
  EXPECT_EQ(ColumnKey(key), "a%20b%09%25%1B%FF%E2%80%AEé.txt");
  EXPECT_EQ(ColumnKey("\uFFFD"), "\uFFFD");
}

TEST(OneLine, FoldsWhiteSpaceAndDropsControls) {
  EXPECT_EQ(OneLine("  a\t\r\n b\x1b[31m\u202e c  "), "a b[31m c");
}

TEST(Numbers, AreShortOrFixed) {
  EXPECT_EQ(ShortestFloat(0.1f), "0.1");
  EXPECT_EQ(ShortestFloat(12.345678f), "12.345678");
  EXPECT_EQ(FixedNumber(2.0, 3), "2.000");
  EXPECT_EQ(FixedNumber(1e300, 1).size(), 303u);
}

TEST(ExitCodes, FollowTheTable) {
  EXPECT_EQ(ExitCodeOf(absl::OkStatus()), 0);
  EXPECT_EQ(ExitCodeOf(absl::InvalidArgumentError("")), 2);
  EXPECT_EQ(ExitCodeOf(absl::AlreadyExistsError("")), 2);
  EXPECT_EQ(ExitCodeOf(absl::NotFoundError("")), 3);
  EXPECT_EQ(ExitCodeOf(absl::FailedPreconditionError("")), 3);
  EXPECT_EQ(ExitCodeOf(absl::DataLossError("")), 4);
  EXPECT_EQ(ExitCodeOf(absl::UnavailableError("")), 5);
  EXPECT_EQ(ExitCodeOf(absl::PermissionDeniedError("")), 5);
  EXPECT_EQ(ExitCodeOf(absl::UnknownError("")), 5);
  EXPECT_EQ(ExitCodeOf(absl::AbortedError("")), 6);
  EXPECT_EQ(ExitCodeOf(absl::ResourceExhaustedError("")), 7);
  EXPECT_EQ(ExitCodeOf(absl::DeadlineExceededError("")), 7);
  EXPECT_EQ(ExitCodeOf(absl::InternalError("")), 70);
  EXPECT_EQ(ExitCodeOf(absl::UnimplementedError("")), 70);
  EXPECT_EQ(ExitCodeOf(absl::CancelledError("")), 130);
}

TEST(EditDistance, CountsEachSlipOnce) {
  EXPECT_EQ(EditDistance("attack", "attack", 2), 0u);
  EXPECT_EQ(EditDistance("attck", "attack", 2), 1u);
  EXPECT_EQ(EditDistance("atatck", "attack", 2), 1u);  // neighbours swapped
  EXPECT_EQ(EditDistance("rebells", "rebel", 2), 2u);
  EXPECT_EQ(EditDistance("cafe", "café", 2), 1u);  // characters, not bytes
  EXPECT_EQ(EditDistance("", "ab", 2), 2u);
  EXPECT_EQ(EditDistance("abc", "xyz", 2), 3u);
  EXPECT_EQ(EditDistance("a", "abcdef", 2), 3u);
}

TEST(ShellQuotes, AnArgumentOfSeveralPlainWordsWasQuoted) {
  EXPECT_EQ(WithQuotesBack({"prime minister", "paris"}, false), "'\"prime minister\" paris'");
  EXPECT_EQ(WithQuotesBack({"prime minister"}, true), "'\"prime minister\"'");
}

TEST(ShellQuotes, NothingIsSaidWhereTheQueryIsOneArgumentOfAProgram) {
  EXPECT_EQ(WithQuotesBack({"prime minister"}, false), std::nullopt);
}

TEST(ShellQuotes, NothingIsSaidWhereQuotesOrOperatorsAreThere) {
  for (const char* argument :
       {"\"prime minister\"", "prime AND minister", "a NEAR/5 b", "title:a b", "“prime minister”",
        "prime", "a -b", "hol* b", "(a b)"}) {
    EXPECT_EQ(WithQuotesBack({argument, "paris"}, true), std::nullopt) << argument;
  }
}

TEST(SeenKeys, TellsRootsApart) {
  SeenKeys seen;
  seen.BeginRoot(3);
  EXPECT_EQ(seen.Add("a", false), SeenKeys::Outcome::kNew);
  EXPECT_EQ(seen.Add("a", false), SeenKeys::Outcome::kAgainInThisRoot);
  seen.BeginRoot(0);
  EXPECT_EQ(seen.Add("a", false), SeenKeys::Outcome::kInAnotherRoot);
  EXPECT_EQ(seen.Add("b", true), SeenKeys::Outcome::kNew);
  EXPECT_EQ(seen.RootOf("a"), 3u);
  EXPECT_EQ(seen.RootOf("b"), 0u);
  EXPECT_TRUE(seen.Contains("b"));
  EXPECT_FALSE(seen.Contains("c"));
  seen.RemoveRoot(3);
  EXPECT_FALSE(seen.Contains("a"));
  EXPECT_TRUE(seen.Contains("b"));
}

TEST(SplitLines, KnowsBothLineEnds) {
  EXPECT_EQ(SplitLines("a\r\n\nb"), (std::vector<std::string_view>{"a", "", "b"}));
  EXPECT_EQ(SplitLines("a\n"), (std::vector<std::string_view>{"a"}));
  EXPECT_TRUE(SplitLines("").empty());
}

TEST(SplitAtNuls, PartsMayHoldAnythingElse) {
  using std::string_view_literals::operator""sv;
  EXPECT_EQ(SplitAtNuls("a\r\n\0\0b"sv), (std::vector<std::string_view>{"a\r\n", "", "b"}));
  EXPECT_EQ(SplitAtNuls("a\0"sv), (std::vector<std::string_view>{"a"}));
  EXPECT_TRUE(SplitAtNuls("").empty());
}

TEST(KeptIn, AnIndexThatCannotBeOpenedIsNotTakenForNone) {
  const TempDirectory directory;
  EXPECT_EQ(KeptIn(directory.path()), "");
  EXPECT_EQ(KeptIn(directory.Path("nosuch")), "");
  directory.Write("MANIFEST", "damaged");
  EXPECT_EQ(KeptIn(directory.path()), "the last commit, which cannot be opened now");
}

}  // namespace
}  // namespace ibid::cli
