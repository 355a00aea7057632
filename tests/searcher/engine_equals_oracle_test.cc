// The engine against the brute-force engine on random collections and random queries of every
// form: the same documents, in the same order, with scores equal bit for bit, and the same places
// in the text.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ibid/index_reader.h"
#include "ibid/searcher.h"
#include "tests/oracle/naive_engine.h"
#include "tests/oracle/random_stories.h"
#include "tests/oracle/same_answers.h"
#include "tests/oracle/test_index.h"
#include "tests/searcher/query/random_query.h"

namespace ibid {
namespace {

constexpr uint64_t kFirstSeed = 20260101;
constexpr size_t kQueriesOfEach = 40;

// IBID_RANDOM_COLLECTIONS asks for a longer run.
size_t NumCollections() {
  const char* asked = std::getenv("IBID_RANDOM_COLLECTIONS");
  return asked == nullptr ? 60 : std::strtoul(asked, nullptr, 10);
}

// A collection in one to four segments, with replaced and deleted documents: some 30 of them, times
// `scale`.
class RandomCollection {
 public:
  explicit RandomCollection(uint64_t seed, size_t scale = 1)
      : stories_(seed, 8 + seed % 19), index_(OptionsOf(seed), seed % 3 == 0 ? 2 : 1) {
    const size_t num_commits = 1 + stories_.Below(4);
    for (size_t commit = 0; commit < num_commits; ++commit) {
      for (size_t i = 0, n = (stories_.Below(12) + 1) * scale; i < n; ++i) {
        const std::string key = "story" + std::to_string(stories_.Below(30 * scale));
        documents_[key] = stories_.Story(key);
        index_.Add(documents_[key]);
      }
      for (size_t i = 0, n = stories_.Below(3) * scale; i < n; ++i) {
        const std::string key = "story" + std::to_string(stories_.Below(30 * scale));
        documents_.erase(key);
        index_.Delete(key);
      }
      index_.Commit();
    }
  }

  RandomStories& stories() { return stories_; }
  TestIndex& index() { return index_; }
  const std::map<std::string, Document>& documents() const { return documents_; }

 private:
  static IndexOptions OptionsOf(uint64_t seed) {
    IndexOptions options;
    if (seed % 7 == 0) options.language = "none";
    if (seed % 11 == 0) options.analyzer = AnalyzerKind::kAlnum;
    return options;
  }

  RandomStories stories_;
  TestIndex index_;
  std::map<std::string, Document> documents_;
};

SearchOptions RandomOptions(RandomStories* random) {
  SearchOptions options;
  options.limit = 100000;
  if (random->Below(4) == 0) {
    options.k1 = 0.5f * static_cast<float>(random->Below(5));
    options.b = 0.25f * static_cast<float>(random->Below(5));
  }
  if (random->Below(5) == 0) options.proximity_score = ProximityScore::kFilter;
  if (random->Below(6) == 0) options.query_limits.max_expansions = 2;
  return options;
}

TEST(EngineEqualsOracle, OnRandomQueriesOfEveryFormOverRandomCollections) {
  size_t answered = 0, with_deleted = 0, segments = 0;
  const size_t num_collections = NumCollections();
  for (size_t i = 0; i < num_collections; ++i) {
    const uint64_t seed = kFirstSeed + i;
    SCOPED_TRACE("seed " + std::to_string(seed));
    RandomCollection collection(seed);
    std::vector<std::shared_ptr<const IndexReader>> readers = {collection.index().Reader()};
    with_deleted += readers[0]->Info().num_deleted > 0 ? 1 : 0;
    segments += readers[0]->Info().segments.size();
    collection.index().MergeToOne();
    readers.push_back(collection.index().Reader());
    for (const auto& reader : readers) {
      const NaiveEngine oracle = OracleOf(*reader);
      ASSERT_EQ(oracle.num_live(), collection.documents().size());
      for (size_t q = 0; q < kQueriesOfEach; ++q) {
        const std::string query = collection.stories().AnyQuery(collection.stories().Below(4));
        ExpectSameAnswers(reader, oracle, query, RandomOptions(&collection.stories()));
        if (HasFatalFailure()) return;
        answered += oracle.Search(ParseFor(*reader, query), {}).empty() ? 0 : 1;
      }
    }
  }
  // The comparison means something only where queries find something, in indexes of many kinds.
  EXPECT_GT(with_deleted, num_collections / 5);
  EXPECT_GT(segments, num_collections * 3 / 2);
  EXPECT_GT(answered, num_collections * kQueriesOfEach * 2 / 3);
}

// Lists of many blocks, with skips.
TEST(EngineEqualsOracle, OnThousandsOfDocuments) {
  for (uint64_t i = 0; i < std::max<size_t>(1, NumCollections() / 20); ++i) {
    const uint64_t seed = kFirstSeed + i;
    SCOPED_TRACE("seed " + std::to_string(seed));
    RandomCollection collection(seed, 400);
    if (i % 3 == 2) collection.index().MergeToOne();
    const auto reader = collection.index().Reader();
    EXPECT_GT(reader->Info().num_tokens, 4000u);
    const NaiveEngine oracle = OracleOf(*reader);
    for (size_t q = 0; q < 30; ++q) {
      const std::string query = collection.stories().AnyQuery(collection.stories().Below(3));
      ExpectSameAnswers(reader, oracle, query, RandomOptions(&collection.stories()));
      if (HasFatalFailure()) return;
    }
  }
}

TEST(EngineEqualsOracle, OnWhateverIsTyped) {
  for (uint64_t seed = kFirstSeed; seed < kFirstSeed + 20; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    RandomCollection collection(seed);
    const auto reader = collection.index().Reader();
    const NaiveEngine oracle = OracleOf(*reader);
    RandomQuery typed(seed);
    for (size_t q = 0; q < 60; ++q) {
      const std::string query = q % 3 == 0   ? typed.WellFormed(3)
                                : q % 3 == 1 ? typed.Pieces(1 + q % 20)
                                             : typed.Bytes(1 + q % 20);
      ExpectSameAnswers(reader, oracle, query, RandomOptions(&collection.stories()));
      if (HasFatalFailure()) return;
    }
  }
}

TEST(EngineEqualsOracle, TheIndexHoldsTheDocumentsThatWereLastAddedUnderEachKey) {
  for (uint64_t seed = 1; seed <= 10; ++seed) {
    SCOPED_TRACE(seed);
    RandomCollection collection(seed);
    const auto reader = collection.index().Reader();
    EXPECT_EQ(reader->num_docs(), collection.documents().size());
    for (const auto& [key, document] : collection.documents()) {
      const auto found = reader->GetDocument(key);
      ASSERT_TRUE(found.ok() && found->has_value()) << key;
      EXPECT_EQ(**found, document);
    }
  }
}

}  // namespace
}  // namespace ibid
