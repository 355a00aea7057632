// A merge does not hold the values of columns in memory.
#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <vector>

#include "common/base/strings.h"
#include "common/format/segment_reader.h"
#include "indexer/segment_merge.h"
#include "tests/indexer/index_model.h"
#include "tests/support/counted_new.h"
#include "tests/support/temp_directory.h"

namespace ibid {
namespace {

// Different for any two numbers, and not alike from its first bytes on.
std::string LongText(uint64_t number) {
  std::string text = StrCat(number * 0x9e3779b97f4a7c15u);
  while (text.size() < 400) text += StrCat(" ", number, " of them");
  return text;
}

Document MakeNumbered(uint32_t number) {
  Document document = MakeDocument(StrCat("doc-", number), "", "the rebels advance");
  document.source = LongText(number);
  document.fields = {{.name = "tags", .values = {LongText(2 * number), LongText(2 * number + 1)}},
                     {.name = "price", .values = {0.125 * number}}};
  return document;
}

// The most that a merge of the segments of `dir` holds at a time, in bytes.
size_t PeakOfMerge(const std::string& dir) {
  Env* env = Env::Posix();
  const Manifest manifest = ManifestOf(env, dir);
  std::vector<MergeInput> inputs;
  for (const SegmentMeta& meta : manifest.segments) {
    inputs.push_back({.segment = *SegmentReader::Open(env, dir, meta)});
  }
  EXPECT_GT(inputs.size(), 1u);
  const MergeOptions options{.env = env,
                             .dir = dir,
                             .segment_id = 99,
                             .index = manifest.options,
                             .columns = manifest.columns,
                             .sync = false,
                             .memory_bytes = size_t{1} << 20};
  const size_t before = HeldBytes();
  ResetPeak();
  const auto merged = MergeSegments(inputs, options);
  EXPECT_TRUE(merged.ok()) << merged.status();
  return PeakBytes() - before;
}

TEST(MergeColumnsMemory, DifferentTextsOfManyTimesTheMemoryAreMergedWithinIt) {
  const TempDirectory directory;
  const std::string dir = directory.Path("index");
  constexpr uint32_t kNumDocs = 30'000;
  {
    const auto writer = OpenWriter(Env::Posix(), dir);
    for (uint32_t doc = 0; doc < kNumDocs; ++doc) {
      AddOrDie(writer.get(), MakeNumbered(doc));
      if (doc == kNumDocs / 2) CommitOrDie(writer.get());
    }
    CommitOrDie(writer.get());
  }
  // 36 MB of texts. Eleven sections have up to two megabytes each on their way to the file.
  EXPECT_LT(PeakOfMerge(dir), size_t{12} << 20);
}

}  // namespace
}  // namespace ibid
