#include "tests/oracle/same_answers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "tests/oracle/test_index.h"

namespace ibid {
namespace {

constexpr size_t kMostHitsShown = 40;  // whose places in the text are compared

std::string Places(const std::vector<Match>& matches) {
  std::string places;
  for (const Match& m : matches) {
    places += std::to_string(m.first) + "-" + std::to_string(m.last) + " ";
  }
  return places;
}

std::string Places(const IntervalList& intervals) {
  std::string places;
  for (const Interval& i : intervals) {
    places += std::to_string(i.first) + "-" + std::to_string(i.last) + " ";
  }
  return places;
}

// The formula in double precision agrees to 1e-5.
void ExpectNearReference(const std::vector<OracleHit>& hits) {
  for (const OracleHit& hit : hits) {
    ASSERT_NEAR(hit.score, hit.reference, 1e-5 * std::abs(hit.reference) + 1e-12) << hit.key;
  }
}

void ExpectSameMatches(const Searcher& searcher, const Query& query, const SearchOptions& options,
                       const SearchResult& found, const std::vector<OracleHit>& expected) {
  const std::vector<Hit>& hits = found.hits;
  for (size_t i = 0; i < std::min(hits.size(), kMostHitsShown); ++i) {
    const absl::StatusOr<Document> document = searcher.GetDocument(hits[i]);
    ASSERT_TRUE(document.ok()) << document.status();
    const auto matches = searcher.Matches(query, hits[i], *document, options);
    ASSERT_TRUE(matches.ok()) << matches.status();
    ASSERT_EQ(Places(*matches), Places(expected[i].matches))
        << hits[i].key << "\ntitle: " << document->title << "\ntext: " << document->text;
    const auto of_result = searcher.Matches(found, hits[i], *document, options);
    ASSERT_TRUE(of_result.ok()) << of_result.status();
    ASSERT_EQ(Places(*of_result), Places(*matches));
  }
}

}  // namespace

void ExpectSameAnswers(const std::shared_ptr<const IndexReader>& reader, const NaiveEngine& oracle,
                       const std::string& text, const SearchOptions& options) {
  SCOPED_TRACE(text);
  const Query query = ParseFor(*reader, text);
  const std::string canonical = query.ToString();
  SCOPED_TRACE(canonical);
  ASSERT_TRUE(ParseFor(*reader, canonical) == query) << ParseFor(*reader, canonical).ToString();
  const Searcher searcher(reader);
  const absl::StatusOr<SearchResult> found = searcher.Search(query, options);
  ASSERT_TRUE(found.ok()) << found.status();
  const std::vector<OracleHit> expected = oracle.Search(query, options);
  ASSERT_EQ(HitLines(found->hits), HitLines(expected));
  EXPECT_EQ(found->total, expected.size());
  EXPECT_EQ(found->total_is_exact, !found->partial);
  ExpectNearReference(expected);
  ExpectSameMatches(searcher, query, options, *found, expected);
}

}  // namespace ibid
