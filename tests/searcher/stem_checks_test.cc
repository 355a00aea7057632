#include "searcher/stem_checks.h"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "common/format/segment_writer.h"

namespace ibid {
namespace {

// Documents and how often they have the word.
using List = std::map<DocId, uint32_t>;

struct Stem {
  std::vector<uint32_t> forms;  // ordinals in day, rain, rained, rains, sunny
  List list;                    // of several forms
};

// What a segment of the documents "rain rain day", "rained rains", "rains sunny" has of stems.
using Stems = std::map<std::string, Stem>;
Stems SoundStems() {
  return {{"rain", {{1, 2, 3}, {{0, 2}, {1, 2}, {2, 1}}}}, {"sunni", {{4}, {}}}};
}

TermInfo Write(PostingsWriter& postings, const List& list, bool with_positions) {
  postings.BeginTerm(with_positions);
  for (const auto& [doc, freq] : list) {
    if (!with_positions) {
      postings.Add(doc, freq);
      continue;
    }
    std::vector<Position> positions(freq);
    for (uint32_t i = 0; i < freq; ++i) positions[i] = i;
    postings.Add(doc, positions);
  }
  return postings.FinishTerm();
}

absl::Status Fill(const Stems& stems, SegmentWriter* segment) {
  for (const uint32_t length : {3, 2, 2}) {
    segment->regions().Add({0, length, {length}, {length}, {}});
  }
  segment->StartPostings({.norms = {3, 2, 2}, .num_tokens = 7});
  const std::map<std::string, List> terms = {{"day", {{0, 1}}},
                                             {"rain", {{0, 2}}},
                                             {"rained", {{1, 1}}},
                                             {"rains", {{1, 1}, {2, 1}}},
                                             {"sunny", {{2, 1}}}};
  for (const auto& [term, list] : terms) {
    const absl::Status status =
        segment->terms().Add(term, Write(segment->postings(), list, /*with_positions=*/true));
    if (!status.ok()) return status;
  }
  for (const auto& [name, stem] : stems) {
    TermInfo info;
    if (!stem.list.empty()) {
      info = Write(segment->postings(), stem.list, /*with_positions=*/false);
    }
    info.forms = stem.forms;
    const absl::Status status = segment->stems().Add(name, info);
    if (!status.ok()) return status;
  }
  for (const DocId doc : {0, 1, 2}) {
    const absl::Status status = segment->keys().Add("doc" + std::to_string(doc), doc);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

// What the check says of the segment after `change`.
std::string Complaint(const std::function<void(Stems&)>& change) {
  Stems stems = SoundStems();
  change(stems);
  const auto env = NewMemoryEnv();
  auto writer = SegmentWriter::Create(env.get(), "", 1, {.store_text = false});
  EXPECT_TRUE(writer.ok());
  const absl::Status filled = Fill(stems, writer->get());
  EXPECT_TRUE(filled.ok()) << filled;
  const auto meta = (*writer)->Finish(/*sync=*/false);
  EXPECT_TRUE(meta.ok()) << meta.status();
  const auto segment = SegmentReader::Open(env.get(), "", *meta);
  if (!segment.ok()) return std::string(segment.status().message());
  return std::string(CheckStems(**segment).message());
}

TEST(CheckStems, TheUnionOfTheFormsIsSound) {
  EXPECT_EQ(Complaint([](Stems&) {}), "");
  EXPECT_EQ(Complaint([](Stems& stems) { stems.clear(); }), "");
}

TEST(CheckStems, AFormThatIsNoTermIsFound) {
  EXPECT_EQ(Complaint([](Stems& stems) { stems["sunni"].forms = {5}; }), "\"sunni\": no term 5");
  EXPECT_EQ(Complaint([](Stems& stems) {
              stems["rain"].forms = {1, 2, 7};
            }),
            "\"rain\": no term 7");
}

TEST(CheckStems, AFormOfTwoStemsIsFound) {
  EXPECT_EQ(Complaint([](Stems& stems) { stems["sunni"].forms = {3}; }),
            "\"sunni\": term 3 has two stems");
}

TEST(CheckStems, OtherFrequenciesAndDocumentsThanTheFormsHaveAreFound) {
  EXPECT_EQ(Complaint([](Stems& stems) { stems["rain"].list[2] = 2; }),
            "\"rain\": 6 occurrences, its forms have 5");
  EXPECT_EQ(Complaint([](Stems& stems) {
              stems["rain"].list = {{0, 2}, {1, 1}, {2, 2}};
            }),
            "\"rain\": its list is not the union of its forms'");
  EXPECT_EQ(Complaint([](Stems& stems) {
              stems["rain"].list = {{0, 3}, {1, 2}};
            }),
            "\"rain\": its list is not the union of its forms'");
}

TEST(CheckStems, AStemSpelledAsATermOfAnotherStemIsFound) {
  EXPECT_EQ(Complaint([](Stems& stems) {
              stems["rain"] = {{2, 3}, {{1, 2}, {2, 1}}};
            }),
            "\"rain\" is a stem, and a term without a stem of another spelling");
}

}  // namespace
}  // namespace ibid
