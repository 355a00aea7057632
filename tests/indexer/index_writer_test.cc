#include "ibid/index_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include "common/base/strings.h"
#include "common/env/forwarding_env.h"
#include "common/format/segment_reader.h"
#include "common/text/analyzer.h"
#include "ibid/limits.h"
#include "ibid/version.h"
#include "indexer/document_check.h"
#include "tests/indexer/index_model.h"
#include "tests/support/files.h"
#include "tests/support/temp_directory.h"

namespace ibid {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::UnorderedElementsAre;

std::vector<std::string> KeysOf(IndexWriter* writer, std::string_view prefix = "") {
  std::vector<std::string> keys;
  const absl::Status status =
      writer->ForEachKey(prefix, [&](std::string_view key) { keys.emplace_back(key); });
  EXPECT_TRUE(status.ok()) << status;
  return keys;
}

class IndexWriterTest : public ::testing::Test {
 protected:
  std::unique_ptr<Env> env_ = NewMemoryEnv();
  std::string dir_ = "index";

  std::unique_ptr<IndexWriter> Open() { return OpenWriter(env_.get(), dir_); }
  IndexModel Model() { return ReadModel(env_.get(), dir_); }
};

TEST_F(IndexWriterTest, KeepsWhatWasCommitted) {
  const std::vector<Document> documents = {
      MakeDocument("a", "A title", "The U.S. said so. \"Never,\" he said.\n\nThen more."),
      MakeDocument("b", "", "well-organized rebels"), MakeDocument("c", "Only a title", ""),
      MakeDocument("d", "", "")};
  {
    const auto writer = Open();
    for (const Document& document : documents) {
      EXPECT_EQ(AddOrDie(writer.get(), document), AddOutcome::kAdded);
    }
    const CommitInfo info = CommitOrDie(writer.get());
    EXPECT_EQ(info.generation, 1u);
    EXPECT_EQ(info.num_docs, 4u);
    EXPECT_EQ(info.added, 4u);
  }
  EXPECT_EQ(Model(), ExpectedModel(documents, IndexOptions{}));
}

TEST_F(IndexWriterTest, DocumentsOfOneUnitAreWrittenOnce) {
  WriterOptions options;
  options.threads = 2;
  const auto writer = OpenWriter(env_.get(), dir_, options);
  AddOrDie(writer.get(), MakeDocument("a", "", std::string(size_t{9} << 20, 'a')));
  const auto names = env_->List(dir_);
  ASSERT_TRUE(names.ok());
  for (const std::string& name : *names) EXPECT_FALSE(name.starts_with("seg_")) << name;
  AddOrDie(writer.get(), MakeDocument("b", "", "short"));
  CommitOrDie(writer.get());
  EXPECT_EQ(KeysOf(writer.get()), (std::vector<std::string>{"a", "b"}));
}

TEST_F(IndexWriterTest, AnEmptyFirstCommitMakesAnIndex) {
  const auto writer = Open();
  EXPECT_EQ(CommitOrDie(writer.get()).generation, 1u);
  EXPECT_EQ(CommitOrDie(writer.get()).generation, 1u);
  EXPECT_THAT(Model(), IsEmpty());
}

TEST_F(IndexWriterTest, MayNotBeCalledByTheFunctionsThatItCalls) {
  const auto writer = Open();
  for (const char* key : {"a", "b"}) AddOrDie(writer.get(), MakeDocument(key, "", key));
  CommitOrDie(writer.get());
  AddOrDie(writer.get(), MakeDocument("c", "", "c"));
  int visited = 0;
  const auto call_all = [&](std::string_view) {
    ++visited;
    for (const absl::Status& status :
         {writer->Add(MakeDocument("d", "", "d")).status(), writer->Delete("a").status(),
          writer->Commit().status(), writer->Rollback(), writer->MergeToOne(),
          writer->ForEachKey("", [](std::string_view) {})}) {
      EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
    }
  };
  EXPECT_TRUE(writer->ForEachKey("", call_all).ok());
  EXPECT_TRUE(
      writer->ForEachCommitted("", [&](std::string_view key, auto) { call_all(key); }).ok());
  EXPECT_EQ(visited, 5);
  EXPECT_EQ(CommitOrDie(writer.get()).added, 1u) << "and goes on";
  EXPECT_EQ(KeysOf(writer.get()), (std::vector<std::string>{"a", "b", "c"}));
}

TEST_F(IndexWriterTest, WhatAVisitorThrowsIsTheCallersAndTheWriterGoesOn) {
  const auto writer = Open();
  AddOrDie(writer.get(), MakeDocument("a", "", "a"));
  CommitOrDie(writer.get());
  AddOrDie(writer.get(), MakeDocument("b", "", "b"));
  EXPECT_THROW(writer->ForEachKey("", [](std::string_view) { throw 7; }).IgnoreError(), int);
  EXPECT_THROW(
      writer
          ->ForEachCommitted(
              "", [](auto, auto) { throw std::system_error(EIO, std::generic_category()); })
          .IgnoreError(),
      std::system_error);
  EXPECT_EQ(CommitOrDie(writer.get()).added, 1u);
}

TEST_F(IndexWriterTest, ANewIndexNamesWhatAnalysedItsText) {
  CommitOrDie(Open().get());
  const Manifest manifest = ManifestOf(env_.get(), dir_);
  EXPECT_EQ(manifest.analysis_version, kAnalysisVersion);
  EXPECT_EQ(manifest.library_versions, AnalysisLibraryVersions());
}

TEST_F(IndexWriterTest, WithoutCommitNothingIsKept) {
  {
    const auto writer = Open();
    AddOrDie(writer.get(), MakeDocument("a", "", "kept"));
    CommitOrDie(writer.get());
    AddOrDie(writer.get(), MakeDocument("b", "", "not kept"));
    EXPECT_TRUE(writer->Delete("a").value_or(false));
  }
  EXPECT_EQ(Model(), ExpectedModel({MakeDocument("a", "", "kept")}, IndexOptions{}));
}

TEST_F(IndexWriterTest, TellsAddedReplacedAndUnchangedApart) {
  const auto writer = Open();
  EXPECT_EQ(AddOrDie(writer.get(), MakeDocument("a", "t", "one")), AddOutcome::kAdded);
  EXPECT_EQ(AddOrDie(writer.get(), MakeDocument("a", "t", "one")), AddOutcome::kUnchanged);
  EXPECT_EQ(AddOrDie(writer.get(), MakeDocument("a", "t", "two")), AddOutcome::kReplaced);
  CommitOrDie(writer.get());
  EXPECT_EQ(AddOrDie(writer.get(), MakeDocument("a", "t", "two")), AddOutcome::kUnchanged);
  EXPECT_EQ(AddOrDie(writer.get(), MakeDocument("a", "t", "three")), AddOutcome::kReplaced);
  EXPECT_EQ(AddOrDie(writer.get(), MakeDocument("a", "t", "two")), AddOutcome::kReplaced);
  const CommitInfo info = CommitOrDie(writer.get());
  EXPECT_EQ(info.replaced, 2u);
  EXPECT_EQ(info.unchanged, 1u);
  EXPECT_EQ(info.num_docs, 1u);
  EXPECT_EQ(Model(), ExpectedModel({MakeDocument("a", "t", "two")}, IndexOptions{}));
}

TEST_F(IndexWriterTest, ComparesByFingerprintWhereNoTextIsStored) {
  WriterOptions options;
  options.index = IndexOptions{.store_text = false};
  const auto writer = OpenWriter(env_.get(), dir_, options);
  AddOrDie(writer.get(), MakeDocument("a", "t", "one"));
  AddOrDie(writer.get(), MakeDocument("b", "t", "one"));
  CommitOrDie(writer.get());
  EXPECT_EQ(AddOrDie(writer.get(), MakeDocument("a", "t", "one")), AddOutcome::kUnchanged);
  EXPECT_EQ(AddOrDie(writer.get(), MakeDocument("b", "to", "ne")), AddOutcome::kReplaced);
  EXPECT_EQ(CommitOrDie(writer.get()).num_docs, 2u);
}

// Two texts of one length that HashBytes gives one hash without a secret.
TEST_F(IndexWriterTest, TextsChosenToHaveOneHashAreToldApartInOneCommit) {
  const std::string tail = " the same tail of both texts....";
  const std::string one = "mayor was guilty 2064                   :OCgraxI" + tail;
  const std::string other = "mayor is innocent 2726                  a+2],*rP" + tail;
  ASSERT_EQ(FingerprintOf(MakeDocument("a", "", one)), FingerprintOf(MakeDocument("a", "", other)));
  const auto writer = OpenWriter(env_.get(), "index");
  EXPECT_EQ(AddOrDie(writer.get(), MakeDocument("a", "", one)), AddOutcome::kAdded);
  EXPECT_EQ(AddOrDie(writer.get(), MakeDocument("a", "", other)), AddOutcome::kReplaced);
  CommitOrDie(writer.get());
  EXPECT_EQ(AddOrDie(writer.get(), MakeDocument("a", "", one)), AddOutcome::kReplaced);
}

TEST_F(IndexWriterTest, AReplacedColumnValueIsAChange) {
  const auto writer = Open();
  Document document = MakeDocument("a", "t", "one");
  document.fields = {{.name = "n", .values = {int64_t{1}}}};
  AddOrDie(writer.get(), document);
  CommitOrDie(writer.get());
  EXPECT_EQ(AddOrDie(writer.get(), document), AddOutcome::kUnchanged);
  document.fields[0].values = {int64_t{2}};
  EXPECT_EQ(AddOrDie(writer.get(), document), AddOutcome::kReplaced);
}

TEST_F(IndexWriterTest, DeletesPendingAndCommittedDocuments) {
  const auto writer = Open();
  AddOrDie(writer.get(), MakeDocument("a", "", "x"));
  AddOrDie(writer.get(), MakeDocument("b", "", "y"));
  EXPECT_TRUE(writer->Delete("a").value_or(false));
  EXPECT_FALSE(writer->Delete("a").value_or(true));
  CommitOrDie(writer.get());
  EXPECT_TRUE(writer->Delete("b").value_or(false));
  EXPECT_FALSE(writer->Delete("b").value_or(true));
  EXPECT_EQ(AddOrDie(writer.get(), MakeDocument("b", "", "y")), AddOutcome::kAdded);
  EXPECT_TRUE(writer->Delete("b").value_or(false));
  const CommitInfo info = CommitOrDie(writer.get());
  EXPECT_EQ(info.num_docs, 0u);
  EXPECT_EQ(info.deleted, 2u);
  EXPECT_THAT(Model(), IsEmpty());
  EXPECT_THAT(ManifestOf(env_.get(), dir_).segments, IsEmpty());
}

TEST_F(IndexWriterTest, DeletionsReachEverySegment) {
  const auto writer = Open();
  std::vector<Document> left;
  for (int i = 0; i < 30; ++i) {
    const Document document = MakeDocument(StrCat("k", i), "", StrCat("text ", i));
    AddOrDie(writer.get(), document);
    if (i % 6 != 0) left.push_back(document);
    if (i % 10 == 9) CommitOrDie(writer.get());
  }
  for (int i = 0; i < 30; i += 6) EXPECT_TRUE(writer->Delete(StrCat("k", i)).value_or(false));
  EXPECT_EQ(CommitOrDie(writer.get()).num_docs, 25u);
  EXPECT_EQ(ManifestOf(env_.get(), dir_).segments.size(), 3u);
  EXPECT_EQ(Model(), ExpectedModel(left, IndexOptions{}));
  // A second commit of deletions stands on the first.
  EXPECT_TRUE(writer->Delete("k1").value_or(false));
  std::erase_if(left, [](const Document& document) { return document.key == "k1"; });
  CommitOrDie(writer.get());
  EXPECT_EQ(Model(), ExpectedModel(left, IndexOptions{}));
}

TEST_F(IndexWriterTest, ASegmentOfMostlyDeletedDocumentsIsWrittenAnew) {
  const auto writer = Open();
  for (int i = 0; i < 10; ++i) {
    AddOrDie(writer.get(), MakeDocument(StrCat("k", i), "", StrCat("text ", i)));
  }
  CommitOrDie(writer.get());
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(writer->Delete(StrCat("k", i)).value_or(false));
  CommitOrDie(writer.get());
  const Manifest manifest = ManifestOf(env_.get(), dir_);
  ASSERT_EQ(manifest.segments.size(), 1u);
  EXPECT_EQ(manifest.segments[0].num_docs, 6u);
  EXPECT_EQ(manifest.segments[0].num_deleted, 0u);
}

TEST_F(IndexWriterTest, RollbackForgetsEverythingSinceTheCommit) {
  const auto writer = Open();
  AddOrDie(writer.get(), MakeDocument("a", "", "x"));
  CommitOrDie(writer.get());
  AddOrDie(writer.get(), MakeDocument("b", "", "y"));
  AddOrDie(writer.get(), MakeDocument("a", "", "z"));
  ASSERT_TRUE(writer->Rollback().ok());
  EXPECT_THAT(KeysOf(writer.get()), ElementsAre("a"));
  EXPECT_EQ(CommitOrDie(writer.get()).generation, 1u);
  EXPECT_EQ(AddOrDie(writer.get(), MakeDocument("a", "", "x")), AddOutcome::kUnchanged);
  EXPECT_EQ(AddOrDie(writer.get(), MakeDocument("b", "", "y")), AddOutcome::kAdded);
}

TEST_F(IndexWriterTest, ForEachKeyVisitsLiveKeysWithThePrefix) {
  const auto writer = Open();
  for (const char* key : {"news/1", "news/2", "old/1", "news"}) {
    AddOrDie(writer.get(), MakeDocument(key, "", key));
  }
  CommitOrDie(writer.get());
  AddOrDie(writer.get(), MakeDocument("news/3", "", "x"));
  AddOrDie(writer.get(), MakeDocument("news/1", "", "replaced"));
  EXPECT_TRUE(writer->Delete("news/2").value_or(false));
  EXPECT_THAT(KeysOf(writer.get(), "news/"), UnorderedElementsAre("news/1", "news/3"));
  EXPECT_THAT(KeysOf(writer.get()), UnorderedElementsAre("news", "news/1", "news/3", "old/1"));
  EXPECT_THAT(KeysOf(writer.get(), "p"), IsEmpty());
}

TEST_F(IndexWriterTest, ManySmallCommitsKeepFewSegments) {
  const auto writer = Open();
  std::vector<Document> documents;
  for (int i = 0; i < 40; ++i) {
    documents.push_back(MakeDocument(StrCat("k", i), "", StrCat("text number ", i)));
    AddOrDie(writer.get(), documents.back());
    CommitOrDie(writer.get());
    EXPECT_LE(ManifestOf(env_.get(), dir_).segments.size(), 8u);
  }
  EXPECT_EQ(Model(), ExpectedModel(documents, IndexOptions{}));
}

TEST_F(IndexWriterTest, LeavesNoFileThatTheManifestDoesNotName) {
  const auto writer = Open();
  for (int i = 0; i < 20; ++i) {
    AddOrDie(writer.get(), MakeDocument(StrCat("k", i), "", "x"));
    if (i % 3 == 2) {
      EXPECT_TRUE(writer->Delete(StrCat("k", i - 2)).value_or(false));
    }
    CommitOrDie(writer.get());
    size_t expected = 2;  // MANIFEST and LOCK
    for (const SegmentMeta& segment : ManifestOf(env_.get(), dir_).segments) {
      expected += segment.live_docs_generation == 0 ? 1 : 2;
    }
    EXPECT_EQ(env_->List(dir_)->size(), expected);
  }
}

TEST_F(IndexWriterTest, ASmallBufferFlushesUnitsAndKeepsThemHiddenUntilTheCommit) {
  WriterOptions options;
  options.buffer_bytes = 1 << 16;
  options.threads = 2;
  const auto writer = OpenWriter(env_.get(), dir_, options);
  CommitOrDie(writer.get());
  std::vector<Document> documents;
  for (int i = 0; i < 300; ++i) {
    documents.push_back(MakeDocument(StrCat("k", i), "", std::string(1000, 'a' + i % 26)));
    AddOrDie(writer.get(), documents.back());
  }
  EXPECT_THAT(Model(), IsEmpty());
  ASSERT_TRUE(writer->Rollback().ok());
  EXPECT_EQ(env_->List(dir_)->size(), 2u);
  for (const Document& document : documents) AddOrDie(writer.get(), document);
  CommitOrDie(writer.get());
  EXPECT_EQ(ManifestOf(env_.get(), dir_).segments.size(), 1u);
  EXPECT_EQ(Model(), ExpectedModel(documents, IndexOptions{}));
}

TEST_F(IndexWriterTest, TheLastOfADocumentsVersionsWinsAcrossUnits) {
  WriterOptions options;
  options.buffer_bytes = 1 << 16;
  const auto writer = OpenWriter(env_.get(), dir_, options);
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 100; ++i) {
      AddOrDie(writer.get(), MakeDocument(StrCat("k", i), "",
                                          StrCat("round ", round, std::string(1500, ' '), "x")));
    }
  }
  EXPECT_EQ(CommitOrDie(writer.get()).num_docs, 100u);
  const auto model = Model();
  ASSERT_EQ(model.size(), 100u);
  for (const auto& [key, line] : model) {
    EXPECT_THAT(line, ::testing::HasSubstr("0:round 1:2 2:x"));
  }
}

TEST_F(IndexWriterTest, ATextOfManyPartsIsIndexedAsAShortOneIs) {
  std::string text;
  for (int i = 0; text.size() < (size_t{3} << 19); ++i) {
    text +=
        StrCat("Mr. Smith of the U.S. said: \"Word", i, " is no. ", i % 7, "!\" He left at 3.5. ");
    if (i % 50 == 0) text += "\n\n";
  }
  const std::vector<Document> documents = {MakeDocument("short", "A title", "before it"),
                                           MakeDocument("long", "Its title", text),
                                           MakeDocument("last", "", "behind it")};
  const auto writer = OpenWriter(env_.get(), dir_);
  for (const Document& document : documents) AddOrDie(writer.get(), document);
  CommitOrDie(writer.get());
  EXPECT_TRUE(Model() == ExpectedModel(documents, IndexOptions{}));
}

TEST_F(IndexWriterTest, UnitsWhoseDocumentsWereAllDeletedLeaveNoTraceInALaterCommit) {
  for (const bool has_commit : {false, true}) {
    for (const int threads : {1, 2}) {
      const auto env = NewMemoryEnv();
      WriterOptions options;
      options.buffer_bytes = 1 << 16;
      options.threads = threads;
      const auto writer = OpenWriter(env.get(), dir_, options);
      if (has_commit) {
        AddOrDie(writer.get(), MakeDocument("x", "", "one"));
        CommitOrDie(writer.get());
      }
      std::vector<Document> later;
      for (int i = 0; i < 150; ++i) {
        const std::string text(1700, static_cast<char>('a' + i % 26));
        AddOrDie(writer.get(), MakeDocument(StrCat("gone", i), "", text));
        later.push_back(MakeDocument(StrCat("kept", i), "", text));
      }
      for (int i = 0; i < 150; ++i) ASSERT_TRUE(writer->Delete(StrCat("gone", i)).value());
      if (has_commit) {
        ASSERT_TRUE(writer->Delete("x").value());
      }
      EXPECT_EQ(CommitOrDie(writer.get()).num_docs, 0u);
      for (const Document& document : later) AddOrDie(writer.get(), document);
      EXPECT_EQ(CommitOrDie(writer.get()).num_docs, 150u);
      EXPECT_TRUE(ReadModel(env.get(), dir_) == ExpectedModel(later, IndexOptions{}));
    }
  }
}

TEST_F(IndexWriterTest, CountsTextAndRepairsMalformedBytes) {
  const auto writer = Open();
  AddOrDie(writer.get(), MakeDocument("a", "ti", "te\xffxt"));
  AddOrDie(writer.get(), MakeDocument("b", "", std::string(kMaxTermBytes + 1, 'x')));
  EXPECT_EQ(writer->text_bytes(), 2u + 7u + kMaxTermBytes + 1);
  const CommitInfo info = CommitOrDie(writer.get());
  EXPECT_EQ(info.replaced_bytes, 1u);
  EXPECT_EQ(info.cut_terms, 1u);
  EXPECT_EQ(Model(), ExpectedModel({MakeDocument("a", "ti", "te\xef\xbf\xbdxt"),
                                    MakeDocument("b", "", std::string(kMaxTermBytes + 1, 'x'))},
                                   IndexOptions{}));
}

TEST_F(IndexWriterTest, KeepsForeignFilesAndRemovesLeftoversOfItsOwn) {
  CommitOrDie(Open().get());
  WriteFileOrDie(env_.get(), "index/notes.txt", "mine");
  WriteFileOrDie(env_.get(), "index/seg_notes.ibid", "mine too");
  WriteFileOrDie(env_.get(), "index/seg_0000000077.ibid", "left behind");
  WriteFileOrDie(env_.get(), "index/MANIFEST.tmp", "left behind");
  const auto writer = Open();
  AddOrDie(writer.get(), MakeDocument("a", "", "x"));
  CommitOrDie(writer.get());
  EXPECT_THAT(*env_->List(dir_), ElementsAre("LOCK", "MANIFEST", "notes.txt", "seg_0000000001.ibid",
                                             "seg_notes.ibid"));
  EXPECT_EQ(ReadFileOrDie(env_.get(), "index/notes.txt"), "mine");
}

// Removes nothing as long as it is told so.
class StickyEnv : public ForwardingEnv {
 public:
  using ForwardingEnv::ForwardingEnv;
  absl::Status Remove(const std::string& path) override {
    if (sticks) return absl::UnavailableError(StrCat("remove ", path, ": Input/output error"));
    return ForwardingEnv::Remove(path);
  }
  bool sticks = true;
};

TEST_F(IndexWriterTest, LeftoversThatCannotBeRemovedAreInNobodysWay) {
  std::vector<Document> documents;
  for (int i = 0; i < 30; ++i) documents.push_back(MakeDocument(StrCat("a", i), "", "x"));
  {
    const auto writer = Open();
    for (const Document& document : documents) AddOrDie(writer.get(), document);
    CommitOrDie(writer.get());
  }
  // What a commit that was killed may leave: its segment, a unit, their temporaries, deletions.
  const std::vector<std::string> leftovers = {
      "seg_0000000002.ibid", "seg_0000000003.ibid.column.tmp", "seg_4294967296.ibid",
      "seg_4294967298.ibid.pair_runs.tmp", "live_0000000001_2.ibid"};
  for (const std::string& name : leftovers) {
    WriteFileOrDie(env_.get(), StrCat("index/", name), "left behind");
  }
  StickyEnv env(env_.get());
  WriterOptions options;
  options.buffer_bytes = 1 << 16;    // several units
  options.background_merges = true;  // the first segment stays, with a deletion
  documents.erase(documents.begin());
  for (int i = 0; i < 300; ++i) {
    documents.push_back(MakeDocument(StrCat("d", i), "", std::string(1000, 'y')));
  }
  const auto change_and_commit = [&](IndexWriter* writer) {
    for (const Document& document : documents) AddOrDie(writer, document);
    EXPECT_TRUE(*writer->Delete("a0"));
    return writer->Commit().status();
  };
  auto writer = IndexWriter::Open("index", options, &env);
  ASSERT_TRUE(writer.ok()) << writer.status();
  EXPECT_THAT(change_and_commit(writer->get()).ToString(),
              HasSubstr("remove index/live_0000000001_2"));
  writer->reset();
  writer = IndexWriter::Open("index", options, &env);
  ASSERT_TRUE(writer.ok()) << writer.status();
  env.sticks = false;
  const absl::Status status = change_and_commit(writer->get());
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(Model(), ExpectedModel(documents, IndexOptions{}));
  writer->reset();
  EXPECT_THAT(*env_->List(dir_),
              ElementsAre("LOCK", "MANIFEST", "live_0000000001_2.ibid", "seg_0000000001.ibid",
                          MatchesRegex("seg_00000000..\\.ibid")));
}

TEST_F(IndexWriterTest, AStrayNameFarAwayLeavesTheNumbersAsTheyAre) {
  CommitOrDie(Open().get());
  for (const char* name : {"seg_4294967294.ibid", "seg_4294967295.ibid", "seg_9999999999.ibid"}) {
    WriteFileOrDie(env_.get(), StrCat("index/", name), "not a writer's");
  }
  StickyEnv env(env_.get());
  auto writer = IndexWriter::Open("index", {}, &env);
  ASSERT_TRUE(writer.ok()) << writer.status();
  AddOrDie(writer->get(), MakeDocument("a", "", "x"));
  CommitOrDie(writer->get());
  EXPECT_THAT(*env_->List(dir_), Contains("seg_0000000001.ibid"));
}

TEST(IndexWriterOnDisk, GivesTheSameIndexAsInMemory) {
  const TempDirectory disk;
  const auto memory = NewMemoryEnv();
  for (Env* env : {Env::Posix(), memory.get()}) {
    const std::string dir = env == Env::Posix() ? disk.Path("index") : "index";
    const auto writer = OpenWriter(env, dir);
    for (int i = 0; i < 50; ++i) {
      AddOrDie(writer.get(), MakeDocument(StrCat("k", i), "title", StrCat("text ", i)));
    }
    CommitOrDie(writer.get());
  }
  EXPECT_EQ(SectionBytes(Env::Posix(), disk.Path("index")), SectionBytes(memory.get(), "index"));
}

}  // namespace
}  // namespace ibid
