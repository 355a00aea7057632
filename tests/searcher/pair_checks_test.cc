#include "searcher/pair_checks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "common/format/impacts.h"
#include "common/format/segment_writer.h"
#include "tests/fuzz/sealed_file.h"

namespace ibid {
namespace {

using testing::HasSubstr;

using List = std::map<DocId, std::vector<Position>>;

// What a segment of the documents "the rain of the day", "of the rain", "the the" has of pairs.
struct Pairs {
  PairCoverage coverage = {
      .min_doc_freq = 2, .min_weight = 12, .triple_min_doc_freq = 2, .num_words = 3};
  std::map<std::string, List> lists = {
      {PairKey("of", "the"), {{0, {2}}, {1, {0}}}},
      {TripleKey("of", "the", "rain"), {{1, {0}}}},
      {PairKey("the", "rain"), {{0, {0}}, {1, {1}}}},
      {PairKey("the", "the"), {{2, {0}}}},
  };
  std::string with_positions;  // a key
  uint32_t frequency = 0;      // instead of each of "of the"; 0: none
};

TermInfo Write(PostingsWriter& postings, const List& list, bool with_positions,
               uint32_t frequency = 0) {
  postings.BeginTerm(with_positions);
  for (const auto& [doc, positions] : list) {
    if (with_positions) {
      postings.Add(doc, positions);
    } else {
      postings.Add(doc, frequency > 0 ? frequency : static_cast<uint32_t>(positions.size()));
    }
  }
  return postings.FinishTerm();
}

absl::Status Fill(const Pairs& pairs, SegmentWriter* segment) {
  const std::map<std::string, List> terms = {{"day", {{0, {4}}}},
                                             {"of", {{0, {2}}, {1, {0}}}},
                                             {"rain", {{0, {1}}, {1, {2}}}},
                                             {"the", {{0, {0, 3}}, {1, {1}}, {2, {0, 1}}}}};
  for (const uint32_t length : {5, 3, 2}) {
    segment->regions().Add({0, length, {length}, {length}, {}});
  }
  segment->StartPostings({.norms = {5, 3, 2}, .num_tokens = 10});
  for (const auto& [term, list] : terms) {
    const absl::Status status =
        segment->terms().Add(term, Write(segment->postings(), list, /*with_positions=*/true));
    if (!status.ok()) return status;
  }
  if (const auto bytes = segment->FinishTerms(); !bytes.ok()) return bytes.status();
  segment->SetPairCoverage(pairs.coverage);
  for (const auto& [key, list] : pairs.lists) {
    const TermInfo info = Write(segment->postings(), list, key == pairs.with_positions,
                                key == PairKey("of", "the") ? pairs.frequency : 0);
    const absl::Status status = segment->pairs().Add(key, info);
    if (!status.ok()) return status;
  }
  for (const DocId doc : {0, 1, 2}) {
    const absl::Status status = segment->keys().Add("doc" + std::to_string(doc), doc);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

// What the check says of the segment after `change`.
std::string Complaint(const std::function<void(Pairs*)>& change) {
  Pairs pairs;
  change(&pairs);
  const auto env = NewMemoryEnv();
  auto writer = SegmentWriter::Create(env.get(), "", 1, {.store_text = false});
  EXPECT_TRUE(writer.ok());
  const absl::Status filled = Fill(pairs, writer->get());
  EXPECT_TRUE(filled.ok()) << filled;
  const auto meta = (*writer)->Finish(/*sync=*/false);
  EXPECT_TRUE(meta.ok()) << meta.status();
  const auto segment = SegmentReader::Open(env.get(), "", *meta);
  if (!segment.ok()) return std::string(segment.status().message());
  return std::string(CheckPairs(**segment).message());
}

TEST(CheckPairs, ListsOfAllCoveredPairsAreSound) {
  EXPECT_EQ(Complaint([](Pairs*) {}), "");
}

TEST(CheckPairs, ASegmentWithoutPairsIsSound) {
  EXPECT_EQ(Complaint([](Pairs* pairs) { *pairs = {.coverage = {}, .lists = {}}; }), "");
}

TEST(CheckPairs, AMissingListIsFound) {
  EXPECT_EQ(Complaint([](Pairs* pairs) { pairs->lists.erase(PairKey("of", "the")); }),
            "\"of the\" has no list");
  EXPECT_EQ(Complaint([](Pairs* pairs) { pairs->lists.erase(PairKey("the", "rain")); }),
            "\"the rain\" has no list");
  EXPECT_EQ(Complaint([](Pairs* pairs) { pairs->lists.erase(PairKey("the", "the")); }),
            "\"the the\" has no list");
  EXPECT_EQ(Complaint([](Pairs* pairs) { pairs->coverage.min_weight = 8; }),
            "\"rain of\" has no list");
}

TEST(CheckPairs, OfThreeWordsNoListMustBeThere) {
  EXPECT_EQ(Complaint([](Pairs* pairs) { pairs->lists.erase(TripleKey("of", "the", "rain")); }),
            "");
  EXPECT_EQ(Complaint([](Pairs* pairs) {
              pairs->lists[TripleKey("rain", "of", "the")] = {{0, {1}}};
            }),
            "");
}

TEST(CheckPairs, AListTooManyIsFound) {
  EXPECT_EQ(Complaint([](Pairs* pairs) {
              pairs->lists[PairKey("rain", "of")] = {{0, {1}}};
            }),
            "a list too many before \"the rain\"");
  EXPECT_EQ(Complaint([](Pairs* pairs) {
              pairs->lists[PairKey("the", "thee")] = {{0, {3}}};
            }),
            "a list too many at the end");
  EXPECT_EQ(Complaint([](Pairs* pairs) {
              pairs->lists[TripleKey("of", "the", "day")] = {{0, {2}}};
            }),
            "a list too many: \"of the day\"");
  EXPECT_EQ(Complaint([](Pairs* pairs) { pairs->coverage.triple_min_doc_freq = 3; }),
            "a list too many: \"of the rain\"");
  EXPECT_EQ(Complaint([](Pairs* pairs) {
              pairs->lists[TripleKey("of", "the", PairKey("rain", "of"))] = {{0, {2}}};
            }),
            "a list too many: \"of the rain of\"");
}

TEST(CheckPairs, OtherDocumentsAndFrequenciesAreFound) {
  EXPECT_EQ(Complaint([](Pairs* pairs) { pairs->lists[PairKey("of", "the")].erase(1); }),
            "\"of the\": its list differs from the positions of its words");
  EXPECT_EQ(Complaint([](Pairs* pairs) {
              pairs->lists[PairKey("of", "the")][1] = {0, 5};
            }),
            "\"of the\": its list differs from the positions of its words");
  EXPECT_EQ(Complaint([](Pairs* pairs) { pairs->lists[PairKey("of", "the")][2] = {0}; }),
            "\"of the\": its list differs from the positions of its words");
  EXPECT_EQ(Complaint([](Pairs* pairs) {
              pairs->lists[TripleKey("of", "the", "rain")] = {{0, {0}}};
            }),
            "\"of the rain\": its list differs from the positions of its words");
}

// A list of two places is held against one that says it has thousands of millions.
TEST(CheckPairs, FrequenciesWithoutEndAreNotCounted) {
  EXPECT_EQ(Complaint([](Pairs* pairs) { pairs->frequency = 0xfffffff0; }),
            "\"of the\": its list differs from the positions of its words");
}

TEST(CheckPairs, AnOrderThatIsNoOrderIsFound) {
  const auto env = NewMemoryEnv();
  auto writer = SegmentWriter::Create(env.get(), "", 1, {.store_text = false});
  ASSERT_TRUE(writer.ok() && Fill({}, writer->get()).ok());
  const auto meta = (*writer)->Finish(/*sync=*/false);
  const auto sound = SegmentReader::Open(env.get(), "", *meta);
  ASSERT_TRUE(sound.ok()) << sound.status();
  std::map<SectionId, std::string> sections = SectionsOf((*sound)->file());
  std::string& pairs = sections[SectionId::kPairs];
  pairs.replace(pairs.rfind("the"), 3, "day");  // "the the", behind "the rain"
  WriteSealedFile(env.get(), "", 2, sections);
  const auto other = DescribeSegment(env.get(), "", 2);
  ASSERT_TRUE(other.ok()) << other.status();
  const auto segment = SegmentReader::Open(env.get(), "", *other);
  ASSERT_TRUE(segment.ok()) << segment.status();
  EXPECT_EQ(CheckPairs(**segment).message(), "lists out of order");
}

TEST(CheckPairs, PositionsAreFound) {
  EXPECT_EQ(Complaint([](Pairs* pairs) { pairs->with_positions = PairKey("of", "the"); }),
            "a list with positions");
  // Its one occurrence is in the dictionary.
  EXPECT_EQ(Complaint([](Pairs* pairs) { pairs->with_positions = PairKey("the", "the"); }),
            "a list with positions");
}

TEST(CheckPairs, ACoverageThatTheWordsDoNotHaveIsFound) {
  EXPECT_EQ(Complaint([](Pairs* pairs) { pairs->coverage.num_words = 2; }),
            "3 words stand in 2 documents, properties say 2");
  EXPECT_EQ(Complaint([](Pairs* pairs) { pairs->coverage = {}; }),
            "lists where the properties say that there are none");
  for (const auto& change : std::vector<std::function<void(PairCoverage*)>>{
           [](PairCoverage* coverage) { coverage->num_words = 0; },
           [](PairCoverage* coverage) { coverage->triple_min_doc_freq = 1; },
           [](PairCoverage* coverage) { *coverage = {.min_weight = 12}; }}) {
    EXPECT_THAT(Complaint([&](Pairs* pairs) { change(&pairs->coverage); }),
                HasSubstr("impossible coverage of pairs"));
  }
}

}  // namespace
}  // namespace ibid
