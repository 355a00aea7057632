#include "ibid/check_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "common/format/manifest.h"
#include "tests/oracle/random_stories.h"
#include "tests/oracle/test_index.h"
#include "tests/support/files.h"
#include "tests/support/racing_env.h"

namespace ibid {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class CheckIndexTest : public testing::Test {
 protected:
  // Two segments, deletions in the first.
  void SetUp() override {
    RandomStories stories(3, 20);
    for (int i = 0; i < 40; ++i) index_.Add(stories.Story("story" + std::to_string(i)));
    index_.Commit();
    for (int i = 40; i < 60; ++i) index_.Add(stories.Story("story" + std::to_string(i)));
    index_.Delete("story3");
    index_.Delete("story7");
    index_.Commit();
  }

  CheckReport Check() {
    const absl::StatusOr<CheckReport> report = CheckIndex("index", index_.env());
    EXPECT_TRUE(report.ok()) << report.status();
    return report.ok() ? *report : CheckReport();
  }

  std::vector<std::string> Files(std::string_view prefix) {
    std::vector<std::string> paths;
    const auto names = index_.env()->List("index");
    EXPECT_TRUE(names.ok());
    for (const std::string& name : *names) {
      if (name.starts_with(prefix)) paths.push_back("index/" + name);
    }
    return paths;
  }

  TestIndex index_;
};

TEST_F(CheckIndexTest, ASoundIndexHasNoProblemsAndIsCountedWhole) {
  uint64_t done = 0, total = 0;
  const auto report = CheckIndex("index", index_.env(), [&](uint64_t bytes, uint64_t of) {
    EXPECT_GT(bytes, done);
    done = bytes;
    total = of;
  });
  ASSERT_TRUE(report.ok());
  EXPECT_THAT(report->problems, IsEmpty());
  EXPECT_THAT(report->warnings, IsEmpty());
  EXPECT_EQ(report->num_segments, 2u);
  EXPECT_EQ(report->num_sound_segments, 2u);
  EXPECT_EQ(report->num_docs, 58u);
  EXPECT_EQ(done, total);
  EXPECT_EQ(report->num_bytes, total);
}

TEST_F(CheckIndexTest, ChangedBytesAnywhereInASegmentAreFoundAndTheOtherSegmentStaysSound) {
  const std::string path = Files("seg_").front();
  const std::string sound = ReadFileOrDie(index_.env(), path);
  for (size_t at = 0; at < sound.size(); at += 41) {
    std::string damaged = sound;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    WriteFileOrDie(index_.env(), path, damaged);
    const CheckReport report = Check();
    ASSERT_THAT(report.problems, Not(IsEmpty())) << "byte " << at << " of " << sound.size();
    ASSERT_THAT(report.problems[0], HasSubstr("seg_")) << "byte " << at;
    ASSERT_EQ(report.num_sound_segments, 1u);
  }
}

TEST_F(CheckIndexTest, CutAndMissingFilesAreFound) {
  const std::string path = Files("seg_").front();
  const std::string sound = ReadFileOrDie(index_.env(), path);
  for (const size_t length : {size_t{0}, size_t{100}, sound.size() / 2, sound.size() - 1}) {
    WriteFileOrDie(index_.env(), path, sound.substr(0, length));
    EXPECT_THAT(Check().problems, Not(IsEmpty())) << length;
  }
  ASSERT_TRUE(index_.env()->Remove(path).ok());
  const CheckReport report = Check();
  ASSERT_THAT(report.problems, Not(IsEmpty()));
  EXPECT_THAT(report.problems[0], HasSubstr("seg_"));
}

TEST_F(CheckIndexTest, EveryChangedByteOfTheListOfDeletedDocumentsIsFound) {
  const std::string path = Files("live_").front();
  const std::string sound = ReadFileOrDie(index_.env(), path);
  EXPECT_EQ(FirstDamage(sound,
                        [&](const std::string& damaged) {
                          WriteFileOrDie(index_.env(), path, damaged);
                          return !Check().problems.empty();
                        }),
            "");
}

TEST_F(CheckIndexTest, EveryChangedByteOfTheManifestIsFoundOrRefused) {
  const std::string path = "index/MANIFEST";
  const std::string sound = ReadFileOrDie(index_.env(), path);
  EXPECT_EQ(FirstDamage(sound,
                        [&](const std::string& damaged) {
                          WriteFileOrDie(index_.env(), path, damaged);
                          const auto report = CheckIndex("index", index_.env());
                          return !report.ok() || !report->problems.empty();
                        }),
            "");
}

TEST_F(CheckIndexTest, CountsThatDisagreeAreFoundBehindRightChecksums) {
  const std::string path = "index/MANIFEST";
  const std::string sound = ReadFileOrDie(index_.env(), path);
  const auto manifest = Manifest::Decode(sound, "index");
  ASSERT_TRUE(manifest.ok());
  Manifest wrong = *manifest;
  wrong.segments[0].num_tokens += 1;
  WriteFileOrDie(index_.env(), path, wrong.Encode());
  EXPECT_THAT(Check().problems, Not(IsEmpty()));
  wrong = *manifest;
  wrong.segments[0].num_deleted -= 1;
  WriteFileOrDie(index_.env(), path, wrong.Encode());
  EXPECT_THAT(Check().problems, Not(IsEmpty()));
}

TEST_F(CheckIndexTest, AManifestThatPromisesOtherTypesOrNoTextIsFoundBehindRightChecksums) {
  const std::string path = "index/MANIFEST";
  const auto manifest = Manifest::Decode(ReadFileOrDie(index_.env(), path), "index");
  ASSERT_TRUE(manifest.ok());
  Manifest wrong = *manifest;
  ASSERT_FALSE(wrong.columns.empty());
  for (auto& [name, type] : wrong.columns) {
    type = type == StoredColumnType::kText ? StoredColumnType::kDate : StoredColumnType::kText;
  }
  WriteFileOrDie(index_.env(), path, wrong.Encode());
  EXPECT_THAT(Check().problems, Not(IsEmpty()));
  EXPECT_EQ(IndexReader::Open("index", index_.env()).status().code(), absl::StatusCode::kDataLoss);
  wrong = *manifest;
  wrong.options.store_text = false;
  WriteFileOrDie(index_.env(), path, wrong.Encode());
  EXPECT_THAT(Check().problems, Not(IsEmpty()));
}

TEST_F(CheckIndexTest, LeftOverFilesAreWarnedAboutAndForeignOnesLeftAlone) {
  WriteFileOrDie(index_.env(), "index/seg_0000000999.ibid", "x");
  WriteFileOrDie(index_.env(), "index/MANIFEST.tmp", "x");
  WriteFileOrDie(index_.env(), "index/notes.txt", "x");
  const CheckReport report = Check();
  EXPECT_THAT(report.problems, IsEmpty());
  EXPECT_THAT(report.warnings,
              ElementsAre("MANIFEST.tmp: not part of this index; the next writer removes it",
                          "seg_0000000999.ibid: not part of this index; the next writer removes "
                          "it"));
}

TEST_F(CheckIndexTest, AMissingManifestIsAProblemAndNotAMissingIndex) {
  ASSERT_TRUE(index_.env()->Remove("index/MANIFEST").ok());
  const CheckReport report = Check();
  ASSERT_EQ(report.problems.size(), 1u);
  EXPECT_THAT(report.problems[0], HasSubstr("index: MANIFEST is missing, but "));
  EXPECT_EQ(IndexReader::Open("index", index_.env()).status().code(), absl::StatusCode::kDataLoss);
}

TEST_F(CheckIndexTest, WhereThereIsNoIndexItIsNotFound) {
  EXPECT_EQ(CheckIndex("nowhere", index_.env()).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(CheckIndexTest, ADamagedIndexNeverAnswersWrongly) {
  const std::string path = Files("seg_").front();
  const std::string sound = ReadFileOrDie(index_.env(), path);
  const auto lines = [&]() -> absl::StatusOr<std::string> {
    auto reader = IndexReader::Open("index", index_.env());
    if (!reader.ok()) return reader.status();
    std::string all;
    for (const char* text : {"the rebels", "\"the rebels\"", "rebel NEAR/4 the", "re*"}) {
      auto found = Searcher(*reader).Search(ParseFor(**reader, text), {.limit = 100});
      if (!found.ok()) return found.status();
      all += HitLines(found->hits);
    }
    return all;
  };
  const absl::StatusOr<std::string> right = lines();
  ASSERT_TRUE(right.ok()) << right.status();
  for (size_t at = 0; at < sound.size(); at += 97) {
    std::string damaged = sound;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x01);
    WriteFileOrDie(index_.env(), path, damaged);
    const absl::StatusOr<std::string> found = lines();
    if (found.ok()) {
      ASSERT_EQ(*found, *right) << "byte " << at;
    } else {
      ASSERT_EQ(found.status().code(), absl::StatusCode::kDataLoss) << found.status();
    }
  }
}

TEST_F(CheckIndexTest, FilesThatAWriterRemovesMeanwhileAreNoDamage) {
  int races = 3;
  RacingEnv env(index_.env(), [&] {
    if (races-- <= 0) return;
    index_.Add({.key = "story0", .text = "new " + std::to_string(races)});
    index_.MergeToOne();  // takes away the segments that were about to be opened
  });
  const auto report = CheckIndex("index", &env);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_THAT(report->problems, IsEmpty());
  EXPECT_THAT(report->warnings, IsEmpty());
  EXPECT_EQ(report->num_segments, 1u);
  EXPECT_EQ(report->num_docs, 58u);
}

TEST_F(CheckIndexTest, WhatACommitBringsDuringTheCheckIsNotCalledLeftOver) {
  uint64_t commits = 0;
  const auto commit = [&](uint64_t, uint64_t) {
    index_.Add({.key = "new" + std::to_string(++commits), .text = "while it is read"});
    index_.MergeToOne();
  };
  const auto report = CheckIndex("index", index_.env(), commit);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(commits, 2u);
  EXPECT_THAT(report->problems, IsEmpty());
  EXPECT_THAT(report->warnings, IsEmpty());
  EXPECT_EQ(report->num_docs, 58u);  // those of the generation that the check began with
}

TEST_F(CheckIndexTest, AnIndexThatNeverStandsStillIsGivenUpAndNotCalledDamaged) {
  RacingEnv env(index_.env(), [&] {
    index_.Add({.key = "story0", .text = std::to_string(index_.Reader()->generation())});
    index_.MergeToOne();
  });
  const auto report = CheckIndex("index", &env);
  EXPECT_EQ(report.status().code(), absl::StatusCode::kUnavailable) << report.status();
  EXPECT_THAT(std::string(report.status().message()), HasSubstr("changed each time"));
}

}  // namespace
}  // namespace ibid
