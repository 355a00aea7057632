#include "ibid/index_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "ibid/index_writer.h"
#include "ibid/version.h"
#include "tests/oracle/test_index.h"

namespace ibid {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class IndexReaderTest : public testing::Test {
 protected:
  // Two segments; "b" is replaced and "c" deleted.
  void SetUp() override {
    index_.Add({.key = "a",
                .title = "Rebel city",
                .text = "The rebels said so.",
                .date = "2015-11-13",
                .source = "Wire"});
    index_.Add({.key = "b", .text = "old words here"});
    index_.Add({.key = "c", .text = "the gone"});
    // So that the two that go do not make the segment worth writing anew.
    for (int i = 0; i < 5; ++i) index_.Add({.key = "f" + std::to_string(i), .text = "filler"});
    index_.Commit();
    index_.Add({.key = "b", .text = "The new words, the rebels'."});
    index_.Delete("c");
    index_.Commit();
    reader_ = index_.Reader();
  }

  std::vector<std::string> Terms(std::string_view prefix) const {
    std::vector<std::string> terms;
    EXPECT_TRUE(reader_
                    ->ForEachTerm(prefix,
                                  [&terms](const TermStats& stats) {
                                    terms.push_back(stats.term + " " +
                                                    std::to_string(stats.doc_freq) + " " +
                                                    std::to_string(stats.total_freq));
                                    return true;
                                  })
                    .ok());
    return terms;
  }

  std::vector<std::string> Postings(std::string_view term) const {
    std::vector<std::string> lines;
    EXPECT_TRUE(reader_
                    ->ForEachPosting(term,
                                     [&lines](const TermPosting& posting) {
                                       std::string line =
                                           posting.key + " " + std::to_string(posting.freq) + ":";
                                       for (const Position p : posting.positions) {
                                         line += " " + std::to_string(p);
                                       }
                                       lines.push_back(line);
                                       return true;
                                     })
                    .ok());
    return lines;
  }

  TestIndex index_;
  std::shared_ptr<const IndexReader> reader_;
};

TEST_F(IndexReaderTest, CountsDocumentsTokensTermsAndBytes) {
  const IndexInfo info = reader_->Info();
  EXPECT_EQ(info.generation, 2u);
  EXPECT_EQ(info.format_version, kFormatVersion);
  EXPECT_FALSE(info.analysis_differs);
  EXPECT_EQ(info.num_docs, 7u);
  EXPECT_EQ(info.num_deleted, 2u);
  EXPECT_EQ(info.num_tokens, 6u + 3 + 2 + 5 + 5);
  EXPECT_EQ(info.num_positions, info.num_tokens);
  EXPECT_EQ(info.num_terms, 11u + 4);  // each segment's
  EXPECT_EQ(info.num_postings, 16u + 4);
  EXPECT_EQ(info.text_bytes, 10u + 19 + 14 + 8 + 30 + 27);
  ASSERT_EQ(info.segments.size(), 2u);
  EXPECT_EQ(info.segments[0].num_docs, 8u);
  EXPECT_EQ(info.segments[0].num_deleted, 2u);
  EXPECT_EQ(info.segments[1].num_docs, 1u);
  uint64_t bytes = 0;
  for (const auto& [name, size] : info.structure_bytes) bytes += size;
  EXPECT_EQ(bytes, info.total_bytes);
  EXPECT_GT(info.total_bytes, info.segments[0].bytes + info.segments[1].bytes);
}

TEST_F(IndexReaderTest, ListsColumnsWithTheirTypes) {
  EXPECT_THAT(reader_->columns(), ElementsAre(std::pair("date", ColumnType::kDate),
                                              std::pair("source", ColumnType::kText)));
}

TEST_F(IndexReaderTest, WalksTheTermsOfAllSegmentsInOrderOfBytes) {
  EXPECT_THAT(Terms("re"), ElementsAre("rebel 1 1", "rebels 2 2"));
  EXPECT_THAT(Terms("the"), ElementsAre("the 3 4"));  // deleted documents count until a merge
  EXPECT_THAT(Terms("zz"), IsEmpty());
  EXPECT_EQ(Terms("").size(), 12u);
  size_t seen = 0;
  EXPECT_TRUE(reader_->ForEachTerm("", [&seen](const TermStats&) { return ++seen < 3; }).ok());
  EXPECT_EQ(seen, 3u);
}

TEST_F(IndexReaderTest, WalksTheLivePostingsOfATermWithPositions) {
  // The title has positions 0 and 1; one is left free before the text.
  EXPECT_THAT(Postings("rebels"), ElementsAre("a 1: 4", "b 1: 4"));
  EXPECT_THAT(Postings("the"), ElementsAre("a 1: 3", "b 2: 0 3"));
  EXPECT_THAT(Postings("old"), IsEmpty());
  EXPECT_THAT(Postings("none"), IsEmpty());
  size_t seen = 0;
  EXPECT_TRUE(
      reader_->ForEachPosting("the", [&seen](const TermPosting&) { return ++seen < 1; }).ok());
  EXPECT_EQ(seen, 1u);
}

TEST_F(IndexReaderTest, GivesTheNewestVersionOfADocumentAndNoneOfADeletedOne) {
  const auto a = reader_->GetDocument("a");
  ASSERT_TRUE(a.ok() && a->has_value());
  EXPECT_EQ((*a)->title, "Rebel city");
  EXPECT_EQ((*a)->source, "Wire");
  const auto b = reader_->GetDocument("b");
  ASSERT_TRUE(b.ok() && b->has_value());
  EXPECT_EQ((*b)->text, "The new words, the rebels'.");
  const auto c = reader_->GetDocument("c");
  ASSERT_TRUE(c.ok());
  EXPECT_FALSE(c->has_value());
  EXPECT_FALSE((*reader_->GetDocument("nobody")).has_value());
}

TEST_F(IndexReaderTest, StaysAsItWasWhileWritersGoOn) {
  index_.Add({.key = "d", .text = "more"});
  index_.Delete("a");
  index_.MergeToOne();
  EXPECT_EQ(reader_->num_docs(), 7u);
  EXPECT_THAT(Postings("rebels"), ElementsAre("a 1: 4", "b 1: 4"));
  EXPECT_TRUE((*reader_->GetDocument("a")).has_value());
}

TEST_F(IndexReaderTest, RefreshGivesTheNewestGenerationOrItself) {
  const auto same = reader_->Refresh();
  ASSERT_TRUE(same.ok());
  EXPECT_EQ(*same, reader_);
  index_.Delete("a");
  index_.Commit();
  const auto newer = reader_->Refresh();
  ASSERT_TRUE(newer.ok()) << newer.status();
  EXPECT_EQ((*newer)->generation(), 3u);
  EXPECT_EQ((*newer)->num_docs(), 6u);
  EXPECT_EQ(reader_->num_docs(), 7u);
  index_.MergeToOne();
  const auto merged = (*newer)->Refresh();
  ASSERT_TRUE(merged.ok()) << merged.status();
  EXPECT_EQ((*merged)->Info().segments.size(), 1u);
  EXPECT_EQ((*merged)->Info().num_deleted, 0u);
  EXPECT_EQ((*merged)->Info().num_tokens, 10u);
}

TEST(IndexReader, RefreshKnowsAnIndexThatWasMadeAnew) {
  const auto env = NewMemoryEnv();
  const auto make = [&env](const std::string& key) {
    const auto writer = IndexWriter::Open("index", {}, env.get());
    ASSERT_TRUE(writer.ok()) << writer.status();
    ASSERT_TRUE((*writer)->Add({.key = key, .text = "word"}).ok());
    ASSERT_TRUE((*writer)->Commit().ok());
  };
  make("before");
  const auto reader = IndexReader::Open("index", env.get());
  ASSERT_TRUE(reader.ok()) << reader.status();
  const auto files = env->List("index");
  ASSERT_TRUE(files.ok());
  for (const std::string& file : *files) ASSERT_TRUE(env->Remove("index/" + file).ok());
  make("behind");
  const auto newest = (*reader)->Refresh();
  ASSERT_TRUE(newest.ok()) << newest.status();
  EXPECT_EQ((*newest)->generation(), (*reader)->generation());
  EXPECT_TRUE(*(*newest)->Contains("behind"));
  EXPECT_FALSE(*(*newest)->Contains("before"));
}

TEST_F(IndexReaderTest, AnIndexWithoutStoredTextSaysSo) {
  TestIndex plain({.store_text = false});
  const auto reader = IndexOf({{.key = "a", .text = "word"}}, &plain);
  const auto document = reader->GetDocument("a");
  EXPECT_EQ(document.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(document.status().message(),
            "index: this index was made without stored text (--no-store)");
}

TEST(IndexReader, WhereThereIsNoIndexItIsNotFound) {
  const std::unique_ptr<Env> env = NewMemoryEnv();
  ASSERT_TRUE(env->CreateDirectory("empty").ok());
  const auto opened = IndexReader::Open("empty", env.get());
  EXPECT_EQ(opened.status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(opened.status().message(), "empty: no index here (no MANIFEST)");
  EXPECT_EQ(IndexReader::Open("nowhere", env.get()).status().code(), absl::StatusCode::kNotFound);
}

TEST(IndexReader, AnIndexOfNothingAnswersNothing) {
  TestIndex index;
  index.Commit();
  const auto reader = index.Reader();
  EXPECT_EQ(reader->num_docs(), 0u);
  EXPECT_TRUE(SearchAll(Searcher(reader), "word").hits.empty());
  EXPECT_TRUE(SearchAll(Searcher(reader), "*").hits.empty());
  EXPECT_TRUE(SearchAll(Searcher(reader), "NOT (a NEAR b)").hits.empty());
}

}  // namespace
}  // namespace ibid
