// However documents come into an index, the bytes of its sections are the same.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "tests/indexer/index_model.h"
#include "tests/indexer/random_documents.h"

namespace ibid {
namespace {

using Sections = std::map<std::string, std::string>;

WriterOptions Options(const IndexOptions& index, int threads = 1,
                      size_t buffer_bytes = size_t{256} << 20) {
  WriterOptions options;
  options.index = index;
  options.threads = threads;
  options.buffer_bytes = buffer_bytes;
  return options;
}

std::vector<IndexOptions> AllIndexOptions() {
  return {{.analyzer = AnalyzerKind::kStandard, .language = "english", .store_text = true},
          {.analyzer = AnalyzerKind::kStandard, .language = "english", .store_text = false},
          {.analyzer = AnalyzerKind::kAlnum, .language = "none", .store_text = true}};
}

// The sections of an index made of `documents` by one commit.
Sections Fresh(const std::vector<Document>& documents, const WriterOptions& options) {
  const auto env = NewMemoryEnv();
  const auto writer = OpenWriter(env.get(), "index", options);
  for (const Document& document : documents) AddOrDie(writer.get(), document);
  CommitOrDie(writer.get());
  return SectionBytes(env.get(), "index");
}

// Compares without printing megabytes.
void ExpectSame(const Sections& a, const Sections& b) {
  ASSERT_EQ(a.size(), b.size());
  for (const auto& [name, bytes] : a) {
    ASSERT_TRUE(b.contains(name)) << name;
    EXPECT_TRUE(bytes == b.at(name))
        << name << ": " << bytes.size() << " and " << b.at(name).size() << " bytes";
  }
}

TEST(SegmentEquality, TheNumberOfThreadsLeavesNoTrace) {
  const auto documents = RandomDocuments(1, 1500);
  const IndexOptions index;
  const size_t small_buffer = size_t{1} << 19;
  const Sections one = Fresh(documents, Options(index, 1, small_buffer));
  ExpectSame(one, Fresh(documents, Options(index, 2, small_buffer)));
  ExpectSame(one, Fresh(documents, Options(index, 5, small_buffer)));
}

TEST(SegmentEquality, UnitsThatWereFlushedAndMergedGiveTheBytesOfOneSegment) {
  const auto documents = RandomDocuments(2, 1500);
  for (const IndexOptions& index : AllIndexOptions()) {
    ExpectSame(Fresh(documents, Options(index)),
               Fresh(documents, Options(index, 2, size_t{1} << 19)));
  }
}

TEST(SegmentEquality, MergedCommitsGiveTheBytesOfOneSegment) {
  for (const IndexOptions& index : AllIndexOptions()) {
    const auto env = NewMemoryEnv();
    const auto writer = OpenWriter(env.get(), "index", Options(index));
    std::vector<Document> all;
    for (uint32_t part = 0; part < 5; ++part) {
      const auto documents = RandomDocuments(30 + part, 100 + part * 50, all.size());
      all.insert(all.end(), documents.begin(), documents.end());
      for (const Document& document : documents) AddOrDie(writer.get(), document);
      CommitOrDie(writer.get());
    }
    EXPECT_EQ(ManifestOf(env.get(), "index").segments.size(), 5u);
    ASSERT_TRUE(writer->MergeToOne().ok());
    CommitOrDie(writer.get());
    EXPECT_EQ(ManifestOf(env.get(), "index").segments.size(), 1u);
    ExpectSame(Fresh(all, Options(index)), SectionBytes(env.get(), "index"));
  }
}

// Commits, replaces and deletes at random; the merged index must be that of what is left.
void ChangeAndMerge(const IndexOptions& index, uint32_t seed) {
  SCOPED_TRACE(seed);
  const auto env = NewMemoryEnv();
  const auto writer = OpenWriter(env.get(), "index", Options(index, 2, size_t{1} << 18));
  std::vector<Document> left;  // in the order of the segments
  for (uint32_t part = 0; part < 4; ++part) {
    auto documents = RandomDocuments(seed + part, 220, part * 100);  // overlap: replaced
    for (size_t i = 0; i < documents.size(); ++i) {
      std::erase_if(left, [&](const Document& old) { return old.key == documents[i].key; });
      left.push_back(documents[i]);
      AddOrDie(writer.get(), documents[i]);
      if (i % 9 != 4) continue;
      const std::string key = left[(i * 7919 + seed) % left.size()].key;
      EXPECT_TRUE(writer->Delete(key).value_or(false));
      std::erase_if(left, [&](const Document& old) { return old.key == key; });
    }
    CommitOrDie(writer.get());
    EXPECT_EQ(ReadModel(env.get(), "index"), ExpectedModel(left, index));
  }
  ASSERT_TRUE(writer->MergeToOne().ok());
  CommitOrDie(writer.get());
  ExpectSame(Fresh(left, Options(index)), SectionBytes(env.get(), "index"));
}

TEST(SegmentEquality, AMergeLeavesNoTraceOfReplacedAndDeletedDocuments) {
  for (const IndexOptions& index : AllIndexOptions()) ChangeAndMerge(index, 400);
}

TEST(SegmentEquality, AMergeLeavesNoTraceOfDeletedDocumentsForOtherDocuments) {
  for (const uint32_t seed : {500u, 600u}) ChangeAndMerge(IndexOptions{}, seed);
}

}  // namespace
}  // namespace ibid
