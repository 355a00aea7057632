#include "bench/engines/measure.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "bench/engines/query_sampler.h"
#include "bench/engines/report.h"
#include "bench/engines/word_corpus.h"
#include "tests/support/temp_directory.h"

namespace ibid::bench {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Answers every query the same, with times that fall from pass to pass.
class FakeEngine : public Engine {
 public:
  FakeEngine(std::string name, Answer answer) : name_(std::move(name)), answer_(answer) {}
  std::string name() const override { return name_; }
  std::string version() const override { return "1"; }
  bool Supports(const BenchQuery& query) const override { return supports_near || query.near == 0; }
  bool ScoresAsIbid() const override { return true; }
  absl::Status Build(const std::string&, const std::string&) override { return absl::OkStatus(); }
  absl::Status Open(const std::string&) override { return absl::OkStatus(); }
  absl::StatusOr<std::vector<std::pair<std::string, uint64_t>>> StructureBytes() override {
    return std::vector<std::pair<std::string, uint64_t>>();
  }
  absl::StatusOr<Answer> Count(const BenchQuery&) override {
    ++asked;
    answer_.seconds *= 0.5;
    Answer answer = answer_;
    answer.scores.clear();
    return answer;
  }
  absl::StatusOr<Answer> TopK(const BenchQuery&, size_t, bool) override { return answer_; }
  absl::StatusOr<DocumentSet> Documents(const BenchQuery&) override { return documents; }

  bool supports_near = true;
  int asked = 0;
  DocumentSet documents;

 private:
  std::string name_;
  Answer answer_;
};

struct Pair {
  std::vector<std::unique_ptr<Engine>> engines;
  FakeEngine* first;
  FakeEngine* second;
};

Pair MakePair(const Answer& first, const Answer& second) {
  Pair pair;
  auto a = std::make_unique<FakeEngine>("a", first);
  auto b = std::make_unique<FakeEngine>("b", second);
  pair.first = a.get();
  pair.second = b.get();
  pair.engines.push_back(std::move(a));
  pair.engines.push_back(std::move(b));
  return pair;
}

std::vector<BenchQuery> Queries(const std::vector<std::string>& texts) {
  std::vector<BenchQuery> queries;
  for (const std::string& text : texts) queries.push_back(ParseBenchQuery(text).value());
  return queries;
}

TEST(Measure, KeepsTheFastestPass) {
  const Pair pair = MakePair({.total = 3, .seconds = 0.08}, {.total = 3, .seconds = 0.8});
  const auto m = Measure(pair.engines, Queries({"x"}), {{"COUNT"}}, {.passes = 3}).value();
  // One warm-up pass, then three.
  EXPECT_THAT(m.best_seconds[0][0], ElementsAre(testing::DoubleEq(0.005)));
  EXPECT_THAT(m.best_seconds[0][1], ElementsAre(testing::DoubleEq(0.05)));
  EXPECT_THAT(m.disagreements, IsEmpty());
}

TEST(Measure, ASlowQueryIsNotAskedOnAndOn) {
  const Pair pair = MakePair({.seconds = 40}, {.seconds = 0.1});
  const auto m =
      Measure(pair.engines, Queries({"x"}), {{"COUNT"}}, {.passes = 5, .seconds_per_query = 1})
          .value();
  EXPECT_EQ(pair.first->asked, 1);
  EXPECT_EQ(pair.second->asked, 6);
  EXPECT_THAT(m.best_seconds[0][0], ElementsAre(20));
}

TEST(Measure, NamesTheQueryWhoseCountsDiffer) {
  const Pair pair = MakePair({.total = 3}, {.total = 4});
  const auto m = Measure(pair.engines, Queries({"x y"}), {{"COUNT"}, {"TOP_5", 5}}, {}).value();
  EXPECT_THAT(m.disagreements, ElementsAre("COUNT x y: b counts 4, a 3"));
}

TEST(Measure, NamesTheQueryWhoseScoresDiffer) {
  const Pair pair = MakePair({.scores = {2, 1}}, {.scores = {2, 1.001f}});
  const auto m = Measure(pair.engines, Queries({"x"}), {{"TOP_5", 5}}, {}).value();
  EXPECT_THAT(m.disagreements, ElementsAre("TOP_5 x: b scores its hits otherwise"));
}

TEST(Measure, NamesTheQueryThatFindsOtherDocuments) {
  const Pair pair = MakePair({}, {});
  pair.first->documents.Add(1);
  pair.second->documents.Add(2);
  const auto m = Measure(pair.engines, Queries({"x"}), {}, {}).value();
  EXPECT_THAT(m.disagreements, ElementsAre("documents x: b finds 1, a 1 others"));
}

TEST(Measure, LeavesOutWhatAnEngineCannotAsk) {
  const Pair pair = MakePair({.seconds = 1e-4}, {.seconds = 1e-4});
  pair.second->supports_near = false;
  const auto m = Measure(pair.engines, Queries({"x NEAR/2 y"}), {{"COUNT"}}, {}).value();
  EXPECT_NE(m.best_seconds[0][0][0], kNotAsked);
  EXPECT_EQ(m.best_seconds[0][1][0], kNotAsked);
}

TEST(Measure, ReadsCommands) {
  EXPECT_EQ(ParseCommand("COUNT")->k, 0u);
  EXPECT_EQ(ParseCommand("TOP_10")->k, 10u);
  EXPECT_TRUE(ParseCommand("TOP_100_COUNT")->with_total);
  for (const char* name : {"", "TOP_", "TOP_0", "TOP_x", "TOP_10_", "10", "COUNTS"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(ParseCommand(name).status())) << name;
  }
}

TEST(Report, ShowsRatiosToTheFirstEngine) {
  Report report;
  report.engines = {{"a", "1", 10}, {"b", "2", 20}};
  report.commands = {{"COUNT"}};
  report.queries = Queries({"x y", "v w"});
  report.measurements.best_seconds = {{{1e-6, 3e-6}, {4e-6, 12e-6}}};
  EXPECT_THAT(FormatTable(report), HasSubstr("4.00x"));
  EXPECT_THAT(FormatJson(report), HasSubstr("\"mean_ratio\": 4"));
  EXPECT_THAT(DrawLatencies(report), HasSubstr("union, COUNT"));
}

TEST(Report, SaysWhatAnEngineHasNoQueryFor) {
  Report report;
  report.engines = {{"a", "1", 10}, {"b", "2", 20}};
  report.commands = {{"COUNT"}};
  report.queries = Queries({"+x y"});
  report.measurements.best_seconds = {{{1e-6}, {kNotAsked}}};
  EXPECT_THAT(FormatTable(report), HasSubstr("no query of that meaning"));
}

TEST(Engines, AgreeOnDocumentsCountsAndScores) {
  const TempDirectory directory;
  const std::string words = directory.Path("words.txt");
  ASSERT_TRUE(WriteWordCorpus({IBID_SOURCE_DIR "/corpus/wire.jsonl"}, words).ok());
  std::vector<std::unique_ptr<Engine>> engines;
  for (const char* name : {"ibid", "xapian", "fts5", "lucene"}) {
    absl::StatusOr<std::unique_ptr<Engine>> engine = MakeEngine(name);
    if (absl::IsNotFound(engine.status())) continue;  // no JDK, no Lucene
    ASSERT_TRUE(engine.ok()) << engine.status().message();
    const absl::Status opened = BuildAndOpen(engine->get(), words, directory.Path(name));
    ASSERT_TRUE(opened.ok()) << name << ": " << opened.message();
    EXPECT_FALSE((*engine)->version().empty());
    EXPECT_FALSE((*engine)->StructureBytes()->empty());
    engines.push_back(*std::move(engine));
  }
  ASSERT_GE(engines.size(), 3u);
  const auto queries = SampleQueries(words, {.per_class = 8}).value();
  const auto measured = Measure(
      engines, queries, {{"COUNT"}, {"TOP_10", 10}, {"TOP_100_COUNT", 100, true}}, {.passes = 1});
  ASSERT_TRUE(measured.ok()) << measured.status().message();
  EXPECT_THAT(measured->disagreements, IsEmpty());
  EXPECT_GT(measured->answers_compared, 600u);
}

}  // namespace
}  // namespace ibid::bench
