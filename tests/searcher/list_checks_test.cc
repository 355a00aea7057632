// What `ibid check` holds a list of postings against, each forged behind right checksums. Reading
// the list from its beginning shows none of it.
#include "searcher/list_checks.h"

#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "common/base/strings.h"
#include "common/format/packed.h"
#include "common/format/segment_writer.h"
#include "common/format/skip_data.h"
#include "common/format/term_record.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "searcher/segment_checks.h"
#include "tests/fuzz/sealed_file.h"

namespace ibid {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr uint32_t kLength = 40;
constexpr uint32_t kBlocks = kSkipGroupBlocks + 2;  // so that there are two groups
constexpr uint32_t kDocs = kBlocks * kBlockLength;
constexpr char kWord[] = "rain";

using Sections = std::map<SectionId, std::string>;

// A segment whose documents all have "rain", once to three times, and forty of them another word.
absl::StatusOr<SegmentMeta> Write(Env* env, const std::function<void(TermInfo*)>& change) {
  auto segment = SegmentWriter::Create(env, "", 1, {.store_text = false});
  const uint8_t norm = LengthToNorm(kLength);
  for (DocId doc = 0; doc < kDocs; ++doc) {
    (*segment)->regions().Add({0, kLength, {kLength}, {kLength}, {}});
  }
  (*segment)->StartPostings(
      {.norms = std::vector<uint8_t>(kDocs, norm), .num_tokens = uint64_t{kLength} * kDocs});
  PostingsWriter& postings = (*segment)->postings();
  for (DocId doc = 0; doc < 40; ++doc) {
    postings.BeginTerm(/*with_positions=*/true);
    postings.Add(doc, std::vector<Position>{0});
    const std::string number = std::to_string(10 + doc);
    EXPECT_TRUE((*segment)->terms().Add("a word of its own " + number, postings.FinishTerm()).ok());
  }
  std::mt19937 random(1);
  postings.BeginTerm(/*with_positions=*/true);
  for (DocId doc = 0; doc < kDocs; ++doc) {
    std::vector<Position> positions(1 + doc % 3);
    Position next = 0;
    for (Position& position : positions) {
      position = next + static_cast<Position>(random() % 12);
      next = position + 1;
    }
    postings.Add(doc, positions);
  }
  TermInfo info = postings.FinishTerm();
  change(&info);
  EXPECT_TRUE((*segment)->terms().Add(kWord, info).ok());
  for (DocId doc = 0; doc < kDocs; ++doc) {
    EXPECT_TRUE((*segment)->keys().Add(std::to_string(100000 + doc), doc).ok());
  }
  return (*segment)->Finish(/*sync=*/false);
}

std::shared_ptr<const SegmentReader> OpenOrDie(Env* env, uint64_t id) {
  const auto meta = DescribeSegment(env, "", id);
  EXPECT_TRUE(meta.ok()) << meta.status();
  const auto segment = SegmentReader::Open(env, "", *meta);
  EXPECT_TRUE(segment.ok()) << segment.status();
  return *segment;
}

// All that check says of the segment.
std::vector<std::string> ProblemsOf(const SegmentReader& segment) {
  std::vector<std::string> problems;
  const SegmentProperties& properties = segment.properties();
  const SegmentMeta meta = {
      .id = 1, .num_docs = properties.num_docs, .num_tokens = properties.num_tokens};
  EXPECT_TRUE(CheckSegmentStructures(segment, meta, &problems).ok());
  return problems;
}

std::vector<std::string> ProblemsBehind(const std::function<void(TermInfo*)>& change) {
  const auto env = NewMemoryEnv();
  EXPECT_TRUE(Write(env.get(), change).ok());
  return ProblemsOf(*OpenOrDie(env.get(), 1));
}

// The same where bytes of the sections are changed, which are told where the list lies.
std::vector<std::string> ProblemsOfForged(
    const std::function<void(const TermInfo&, Sections*)>& forge) {
  const auto env = NewMemoryEnv();
  EXPECT_TRUE(Write(env.get(), [](TermInfo*) {}).ok());
  const auto sound = OpenOrDie(env.get(), 1);
  Sections sections = SectionsOf(sound->file());
  forge(**sound->terms().Find(kWord), &sections);
  WriteSealedFile(env.get(), "", 2, sections);
  return ProblemsOf(*OpenOrDie(env.get(), 2));
}

// Adds to a little-endian number of eight bytes or fewer.
void AddTo(std::string* bytes, uint64_t at, size_t size, int by) {
  uint64_t value = 0;
  for (size_t i = size; i-- > 0;) value = value << 8 | static_cast<uint8_t>((*bytes)[at + i]);
  value += static_cast<uint64_t>(by);
  for (size_t i = 0; i < size; ++i) (*bytes)[at + i] = static_cast<char>(value >> 8 * i);
}

// Of the list's skip data (docs/FORMAT.md): their widths, the bases of the second group, the
// columns of both.
struct SkipPlaces {
  SkipPlaces(const TermInfo& info, const std::string& postings) {
    const uint64_t end = info.postings_offset + info.postings_bytes;
    for (size_t i = 0; i < 3; ++i) widths[i] = static_cast<uint8_t>(postings[end - 3 + i]);
    base_doc = end - 3 - 20;
    const uint64_t second = base_doc - GroupBytes(kBlocks - kSkipGroupBlocks);
    second_docs = second;
    const uint64_t first = second - GroupBytes(kSkipGroupBlocks);
    first_positions = first + PackedArrayBytes(kSkipGroupBlocks, widths[0]) +
                      PackedArrayBytes(kSkipGroupBlocks, widths[1]);
  }
  uint64_t GroupBytes(uint32_t blocks) const {
    uint64_t bytes = 3 * uint64_t{blocks};
    for (const unsigned width : widths) bytes += PackedArrayBytes(blocks, width);
    return bytes;
  }

  unsigned widths[3];
  uint64_t base_doc, second_docs, first_positions;
};

TEST(CheckLists, ASoundSegmentIsSound) {
  EXPECT_THAT(ProblemsBehind([](TermInfo*) {}), IsEmpty());
  EXPECT_THAT(ProblemsOfForged([](const TermInfo&, Sections*) {}), IsEmpty());
}

TEST(CheckLists, ImpactsThatTooFewDocumentsHaveAreFound) {
  const std::string head = "seg_0000000001.ibid: terms: term \"rain\": ";
  EXPECT_THAT(ProblemsBehind([](TermInfo* info) { info->kth_impacts[0] = 255; }),
              ElementsAre(head + "0 documents have an impact of 255 or more; dictionary says 10"));
  // 2,816 documents have it three times.
  EXPECT_THAT(ProblemsBehind([](TermInfo* info) { ++info->kth_impacts[2]; }),
              ElementsAre(HasSubstr("or more; dictionary says 1000")));
  EXPECT_THAT(ProblemsBehind([](TermInfo* info) { info->kth_impacts = {}; }), IsEmpty());
}

TEST(CheckLists, ABoundBelowAnImpactIsFound) {
  EXPECT_THAT(ProblemsBehind([](TermInfo* info) { info->max_impact /= 2; }),
              ElementsAre(HasSubstr("above its block's bound")));
}

TEST(CheckLists, NumbersThatTheDictionaryHasOtherwiseAreFound) {
  EXPECT_THAT(
      ProblemsBehind([](TermInfo* info) { ++info->total_freq; }),
      Contains(HasSubstr("8448 documents, 16896 occurrences; dictionary says 8448, 16897")));
}

// The last document of a group, one too low; what counts from it is one higher.
TEST(CheckLists, GroupsThatLeadPastADocumentAreFound) {
  const auto problems = ProblemsOfForged([](const TermInfo& info, Sections* sections) {
    std::string& postings = (*sections)[SectionId::kPostings];
    const SkipPlaces places(info, postings);
    AddTo(&postings, places.base_doc, 4, -1);
    std::string docs;
    PackedAppender packed(places.widths[0], &docs);
    for (uint32_t block = 1; block <= 2; ++block) packed.Add(block * kBlockLength + 1);
    packed.Finish();
    postings.replace(places.second_docs, docs.size(), docs);
  });
  EXPECT_THAT(problems,
              ElementsAre(HasSubstr(StrCat("document ", (kSkipGroupBlocks - 1) * kBlockLength,
                                           ": not in the block to which the skip data lead"))));
}

TEST(CheckLists, PositionsThatSkipDataCountOtherwiseAreFound) {
  const auto problems = ProblemsOfForged([](const TermInfo& info, Sections* sections) {
    std::string& postings = (*sections)[SectionId::kPostings];
    AddTo(&postings, SkipPlaces(info, postings).first_positions, 2, 1);
  });
  // Of 128 documents 43 have it once, 43 twice, 42 three times.
  EXPECT_THAT(
      problems,
      ElementsAre(HasSubstr("document 128: 255 positions before its block; skip data say 256")));
}

TEST(CheckLists, ADirectoryThatLeadsToOtherPositionsIsFound) {
  constexpr size_t kAnchorBytes = 5;
  const auto problems = ProblemsOfForged([](const TermInfo& info, Sections* sections) {
    std::string& positions = (*sections)[SectionId::kPositions];
    const uint64_t blocks = info.total_freq / kBlockLength;
    const uint64_t anchors = (blocks - 1) / kPositionAnchorBlocks;
    ASSERT_GE(anchors, 2u);
    const uint64_t first =
        info.positions_offset + info.positions_bytes - 2 * blocks - kAnchorBytes * anchors;
    positions.replace(first, kAnchorBytes, positions.substr(first + kAnchorBytes, kAnchorBytes));
  });
  // Other positions, or none that can be decoded, as the bytes there have it.
  EXPECT_EQ(problems.size(), 1u);
}

TEST(CheckLists, ATermThatCannotBeFoundIsFound) {
  const auto problems = ProblemsOfForged([](const TermInfo&, Sections* sections) {
    std::string& terms = (*sections)[SectionId::kTerms];
    // The key of the second block, which begins with another word of its own.
    const uint64_t blocks_bytes = LoadU64(reinterpret_cast<const uint8_t*>(terms.data()) +
                                          terms.size() - kDictionaryTrailerBytes);
    AddTo(&terms, blocks_bytes + 8, 8, 1);
  });
  EXPECT_THAT(problems, ElementsAre(AllOf(HasSubstr("\"a word of its own"),
                                          HasSubstr("is not found where it stands"))));
}

}  // namespace
}  // namespace ibid
