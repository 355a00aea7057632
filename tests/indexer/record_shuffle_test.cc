#include "indexer/record_shuffle.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "indexer/pair_shuffle.h"

namespace ibid {
namespace {

using Records = std::vector<std::pair<DocId, std::string>>;

// Adds records of random documents in random order, and takes them out.
void ShuffleRandomRecords(uint32_t seed, size_t memory_bytes, bool expect_file) {
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  std::map<DocId, std::string> expected;
  while (expected.size() < 300) expected[random() % 1000] = std::string(random() % 300, 'x');
  Records records(expected.begin(), expected.end());
  std::shuffle(records.begin(), records.end(), random);
  const auto env = NewMemoryEnv();
  {
    RecordShuffle shuffle(env.get(), "shuffle.tmp", 1000, memory_bytes);
    for (const auto& [doc, record] : records) ASSERT_TRUE(shuffle.Add(doc, record).ok());
    EXPECT_EQ(env->Stat("shuffle.tmp").ok(), expect_file);
    Records found;
    ASSERT_TRUE(shuffle
                    .ForEach([&](DocId doc, std::string_view record) {
                      found.emplace_back(doc, record);
                      return absl::OkStatus();
                    })
                    .ok());
    EXPECT_EQ(found, Records(expected.begin(), expected.end()));
  }
  EXPECT_FALSE(env->Stat("shuffle.tmp").ok());
}

TEST(RecordShuffle, GivesRecordsByDocumentFromMemory) {
  ShuffleRandomRecords(1, size_t{1} << 20, /*expect_file=*/false);
}

TEST(RecordShuffle, GivesRecordsByDocumentFromRunsInAFile) {
  ShuffleRandomRecords(2, 10'000, /*expect_file=*/true);
  ShuffleRandomRecords(3, 1, /*expect_file=*/true);  // each record a run
}

TEST(RecordShuffle, AnErrorOfTheVisitorEndsTheWalk) {
  const auto env = NewMemoryEnv();
  RecordShuffle shuffle(env.get(), "shuffle.tmp", 10, 1);
  for (const DocId doc : {4, 2, 7}) ASSERT_TRUE(shuffle.Add(doc, "record").ok());
  int num_visited = 0;
  const absl::Status status = shuffle.ForEach([&](DocId, std::string_view) {
    return ++num_visited == 2 ? absl::UnavailableError("enough") : absl::OkStatus();
  });
  EXPECT_EQ(status.message(), "enough");
  EXPECT_EQ(num_visited, 2);
}

TEST(RecordShuffle, RefusesADocumentThatIsNone) {
  const auto env = NewMemoryEnv();
  RecordShuffle shuffle(env.get(), "shuffle.tmp", 10, 100);
  EXPECT_FALSE(shuffle.Add(10, "record").ok());
}

TEST(PairShuffle, GivesThePairsOfEachDocumentAsTheyCame) {
  const auto env = NewMemoryEnv();
  RecordShuffle records(env.get(), "shuffle.tmp", 10, 40);
  PairShuffle shuffle(&records);
  const std::vector<WordPair> five = {{5, 1, 2, 0}, {5, 2, 300, 1}, {5, 1, 2, 70000}};
  const std::vector<WordPair> three = {{3, 1023, 0, 9}};
  ASSERT_TRUE(shuffle.Add(std::span(five).first(2)).ok());
  ASSERT_TRUE(shuffle.Add(std::span(five).subspan(2)).ok());
  ASSERT_TRUE(shuffle.Add(three).ok());
  std::vector<WordPair> found;
  ASSERT_TRUE(shuffle
                  .ForEach([&](std::span<const WordPair> pairs) {
                    found.insert(found.end(), pairs.begin(), pairs.end());
                    return absl::OkStatus();
                  })
                  .ok());
  EXPECT_EQ(found, (std::vector<WordPair>{three[0], five[0], five[1], five[2]}));
}

}  // namespace
}  // namespace ibid
