#include "ibid/salvage_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "common/env/forwarding_env.h"
#include "common/format/file_names.h"
#include "common/format/live_docs.h"
#include "common/format/manifest.h"
#include "ibid/check_index.h"
#include "tests/oracle/random_stories.h"
#include "tests/oracle/test_index.h"
#include "tests/support/fault_env.h"
#include "tests/support/files.h"
#include "tests/support/racing_env.h"

namespace ibid {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr char kFirst[] = "index/seg_0000000001.ibid";
constexpr char kSecond[] = "index/seg_0000000002.ibid";

class SalvageIndexTest : public testing::Test {
 protected:
  // Two segments of 40 and 20 documents; 3 and 7 are deleted, 9 is replaced.
  void SetUp() override {
    RandomStories stories(3, 20);
    for (int i = 0; i < 40; ++i) index_.Add(stories.Story(Key(i)));
    index_.Commit();
    for (int i = 40; i < 60; ++i) index_.Add(stories.Story(Key(i)));
    index_.Add({.key = Key(9), .text = "the newer one"});
    index_.Delete(Key(3));
    index_.Delete(Key(7));
    index_.Commit();
  }

  static std::string Key(int number) { return "story" + std::to_string(number); }

  void Damage(const std::string& path, size_t from_the_end = 2000) {
    std::string bytes = ReadFileOrDie(env(), path);
    bytes[bytes.size() - std::min(from_the_end, bytes.size() / 2)] ^= 0x20;
    WriteFileOrDie(env(), path, bytes);
  }

  SalvageReport Salvage() {
    const auto report = SalvageIndex("index", "saved", {}, env());
    EXPECT_TRUE(report.ok()) << report.status();
    return report.ok() ? *report : SalvageReport();
  }

  // The copy is sound, a writer takes it, and it answers as the original would with those segments.
  std::shared_ptr<const IndexReader> Saved() {
    const auto report = CheckIndex("saved", env());
    EXPECT_TRUE(report.ok()) << report.status();
    if (report.ok()) {
      EXPECT_THAT(report->problems, IsEmpty());
    }
    const auto reader = IndexReader::Open("saved", env());
    EXPECT_TRUE(reader.ok()) << reader.status();
    return reader.ok() ? *reader : nullptr;
  }

  bool Has(const IndexReader& reader, int number) {
    const auto document = reader.GetDocument(Key(number));
    EXPECT_TRUE(document.ok()) << document.status();
    return document.ok() && document->has_value();
  }

  Env* env() { return index_.env(); }

  TestIndex index_;
};

TEST_F(SalvageIndexTest, ImpossibleOptionsAreNoDamage) {
  for (const IndexOptions& impossible :
       std::vector<IndexOptions>{{.language = "klingon"}, {.pairs_percent = 101}}) {
    SalvageOptions options;
    options.index = impossible;
    const absl::Status status = SalvageIndex("index", "saved", options, env()).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
    EXPECT_FALSE(env()->Stat("saved").ok());
  }
}

TEST_F(SalvageIndexTest, ASoundIndexIsCopiedWholeAndAnswersAlike) {
  const SalvageReport report = Salvage();
  EXPECT_TRUE(report.nothing_was_lost());
  EXPECT_EQ(report.num_docs, 58u);
  const auto saved = Saved();
  ASSERT_NE(saved, nullptr);
  for (const char* query : {"the rebels", "\"the rebels\"", "*", "date:2015", "newer"}) {
    EXPECT_EQ(HitLines(SearchAll(Searcher(saved), query).hits),
              HitLines(SearchAll(Searcher(index_.Reader()), query).hits));
  }
  EXPECT_FALSE(Has(*saved, 3));
}

TEST_F(SalvageIndexTest, WholeSegmentsAreKeptAndTheOthersDocumentsListed) {
  Damage(kSecond, 900);
  const SalvageReport report = Salvage();
  EXPECT_FALSE(report.nothing_was_lost());
  ASSERT_EQ(report.segments.size(), 2u);
  EXPECT_TRUE(report.segments[0].kept);
  EXPECT_EQ(report.segments[0].num_docs, 37u);
  EXPECT_FALSE(report.segments[1].kept);
  EXPECT_EQ(report.segments[1].num_docs, 21u);
  EXPECT_THAT(report.segments[1].problem, HasSubstr("checksum"));
  EXPECT_EQ(report.num_docs, 37u);
  EXPECT_EQ(report.num_lost_docs, 21u);
  const auto saved = Saved();
  ASSERT_NE(saved, nullptr);
  EXPECT_EQ(saved->num_docs(), 37u);
  EXPECT_TRUE(Has(*saved, 1));
  EXPECT_FALSE(Has(*saved, 9)) << "its newer version is lost, the older was replaced";
}

TEST_F(SalvageIndexTest, KeysOfLostDocumentsAreListedWhereTheyAreWhole) {
  // Every byte is whole, but the manifest tells of other tokens than the segment.
  const auto manifest = Manifest::Decode(ReadFileOrDie(env(), "index/MANIFEST"), "index");
  ASSERT_TRUE(manifest.ok());
  Manifest wrong = *manifest;
  ++wrong.segments[0].num_tokens;
  WriteFileOrDie(env(), "index/MANIFEST", wrong.Encode());
  const SalvageReport report = Salvage();
  ASSERT_EQ(report.segments.size(), 2u);
  EXPECT_FALSE(report.segments[0].kept);
  EXPECT_EQ(report.segments[0].lost_keys.size(), 37u);
  EXPECT_THAT(report.segments[0].lost_keys, Contains(Key(1)));
  EXPECT_THAT(report.segments[0].lost_keys, Not(Contains(Key(3)))) << "it was deleted";
}

TEST_F(SalvageIndexTest, WithoutItsDeletionsASegmentIsKeptAndOldVersionsAreNot) {
  WriteFileOrDie(env(), "index/live_0000000001_2.ibid", "damaged");
  const SalvageReport report = Salvage();
  EXPECT_FALSE(report.nothing_was_lost());
  EXPECT_EQ(report.num_kept_segments, 2u);
  EXPECT_THAT(report.notes, ElementsAre(HasSubstr("its list of deletions is lost"),
                                        HasSubstr("1 documents left out")));
  const auto saved = Saved();
  ASSERT_NE(saved, nullptr);
  EXPECT_EQ(saved->num_docs(), 60u);
  EXPECT_TRUE(Has(*saved, 3)) << "it was deleted, which nobody knows any more";
  EXPECT_EQ((**saved->GetDocument(Key(9))).text, "the newer one");
}

// The order of segments is not that of their age: a merge stands where the first of its sources
// did.
TEST_F(SalvageIndexTest, OfTwoVersionsTheOneInTheNewerSegmentIsKeptWhereverItStands) {
  Manifest manifest = *ReadManifest(env(), "index");
  ASSERT_EQ(manifest.segments.size(), 2u);
  std::swap(manifest.segments[0], manifest.segments[1]);
  ++manifest.generation;
  bool renamed = false;
  ASSERT_TRUE(WriteManifest(env(), "index", manifest, &renamed).ok());
  ASSERT_TRUE(env()->Remove("index/live_0000000001_2.ibid").ok());
  EXPECT_THAT(Salvage().notes, Contains(HasSubstr("1 documents left out")));
  const auto saved = Saved();
  ASSERT_NE(saved, nullptr);
  EXPECT_EQ((**saved->GetDocument(Key(9))).text, "the newer one");
}

// As behind a merge in the background, whose sources lost documents while it was at work.
TEST_F(SalvageIndexTest, AVersionThatKnownDeletionsSpareIsTheRightOne) {
  Manifest manifest = *ReadManifest(env(), "index");
  ASSERT_EQ(manifest.segments.size(), 2u);
  SegmentMeta& known = manifest.segments[0];
  SegmentMeta& unknown = manifest.segments[1];
  known.num_deleted = 0;
  known.live_docs_generation = 0;
  known.live_docs_file = {};
  LiveDocs live(unknown.num_docs);
  for (DocId doc = 0; doc < unknown.num_docs; ++doc) live.Delete(doc);
  unknown.num_deleted = unknown.num_docs;
  unknown.live_docs_generation = ++manifest.generation;
  const auto written = live.Write(env(), "index", unknown.id, manifest.generation, true);
  ASSERT_TRUE(written.ok()) << written.status();
  unknown.live_docs_file = *written;
  bool renamed = false;
  ASSERT_TRUE(WriteManifest(env(), "index", manifest, &renamed).ok());
  ASSERT_TRUE(env()->Remove("index/" + LiveDocsFileName(unknown.id, manifest.generation)).ok());
  Salvage();
  const auto saved = Saved();
  ASSERT_NE(saved, nullptr);
  EXPECT_NE((**saved->GetDocument(Key(9))).text, "the newer one");
}

// Then no list of deletions says that it is the last.
TEST_F(SalvageIndexTest, WithoutAManifestTheVersionInTheNewerSegmentIsKept) {
  index_.Delete(Key(50));
  index_.Commit();  // a list for the second segment, too
  ASSERT_TRUE(env()->Remove("index/MANIFEST").ok());
  ASSERT_TRUE(env()->Remove("index/live_0000000001_2.ibid").ok());
  WriteFileOrDie(env(), "index/live_0000000002_3.ibid", "damaged");
  Salvage();
  const auto saved = Saved();
  ASSERT_NE(saved, nullptr);
  EXPECT_EQ((**saved->GetDocument(Key(9))).text, "the newer one");
}

TEST_F(SalvageIndexTest, ALostManifestIsMadeUpFromTheSegments) {
  ASSERT_TRUE(env()->Remove("index/MANIFEST").ok());
  const SalvageReport report = Salvage();
  EXPECT_FALSE(report.has_manifest);
  EXPECT_FALSE(report.nothing_was_lost());
  EXPECT_EQ(report.num_docs, 58u);
  EXPECT_THAT(report.notes, Contains(HasSubstr("the MANIFEST is lost: language english")));
  const auto saved = Saved();
  ASSERT_NE(saved, nullptr);
  EXPECT_THAT(saved->columns(), Contains(std::pair("date", ColumnType::kDate)));
  EXPECT_FALSE(Has(*saved, 3));
  EXPECT_EQ(SearchAll(Searcher(saved), "newer").total, 1u);
  EXPECT_GT(SearchAll(Searcher(saved), "date:2015").total, 0u);
}

// What a killed writer left of a commit that was never made has numbers that no writer could go on
// from.
TEST_F(SalvageIndexTest, WithoutAManifestWhatWasNeverCommittedIsLeftOut) {
  {
    const auto base = NewMemoryEnv();
    WriterOptions options;
    options.buffer_bytes = 1 << 16;
    options.threads = 1;
    auto writer = IndexWriter::Open("index", options, base.get());
    ASSERT_TRUE(writer.ok()) << writer.status();
    for (int i = 0; i < 100; ++i) {
      ASSERT_TRUE((*writer)->Add({.key = "n" + Key(i), .text = std::string(3000, 'x')}).ok());
    }
    const auto names = base->List("index");
    ASSERT_TRUE(names.ok()) << names.status();
    for (const std::string& name : *names) {
      if (name.starts_with("seg_4") && name.ends_with(".ibid")) {
        WriteFileOrDie(env(), "index/" + name, ReadFileOrDie(base.get(), "index/" + name));
      }
    }
  }
  ASSERT_TRUE(env()->Stat("index/seg_4294967296.ibid").ok());
  ASSERT_TRUE(env()->Remove("index/MANIFEST").ok());
  EXPECT_EQ(Salvage().num_docs, 58u);
  WriterOptions options;
  options.buffer_bytes = 1 << 16;
  auto writer = IndexWriter::Open("saved", options, env());
  ASSERT_TRUE(writer.ok()) << writer.status();
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE((*writer)->Add({.key = "m" + Key(i), .text = std::string(3000, 'y')}).ok());
  }
  ASSERT_TRUE((*writer)->Commit().ok());
  EXPECT_EQ(Saved()->num_docs(), 158u);
}

TEST_F(SalvageIndexTest, ADamagedManifestCountsAsLost) {
  Damage("index/MANIFEST", 10);
  EXPECT_FALSE(Salvage().has_manifest);
  EXPECT_EQ(Saved()->num_docs(), 58u);
}

TEST_F(SalvageIndexTest, TheCopyIsAnIndexThatAWriterGoesOnWith) {
  Damage(kSecond, 900);
  Salvage();
  auto writer = IndexWriter::Open("saved", {}, env());
  ASSERT_TRUE(writer.ok()) << writer.status();
  ASSERT_TRUE((*writer)->Add({.key = "new", .text = "zebra"}).ok());
  ASSERT_TRUE((*writer)->MergeToOne().ok());
  ASSERT_TRUE((*writer)->Commit().ok());
  EXPECT_EQ(SearchAll(Searcher(Saved()), "zebra").total, 1u);
}

TEST_F(SalvageIndexTest, WhatIsThereAlreadyIsNotTouchedAndTheSourceNeverIs) {
  ASSERT_TRUE(env()->CreateDirectory("saved").ok());
  EXPECT_EQ(SalvageIndex("index", "saved", {}, env()).status().code(),
            absl::StatusCode::kAlreadyExists);
  EXPECT_THAT(*env()->List("saved"), IsEmpty());
  EXPECT_EQ(SalvageIndex("index", "index", {}, env()).status().code(),
            absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(SalvageIndex("nowhere", "other", {}, env()).status().code(),
            absl::StatusCode::kNotFound);
}

TEST_F(SalvageIndexTest, WhereNothingIsWholeThereIsNoCopy) {
  Damage(kFirst);
  Damage(kSecond, 900);
  const auto report = SalvageIndex("index", "saved", {}, env());
  EXPECT_EQ(report.status().code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(report.status().message()), HasSubstr("no segment of 2 is whole"));
  EXPECT_FALSE(env()->Stat("saved").ok());
}

TEST_F(SalvageIndexTest, AFailedCallLeavesNoCopyOrAWholeOne) {
  FaultEnv faulty(env());
  ASSERT_TRUE(SalvageIndex("index", "saved", {}, &faulty).ok());
  const uint64_t calls = faulty.calls();
  ASSERT_GT(calls, 10u);
  for (uint64_t call = 0; call < calls; ++call) {
    const std::string place = "saved" + std::to_string(call);
    faulty.Reset();
    faulty.FailCall(call, {});
    const auto report = SalvageIndex("index", place, {}, &faulty);
    faulty.Reset();
    const auto reader = IndexReader::Open(place, env());
    if (report.ok()) {
      ASSERT_TRUE(reader.ok()) << call << ": " << reader.status();
    } else if (reader.ok()) {
      EXPECT_EQ((*reader)->num_docs(), 58u) << call;
    } else {
      EXPECT_EQ(reader.status().code(), absl::StatusCode::kNotFound) << call << reader.status();
    }
  }
}

TEST_F(SalvageIndexTest, WhatAWriterRemovesMeanwhileIsNotLost) {
  int races = 3;
  RacingEnv racing(env(), [&] {
    if (races-- <= 0) return;
    index_.Add({.key = Key(0), .text = "new " + std::to_string(races)});
    index_.MergeToOne();  // takes away the segments that were about to be read
  });
  const auto report = SalvageIndex("index", "saved", {}, &racing);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_TRUE(report->nothing_was_lost());
  EXPECT_EQ(report->num_docs, 58u);
  const auto reader = Saved();
  ASSERT_NE(reader, nullptr);
  EXPECT_EQ((**reader->GetDocument(Key(0))).text, "new 0");
}

// An Env in which a writer is at work just before the copy begins.
class BusyEnv : public ForwardingEnv {
 public:
  BusyEnv(Env* base, std::function<void()> before_copy)
      : ForwardingEnv(base), before_copy_(std::move(before_copy)) {}
  absl::Status CreateDirectory(const std::string& path) override {
    before_copy_();
    return ForwardingEnv::CreateDirectory(path);
  }

 private:
  std::function<void()> before_copy_;
};

TEST_F(SalvageIndexTest, WhatAWriterRemovesBeforeItIsCopiedIsCopiedAllTheSame) {
  BusyEnv busy(env(), [&] {
    index_.Add({.key = Key(0), .text = "newer than the copy"});
    index_.MergeToOne();
  });
  const auto report = SalvageIndex("index", "saved", {}, &busy);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_TRUE(report->nothing_was_lost());
  const auto reader = Saved();
  ASSERT_NE(reader, nullptr);
  EXPECT_EQ(reader->num_docs(), 58u);
  EXPECT_NE((**reader->GetDocument(Key(0))).text, "newer than the copy");
}

}  // namespace
}  // namespace ibid
