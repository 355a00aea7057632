#include "common/format/file_names.h"

#include <utility>

#include "gtest/gtest.h"

namespace ibid {
namespace {

TEST(FileNames, SegmentsHaveTenDigits) {
  EXPECT_EQ(SegmentFileName(7), "seg_0000000007.ibid");
  EXPECT_EQ(SegmentFileName(kMaxSegmentId), "seg_9999999999.ibid");
  EXPECT_EQ(LiveDocsFileName(7, 12), "live_0000000007_12.ibid");
}

TEST(FileNames, EveryNameIsUnderstoodAgain) {
  const IndexFileName segment = ParseIndexFileName(SegmentFileName(1234567890));
  EXPECT_EQ(segment.kind, IndexFileKind::kSegment);
  EXPECT_EQ(segment.segment_id, 1234567890u);
  const IndexFileName live = ParseIndexFileName(LiveDocsFileName(3, kMaxGeneration));
  EXPECT_EQ(live.kind, IndexFileKind::kLiveDocs);
  EXPECT_EQ(live.segment_id, 3u);
  EXPECT_EQ(live.generation, kMaxGeneration);
  for (const auto& [name, kind] : {std::pair(kManifestName, IndexFileKind::kManifest),
                                   std::pair(kManifestTempName, IndexFileKind::kManifestTemp),
                                   std::pair(kLockName, IndexFileKind::kLock)}) {
    const IndexFileName parsed = ParseIndexFileName(name);
    EXPECT_EQ(parsed.kind, kind) << name;
    EXPECT_EQ(parsed.segment_id, 0u) << name;
    EXPECT_EQ(parsed.generation, 0u) << name;
  }
  const IndexFileName temporary = ParseIndexFileName("seg_0000000007.ibid.norms.tmp");
  EXPECT_EQ(temporary.kind, IndexFileKind::kTemporary);
  EXPECT_EQ(temporary.segment_id, 7u);
  EXPECT_EQ(ParseIndexFileName("seg_0000000007.ibid.a_9z.tmp").kind, IndexFileKind::kTemporary);
}

TEST(FileNames, WhatThisLibraryWouldNotWriteIsForeign) {
  for (const char* name : {"",
                           "manifest",
                           "MANIFEST.old",
                           "LOCK.tmp",
                           "seg_",
                           "seg_7.ibid",
                           "seg_000000007.ibid",
                           "seg_00000000007.ibid",
                           "seg_0000000000.ibid",
                           "seg_0000000007.ibid~",
                           "seg_0000000007.ibid.tmp",
                           "seg_0000000007.ibid..tmp",
                           "seg_0000000007.ibid.a b.tmp",
                           "seg_0000000007.ibid.a/b.tmp",
                           "seg_-000000007.ibid",
                           "seg_+000000007.ibid",
                           "seg_ 000000007.ibid",
                           "Seg_0000000007.ibid",
                           "live_0000000007.ibid",
                           "live_0000000007_.ibid",
                           "live_0000000007_0.ibid",
                           "live_0000000007_012.ibid",
                           "live_0000000007_-1.ibid",
                           "live_0000000007_1234567890123456789.ibid",
                           "live_0000000007_1.ibid.tmp",
                           "seg_0000000007",
                           "seg_000000000x.ibid",
                           "seg_0000000007.ibid.norms.tm",
                           "seg_0000000007.ibidnorms.tmp",
                           "seg_0000000007.ibid.Norms.tmp",
                           "seg_0000000007.ibid.{x}.tmp",
                           "seg_0000000007.ibid.a:b.tmp",
                           "live_",
                           "live_0000000000_1.ibid",
                           "live_0000000007-1.ibid",
                           "live_0000000007_1",
                           "notes.txt"}) {
    EXPECT_EQ(ParseIndexFileName(name).kind, IndexFileKind::kForeign) << name;
  }
}

TEST(FileNames, PathsAreJoinedByOneSlash) {
  EXPECT_EQ(JoinPath("/data/idx", "LOCK"), "/data/idx/LOCK");
  EXPECT_EQ(JoinPath("/data/idx/", "LOCK"), "/data/idx/LOCK");
  EXPECT_EQ(JoinPath("/", "LOCK"), "/LOCK");
  EXPECT_EQ(JoinPath("", "LOCK"), "LOCK");
}

}  // namespace
}  // namespace ibid
