#include "indexer/memory_postings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>
#include <vector>

namespace ibid {
namespace {

using ::testing::ElementsAre;

AnalyzedText Words(const std::vector<std::string>& terms) {
  AnalyzedText words;
  for (const std::string& term : terms) {
    words.terms += term;
    words.term_ends.push_back(static_cast<uint32_t>(words.terms.size()));
  }
  return words;
}

TEST(MemoryPostings, ListsThePlacesOfEachTermInByteOrder) {
  MemoryPostings postings;
  postings.AddTokens(Words({"b", "a"}));
  postings.AddGap();
  postings.AddTokens(Words({"b"}));
  postings.EndDocument();
  postings.EndDocument();
  postings.AddTokens(Words({"c", "b"}));
  postings.EndDocument();
  postings.Sort();
  ASSERT_EQ(postings.num_docs(), 3u);
  ASSERT_EQ(postings.num_terms(), 3u);
  EXPECT_EQ(postings.term(0), "a");
  EXPECT_THAT(postings.places(0), ElementsAre(1));
  EXPECT_THAT(postings.places(1), ElementsAre(0, 3, 5));
  EXPECT_THAT(postings.places(2), ElementsAre(4));
  EXPECT_EQ(postings.DocOf(3), 0u);
  EXPECT_EQ(postings.DocOf(4), 2u);
}

TEST(MemoryPostings, SortsLongTermsAndTermsThatSharePrefixes) {
  const std::vector<std::string> sorted = {"12345678", "123456789", "12345678a", "a",
                                           "ab",       "abcdefgh1", "abcdefgh2", "\xc3\xa9"};
  MemoryPostings postings;
  postings.AddTokens(Words({sorted.rbegin(), sorted.rend()}));
  postings.EndDocument();
  postings.Sort();
  for (uint32_t rank = 0; rank < postings.num_terms(); ++rank) {
    EXPECT_EQ(postings.term(rank), sorted[rank]);
  }
}

// Room for large pages and too little room alike: what is expected is no promise.
TEST(MemoryPostings, TokensThatWereExpectedInOtherNumbersAreAllThere) {
  for (const size_t expected : {size_t{0}, size_t{1}, size_t{4} << 20}) {
    MemoryPostings postings;
    postings.ExpectTokens(expected);
    const AnalyzedText words = Words(std::vector<std::string>(1000, "w"));
    for (int i = 0; i < 50; ++i) postings.AddTokens(words);
    postings.EndDocument();
    postings.Sort();
    ASSERT_EQ(postings.places(0).size(), 50'000u) << expected;
    EXPECT_EQ(postings.places(0).back(), 49'999u);
  }
}

TEST(MemoryPostings, WithoutDocumentsIsEmpty) {
  MemoryPostings postings;
  postings.Sort();
  EXPECT_EQ(postings.num_docs(), 0u);
  EXPECT_EQ(postings.num_terms(), 0u);
}

TEST(MemoryPostings, FindsTheDocumentOfEveryPlace) {
  const uint32_t seed = 7;
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  MemoryPostings postings;
  std::vector<DocId> doc_of;
  for (DocId doc = 0; doc < 2000; ++doc) {
    const size_t length = random() % 3 == 0 ? random() % 200 : 0;
    postings.AddTokens(Words(std::vector<std::string>(length, "x")));
    doc_of.insert(doc_of.end(), length, doc);
    postings.EndDocument();
  }
  postings.Sort();
  for (uint32_t place = 0; place < doc_of.size(); ++place) {
    ASSERT_EQ(postings.DocOf(place), doc_of[place]) << place;
  }
}

}  // namespace
}  // namespace ibid
