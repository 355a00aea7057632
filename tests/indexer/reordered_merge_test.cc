// A merge that puts documents in another order changes nothing but the order.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "common/base/strings.h"
#include "common/format/segment_reader.h"
#include "tests/indexer/index_model.h"
#include "tests/indexer/random_documents.h"
#include "tests/support/fault_env.h"

namespace ibid {
namespace {

using ::testing::HasSubstr;

// Each document has a word of one of 37 topics, which come in turn.
std::vector<Document> TopicalDocuments(uint32_t seed, size_t count, size_t first = 0) {
  std::vector<Document> documents = RandomDocuments(seed, count, first);
  for (size_t i = 0; i < documents.size(); ++i) {
    documents[i].text += StrCat(" topic", (first + i) % 37, " the rebels advance");
  }
  return documents;
}

WriterOptions Options(const IndexOptions& index = {}, int threads = 1,
                      size_t buffer_bytes = size_t{256} << 20) {
  WriterOptions options;
  options.index = index;
  options.threads = threads;
  options.buffer_bytes = buffer_bytes;
  return options;
}

// Three commits of 900 documents in all, of which some replace others, and some are deleted.
void MakeIndex(Env* env, const IndexOptions& index) {
  const auto writer = OpenWriter(env, "index", Options(index));
  for (uint32_t part = 0; part < 3; ++part) {
    for (const Document& document : TopicalDocuments(part + 1, 300, part * 250)) {
      AddOrDie(writer.get(), document);
    }
    CommitOrDie(writer.get());
  }
  for (size_t i = 0; i < 700; i += 11) {
    EXPECT_TRUE(writer->Delete(StrCat("doc-", i)).value_or(false)) << i;
  }
  CommitOrDie(writer.get());
}

CommitInfo Reorder(Env* env, const WriterOptions& options) {
  const auto writer = OpenWriter(env, "index", options);
  EXPECT_TRUE(writer->MergeToOne(DocumentOrder::kBySharedWords).ok());
  return CommitOrDie(writer.get());
}

void MergeInOrder(Env* env) {
  const auto writer = OpenWriter(env, "index");
  ASSERT_TRUE(writer->MergeToOne().ok());
  CommitOrDie(writer.get());
}

// Keys in the order of the only segment's documents.
std::vector<std::string> KeysInOrder(Env* env) {
  const Manifest manifest = ManifestOf(env, "index");
  EXPECT_EQ(manifest.segments.size(), 1u);
  const auto segment = *SegmentReader::Open(env, "index", manifest.segments[0]);
  std::vector<std::string> keys;
  for (DocId doc = 0; doc < segment->num_docs(); ++doc) keys.push_back(*segment->keys().Key(doc));
  return keys;
}

std::vector<IndexOptions> AllIndexOptions() {
  return {{.analyzer = AnalyzerKind::kStandard, .language = "english", .store_text = true},
          {.analyzer = AnalyzerKind::kStandard, .language = "english", .store_text = false},
          {.analyzer = AnalyzerKind::kAlnum, .language = "none", .store_text = true}};
}

// So little that records and terms do not stay in memory as a whole.
constexpr size_t kSmallBuffer = size_t{1} << 17;

TEST(ReorderedMerge, KeepsEverythingThatIsKnownOfEachDocument) {
  for (const IndexOptions& index : AllIndexOptions()) {
    for (const size_t buffer_bytes : {size_t{256} << 20, kSmallBuffer}) {
      const auto env = NewMemoryEnv();
      MakeIndex(env.get(), index);
      const IndexModel before = ReadModel(env.get(), "index");
      const auto merged = NewMemoryEnv();  // stems count deleted documents until a merge
      MakeIndex(merged.get(), index);
      MergeInOrder(merged.get());
      const auto stems = ReadStems(merged.get(), "index");
      EXPECT_EQ(Reorder(env.get(), Options(index, 2, buffer_bytes)).order_note, "");
      EXPECT_EQ(ManifestOf(env.get(), "index").segments.size(), 1u);
      EXPECT_EQ(ReadModel(env.get(), "index"), before);
      EXPECT_EQ(ReadStems(env.get(), "index"), stems);
    }
  }
}

TEST(ReorderedMerge, PutsDocumentsInAnotherOrderThatBringsTopicsTogether) {
  const auto env = NewMemoryEnv();
  MakeIndex(env.get(), {});
  const auto copy = NewMemoryEnv();
  MakeIndex(copy.get(), {});
  MergeInOrder(copy.get());
  Reorder(env.get(), Options());
  const std::vector<std::string> kept = KeysInOrder(copy.get());
  const std::vector<std::string> reordered = KeysInOrder(env.get());
  EXPECT_NE(reordered, kept);
  EXPECT_EQ(std::set<std::string>(reordered.begin(), reordered.end()),
            std::set<std::string>(kept.begin(), kept.end()));
}

TEST(ReorderedMerge, GivesTheSameBytesForAnyNumberOfThreadsAndAnyMemoryThatBearsTheOrder) {
  const auto one = NewMemoryEnv();
  MakeIndex(one.get(), {});
  Reorder(one.get(), Options());
  const auto expected = SectionBytes(one.get(), "index");
  for (const int threads : {2, 5}) {
    for (const size_t buffer_bytes : {size_t{256} << 20, kSmallBuffer}) {
      const auto other = NewMemoryEnv();
      MakeIndex(other.get(), {});
      Reorder(other.get(), Options({}, threads, buffer_bytes));
      EXPECT_TRUE(SectionBytes(other.get(), "index") == expected)
          << threads << " threads, " << buffer_bytes << " bytes";
    }
  }
}

TEST(ReorderedMerge, MergingAgainWithAndWithoutAnotherOrderKeepsEverything) {
  const auto env = NewMemoryEnv();
  MakeIndex(env.get(), {});
  Reorder(env.get(), Options());
  {
    const auto writer = OpenWriter(env.get(), "index");
    for (const Document& document : TopicalDocuments(7, 200, 650)) {
      AddOrDie(writer.get(), document);
    }
    CommitOrDie(writer.get());
    EXPECT_TRUE(writer->Delete("doc-1").value_or(false));
    CommitOrDie(writer.get());
  }
  const IndexModel expected = ReadModel(env.get(), "index");
  MergeInOrder(env.get());
  EXPECT_EQ(ReadModel(env.get(), "index"), expected);
  Reorder(env.get(), Options());
  EXPECT_EQ(ReadModel(env.get(), "index"), expected);
}

TEST(ReorderedMerge, TakesInWhatWasNotYetCommitted) {
  const auto env = NewMemoryEnv();
  const auto documents = TopicalDocuments(3, 700);
  const auto writer = OpenWriter(env.get(), "index", Options());
  for (const Document& document : documents) AddOrDie(writer.get(), document);
  ASSERT_TRUE(writer->MergeToOne(DocumentOrder::kBySharedWords).ok());
  EXPECT_EQ(CommitOrDie(writer.get()).order_note, "");
  EXPECT_EQ(ReadModel(env.get(), "index"), ExpectedModel(documents, {}));
  std::vector<std::string> given;
  for (const Document& document : documents) given.push_back(document.key);
  EXPECT_NE(KeysInOrder(env.get()), given);
}

TEST(ReorderedMerge, SaysWhyDocumentsKeepTheirOrder) {
  const auto env = NewMemoryEnv();
  {
    const auto writer = OpenWriter(env.get(), "index");
    for (const Document& document : TopicalDocuments(1, 100)) AddOrDie(writer.get(), document);
    CommitOrDie(writer.get());
  }
  EXPECT_EQ(Reorder(env.get(), Options()).order_note,
            "the documents keep their order: 100 are too few to gain by another");
  MakeIndex(env.get(), {});
  const IndexModel before = ReadModel(env.get(), "index");
  EXPECT_THAT(Reorder(env.get(), Options({}, 1, 1 << 10)).order_note,
              HasSubstr("no word is frequent enough to order 7"));
  EXPECT_EQ(ReadModel(env.get(), "index"), before);
}

TEST(ReorderedMerge, TellsHowFarItIs) {
  const auto env = NewMemoryEnv();
  MakeIndex(env.get(), {});
  std::set<std::string> seen;
  WriterOptions options = Options();
  options.on_merge_progress = [&](std::string_view what, double share) {
    seen.emplace(what);
    EXPECT_GE(share, 0);
    EXPECT_LE(share, 1);
  };
  Reorder(env.get(), options);
  EXPECT_TRUE(seen.contains("ordering"));
}

// Behind it nobody knows how far the commit came.
TEST(ReorderedMerge, WhatItsProgressThrowsStopsTheWriter) {
  for (const bool standard : {true, false}) {
    const auto env = NewMemoryEnv();
    MakeIndex(env.get(), {});
    WriterOptions options = Options();
    options.on_merge_progress = [&](std::string_view, double) {
      if (standard) throw std::runtime_error("no display");
      throw 7;
    };
    const auto writer = OpenWriter(env.get(), "index", options);
    ASSERT_TRUE(writer->MergeToOne(DocumentOrder::kBySharedWords).ok());
    if (standard) {
      EXPECT_THAT(std::string(writer->Commit().status().message()), HasSubstr("no display"));
    } else {
      EXPECT_THROW(writer->Commit().IgnoreError(), int);
    }
    const absl::Status stopped = writer->Delete("a").status();
    EXPECT_TRUE(absl::IsInternal(stopped)) << stopped;
    EXPECT_THAT(std::string(stopped.message()), HasSubstr("; last commit is generation "));
  }
}

void CopyIndex(Env* from, Env* to) {
  ASSERT_TRUE(to->CreateDirectory("index").ok());
  const std::vector<std::string> names = from->List("index").value();
  for (const std::string& name : names) {
    const auto bytes = from->OpenReadable("index/" + name).value();
    const auto file = to->CreateFile("index/" + name, /*exclusive=*/true).value();
    const std::span<const uint8_t> all = bytes->bytes();
    ASSERT_TRUE(file->Append({reinterpret_cast<const char*>(all.data()), all.size()}).ok());
    ASSERT_TRUE(file->Close().ok());
  }
}

TEST(ReorderedMerge, AnyFailingCallLeavesTheIndexAsItWas) {
  const auto base = NewMemoryEnv();
  MakeIndex(base.get(), {});
  const IndexModel model = ReadModel(base.get(), "index");
  uint64_t num_failed = 0;
  for (const Fault& fault : {Fault{}, Fault{.for_ever = true, .short_write = true}}) {
    for (uint64_t call = 0;; call += fault.for_ever ? 13 : 6) {
      const auto fresh = NewMemoryEnv();
      CopyIndex(base.get(), fresh.get());
      FaultEnv env(fresh.get());
      env.FailCall(call, fault);
      absl::Status status;
      {
        const auto writer = IndexWriter::Open("index", Options({}, 1, kSmallBuffer), &env);
        status = writer.status();
        if (writer.ok()) {
          EXPECT_TRUE((*writer)->MergeToOne(DocumentOrder::kBySharedWords).ok());
          status = (*writer)->Commit().status();
        }
      }
      if (env.calls() <= call) break;
      num_failed += status.ok() ? 0 : 1;
      ASSERT_TRUE(ReadModel(fresh.get(), "index") == model) << "call " << call << " " << status;
      // The next writer tidies what is left.
      Reorder(fresh.get(), Options());
      ASSERT_TRUE(ReadModel(fresh.get(), "index") == model) << "call " << call;
      const std::vector<std::string> names = fresh->List("index").value();
      for (const std::string& name : names) {
        EXPECT_THAT(name, ::testing::Not(HasSubstr("tmp")));
      }
    }
  }
  EXPECT_GT(num_failed, 15u);
}

}  // namespace
}  // namespace ibid
