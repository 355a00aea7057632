// Runs the engine and the brute-force engine on every vector of tests/conformance/*.json.
//
// A vector has `documents` (a text, or an object with title, text, date, source) and a `query`, and
// says what must come out: `hits`, the numbers of the documents found; of the first document the
// `intervals` [first, last, gap], the frequency (`freq`) they make, and its `score`; `canonical`,
// the query's canonical form; `notes`, codes among the parser's. `all`: AND between words.
#include <gtest/gtest.h>
#include <simdjson.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ibid/query.h"
#include "ibid/searcher.h"
#include "tests/oracle/naive_engine.h"
#include "tests/oracle/test_index.h"

namespace ibid {
namespace {

using simdjson::dom::element;

struct Vector {
  std::vector<Document> documents;
  std::string query;
  bool all_words = false;
  std::set<size_t> hits;
  std::optional<IntervalList> intervals;
  std::optional<double> freq, score;
  std::optional<std::string> canonical;
  std::vector<std::string> notes;
};

std::string Text(const element& value) { return std::string(std::string_view(value)); }

std::string Member(const element& object, const char* name) {
  std::string_view text;
  return object[name].get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
}

std::optional<double> Number(const element& object, const char* name) {
  double number = 0;
  if (object[name].get(number) != simdjson::SUCCESS) return std::nullopt;
  return number;
}

Document ToDocument(const element& value, size_t number) {
  Document document{.key = "document" + std::to_string(number)};
  if (value.is_string()) {
    document.text = Text(value);
    return document;
  }
  document.title = Member(value, "title");
  document.text = Member(value, "text");
  document.date = Member(value, "date");
  document.source = Member(value, "source");
  return document;
}

Vector ToVector(const element& object) {
  Vector vector;
  for (const element document : object["documents"]) {
    vector.documents.push_back(ToDocument(document, vector.documents.size()));
  }
  vector.query = Text(object["query"]);
  bool all = false;
  vector.all_words = object["all"].get(all) == simdjson::SUCCESS && all;
  for (const element hit : object["hits"]) vector.hits.insert(uint64_t(hit));
  simdjson::dom::array intervals;
  if (object["intervals"].get(intervals) == simdjson::SUCCESS) {
    vector.intervals.emplace();
    for (const element i : intervals) {
      vector.intervals->push_back({static_cast<Position>(uint64_t(i.at(0))),
                                   static_cast<Position>(uint64_t(i.at(1))),
                                   static_cast<uint32_t>(uint64_t(i.at(2)))});
    }
  }
  vector.freq = Number(object, "freq");
  vector.score = Number(object, "score");
  if (!Member(object, "canonical").empty()) vector.canonical = Member(object, "canonical");
  simdjson::dom::array notes;
  if (object["notes"].get(notes) == simdjson::SUCCESS) {
    for (const element note : notes) vector.notes.push_back(Text(note));
  }
  return vector;
}

ParsedQuery Parse(const Vector& vector, const IndexReader& reader) {
  ParseOptions options;
  options.columns = reader.columns();
  options.all_words = vector.all_words;
  absl::StatusOr<ParsedQuery> parsed = ParseQuery(vector.query, options);
  EXPECT_TRUE(parsed.ok()) << parsed.status();
  return parsed.ok() ? *std::move(parsed) : ParsedQuery();
}

void ExpectParse(const Vector& vector, const ParsedQuery& parsed) {
  EXPECT_EQ(parsed.canonical, vector.canonical.value_or(parsed.canonical));
  for (const std::string& code : vector.notes) {
    EXPECT_TRUE(std::any_of(parsed.notes.begin(), parsed.notes.end(),
                            [&code](const QueryNote& note) { return note.code == code; }))
        << "no note " << code;
  }
}

// "0-2 gap 1 ..." as the oracle has them and as the engine's explanation shows them.
std::string Show(const IntervalList& intervals) {
  std::string shown;
  for (const Interval& i : intervals) {
    shown += std::to_string(i.first) + "-" + std::to_string(i.last) + " gap " +
             std::to_string(i.gap) + " ";
  }
  return shown;
}

void ExpectPlaces(const Vector& vector, const NaiveEngine& oracle, const Query& query,
                  const Searcher& searcher, const std::vector<Hit>& hits) {
  if (!vector.intervals.has_value()) return;
  EXPECT_EQ(Show(oracle.Intervals(query)[0]), Show(*vector.intervals)) << "oracle";
  const float freq = oracle.Frequencies(query)[0];
  EXPECT_NEAR(freq, vector.freq.value_or(freq), 1e-6) << "oracle";
  for (const Hit& hit : hits) {
    const auto document = searcher.GetDocument(hit);
    ASSERT_TRUE(document.ok());
    const auto matches = searcher.Matches(query, hit, *document, {});
    ASSERT_TRUE(matches.ok());
    IntervalList found, expected = *vector.intervals;
    for (const Match& match : *matches) found.push_back({match.first, match.last, 0});
    for (Interval& interval : expected) interval.gap = 0;
    EXPECT_EQ(Show(found), Show(expected)) << "engine";
    ASSERT_TRUE(hit.explanation.has_value());
    const std::vector<Explanation>& parts = hit.explanation->children;
    ASSERT_EQ(parts.size(), 3u);  // weight, freq, length norm
    EXPECT_NEAR(parts[1].value, vector.freq.value_or(parts[1].value), 1e-6) << "engine";
  }
}

void RunVector(const Vector& vector) {
  TestIndex index;
  const auto reader = IndexOf(vector.documents, &index);
  const Searcher searcher(reader);
  const NaiveEngine oracle = OracleOf(*reader);
  const ParsedQuery parsed = Parse(vector, *reader);
  ExpectParse(vector, parsed);
  SearchOptions options;
  options.limit = 100;
  options.explain = true;
  const auto found = searcher.Search(parsed.query, options);
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(HitLines(found->hits), HitLines(oracle.Search(parsed.query, options)));
  std::set<size_t> hits;
  for (const Hit& hit : found->hits) {
    hits.insert(std::stoul(hit.key.substr(std::string("document").size())));
    EXPECT_NEAR(hit.score, vector.score.value_or(hit.score), 1e-6 * (1 + hit.score));
  }
  EXPECT_EQ(hits, vector.hits) << parsed.canonical;
  EXPECT_TRUE(!vector.intervals.has_value() || vector.documents.size() == 1);
  ExpectPlaces(vector, oracle, parsed.query, searcher, found->hits);
}

class Conformance : public testing::TestWithParam<const char*> {};

TEST_P(Conformance, EngineAndBruteForceAgreeWithEveryVector) {
  const std::string path =
      std::string(IBID_SOURCE_DIR) + "/tests/conformance/" + GetParam() + ".json";
  simdjson::dom::parser parser;
  element file;
  ASSERT_EQ(parser.load(path).get(file), simdjson::SUCCESS) << path;
  size_t count = 0;
  for (const element object : file["vectors"]) {
    SCOPED_TRACE(simdjson::minify(object));
    RunVector(ToVector(object));
    ++count;
  }
  EXPECT_GT(count, 10u);
}

INSTANTIATE_TEST_SUITE_P(Files, Conformance,
                         testing::Values("within", "meanings", "conflicts", "news_strings",
                                         "mangled"),
                         [](const auto& tested) { return std::string(tested.param); });

TEST(ConformanceFiles, EachIsRun) {
  size_t count = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::string(IBID_SOURCE_DIR) + "/tests/conformance")) {
    count += entry.path().extension() == ".json" ? 1 : 0;
  }
  EXPECT_EQ(count, 5u);
}

}  // namespace
}  // namespace ibid
