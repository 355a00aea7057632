// What an open segment file tells the system that it will read.
#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/env/forwarding_env.h"
#include "common/format/segment_file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/files.h"

namespace ibid {
namespace {

constexpr uint64_t kSegment = 7;
constexpr char kPath[] = "seg_0000000007.ibid";
constexpr uint64_t kNumFrames = 600;

struct Hints {
  std::vector<std::pair<size_t, size_t>> will_need, dont_need;  // offset, length
  bool no_read_ahead = false;
};

class HintedFile : public ReadableFile {
 public:
  HintedFile(std::unique_ptr<ReadableFile> base, Hints* hints)
      : base_(std::move(base)), hints_(hints) {}
  std::span<const uint8_t> bytes() const override { return base_->bytes(); }
  void WillNeed(size_t offset, size_t length) const override {
    hints_->will_need.emplace_back(offset, length);
  }
  void DontNeed(size_t offset, size_t length) const override {
    hints_->dont_need.emplace_back(offset, length);
  }
  void NoReadAhead() const override { hints_->no_read_ahead = true; }

 private:
  std::unique_ptr<ReadableFile> base_;
  Hints* hints_;
};

class HintingEnv : public ForwardingEnv {
 public:
  using ForwardingEnv::ForwardingEnv;
  absl::StatusOr<std::unique_ptr<ReadableFile>> OpenReadable(const std::string& path) override {
    auto file = ForwardingEnv::OpenReadable(path);
    if (!file.ok()) return file.status();
    return std::make_unique<HintedFile>(*std::move(file), &hints);
  }
  Hints hints;
};

class SegmentReadAheadTest : public testing::Test {
 protected:
  void SetUp() override {
    auto writer = SegmentFileWriter::Create(memory_.get(), kPath, kSegment);
    ASSERT_TRUE(writer.ok()) << writer.status();
    SectionBuffer buffer(memory_.get(), std::string(kPath) + ".tmp", size_t{1} << 30);
    buffer.Append(std::string(kNumFrames * kFrameBytes, 'x'));
    ASSERT_TRUE((*writer)->AddSection(SectionId::kPostings, std::move(buffer)).ok());
    const auto info = (*writer)->Finish(/*sync=*/false);
    ASSERT_TRUE(info.ok()) << info.status();
    auto file = SegmentFile::Open(&env_, kPath, kSegment, *info);
    ASSERT_TRUE(file.ok()) << file.status();
    file_ = *std::move(file);
    hints_of_opening_ = std::exchange(env_.hints.will_need, {});
    postings_ = file_->section(SectionId::kPostings);
  }
  // Touches a byte of a frame, counted in the section from the first that lies wholly in it.
  void TouchFrame(uint64_t frame) {
    ASSERT_TRUE(postings_.Touch((frame + 1) * kFrameBytes - kSegmentHeaderBytes, 1));
    touched_.insert(frame + 1);
  }
  // The frames of all hints.
  std::set<uint64_t> Hinted() const {
    std::set<uint64_t> frames;
    for (const auto& [offset, length] : env_.hints.will_need) {
      for (size_t at = offset; at < offset + length; at += kFrameBytes) {
        frames.insert(at / kFrameBytes);
      }
    }
    return frames;
  }

  std::unique_ptr<Env> memory_ = NewMemoryEnv();
  HintingEnv env_{memory_.get()};
  std::unique_ptr<SegmentFile> file_;
  Section postings_;
  std::vector<std::pair<size_t, size_t>> hints_of_opening_;
  std::set<uint64_t> touched_;
};

TEST_F(SegmentReadAheadTest, OpeningReadsTheTablesOnly) {
  EXPECT_TRUE(env_.hints.no_read_ahead);
  ASSERT_EQ(hints_of_opening_.size(), 1u);
  EXPECT_GE(hints_of_opening_[0].first, kNumFrames * kFrameBytes);
  EXPECT_EQ(hints_of_opening_[0].first + hints_of_opening_[0].second, file_->size_bytes());
}

TEST_F(SegmentReadAheadTest, AFrameThatIsTouchedAloneIsReadAlone) {
  for (const uint64_t frame : {90, 20, 300}) TouchFrame(frame);
  EXPECT_EQ(Hinted(), touched_);
  EXPECT_EQ(env_.hints.will_need.size(), 3u);
}

TEST_F(SegmentReadAheadTest, WhatWasReadOnceIsNotAskedForAgain) {
  for (int i = 0; i < 5; ++i) TouchFrame(33);
  EXPECT_EQ(env_.hints.will_need.size(), 1u);
}

TEST_F(SegmentReadAheadTest, GoingOnFromFrameToFrameReadsAtMostTwiceWhatIsTouched) {
  for (const uint64_t first : {1, 61, 130}) {
    for (uint64_t n = 0; n < 50; ++n) {
      TouchFrame(first + n);
      EXPECT_TRUE(std::ranges::includes(Hinted(), touched_)) << first << " + " << n;
      EXPECT_LE(Hinted().size(), 2 * touched_.size()) << first << " + " << n;
    }
  }
}

TEST_F(SegmentReadAheadTest, ReadingAllOfItTakesFewHints) {
  for (uint64_t frame = 0; frame + 1 < kNumFrames; ++frame) {
    TouchFrame(frame);
    ASSERT_TRUE(Hinted().contains(frame + 1)) << frame;
  }
  EXPECT_LE(env_.hints.will_need.size(), 30u);
}

TEST_F(SegmentReadAheadTest, ARangeIsAskedForAtOnce) {
  ASSERT_TRUE(postings_.Touch(10 * kFrameBytes, 7 * kFrameBytes));
  EXPECT_EQ(env_.hints.will_need.size(), 1u);
  EXPECT_EQ(Hinted().size(), 8u);
}

TEST_F(SegmentReadAheadTest, WhatIsVerifiedIsGivenBackPieceByPiece) {
  ASSERT_TRUE(file_->VerifyAll().ok());
  using testing::ElementsAre;
  using testing::Pair;
  EXPECT_THAT(env_.hints.will_need,
              ElementsAre(Pair(0, 512 * kFrameBytes), Pair(512 * kFrameBytes, 512 * kFrameBytes)));
  EXPECT_THAT(env_.hints.dont_need, ElementsAre(Pair(0, 512 * kFrameBytes)));
}

TEST_F(SegmentReadAheadTest, HintsOutsideTheSectionAreNotPassedOn) {
  const uint64_t size = postings_.size();
  for (const auto& [offset, length] : std::vector<std::pair<uint64_t, uint64_t>>{
           {size + 1, 0}, {size + 1, 1}, {UINT64_MAX, 2}, {10, size}, {10, UINT64_MAX}, {10, 0}}) {
    postings_.WillNeed(offset, length);
    postings_.DontNeed(offset, length);
  }
  EXPECT_TRUE(env_.hints.will_need.empty());
  EXPECT_TRUE(env_.hints.dont_need.empty());
  postings_.WillNeed(10, size - 10);
  postings_.DontNeed(size - 1, 1);
  using testing::ElementsAre;
  using testing::Pair;
  EXPECT_THAT(env_.hints.will_need, ElementsAre(Pair(kSegmentHeaderBytes + 10, size - 10)));
  EXPECT_THAT(env_.hints.dont_need, ElementsAre(Pair(kSegmentHeaderBytes + size - 1, 1)));
}

}  // namespace
}  // namespace ibid
