// Columns of merged segments, where what a merge notes down does not stay in memory.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <numeric>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "common/base/strings.h"
#include "common/format/segment_reader.h"
#include "indexer/segment_merge.h"
#include "tests/indexer/index_model.h"
#include "tests/support/fault_env.h"

namespace ibid {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr size_t kAmple = size_t{256} << 20;
constexpr size_t kTiny = 1 << 10;

// A document with columns of every kind; "price" is real from document `first_real` on.
Document MakeRich(uint32_t number, uint32_t first_real) {
  std::mt19937 random(number);
  const auto below = [&](uint32_t n) { return static_cast<uint32_t>(random() % n); };
  Document document = MakeDocument(StrCat("doc-", number), "", "the rebels advance");
  if (below(4) > 0) document.date = StrCat("20", 10 + below(15), "-0", 1 + below(9), "-11");
  if (below(3) > 0) document.source = StrCat(below(2) == 0 ? "Wire " : "WIRE ", below(300));
  const auto add = [&](std::string name, std::vector<FieldValue> values) {
    document.fields.push_back({.name = std::move(name), .values = std::move(values)});
  };
  add("serial", {StrCat("Serial ", number * 7919 % 10007)});
  if (below(2) == 0) add("tags", {StrCat("t", below(900)), StrCat("T", below(900)), "all"});
  if (below(50) == 0) add("rare", {StrCat("rare ", below(20))});
  add("size", {int64_t{1000} * below(5000) - 700});
  if (below(3) == 0) add("several", {int64_t{below(9)}, int64_t{below(9)}, int64_t{below(9)}});
  if (below(5) > 0) {
    add("price", {number < first_real ? FieldValue(int64_t{below(3000)})
                                      : FieldValue(0.5 * below(9000) - 1)});
  }
  if (number == 3) add("once", {"of a document that is deleted"});
  return document;
}

WriterOptions Options(bool store_text, size_t buffer_bytes) {
  WriterOptions options;
  options.index = IndexOptions{.store_text = store_text};
  options.threads = 1;
  options.buffer_bytes = buffer_bytes;
  return options;
}

constexpr uint32_t kNumDocs = 900;

bool IsDeleted(uint32_t number) { return number % 7 == 3; }

// Three commits with different columns, of which some documents are deleted later.
void MakeIndex(Env* env, bool store_text) {
  const auto writer = OpenWriter(env, "index", Options(store_text, kAmple));
  for (uint32_t number = 0; number < kNumDocs; ++number) {
    EXPECT_TRUE(writer->Add(MakeRich(number, 600), StrCat("folder ", number % 40)).ok());
    if (number % 300 == 299) CommitOrDie(writer.get());
  }
  for (uint32_t number = 0; number < kNumDocs; ++number) {
    if (IsDeleted(number)) {
      EXPECT_TRUE(*writer->Delete(StrCat("doc-", number)));
    }
  }
  CommitOrDie(writer.get());
  EXPECT_EQ(ManifestOf(env, "index").segments.size(), 3u);
}

std::map<std::string, std::string> Fresh(bool store_text) {
  const auto env = NewMemoryEnv();
  const auto writer = OpenWriter(env.get(), "index", Options(store_text, kAmple));
  for (uint32_t number = 0; number < kNumDocs; ++number) {
    if (IsDeleted(number)) continue;
    EXPECT_TRUE(writer->Add(MakeRich(number, 600), StrCat("folder ", number % 40)).ok());
  }
  CommitOrDie(writer.get());
  return SectionBytes(env.get(), "index");
}

absl::Status MergeToOne(Env* env, bool store_text, size_t buffer_bytes) {
  const auto writer = IndexWriter::Open("index", Options(store_text, buffer_bytes), env);
  if (!writer.ok()) return writer.status();
  EXPECT_TRUE((*writer)->MergeToOne().ok());
  return (*writer)->Commit().status();
}

TEST(MergeColumns, AreTheBytesOfFreshOnesWhateverTheMemory) {
  for (const bool store_text : {true, false}) {
    const auto fresh = Fresh(store_text);
    for (const size_t buffer_bytes : {kAmple, kTiny}) {
      const auto base = NewMemoryEnv();
      MakeIndex(base.get(), store_text);
      FaultEnv env(base.get());
      ASSERT_TRUE(MergeToOne(&env, store_text, buffer_bytes).ok());
      const auto merged = SectionBytes(base.get(), "index");
      ASSERT_EQ(merged.size(), fresh.size());
      for (const auto& [name, bytes] : fresh) {
        EXPECT_TRUE(merged.contains(name) && merged.at(name) == bytes) << name << buffer_bytes;
      }
      for (const char* what : {"ordinals", "runs", "reals"}) {
        const auto made = Contains(HasSubstr(StrCat("column_", what, ".tmp")));
        if (buffer_bytes == kTiny) {
          EXPECT_THAT(env.log(), made);
        } else {
          EXPECT_THAT(env.log(), Not(made));
        }
      }
    }
  }
}

TEST(MergeColumns, AnyFailingCallLeavesTheIndexAsItWasAndNoFileBehind) {
  IndexModel before;
  uint64_t num_failed = 0;
  for (uint64_t call = 0;; call += 5) {
    const auto base = NewMemoryEnv();
    MakeIndex(base.get(), /*store_text=*/false);
    if (call == 0) before = ReadModel(base.get(), "index");
    FaultEnv env(base.get());
    env.FailCall(call, {});
    const absl::Status status = MergeToOne(&env, /*store_text=*/false, kTiny);
    if (env.calls() <= call) break;
    num_failed += status.ok() ? 0 : 1;
    ASSERT_TRUE(ReadModel(base.get(), "index") == before) << call << " " << status;
    ASSERT_TRUE(MergeToOne(base.get(), /*store_text=*/false, kAmple).ok());
    EXPECT_THAT(*base->List("index"), Not(Contains(HasSubstr(".tmp"))));
  }
  EXPECT_GT(num_failed, 10u);
}

// Values of document `doc` of one column and `to` of another are the same.
void ExpectSameValues(const ColumnReader& old, DocId doc, const ColumnReader& now, DocId to) {
  SCOPED_TRACE(StrCat(old.name(), " ", doc));
  ASSERT_EQ(*now.NumValues(to), *old.NumValues(doc));
  for (uint32_t i = 0; i < *old.NumValues(doc); ++i) {
    if (now.type() == StoredColumnType::kText) {
      EXPECT_EQ(*now.Text(*now.Ordinal(to, i)), *old.Text(*old.Ordinal(doc, i)));
    } else if (now.type() == StoredColumnType::kReal) {
      EXPECT_EQ(*now.Real(to, i), *old.Real(doc, i));
    } else {
      EXPECT_EQ(*now.Integer(to, i), *old.Integer(doc, i));
    }
  }
}

TEST(MergeColumns, AnotherOrderOfDocumentsChangesNoValue) {
  for (const size_t memory_bytes : {kAmple, kTiny}) {
    const auto env = NewMemoryEnv();
    MakeIndex(env.get(), /*store_text=*/true);
    const Manifest manifest = ManifestOf(env.get(), "index");
    std::vector<MergeInput> inputs;
    uint32_t num_docs = 0;
    for (const SegmentMeta& meta : manifest.segments) {
      inputs.push_back({.segment = *SegmentReader::Open(env.get(), "index", meta)});
      num_docs += meta.num_docs;
    }
    std::vector<DocId> order(num_docs);
    std::iota(order.begin(), order.end(), DocId{0});
    std::shuffle(order.begin(), order.end(), std::mt19937(5));
    const auto merged = MergeSegments(inputs, {.env = env.get(),
                                               .dir = "index",
                                               .segment_id = 99,
                                               .index = manifest.options,
                                               .columns = manifest.columns,
                                               .order = &order,
                                               .memory_bytes = memory_bytes});
    ASSERT_TRUE(merged.ok()) << merged.status();
    const auto segment = *SegmentReader::Open(env.get(), "index", *merged);
    uint32_t first = 0;
    for (const MergeInput& input : inputs) {
      for (const ColumnReader& old : input.segment->columns().columns()) {
        const ColumnReader* now = segment->columns().Find(old.name());
        ASSERT_NE(now, nullptr) << old.name();
        for (DocId doc = 0; doc < input.segment->num_docs(); ++doc) {
          ExpectSameValues(old, doc, *now, order[first + doc]);
        }
      }
      first += input.segment->num_docs();
    }
  }
}

}  // namespace
}  // namespace ibid
