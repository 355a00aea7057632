#include "common/format/segment_file.h"

#include <cstring>
#include <random>
#include <span>
#include <thread>

#include "common/codec/crc32c.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ibid/version.h"
#include "tests/support/fault_env.h"
#include "tests/support/files.h"

namespace ibid {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

constexpr uint64_t kSegment = 7;
constexpr char kPath[] = "seg_0000000007.ibid";

std::string RandomBytes(size_t size, uint32_t seed) {
  std::mt19937 random(seed);
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

std::string_view AsText(std::span<const uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

struct Content {
  SectionId id;
  std::string bytes;
};

// Writes the sections, spilling those of more than `memory_bytes`.
absl::StatusOr<SegmentFileInfo> WriteSegment(Env* env, const std::vector<Content>& contents,
                                             size_t memory_bytes = size_t{1} << 20) {
  auto writer = SegmentFileWriter::Create(env, kPath, kSegment);
  if (!writer.ok()) return writer.status();
  for (const Content& content : contents) {
    SectionBuffer buffer(env, std::string(kPath) + ".norms.tmp", memory_bytes);
    for (size_t at = 0; at < content.bytes.size(); at += 1000) {
      buffer.Append(std::string_view(content.bytes).substr(at, 1000));
    }
    absl::Status status = (*writer)->AddSection(content.id, std::move(buffer));
    if (!status.ok()) return status;
  }
  return (*writer)->Finish(/*sync=*/true);
}

const std::vector<Content>& ThreeSections() {
  static const std::vector<Content> contents = {{SectionId::kProperties, RandomBytes(100, 1)},
                                                {SectionId::kPostings, RandomBytes(50000, 2)},
                                                {SectionId::kNorms, ""}};
  return contents;
}

class SegmentFileTest : public testing::Test {
 protected:
  void Write(const std::vector<Content>& contents) {
    const auto info = WriteSegment(env_.get(), contents);
    ASSERT_TRUE(info.ok()) << info.status();
    info_ = *info;
  }
  std::unique_ptr<SegmentFile> OpenOrDie() {
    auto file = SegmentFile::Open(env_.get(), kPath, kSegment, info_);
    EXPECT_TRUE(file.ok()) << file.status();
    return *std::move(file);
  }
  absl::Status OpenStatus() {
    return SegmentFile::Open(env_.get(), kPath, kSegment, info_).status();
  }
  void Change(size_t at) {
    std::string bytes = ReadFileOrDie(env_.get(), kPath);
    bytes[at] = static_cast<char>(bytes[at] ^ 0x10);
    WriteFileOrDie(env_.get(), kPath, bytes);
  }

  std::unique_ptr<Env> env_ = NewMemoryEnv();
  SegmentFileInfo info_;
};

TEST_F(SegmentFileTest, SectionsComeBackAsWritten) {
  Write(ThreeSections());
  const auto file = OpenOrDie();
  EXPECT_EQ(file->size_bytes(), info_.size_bytes);
  EXPECT_THAT(file->sections(), testing::ElementsAre(std::pair(SectionId::kProperties, 100),
                                                     std::pair(SectionId::kPostings, 50000),
                                                     std::pair(SectionId::kNorms, 0)));
  for (const Content& content : ThreeSections()) {
    const Section section = file->section(content.id);
    ASSERT_EQ(section.size(), content.bytes.size());
    const auto bytes = section.Read(0, section.size());
    ASSERT_TRUE(bytes.ok()) << bytes.status();
    EXPECT_EQ(AsText(*bytes), content.bytes);
  }
  EXPECT_TRUE(file->VerifyAll().ok());
}

TEST_F(SegmentFileTest, AnAbsentSectionIsEmpty) {
  Write(ThreeSections());
  const auto file = OpenOrDie();
  const Section pairs = file->section(SectionId::kPairs);
  EXPECT_TRUE(pairs.empty());
  EXPECT_EQ(pairs.name(), "seg_0000000007.ibid: pairs");
  EXPECT_TRUE(pairs.Read(0, 0).ok());
  EXPECT_FALSE(pairs.Read(0, 1).ok());
  EXPECT_FALSE(Section().Touch(0, 1));
  EXPECT_EQ(Section().Read(0, 1).status().code(), absl::StatusCode::kDataLoss);
}

TEST_F(SegmentFileTest, AFileWithoutSectionsIsWhole) {
  Write({});
  EXPECT_TRUE(OpenOrDie()->VerifyAll().ok());
  EXPECT_EQ(info_.size_bytes, kSegmentHeaderBytes + 4 + kSegmentFooterBytes);
}

TEST_F(SegmentFileTest, SpilledSectionsGiveTheSameFileAndLeaveNothingBehind) {
  Write(ThreeSections());
  const std::string in_memory = ReadFileOrDie(env_.get(), kPath);
  for (size_t memory_bytes : {size_t{0}, size_t{999}, size_t{1500}, size_t{49999}}) {
    ASSERT_TRUE(env_->Remove(kPath).ok());
    const auto info = WriteSegment(env_.get(), ThreeSections(), memory_bytes);
    ASSERT_TRUE(info.ok()) << info.status();
    EXPECT_EQ(*info, info_);
    EXPECT_EQ(ReadFileOrDie(env_.get(), kPath), in_memory);
    EXPECT_THAT(*env_->List("."), testing::ElementsAre(kPath));
  }
}

TEST_F(SegmentFileTest, SectionsAreAlignedAndPadded) {
  Write({{SectionId::kTerms, std::string(64, 'a')}, {SectionId::kStems, std::string(65, 'b')}});
  const std::string bytes = ReadFileOrDie(env_.get(), kPath);
  EXPECT_EQ(bytes.substr(0, 8), kSegmentMagic);
  EXPECT_EQ(bytes.substr(bytes.size() - 8), kSegmentMagic);
  EXPECT_EQ(bytes.find('a'), 64u);
  EXPECT_EQ(bytes.find('b'), 192u);
  EXPECT_EQ(bytes.substr(257, 127), std::string(127, '\0'));
  EXPECT_EQ(bytes.size(), 384 + 4 + 2 * 24 + 64u);  // body, one frame, two sections, footer
}

TEST_F(SegmentFileTest, ReadRefusesWhatLeavesTheSection) {
  Write(ThreeSections());
  const auto file = OpenOrDie();
  const Section postings = file->section(SectionId::kPostings);
  EXPECT_TRUE(postings.Read(50000, 0).ok());
  EXPECT_EQ(postings.Read(49999, 2).status(),
            absl::DataLossError("seg_0000000007.ibid: postings: at byte 49,999: "
                                "ends early: 2 bytes wanted of 50,000"));
  EXPECT_FALSE(postings.Touch(50001, 0));
  EXPECT_FALSE(postings.Touch(UINT64_MAX, 2));
  EXPECT_FALSE(postings.Touch(2, UINT64_MAX));
  EXPECT_FALSE(postings.Touch(0, 50001));
}

TEST_F(SegmentFileTest, ABadFrameIsReportedEachTimeAndOthersStayReadable) {
  Write(ThreeSections());
  Change(40000);  // in the third frame
  const auto file = OpenOrDie();
  const Section postings = file->section(SectionId::kPostings);
  EXPECT_TRUE(postings.Read(0, 1000).ok());
  for (int i = 0; i < 2; ++i) {
    EXPECT_FALSE(postings.Touch(0, 50000));
    EXPECT_FALSE(postings.Touch(39000, 1));
    const absl::Status status = postings.Read(16000, 30000).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
    EXPECT_THAT(std::string(status.message()),
                testing::MatchesRegex("seg_0000000007.ibid: postings block at byte 32,768: "
                                      "checksum [0-9a-f]{8}, expected [0-9a-f]{8}"));
  }
  EXPECT_TRUE(postings.Touch(49500, 500));
  size_t length = 1;  // up to the first byte of the frame, and with it
  while (postings.Touch(0, length)) ++length;
  EXPECT_TRUE(postings.Read(0, length - 1).ok());
  EXPECT_TRUE(absl::IsDataLoss(postings.Read(0, length).status()));
  EXPECT_TRUE(absl::IsDataLoss(postings.Read(length - 1, 1).status()));
  EXPECT_THAT(std::string(file->VerifyAll().message()), HasSubstr("postings block at byte 32,768"));
}

TEST_F(SegmentFileTest, ASectionThatBeginsWithAFrameIsNamedForIt) {
  Write({{SectionId::kTerms, std::string(kFrameBytes - 2 * 64, 't')},
         {SectionId::kNorms, std::string(100, 'n')}});
  Change(kFrameBytes + 10);
  EXPECT_THAT(std::string(OpenOrDie()->VerifyAll().message()),
              HasSubstr("norms block at byte 16,384"));
}

TEST_F(SegmentFileTest, ManyThreadsMayReadAtOnce) {
  Write({{SectionId::kPostings, RandomBytes(3000000, 3)}});
  Change(1500000);
  const auto file = OpenOrDie();
  const Section postings = file->section(SectionId::kPostings);
  std::atomic<int> bad = 0;
  std::vector<std::thread> threads;
  for (unsigned t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (uint64_t i = 0; i < 300; ++i) {
        if (!postings.Touch((i * 7 + t) % 300 * 10000, 10000)) ++bad;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  // The changed byte is in frame 91, which two of the ranges overlap.
  EXPECT_EQ(bad, 4 * 2);
}

TEST_F(SegmentFileTest, EveryChangedByteAndEveryCutIsFound) {
  Write({{SectionId::kProperties, RandomBytes(70, 4)},
         {SectionId::kTerms, RandomBytes(40, 5) + std::string(20, '\0')}});
  const std::string whole = ReadFileOrDie(env_.get(), kPath);
  EXPECT_EQ(FirstDamage(whole,
                        [&](const std::string& damaged) {
                          WriteFileOrDie(env_.get(), kPath, damaged);
                          const auto file = SegmentFile::Open(env_.get(), kPath, kSegment, info_);
                          const absl::Status status =
                              file.ok() ? (*file)->VerifyAll() : file.status();
                          return status.code() == absl::StatusCode::kDataLoss;
                        }),
            "");
}

TEST_F(SegmentFileTest, DamageThatTheManifestFollowsIsFoundToo) {
  Write({{SectionId::kTerms, RandomBytes(40, 6)}});
  const std::string whole = ReadFileOrDie(env_.get(), kPath);
  // Truncations with the size that the manifest would have to say; never a crash.
  for (size_t size = 0; size < whole.size(); ++size) {
    WriteFileOrDie(env_.get(), kPath, whole.substr(0, size));
    info_.size_bytes = size;
    ASSERT_EQ(OpenStatus().code(), absl::StatusCode::kDataLoss) << size;
    WriteFileOrDie(env_.get(), kPath, whole.substr(whole.size() - size));
    ASSERT_EQ(OpenStatus().code(), absl::StatusCode::kDataLoss) << size;
  }
}

TEST_F(SegmentFileTest, AFileOfAnotherSizeSegmentOrContentIsRefused) {
  Write(ThreeSections());
  EXPECT_EQ(SegmentFile::Open(env_.get(), "seg_0000000008.ibid", 8, info_).status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(SegmentFile::Open(env_.get(), kPath, 8, info_).status(),
            absl::DataLossError("seg_0000000007.ibid: holds segment 7, expected 8"));
  info_.crc ^= 1;
  EXPECT_THAT(std::string(OpenStatus().message()), HasSubstr("manifest says"));
  info_.size_bytes += 4096;
  EXPECT_EQ(OpenStatus(), absl::DataLossError("seg_0000000007.ibid: 50,584 bytes, "
                                              "manifest says 54,680"));
}

TEST_F(SegmentFileTest, AnotherFormatVersionIsRefusedByName) {
  Write({});
  std::string bytes = ReadFileOrDie(env_.get(), kPath);
  bytes[8] = 99;
  bytes[bytes.size() - 64 + 36] = 99;
  WriteFileOrDie(env_.get(), kPath, bytes);
  EXPECT_EQ(OpenStatus(), absl::FailedPreconditionError(
                              "seg_0000000007.ibid: format 99; this program reads 1-4"));
}

TEST_F(SegmentFileTest, ReservedBytesOfTheFooterAreZero) {
  Write({});
  const std::string sound = ReadFileOrDie(env_.get(), kPath);
  for (size_t i = 40; i < 52; ++i) {
    std::string bytes = sound;
    bytes[bytes.size() - 64 + i] = 7;
    const auto* data = reinterpret_cast<const uint8_t*>(bytes.data());
    uint64_t tables = 0;
    std::memcpy(&tables, bytes.data() + bytes.size() - 64, sizeof(tables));
    info_.crc = Crc32c(std::span(data, bytes.size() - 12).subspan(tables));
    std::memcpy(bytes.data() + bytes.size() - 12, &info_.crc, sizeof(info_.crc));
    WriteFileOrDie(env_.get(), kPath, bytes);
    EXPECT_THAT(std::string(OpenStatus().message()), HasSubstr("a reserved byte is not zero"));
  }
}

TEST_F(SegmentFileTest, SectionsOutOfOrderAreRefusedAndTheFileRemoved) {
  {
    auto writer = SegmentFileWriter::Create(env_.get(), kPath, kSegment);
    ASSERT_TRUE(writer.ok());
    EXPECT_TRUE((*writer)->AddSection(SectionId::kTerms, SectionBuffer(env_.get(), "s")).ok());
    EXPECT_FALSE((*writer)->AddSection(SectionId::kTerms, SectionBuffer(env_.get(), "s")).ok());
    EXPECT_FALSE((*writer)->AddSection(SectionId::kNorms, SectionBuffer(env_.get(), "s")).ok());
    EXPECT_FALSE((*writer)->Finish(true).ok());
  }
  EXPECT_THAT(*env_->List("."), IsEmpty());
}

TEST_F(SegmentFileTest, AFileHasAtMostSoManySectionsAndIsFinishedOnce) {
  auto writer = SegmentFileWriter::Create(env_.get(), kPath, kSegment);
  ASSERT_TRUE(writer.ok());
  for (uint32_t id = 1; id <= kMaxSections; ++id) {
    SectionBuffer buffer(env_.get(), "s");
    ASSERT_TRUE((*writer)->AddSection(static_cast<SectionId>(id), std::move(buffer)).ok()) << id;
  }
  const auto info = (*writer)->Finish(true);
  ASSERT_TRUE(info.ok()) << info.status();
  info_ = *info;
  EXPECT_FALSE((*writer)->Finish(true).ok());
  EXPECT_FALSE((*writer)->AddSection(SectionId{65}, SectionBuffer(env_.get(), "s")).ok());
  const auto file = OpenOrDie();
  EXPECT_EQ(file->sections().size(), kMaxSections);
  EXPECT_EQ(SectionName(SectionId{64}), "unknown section");
  EXPECT_THAT(file->section(SectionId{64}).name(), HasSubstr("unknown section"));
}

TEST_F(SegmentFileTest, OneSectionTooManyIsRefused) {
  auto writer = SegmentFileWriter::Create(env_.get(), kPath, kSegment);
  ASSERT_TRUE(writer.ok());
  absl::Status status;
  uint32_t id = 1;
  for (; status.ok() && id < 100; ++id) {
    status = (*writer)->AddSection(static_cast<SectionId>(id), SectionBuffer(env_.get(), "s"));
  }
  EXPECT_EQ(id - 1, kMaxSections + 1);
  EXPECT_FALSE((*writer)->Finish(true).ok());
}

TEST_F(SegmentFileTest, AnExistingFileIsNeverWrittenOver) {
  Write(ThreeSections());
  EXPECT_EQ(SegmentFileWriter::Create(env_.get(), kPath, kSegment).status().code(),
            absl::StatusCode::kAlreadyExists);
  EXPECT_TRUE(OpenOrDie()->VerifyAll().ok());
}

TEST_F(SegmentFileTest, TheFileIsSyncedBeforeItIsClosed) {
  FaultEnv env(env_.get());
  ASSERT_TRUE(WriteSegment(&env, {{SectionId::kTerms, "t"}}).ok());
  EXPECT_THAT(env.log(),
              testing::ElementsAre("create seg_0000000007.ibid", "append seg_0000000007.ibid",
                                   "sync seg_0000000007.ibid", "close seg_0000000007.ibid"));
}

TEST_F(SegmentFileTest, EveryFailedCallIsReportedAndLeavesNoFile) {
  for (const bool short_write : {false, true}) {
    for (uint64_t call = 0;; ++call) {
      ASSERT_LT(call, 1000u);
      // Stays where removing it was the call that failed.
      env_->Remove(std::string(kPath) + ".norms.tmp").IgnoreError();
      FaultEnv env(env_.get());
      const absl::Status fault = absl::UnavailableError("No space left on device");
      env.FailCall(call, {.status = fault, .short_write = short_write});
      const auto info = WriteSegment(&env, ThreeSections(), 1500);
      if (info.ok()) {
        ASSERT_TRUE(env_->Remove(kPath).ok());
        if (env.calls() <= call) break;  // the workload has no such call
        continue;
      }
      ASSERT_EQ(info.status(), fault) << call;
      ASSERT_EQ(env_->Stat(kPath).status().code(), absl::StatusCode::kNotFound) << call;
    }
  }
}

}  // namespace
}  // namespace ibid
