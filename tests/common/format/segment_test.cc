// SegmentWriter and SegmentReader: whole segments of random content.
#include <cmath>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "common/format/file_names.h"
#include "common/format/segment_reader.h"
#include "common/format/segment_writer.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/common/format/sealed_sections.h"
#include "tests/docs/dump_segment.h"
#include "tests/docs/random_segment.h"
#include "tests/support/files.h"

namespace ibid {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class SegmentTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto meta =
        WriteRandomSegment(env_.get(), "", {.seed = 7, .num_docs = 200, .num_terms = 90});
    ASSERT_TRUE(meta.ok()) << meta.status();
    meta_ = *meta;
  }
  absl::Status OpenStatus(const SegmentMeta& meta) {
    return SegmentReader::Open(env_.get(), "", meta).status();
  }

  std::unique_ptr<Env> env_ = NewMemoryEnv();
  SegmentMeta meta_;
};

TEST_F(SegmentTest, NothingIsLeftBesideTheFile) {
  EXPECT_THAT(*env_->List(""), ElementsAre(SegmentFileName(1)));
}

TEST_F(SegmentTest, AWriterThatIsDroppedLeavesNothing) {
  const auto env = NewMemoryEnv();
  {
    auto segment = SegmentWriter::Create(env.get(), "", 3, {.section_memory_bytes = 10});
    ASSERT_TRUE(segment.ok());
    ASSERT_TRUE((*segment)->stored().Add(std::string(100000, 'x')).ok());
    const std::vector<std::string> names = *env->List("");
    EXPECT_THAT(names, Not(IsEmpty())) << "the section went to a temporary file";
    for (const std::string& name : names) {
      EXPECT_EQ(ParseIndexFileName(name).kind, IndexFileKind::kTemporary) << name;
    }
  }
  EXPECT_THAT(*env->List(""), IsEmpty());
}

TEST_F(SegmentTest, TheSameContentGivesTheSameBytes) {
  const auto env = NewMemoryEnv();
  ASSERT_TRUE(
      WriteRandomSegment(env.get(), "", {.seed = 7, .num_docs = 200, .num_terms = 90}).ok());
  EXPECT_EQ(ReadFileOrDie(env.get(), SegmentFileName(1)),
            ReadFileOrDie(env_.get(), SegmentFileName(1)));
}

TEST_F(SegmentTest, AManifestThatKnowsOtherDocumentsIsRefused) {
  EXPECT_TRUE(OpenStatus(meta_).ok());
  SegmentMeta other = meta_;
  ++other.num_docs;
  EXPECT_THAT(std::string(OpenStatus(other).message()), HasSubstr("disagree on its documents"));
  other = meta_;
  --other.num_tokens;
  EXPECT_TRUE(absl::IsDataLoss(OpenStatus(other)));
}

TEST_F(SegmentTest, DocumentsThatAreMissingSomewhereAreRefused) {
  auto segment = SegmentWriter::Create(env_.get(), "", 2, {});
  (*segment)->regions().Add({});
  (*segment)->StartPostings({.norms = {1}, .num_tokens = 1, .text_bytes = 4});
  EXPECT_TRUE(absl::IsInvalidArgument((*segment)->Finish(false).status())) << "no stored record";
}

TEST_F(SegmentTest, ASegmentWithoutDocumentsIsReadable) {
  auto segment = SegmentWriter::Create(env_.get(), "", 2, {});
  (*segment)->StartPostings({});
  const auto meta = (*segment)->Finish(false);
  ASSERT_TRUE(meta.ok()) << meta.status();
  const auto reader = SegmentReader::Open(env_.get(), "", *meta);
  ASSERT_TRUE(reader.ok()) << reader.status();
  EXPECT_TRUE(DumpSegment(**reader).ok());
}

TEST_F(SegmentTest, ACoverageOfPairsIsPossibleOrRefused) {
  const auto open = [](const PairCoverage& coverage) {
    const auto env = NewMemoryEnv();
    auto segment = SegmentWriter::Create(env.get(), "", 2, {});
    (*segment)->StartPostings({});
    (*segment)->SetPairCoverage(coverage);
    return SegmentReader::Open(env.get(), "", *(*segment)->Finish(false)).status();
  };
  for (const PairCoverage& possible :
       std::vector<PairCoverage>{{},
                                 {.min_doc_freq = 1, .num_words = 1},
                                 {.min_doc_freq = 1, .min_weight = 1, .num_words = 1},
                                 {.min_doc_freq = 2, .triple_min_doc_freq = 2, .num_words = 1},
                                 {.min_doc_freq = 2, .triple_min_doc_freq = 3, .num_words = 9}}) {
    EXPECT_TRUE(open(possible).ok());
  }
  for (const PairCoverage& impossible :
       std::vector<PairCoverage>{{.min_doc_freq = 1},
                                 {.num_words = 1},
                                 {.min_weight = 1},
                                 {.triple_min_doc_freq = 1},
                                 {.min_doc_freq = 1, .min_weight = -1, .num_words = 1},
                                 {.min_doc_freq = 1, .min_weight = std::nan(""), .num_words = 1},
                                 {.min_doc_freq = 2, .triple_min_doc_freq = 1, .num_words = 1}}) {
    EXPECT_THAT(std::string(open(impossible).message()), HasSubstr("impossible coverage of pairs"))
        << impossible.min_doc_freq << " " << impossible.num_words << " " << impossible.min_weight
        << " " << impossible.triple_min_doc_freq;
  }
}

// Writes the sections of `reader`, one of them damaged, as another segment with right checksums.
absl::StatusOr<SegmentFileInfo> WriteDamaged(Env* env, const SegmentReader& reader,
                                             std::mt19937* random) {
  const auto sections = reader.file().sections();
  const SectionId damaged = sections[(*random)() % sections.size()].first;
  auto writer = SegmentFileWriter::Create(env, SegmentFileName(9), 9);
  if (!writer.ok()) return writer.status();
  for (const auto& [id, size] : sections) {
    const auto bytes = reader.file().section(id).Read(0, size);
    std::string text(reinterpret_cast<const char*>(bytes->data()), bytes->size());
    SectionBuffer buffer = MemoryBuffer(env);
    buffer.Append(id == damaged ? Mutated(std::move(text), random) : text);
    EXPECT_TRUE((*writer)->AddSection(id, std::move(buffer)).ok());
  }
  return (*writer)->Finish(false);
}

TEST_F(SegmentTest, DamagedSectionsWithRightChecksumsGiveDataLossOrAnAnswer) {
  const auto good = SegmentReader::Open(env_.get(), "", meta_);
  ASSERT_TRUE(good.ok());
  std::mt19937 random(1);
  int caught = 0;
  for (int round = 0; round < 400; ++round) {
    const auto env = NewMemoryEnv();
    SegmentMeta meta = meta_;
    meta.id = 9;
    meta.file = *WriteDamaged(env.get(), **good, &random);
    const auto reader = SegmentReader::Open(env.get(), "", meta);
    const absl::Status status = reader.ok() ? DumpSegment(**reader).status() : reader.status();
    EXPECT_TRUE(status.ok() || absl::IsDataLoss(status)) << status;
    caught += status.ok() ? 0 : 1;
  }
  EXPECT_GT(caught, 200);
}

TEST_F(SegmentTest, AWriterThatIsAskedOutOfTurnRefuses) {
  auto segment = SegmentWriter::Create(env_.get(), "", 3, {});
  EXPECT_TRUE(absl::IsFailedPrecondition((*segment)->Finish(false).status()));
  EXPECT_THAT(*env_->List(""), ElementsAre(SegmentFileName(1)));
}

TEST_F(SegmentTest, RegionsAndRecordsAreThoseOfAllDocuments) {
  for (const bool store_text : {false, true}) {
    for (const uint32_t num_regions : {0u, 1u, 2u}) {
      const auto env = NewMemoryEnv();
      auto segment = SegmentWriter::Create(env.get(), "", 2, {.store_text = store_text});
      for (uint32_t i = 0; i < num_regions; ++i) (*segment)->regions().Add({});
      if (store_text) {
        ASSERT_TRUE((*segment)->stored().Add("record").ok());
      }
      ASSERT_TRUE((*segment)->keys().Add("key", 0).ok());
      (*segment)->StartPostings({.norms = {0}});
      const auto meta = (*segment)->Finish(false);
      EXPECT_EQ(meta.ok(), num_regions == 1) << meta.status();
    }
  }
}

TEST_F(SegmentTest, WhatOneOfItsWritersRefusedStopsTheSegment) {
  const auto with = [](const std::function<void(SegmentWriter*)>& spoil) {
    const auto env = NewMemoryEnv();
    auto segment = SegmentWriter::Create(env.get(), "", 2, {.store_text = false});
    (*segment)->keys().Add("key", 0).IgnoreError();
    (*segment)->StartPostings({.norms = {0}});
    spoil(segment->get());
    if ((*segment)->regions().num_docs() == 0) (*segment)->regions().Add({});
    return (*segment)->Finish(false).status();
  };
  EXPECT_TRUE(with([](SegmentWriter*) {}).ok());
  EXPECT_TRUE(absl::IsInvalidArgument(
      with([](SegmentWriter* s) { s->regions().Add({.title_tokens = 1}); })));
  EXPECT_TRUE(absl::IsInvalidArgument(with([](SegmentWriter* s) {
    s->columns().Add(7, "n", StoredColumnType::kInteger, {.integers = {1}});
  })));
  EXPECT_TRUE(absl::IsInvalidArgument(
      with([](SegmentWriter* s) { s->keys().Add("other key", 5).IgnoreError(); })));
}

}  // namespace
}  // namespace ibid
