// The lists of pairs of an index are those that a scan of all words that stand side by side gives.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/strings.h"
#include "common/format/segment_reader.h"
#include "ibid/check_index.h"
#include "tests/indexer/index_model.h"
#include "tests/indexer/random_documents.h"

namespace ibid {
namespace {

using PairMap = std::map<std::string, std::map<DocId, std::vector<Position>>>;

struct SegmentWords {
  std::map<DocId, std::map<Position, std::string>> places;
  std::map<std::string, uint32_t> doc_freq;
};

SegmentWords ReadWords(const SegmentReader& segment) {
  SegmentWords words;
  auto cursor = segment.terms().Seek("");
  EXPECT_TRUE(cursor.ok());
  bool ok = true;
  for (; !cursor->at_end(); ok = cursor->Next().ok() && ok) {
    words.doc_freq[std::string(cursor->term())] = cursor->info().doc_freq;
    PostingsCursor postings = segment.Postings(cursor->info());
    for (; postings.doc() != kNoMoreDocs; postings.Next()) {
      std::vector<Position> positions;
      postings.AppendPositions(&positions);
      for (const Position at : positions) words.places[postings.doc()][at] = cursor->term();
    }
  }
  EXPECT_TRUE(ok);
  return words;
}

// Of two words that are covered, and of any three.
PairMap ScanPhrases(const SegmentWords& words, const PairCoverage& coverage) {
  PairMap phrases;
  for (const auto& [doc, places] : words.places) {
    for (const auto& [position, word] : places) {
      const auto next = places.find(position + 1);
      if (next == places.end()) continue;
      const std::string pair = PairKey(word, next->second);
      if (coverage.Covers(words.doc_freq.at(word), words.doc_freq.at(next->second))) {
        phrases[pair][doc].push_back(position);
      }
      const auto third = places.find(position + 2);
      if (third == places.end()) continue;
      phrases[PairKey(pair, third->second)][doc].push_back(position);
    }
  }
  return phrases;
}

struct NumLists {
  size_t pairs = 0;
  size_t triples = 0;
};

bool IsTriple(std::string_view key) { return std::count(key.begin(), key.end(), '\0') == 2; }

NumLists CountLists(const PairMap& phrases) {
  NumLists lists;
  for (const auto& [key, docs] : phrases) ++(IsTriple(key) ? lists.triples : lists.pairs);
  return lists;
}

// Compares; gives the number of lists.
NumLists ExpectPairsOfScan(const SegmentReader& segment) {
  const PairCoverage coverage = segment.pair_coverage();
  const SegmentWords words = ReadWords(segment);
  EXPECT_GT(coverage.min_doc_freq, 0u);
  uint32_t num_words = 0;
  for (const auto& [word, doc_freq] : words.doc_freq) {
    num_words += doc_freq >= coverage.min_doc_freq ? 1 : 0;
  }
  EXPECT_EQ(coverage.num_words, num_words);
  const PairMap expected = ScanPhrases(words, coverage);
  auto cursor = segment.pairs().Seek("");
  EXPECT_TRUE(cursor.ok());
  NumLists lists;
  bool ok = true;
  for (; !cursor->at_end(); ok = cursor->Next().ok() && ok) {
    const auto pair = expected.find(std::string(cursor->term()));
    if (pair == expected.end()) {
      ADD_FAILURE() << "a list too many: " << cursor->term();
      continue;
    }
    ++(IsTriple(cursor->term()) ? lists.triples : lists.pairs);
    EXPECT_EQ(cursor->info().doc_freq, pair->second.size());
    PostingsCursor postings = segment.Postings(cursor->info());
    for (const auto& [doc, positions] : pair->second) {
      EXPECT_EQ(postings.doc(), doc) << cursor->term();
      EXPECT_EQ(postings.freq(), positions.size()) << cursor->term() << ", document " << doc;
      postings.Next();
    }
    EXPECT_EQ(postings.doc(), kNoMoreDocs);
  }
  EXPECT_TRUE(ok);
  EXPECT_EQ(lists.pairs, CountLists(expected).pairs);
  return lists;
}

std::vector<std::shared_ptr<const SegmentReader>> Segments(Env* env) {
  std::vector<std::shared_ptr<const SegmentReader>> segments;
  for (const SegmentMeta& meta : ManifestOf(env, "index").segments) {
    auto segment = SegmentReader::Open(env, "index", meta);
    EXPECT_TRUE(segment.ok()) << segment.status();
    segments.push_back(*segment);
  }
  return segments;
}

void ExpectSound(Env* env) {
  const auto report = CheckIndex("index", env);
  ASSERT_TRUE(report.ok());
  EXPECT_TRUE(report->problems.empty()) << report->problems[0];
}

// Each line of the sample corpus, JSON and all.
std::vector<std::string> WireStories() {
  std::ifstream file(std::string(IBID_SOURCE_DIR) + "/corpus/wire.jsonl");
  std::vector<std::string> stories;
  for (std::string line; std::getline(file, line);) stories.push_back(line);
  return stories;
}

WriterOptions Options(int pairs_percent, int threads = 1, size_t buffer_bytes = size_t{256} << 20) {
  WriterOptions options;
  options.index = IndexOptions{.pairs_percent = pairs_percent};
  options.threads = threads;
  options.buffer_bytes = buffer_bytes;
  return options;
}

TEST(PairLists, OfOneUnitAreThoseOfAScan) {
  const auto env = NewMemoryEnv();
  const auto writer = OpenWriter(env.get(), "index", Options(10));
  for (const Document& document : RandomDocuments(71, 900)) AddOrDie(writer.get(), document);
  CommitOrDie(writer.get());
  EXPECT_GT(ExpectPairsOfScan(*Segments(env.get())[0]).pairs, 0u);
  ExpectSound(env.get());
}

TEST(PairLists, OfMergedUnitsAreThoseOfAScan) {
  const auto env = NewMemoryEnv();
  const auto writer = OpenWriter(env.get(), "index", Options(40, 3, size_t{1} << 18));
  for (const Document& document : RandomDocuments(72, 900)) AddOrDie(writer.get(), document);
  CommitOrDie(writer.get());
  EXPECT_GT(ExpectPairsOfScan(*Segments(env.get())[0]).pairs, 100u);
  ExpectSound(env.get());
}

TEST(PairLists, AreThoseOfAScanAfterDeletionsAndMerges) {
  const auto env = NewMemoryEnv();
  const auto writer = OpenWriter(env.get(), "index", Options(30));
  for (uint32_t part = 0; part < 3; ++part) {
    const auto documents = RandomDocuments(80 + part, 500, part * 400);  // overlap: replaced
    for (const Document& document : documents) AddOrDie(writer.get(), document);
    for (size_t i = 0; i < documents.size(); i += 7) {
      EXPECT_TRUE(writer->Delete(documents[i].key).value_or(false));
    }
    CommitOrDie(writer.get());
    for (const auto& segment : Segments(env.get())) ExpectPairsOfScan(*segment);
  }
  ASSERT_TRUE(writer->MergeToOne().ok());
  CommitOrDie(writer.get());
  ASSERT_EQ(Segments(env.get()).size(), 1u);
  const NumLists lists = ExpectPairsOfScan(*Segments(env.get())[0]);
  EXPECT_GT(lists.pairs, 100u);
  EXPECT_GT(lists.triples, 10u);
  ExpectSound(env.get());
}

TEST(PairLists, OfStoriesAreThoseOfAScan) {
  const auto env = NewMemoryEnv();
  const auto writer = OpenWriter(env.get(), "index", Options(10));
  const std::vector<std::string> stories = WireStories();
  ASSERT_GT(stories.size(), 100u);
  for (int copy = 0; copy < 4; ++copy) {  // enough documents for frequent words to be some
    for (size_t i = 0; i < stories.size(); ++i) {
      AddOrDie(writer.get(), MakeDocument(StrCat(copy, "/", i), "", stories[i]));
    }
  }
  CommitOrDie(writer.get());
  const NumLists lists = ExpectPairsOfScan(*Segments(env.get())[0]);
  EXPECT_GT(lists.pairs, 50u);
  EXPECT_GT(lists.triples, 10u);
  ExpectSound(env.get());
}

// What lists of pairs take of a new index of `documents`, in hundredths of what is beside them.
double PairsPercent(const std::vector<Document>& documents, int percent) {
  const auto env = NewMemoryEnv();
  const auto writer = OpenWriter(env.get(), "index", Options(percent));
  for (const Document& document : documents) AddOrDie(writer.get(), document);
  CommitOrDie(writer.get());
  const auto segment = Segments(env.get())[0];
  double pairs = static_cast<double>(segment->properties().pair_postings_bytes);
  double all = 0;
  for (const auto& [id, bytes] : segment->file().sections()) {
    if (id == SectionId::kPairs) pairs += static_cast<double>(bytes);
    if (id <= SectionId::kNorms) all += static_cast<double>(bytes);
  }
  return 100 * pairs / (all - pairs);
}

TEST(PairLists, StayWithinTheirBudgetAndUseItWell) {
  const std::vector<Document> documents = RandomDocuments(90, 1500);
  for (const int percent : {3, 10, 25}) {
    const double used = PairsPercent(documents, percent);
    EXPECT_LE(used, percent);
    EXPECT_GT(used, percent / 3.0);
  }
}

// Identifiers of 200 letters, each before one other: lists have more bytes of words than of
// postings.
TEST(PairLists, OfLongWordsStayWithinTheirBudget) {
  std::mt19937 random(92);
  std::vector<std::string> pairs;
  for (int kind = 0; kind < 60; ++kind) {
    std::string pair(401, ' ');
    for (char& letter : pair) letter = static_cast<char>('a' + random() % 26);
    pair[200] = ' ';
    pairs.push_back(pair);
  }
  std::vector<Document> documents;
  for (uint32_t i = 0; i < 900; ++i) {
    std::string text;
    for (const std::string& pair : pairs) {
      if (random() % 2 == 0) text += pair + ". ";
    }
    documents.push_back(MakeDocument(StrCat(i), "", text));
  }
  for (const int percent : {10, 25}) {
    const double used = PairsPercent(documents, percent);
    EXPECT_LE(used, percent);
    EXPECT_GT(used, 0);
  }
}

TEST(PairLists, AreAbsentWithoutABudgetAndFromSmallSegments) {
  for (const auto& [percent, count] : {std::pair(0, 900), std::pair(10, 200)}) {
    const auto env = NewMemoryEnv();
    const auto writer = OpenWriter(env.get(), "index", Options(percent));
    for (const Document& document : RandomDocuments(91, static_cast<size_t>(count))) {
      AddOrDie(writer.get(), document);
    }
    CommitOrDie(writer.get());
    const auto segment = Segments(env.get())[0];
    EXPECT_EQ(segment->pair_coverage(), PairCoverage());
    EXPECT_EQ(segment->pairs().num_terms(), 0u);
    ExpectSound(env.get());
  }
}

TEST(PairLists, AnotherBudgetThanTheIndexHasIsRefused) {
  const auto env = NewMemoryEnv();
  auto first = OpenWriter(env.get(), "index", Options(10));
  AddOrDie(first.get(), MakeDocument("a", "", "rain"));
  CommitOrDie(first.get());
  EXPECT_EQ(ManifestOf(env.get(), "index").options.pairs_percent, 10);
  first.reset();
  const auto second = IndexWriter::Open("index", Options(20), env.get());
  EXPECT_EQ(second.status().message(), "index: the index has pairs of 10 %, not 20 %");
}

}  // namespace
}  // namespace ibid
