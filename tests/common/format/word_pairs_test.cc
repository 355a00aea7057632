// ForEachWordPair beside a scan of all places, with documents that fit into a layout and such that
// do not.
#include "common/format/word_pairs.h"

#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "common/format/impacts.h"
#include "common/format/segment_writer.h"
#include "gtest/gtest.h"
#include "ibid/env.h"

namespace ibid {
namespace {

// Word numbers at the places of each document, -1 for another word.
using Places = std::vector<std::vector<int>>;

class WordPairsTest : public testing::Test {
 protected:
  // `norm_length` stands in for the length of the last document where it is not 0.
  void Write(const Places& documents, int num_words, uint32_t norm_length = 0) {
    segment_.reset();
    env_ = NewMemoryEnv();
    auto segment = SegmentWriter::Create(env_.get(), "", 1, {.store_text = false});
    SegmentDocuments facts;
    for (const std::vector<int>& places : documents) {
      const auto length = static_cast<uint32_t>(places.size());
      DocRegions regions{.text_tokens = length};
      if (length > 0) regions.sentence_ends = regions.paragraph_ends = {length};
      (*segment)->regions().Add(regions);
      facts.norms.push_back(LengthToNorm(length));
      facts.num_tokens += length;
    }
    if (norm_length > 0) facts.norms.back() = LengthToNorm(norm_length);
    for (DocId doc = 0; doc < documents.size(); ++doc) {
      const std::string key = std::to_string(1000000 + doc);
      ASSERT_TRUE((*segment)->keys().Add(key, doc).ok());
    }
    (*segment)->StartPostings(std::move(facts));
    words_.clear();
    for (int word = 0; word < num_words; ++word) {
      PostingsWriter& postings = (*segment)->postings();
      postings.BeginTerm(/*with_positions=*/true);
      for (DocId doc = 0; doc < documents.size(); ++doc) {
        std::vector<Position> positions;
        for (Position at = 0; at < documents[doc].size(); ++at) {
          if (documents[doc][at] == word) positions.push_back(at);
        }
        if (!positions.empty()) postings.Add(doc, positions);
      }
      words_.push_back(postings.FinishTerm());
      if (words_.back().doc_freq == 0) continue;
      ASSERT_TRUE((*segment)
                      ->terms()
                      .Add(std::string(1, static_cast<char>('a' + word)), words_.back())
                      .ok());
    }
    const auto meta = (*segment)->Finish(/*sync=*/false);
    ASSERT_TRUE(meta.ok()) << meta.status();
    const auto reader = SegmentReader::Open(env_.get(), "", *meta);
    ASSERT_TRUE(reader.ok()) << reader.status();
    segment_ = *reader;
  }

  void ExpectPairsOf(const Places& documents) {
    std::vector<WordPair> expected, found;
    for (DocId doc = 0; doc < documents.size(); ++doc) {
      const std::vector<int>& places = documents[doc];
      for (Position at = 0; at + 1 < places.size(); ++at) {
        if (places[at] < 0 || places[at + 1] < 0) continue;
        expected.push_back(
            {doc, static_cast<uint16_t>(places[at]), static_cast<uint16_t>(places[at + 1]), at});
      }
    }
    const absl::Status status =
        ForEachWordPair(*segment_, words_, [&](std::span<const WordPair> pairs) {
          EXPECT_FALSE(pairs.empty());
          found.insert(found.end(), pairs.begin(), pairs.end());
          return absl::OkStatus();
        });
    EXPECT_TRUE(status.ok()) << status;
    EXPECT_EQ(found.size(), expected.size());
    EXPECT_TRUE(found == expected);
  }

  std::unique_ptr<Env> env_;
  std::vector<TermInfo> words_;
  std::shared_ptr<const SegmentReader> segment_;
};

std::vector<int> RandomPlaces(size_t size, int num_words, std::mt19937* random) {
  std::vector<int> places(size);
  for (int& place : places) {
    place = static_cast<int>((*random)() % static_cast<unsigned>(2 * num_words)) - num_words;
    place = std::max(place, -1);
  }
  return places;
}

TEST_F(WordPairsTest, DocumentsOfAnyLengthGiveTheirPairsInOrder) {
  std::mt19937 random(1);
  Places documents;
  for (const size_t size : {30, 0, 400000, 1, 2, 500, 70000, 262143, 262144, 90, 300000, 300001}) {
    documents.push_back(RandomPlaces(size, 3, &random));
  }
  Write(documents, 3);
  ExpectPairsOf(documents);
}

TEST_F(WordPairsTest, ManySmallDocumentsAreLaidOutTogether) {
  std::mt19937 random(2);
  Places documents;
  for (int i = 0; i < 3000; ++i) documents.push_back(RandomPlaces(random() % 300, 5, &random));
  Write(documents, 5);
  ExpectPairsOf(documents);
}

// More positions than are taken of a block of postings at once.
TEST_F(WordPairsTest, AWordWithManyPositionsInOneBlockIsReadInPieces) {
  std::mt19937 random(3);
  Places documents;
  for (int i = 0; i < 200; ++i)
    documents.push_back(RandomPlaces(i % 7 == 0 ? 9000 : 40, 1, &random));
  Write(documents, 1);
  ExpectPairsOf(documents);
}

TEST_F(WordPairsTest, AWordThatStandsNowhereHasNoPairs) {
  const Places documents = {{0, 0, -1, 0}, {-1, 0, 0}};
  Write(documents, 2);
  EXPECT_EQ(words_[1].doc_freq, 0u);
  ExpectPairsOf(documents);
}

TEST_F(WordPairsTest, TheVisitorsErrorEndsTheWalk) {
  std::mt19937 random(4);
  for (const size_t size : {5000, 300000}) {
    Write({RandomPlaces(size, 1, &random), RandomPlaces(size, 1, &random)}, 1);
    int calls = 0;
    const absl::Status status = ForEachWordPair(*segment_, words_, [&](std::span<const WordPair>) {
      ++calls;
      return absl::CancelledError("enough");
    });
    EXPECT_TRUE(absl::IsCancelled(status)) << status;
    EXPECT_EQ(calls, 1);
  }
}

TEST_F(WordPairsTest, APositionPastTheNormsLengthIsDamage) {
  std::mt19937 random(5);
  Write({{0, 0}, RandomPlaces(5000, 1, &random)}, 1, /*norm_length=*/100);
  const absl::Status status = ForEachWordPair(
      *segment_, words_, [](std::span<const WordPair>) { return absl::OkStatus(); });
  EXPECT_TRUE(absl::IsDataLoss(status)) << status;
}

// Its norm stands for all lengths above it.
TEST_F(WordPairsTest, TheLongestDocumentIsNeverLaidOut) {
  Write({{0, 0}, {0, 0, 0}}, 1, /*norm_length=*/UINT32_MAX);
  ExpectPairsOf({{0, 0}, {0, 0, 0}});
}

// A word in one block, whose positions are not there, and one whose frequencies are damaged.
TEST_F(WordPairsTest, DamageOfAWordIsReported) {
  std::mt19937 random(6);
  for (const size_t size : {200, 300000}) {
    Write({RandomPlaces(size, 1, &random), RandomPlaces(size, 1, &random)}, 1);
    words_[0].positions_bytes = 1;
    const absl::Status status = ForEachWordPair(
        *segment_, words_, [](std::span<const WordPair>) { return absl::OkStatus(); });
    EXPECT_TRUE(absl::IsDataLoss(status)) << size << status;
  }
}

}  // namespace
}  // namespace ibid
