#include "common/format/manifest.h"

#include "common/base/byte_writer.h"
#include "common/base/strings.h"
#include "common/codec/crc32c.h"
#include "common/format/file_names.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ibid/limits.h"
#include "ibid/version.h"
#include "tests/support/fault_env.h"
#include "tests/support/files.h"

namespace ibid {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Manifest Example() {
  Manifest manifest;
  manifest.generation = 42;
  manifest.options.language = "german";
  manifest.options.store_text = false;
  manifest.options.pairs_percent = 5;
  manifest.analysis_version = 1;
  manifest.library_versions = "ICU 72.1, Snowball 2.2";
  manifest.next_segment_id = 13;
  manifest.columns = {{"date", StoredColumnType::kDate}, {"source", StoredColumnType::kText}};
  SegmentMeta segment;
  segment.id = 7;
  segment.file = {114688, 0x9c33e017};
  segment.num_docs = 1000;
  segment.num_tokens = 123456;
  segment.text_bytes = 700000;
  manifest.segments.push_back(segment);
  segment.id = 12;
  segment.num_deleted = 3;
  segment.live_docs_generation = 41;
  segment.live_docs_file = {200, 77};
  manifest.segments.push_back(segment);
  return manifest;
}

// What Decode says of `manifest`, which a hostile writer has sealed with a right checksum.
std::string ComplaintAbout(const Manifest& manifest) {
  const auto decoded = Manifest::Decode(manifest.Encode(), "/data/idx");
  EXPECT_EQ(decoded.status().code(), absl::StatusCode::kDataLoss) << decoded.status();
  return std::string(decoded.status().message());
}

TEST(Manifest, ComesBackAsWritten) {
  for (const Manifest& manifest : {Manifest(), Example()}) {
    const auto decoded = Manifest::Decode(manifest.Encode(), "/data/idx");
    ASSERT_TRUE(decoded.ok()) << decoded.status();
    EXPECT_EQ(*decoded, manifest);
  }
}

TEST(Manifest, EveryChangedByteAndEveryCutIsFound) {
  EXPECT_EQ(FirstDamage(Example().Encode(),
                        [](const std::string& damaged) {
                          return Manifest::Decode(damaged, "/data/idx").status().code() ==
                                 absl::StatusCode::kDataLoss;
                        }),
            "");
  EXPECT_FALSE(Manifest::Decode(Example().Encode() + '\0', "/data/idx").ok());
}

TEST(Manifest, AnotherFormatVersionIsRefusedByName) {
  ByteWriter out;
  out.Bytes(kManifestMagic);
  out.U32(5);
  out.Bytes("whatever version 5 holds");
  out.U32(Crc32c({reinterpret_cast<const uint8_t*>(out.view().data()), out.size()}));
  EXPECT_EQ(Manifest::Decode(out.view(), "/data/idx").status(),
            absl::FailedPreconditionError("/data/idx: format 5; this program reads 1-4"));
}

TEST(Manifest, OfVersion1HasNoNumberForPairsAndTakesTheDefault) {
  Manifest manifest;
  manifest.options.pairs_percent = 77;
  std::string bytes = manifest.Encode();
  bytes[kManifestMagic.size()] = 1;
  const size_t pairs = bytes.find(static_cast<char>(77), kManifestMagic.size());
  ASSERT_NE(pairs, std::string::npos);
  bytes.erase(pairs, 1);
  bytes.resize(bytes.size() - 4);
  ByteWriter sealed;
  sealed.Bytes(bytes);
  sealed.U32(Crc32c({reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()}));
  const auto decoded = Manifest::Decode(sealed.view(), "/data/idx");
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_EQ(decoded->options, IndexOptions());
}

TEST(Manifest, OtherFilesAreNotManifests) {
  EXPECT_EQ(Manifest::Decode("GIF89a.......................", "/data/idx").status(),
            absl::DataLossError("/data/idx: MANIFEST: not a manifest"));
  EXPECT_FALSE(Manifest::Decode("", "/data/idx").ok());
}

TEST(Manifest, SegmentsThatCannotBeAreRefused) {
  Manifest manifest = Example();
  manifest.segments[1].id = 7;
  EXPECT_THAT(ComplaintAbout(manifest), HasSubstr("segment 7 twice"));
  manifest = Example();
  manifest.segments[0].id = 0;
  EXPECT_THAT(ComplaintAbout(manifest), HasSubstr("segment id is 0, expected 1 to 12"));
  manifest.segments[0].id = 13;
  EXPECT_THAT(ComplaintAbout(manifest), HasSubstr("segment id is 13"));
  manifest = Example();
  manifest.next_segment_id = kMaxSegmentId + 2;
  EXPECT_THAT(ComplaintAbout(manifest), HasSubstr("next segment id"));
  manifest = Example();
  manifest.next_segment_id = 0;
  EXPECT_THAT(ComplaintAbout(manifest), HasSubstr("next segment id"));
}

TEST(Manifest, CountsThatCannotBeAreRefused) {
  Manifest manifest = Example();
  manifest.segments[0].num_docs = 0;
  EXPECT_THAT(ComplaintAbout(manifest), HasSubstr("documents is 0"));
  manifest.segments[0].num_docs = kMaxDocuments;
  EXPECT_THAT(ComplaintAbout(manifest), HasSubstr("more documents"));
  manifest = Example();
  manifest.segments[1].num_deleted = 1001;
  EXPECT_THAT(ComplaintAbout(manifest), HasSubstr("deleted documents is 1001"));
  manifest = Example();
  manifest.segments[1].live_docs_generation = 0;
  EXPECT_THAT(ComplaintAbout(manifest), HasSubstr("live docs' generation is 0"));
  manifest.segments[1].live_docs_generation = kMaxGeneration + 1;
  EXPECT_THAT(ComplaintAbout(manifest), HasSubstr("live docs' generation"));
  manifest = Example();
  manifest.segments[0].num_tokens = UINT64_MAX;
  EXPECT_THAT(ComplaintAbout(manifest), HasSubstr("tokens"));
  manifest = Example();
  manifest.segments.assign(kMaxSegments + 1, manifest.segments[0]);
  EXPECT_THAT(ComplaintAbout(manifest), HasSubstr("segments is 1025"));
}

TEST(Manifest, ColumnsThatCannotBeAreRefused) {
  Manifest manifest = Example();
  manifest.columns.emplace_back("date", StoredColumnType::kText);
  EXPECT_THAT(ComplaintAbout(manifest), HasSubstr("a column twice"));
  manifest.columns.back().first = "";
  EXPECT_THAT(ComplaintAbout(manifest), HasSubstr("a column without a name"));
  manifest.columns.back().first = std::string(256, 'x');
  EXPECT_THAT(ComplaintAbout(manifest), HasSubstr("length 256, at most 255 expected"));
  manifest.columns.back() = {"x", static_cast<StoredColumnType>(4)};
  EXPECT_THAT(ComplaintAbout(manifest), HasSubstr("column type is 4"));
  manifest.columns.resize(kMaxFields + 1);
  EXPECT_THAT(ComplaintAbout(manifest), HasSubstr("columns is 257"));
}

TEST(Manifest, AMissingOneIsNoIndex) {
  const std::unique_ptr<Env> env = NewMemoryEnv();
  EXPECT_EQ(ReadManifest(env.get(), "/data/idx").status(),
            absl::NotFoundError("/data/idx: no index here (no MANIFEST)"));
}

TEST(Manifest, OneThatIsMissingBesideSegmentsWasLost) {
  const auto env = NewMemoryEnv();
  WriteFileOrDie(env.get(), "seg_0000000001.ibid.norms.tmp", "");
  EXPECT_EQ(ReadManifest(env.get(), ".").status().code(), absl::StatusCode::kNotFound);
  WriteFileOrDie(env.get(), "seg_0000000001.ibid", "");
  const absl::Status lost = ReadManifest(env.get(), ".").status();
  EXPECT_EQ(lost.code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(ReadCommittedManifest(env.get(), ".").status(), lost);
  EXPECT_EQ(
      MessageOf(lost),
      ".: MANIFEST is missing, but seg_0000000001.ibid is here: an index that lost its "
      "MANIFEST; nothing was changed\n"
      "do: put MANIFEST back from a copy, ibid salvage . NEW to keep what is whole, or move the "
      "directory away and index anew");
}

TEST(Manifest, OneOfNoCommitIsNoIndexToReaders) {
  const auto env = NewMemoryEnv();
  bool renamed = false;
  ASSERT_TRUE(WriteManifest(env.get(), ".", Manifest(), &renamed).ok());
  EXPECT_TRUE(ReadManifest(env.get(), ".").ok());
  EXPECT_EQ(ReadCommittedManifest(env.get(), ".").status(),
            absl::NotFoundError(".: no index here yet (nothing was committed)"));
}

TEST(WriteManifest, FollowsTheCommitProtocol) {
  const std::unique_ptr<Env> base = NewMemoryEnv();
  FaultEnv env(base.get());
  bool renamed = false;
  ASSERT_TRUE(WriteManifest(&env, ".", Example(), &renamed).ok());
  EXPECT_TRUE(renamed);
  EXPECT_THAT(env.log(),
              ElementsAre("create MANIFEST.tmp", "append MANIFEST.tmp", "sync MANIFEST.tmp",
                          "close MANIFEST.tmp", "rename MANIFEST", "sync dir"));
  EXPECT_THAT(*base->List("."), ElementsAre("MANIFEST"));
  EXPECT_EQ(*ReadManifest(base.get(), "."), Example());
}

TEST(WriteManifest, ReplacesTheLastOneAndATemporaryLeftBehind) {
  const std::unique_ptr<Env> env = NewMemoryEnv();
  WriteFileOrDie(env.get(), "MANIFEST.tmp", std::string(10000, 'x'));
  bool renamed = false;
  ASSERT_TRUE(WriteManifest(env.get(), ".", Manifest(), &renamed).ok());
  ASSERT_TRUE(WriteManifest(env.get(), ".", Example(), &renamed).ok());
  EXPECT_EQ(*ReadManifest(env.get(), "."), Example());
}

TEST(WriteManifest, AFailureBeforeTheRenameKeepsTheLastOne) {
  const std::unique_ptr<Env> base = NewMemoryEnv();
  bool renamed = false;
  ASSERT_TRUE(WriteManifest(base.get(), ".", Manifest(), &renamed).ok());
  for (const bool short_write : {false, true}) {
    for (uint64_t call = 0; call < 5; ++call) {
      FaultEnv env(base.get());
      env.FailCall(call, {.short_write = short_write});
      renamed = true;
      EXPECT_EQ(WriteManifest(&env, ".", Example(), &renamed), Fault().status) << call;
      EXPECT_FALSE(renamed) << call;
      EXPECT_EQ(*ReadManifest(base.get(), "."), Manifest()) << call;
      EXPECT_THAT(*base->List("."), ElementsAre("MANIFEST")) << call;
    }
  }
}

TEST(WriteManifest, AFailureAfterTheRenameLeavesTheOutcomeUnknown) {
  const std::unique_ptr<Env> base = NewMemoryEnv();
  FaultEnv env(base.get());
  env.FailCall(5, {.status = absl::UnavailableError("fsync /data/idx: Input/output error")});
  bool renamed = false;
  EXPECT_EQ(WriteManifest(&env, ".", Example(), &renamed),
            absl::UnknownError("fsync /data/idx: Input/output error: commit 42 may or may not be "
                               "saved; run ibid check"));
  EXPECT_TRUE(renamed);
}

TEST(WriteManifest, RefusesWhatCouldNotBeReadAgain) {
  const std::unique_ptr<Env> base = NewMemoryEnv();
  FaultEnv env(base.get());
  Manifest manifest = Example();
  manifest.segments[1].id = 7;
  bool renamed = true;
  EXPECT_FALSE(WriteManifest(&env, ".", manifest, &renamed).ok());
  EXPECT_FALSE(renamed);
  EXPECT_EQ(env.calls(), 0u);
}

}  // namespace
}  // namespace ibid
