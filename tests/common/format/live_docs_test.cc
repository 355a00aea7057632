#include "common/format/live_docs.h"

#include <cstring>
#include <utility>

#include "common/codec/crc32c.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ibid/version.h"
#include "tests/support/fault_env.h"
#include "tests/support/files.h"

namespace ibid {
namespace {

constexpr char kPath[] = "live_0000000007_12.ibid";

class LiveDocsTest : public testing::Test {
 protected:
  SegmentFileInfo Write(const LiveDocs& live) {
    const auto info = live.Write(env_.get(), ".", 7, 12, /*sync=*/true);
    EXPECT_TRUE(info.ok()) << info.status();
    return *info;
  }
  absl::StatusOr<LiveDocs> Read(const SegmentFileInfo& info, uint32_t num_docs,
                                uint32_t num_deleted) {
    return LiveDocs::Read(env_.get(), ".", 7, 12, info, num_docs, num_deleted);
  }
  absl::StatusCode ReadCode(const SegmentFileInfo& info, uint32_t num_docs, uint32_t num_deleted) {
    return Read(info, num_docs, num_deleted).status().code();
  }

  std::unique_ptr<Env> env_ = NewMemoryEnv();
};

TEST_F(LiveDocsTest, AllAreLiveAtFirst) {
  LiveDocs live(130);
  for (DocId doc = 0; doc < 130; ++doc) EXPECT_TRUE(live.IsLive(doc));
  EXPECT_EQ(live.num_docs(), 130u);
  EXPECT_EQ(live.num_deleted(), 0u);
}

TEST_F(LiveDocsTest, ADocumentIsDeletedOnce) {
  LiveDocs live(100);
  EXPECT_TRUE(live.Delete(64));
  EXPECT_FALSE(live.Delete(64));
  EXPECT_FALSE(live.IsLive(64));
  EXPECT_TRUE(live.IsLive(63));
  EXPECT_EQ(live.num_deleted(), 1u);
}

TEST_F(LiveDocsTest, ComeBackAsWritten) {
  for (uint32_t num_docs : {1u, 63u, 64u, 65u, 1000u}) {
    LiveDocs live(num_docs);
    for (DocId doc = 0; doc < num_docs; doc += 3) live.Delete(doc);
    const SegmentFileInfo info = Write(live);
    const auto read = Read(info, num_docs, live.num_deleted());
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(read->num_deleted(), live.num_deleted());
    for (DocId doc = 0; doc < num_docs; ++doc) ASSERT_EQ(read->IsLive(doc), live.IsLive(doc));
    ASSERT_TRUE(env_->Remove(kPath).ok());
  }
}

TEST_F(LiveDocsTest, WhatTheManifestDoesNotSayIsRefused) {
  LiveDocs live(100);
  live.Delete(1);
  const SegmentFileInfo info = Write(live);
  const auto kDataLoss = absl::StatusCode::kDataLoss;
  EXPECT_EQ(ReadCode(info, 100, 2), kDataLoss);
  EXPECT_EQ(ReadCode(info, 101, 1), kDataLoss);
  EXPECT_EQ(ReadCode(info, 4000000000, 1), kDataLoss);
  EXPECT_EQ(ReadCode({info.size_bytes, info.crc + 1}, 100, 1), kDataLoss);
  EXPECT_EQ(Read({info.size_bytes + 1000, info.crc}, 100, 1).status(),
            absl::DataLossError("live_0000000007_12.ibid: 60 bytes, manifest says 1,060"));
  ASSERT_TRUE(env_->Rename(kPath, "live_0000000008_12.ibid").ok());
  EXPECT_EQ(LiveDocs::Read(env_.get(), ".", 8, 12, info, 100, 1).status().code(), kDataLoss);
  EXPECT_EQ(ReadCode(info, 100, 1), absl::StatusCode::kNotFound);
}

TEST_F(LiveDocsTest, EveryChangedByteAndEveryCutIsFound) {
  LiveDocs live(100);
  live.Delete(1);
  live.Delete(99);
  const SegmentFileInfo info = Write(live);
  EXPECT_EQ(FirstDamage(ReadFileOrDie(env_.get(), kPath),
                        [&](const std::string& damaged) {
                          WriteFileOrDie(env_.get(), kPath, damaged);
                          return ReadCode(info, 100, 2) == absl::StatusCode::kDataLoss;
                        }),
            "");
}

TEST_F(LiveDocsTest, AFailedWriteLeavesNoFile) {
  LiveDocs live(100);
  for (uint64_t call = 0; call < 4; ++call) {
    FaultEnv env(env_.get());
    env.FailCall(call, {});
    EXPECT_EQ(live.Write(&env, ".", 7, 12, true).status(), Fault().status) << call;
    EXPECT_TRUE(env_->List(".")->empty()) << call;
  }
}

// Checksums and all that the manifest says are right; the header is not.
TEST_F(LiveDocsTest, AForgedHeaderIsRefused) {
  LiveDocs live(100);
  live.Delete(1);
  Write(live);
  const std::string sound = ReadFileOrDie(env_.get(), kPath);
  const auto read = [&](size_t at, uint32_t value) {
    std::string bytes = sound;
    std::memcpy(bytes.data() + at, &value, sizeof(value));
    const uint32_t crc =
        Crc32c({reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size() - sizeof(value)});
    std::memcpy(bytes.data() + bytes.size() - sizeof(crc), &crc, sizeof(crc));
    WriteFileOrDie(env_.get(), kPath, bytes);
    return Read({bytes.size(), crc}, 100, 1).status();
  };
  EXPECT_TRUE(read(8, kFormatVersion).ok()) << "as it was";
  const std::pair<size_t, uint32_t> lies[] = {{0, 1},
                                              {8, kOldestReadableFormatVersion - 1},
                                              {8, kFormatVersion + 1},
                                              {12, 99},
                                              {16, 8},
                                              {24, 13},
                                              {32, 2},
                                              {36, 1}};
  for (const auto& [at, value] : lies) {
    EXPECT_TRUE(absl::IsDataLoss(read(at, value))) << at << " " << value;
  }
}

TEST_F(LiveDocsTest, OneThatEndsInItsHeaderIsNotDescribed) {
  LiveDocs live(100);
  Write(live);
  const std::string whole = ReadFileOrDie(env_.get(), kPath);
  EXPECT_TRUE(LiveDocs::Describe(env_.get(), ".", 7, 12).ok());
  WriteFileOrDie(env_.get(), kPath, whole.substr(0, kLiveDocsHeaderBytes + 3));
  EXPECT_TRUE(absl::IsDataLoss(LiveDocs::Describe(env_.get(), ".", 7, 12).status()));
  ASSERT_TRUE(env_->Remove(kPath).ok());
  EXPECT_TRUE(absl::IsNotFound(LiveDocs::Describe(env_.get(), ".", 7, 12).status()));
}

}  // namespace
}  // namespace ibid
