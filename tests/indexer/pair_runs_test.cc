#include "indexer/pair_runs.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "ibid/env.h"

namespace ibid {
namespace {

using Lists = std::map<uint32_t, std::map<DocId, uint32_t>>;

struct Outcome {
  Lists expected, found;
};

// Random places of `num_pairs` pairs.
Outcome SortRandomPlaces(uint32_t seed, uint32_t num_pairs, PairRuns::Limits limits, Env* env) {
  std::mt19937 random(seed);
  PairRuns runs(env, "seg_0000000001.ibid.pair_runs.tmp", num_pairs, limits);
  Outcome outcome;
  for (DocId doc = 0; doc < 5000; doc += 1 + random() % 3) {
    for (uint32_t n = random() % 7; n > 0; --n) {
      const uint32_t pair = random() % (1 + random() % num_pairs);
      EXPECT_TRUE(runs.Add(pair, doc).ok());
      ++outcome.expected[pair][doc];
    }
  }
  absl::StatusOr<PairRuns::Reader> reader = runs.Finish();
  EXPECT_TRUE(reader.ok()) << reader.status();
  while (reader->NextList()) {
    while (reader->NextPosting()) outcome.found[reader->list()][reader->doc()] += reader->freq();
  }
  EXPECT_TRUE(reader->status().ok());
  return outcome;
}

TEST(PairRuns, OneRunGivesThePlacesByPair) {
  const auto env = NewMemoryEnv();
  const Outcome outcome = SortRandomPlaces(1, 30, {}, env.get());
  EXPECT_FALSE(outcome.expected.empty());
  EXPECT_EQ(outcome.found, outcome.expected);
}

TEST(PairRuns, ManyRunsGiveTheSameAndADocumentMayBeginInOneAndEndInTheNext) {
  const auto env = NewMemoryEnv();
  for (const size_t places : {1, 3, 100}) {
    const Outcome outcome = SortRandomPlaces(2, 30, {.places_in_run = places}, env.get());
    EXPECT_EQ(outcome.found, outcome.expected) << places;
  }
}

TEST(PairRuns, RunsInTheTemporaryFileComeBackAndTheFileGoes) {
  const auto env = NewMemoryEnv();
  for (const size_t bytes : {0, 500, 3000}) {
    const PairRuns::Limits limits = {.places_in_run = 200, .bytes_in_memory = bytes};
    const Outcome outcome = SortRandomPlaces(3, 300, limits, env.get());
    EXPECT_EQ(outcome.found, outcome.expected) << bytes;
    EXPECT_FALSE(env->Stat("seg_0000000001.ibid.pair_runs.tmp").ok());
  }
}

TEST(PairRuns, ListsThatAreNotReadToTheirEndDoNotDisturbTheNext) {
  const auto env = NewMemoryEnv();
  PairRuns runs(env.get(), "t", 2, {.places_in_run = 2});
  for (DocId doc = 0; doc < 9; ++doc) {
    ASSERT_TRUE(runs.Add(0, doc).ok());
    ASSERT_TRUE(runs.Add(1, doc).ok());
  }
  absl::StatusOr<PairRuns::Reader> reader = runs.Finish();
  ASSERT_TRUE(reader.ok());
  ASSERT_TRUE(reader->NextList());
  ASSERT_TRUE(reader->NextPosting());
  ASSERT_TRUE(reader->NextList());
  EXPECT_EQ(reader->list(), 1u);
  ASSERT_TRUE(reader->NextPosting());
  EXPECT_EQ(reader->doc(), 0u);
  EXPECT_FALSE(reader->NextList());
}

TEST(PairRuns, NothingGivesNothing) {
  const auto env = NewMemoryEnv();
  PairRuns runs(env.get(), "t", 1, {});
  absl::StatusOr<PairRuns::Reader> reader = runs.Finish();
  ASSERT_TRUE(reader.ok());
  EXPECT_FALSE(reader->NextList());
}

}  // namespace
}  // namespace ibid
