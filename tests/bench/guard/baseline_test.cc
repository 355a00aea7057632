#include "bench/guard/baseline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/support/temp_directory.h"

namespace ibid::bench {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Baseline Kept() {
  return {{"alnum COUNT \"a b\"", {{"probes", 1000}, {"positions", 7}}},
          {"alnum TOP_10 a", {{"probes", 3}}}};
}

std::vector<std::string> Lines(const std::vector<Change>& changes) {
  std::vector<std::string> lines;
  for (const Change& change : changes) lines.push_back(Describe(change));
  return lines;
}

TEST(Baseline, IsReadAsItWasWritten) {
  const TempDirectory home;
  home.Write("kept.json", FormatBaseline(Kept()));
  const auto read = ReadBaseline(home.Path("kept.json"));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(*read, Kept());
}

TEST(Baseline, OfAnotherKindIsRefused) {
  const TempDirectory home;
  const std::string path = home.Path("kept.json");
  EXPECT_EQ(ReadBaseline(path).status().code(), absl::StatusCode::kNotFound);
  for (const char* text : {"", "[]", "{\"a\": 1}", "{\"a\": {\"b\": -1}}", "{\"a\": {\"b\": 1}"}) {
    home.Write("kept.json", text);
    EXPECT_EQ(ReadBaseline(path).status().code(), absl::StatusCode::kDataLoss) << text;
  }
}

TEST(Baseline, AllowsChangesWithinTheTolerance) {
  Baseline now = Kept();
  now["alnum COUNT \"a b\""]["probes"] = 1010;
  EXPECT_THAT(Compare(Kept(), now, 0.01), IsEmpty());
  now["alnum COUNT \"a b\""]["probes"] = 990;
  EXPECT_THAT(Compare(Kept(), now, 0.01), IsEmpty());
}

TEST(Baseline, NamesTheQueryAndTheCounterThatRose) {
  Baseline now = Kept();
  now["alnum COUNT \"a b\""]["probes"] = 1011;
  now["alnum TOP_10 a"]["doc_blocks"] = 1;
  EXPECT_THAT(Lines(Compare(Kept(), now, 0.01)),
              ElementsAre("rise: alnum COUNT \"a b\": probes 1000 -> 1011 (+1.1 %)\n",
                          "rise: alnum TOP_10 a: doc_blocks 0 -> 1 (from nothing)\n"));
}

TEST(Baseline, IsToBeLoweredWhereACounterFell) {
  Baseline now = Kept();
  now["alnum TOP_10 a"].clear();
  EXPECT_THAT(Lines(Compare(Kept(), now, 0.01)),
              ElementsAre("fall: alnum TOP_10 a: probes 3 -> 0 (-100.0 %)\n"));
}

TEST(Baseline, HoldsJustWhatIsMeasured) {
  Baseline now = Kept();
  now.erase("alnum TOP_10 a");
  now["alnum TOP_10 b"] = {};
  const std::vector<Change> changes = Compare(Kept(), now, 0.01);
  ASSERT_THAT(changes, SizeIs(2));
  EXPECT_EQ(changes[0].kind, Change::Kind::kGone);
  EXPECT_EQ(changes[1].kind, Change::Kind::kNew);
}

}  // namespace
}  // namespace ibid::bench
