#include "searcher/deep_checks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/format/file_names.h"
#include "common/format/segment_reader.h"
#include "ibid/check_index.h"
#include "tests/fault/every_feature_index.h"
#include "tests/fuzz/index_parts.h"
#include "tests/oracle/random_stories.h"
#include "tests/oracle/test_index.h"

namespace ibid {

namespace {

using testing::Contains;
using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> DeepProblems(const std::string& directory, Env* env) {
  const auto report = CheckIndex(directory, env, {}, {.deep = true});
  EXPECT_TRUE(report.ok()) << report.status();
  return report.ok() ? report->problems : std::vector<std::string>{"not checked"};
}

TEST(DeepCheck, FindsNothingInIndexesOfRandomStories) {
  for (uint64_t seed = 1; seed <= 12; ++seed) {
    SCOPED_TRACE(seed);
    TestIndex index;
    RandomStories stories(seed, 32);
    for (int i = 0; i < 60; ++i) {
      index.Add(stories.Story("k" + std::to_string(i % 45)));
      if (i % 20 == 19) index.Commit();
    }
    index.Delete("k3");
    index.Commit();
    EXPECT_THAT(DeepProblems(index.directory(), index.env()), IsEmpty());
    index.MergeToOne(DocumentOrder::kBySharedWords);
    EXPECT_THAT(DeepProblems(index.directory(), index.env()), IsEmpty());
  }
}

TEST(DeepCheck, FindsNothingInAnIndexThatUsesEveryFeature) {
  const std::unique_ptr<Env> env = NewMemoryEnv();
  WriteIndexFiles(env.get(), "index", MakeEveryFeatureIndex({}));
  const auto report = CheckIndex("index", env.get(), {}, {.deep = true});
  ASSERT_TRUE(report.ok());
  EXPECT_THAT(report->problems, IsEmpty());
  EXPECT_EQ(report->num_analyzed_docs, 400u);
}

TEST(DeepCheck, SaysWhereThereIsNoTextToAnalyse) {
  TestIndex index({.store_text = false});
  index.Add({.key = "a", .text = "word"});
  index.Commit();
  const auto report = CheckIndex(index.directory(), index.env(), {}, {.deep = true});
  ASSERT_TRUE(report.ok());
  EXPECT_THAT(report->problems, IsEmpty());
  EXPECT_THAT(report->warnings, Contains(HasSubstr("nothing to analyse again")));
  EXPECT_EQ(report->num_analyzed_docs, 0u);
}

// Two segments in which one thing differs and that are sound each: one's sections in place of the
// other's.
class DeepCheckSwap : public testing::Test {
 protected:
  static IndexParts Parts(const Document& document) {
    TestIndex index;
    index.Add(document);
    index.Commit();
    return TakeApart(index.env(), index.directory());
  }

  // The index of `left`, with `sections` of the index of `right`.
  static std::vector<std::string> ProblemsOf(const Document& left, const Document& right,
                                             const std::vector<SectionId>& sections) {
    IndexParts parts = Parts(left);
    const IndexParts other = Parts(right);
    for (const SectionId id : sections) parts.segments[0][id] = other.segments[0].at(id);
    const std::unique_ptr<Env> env = NewMemoryEnv();
    Seal(std::move(parts), env.get(), "index");
    EXPECT_THAT(CheckIndex("index", env.get())->problems, IsEmpty()) << "check sees it already";
    return DeepProblems("index", env.get());
  }
};

TEST_F(DeepCheckSwap, FindsWordsThatTheTextDoesNotHave) {
  EXPECT_THAT(ProblemsOf({.key = "a", .text = "one two"}, {.key = "a", .text = "one six"},
                         {SectionId::kTerms}),
              Each(HasSubstr("terms: at byte 0: term \"six\": not what the stored text gives")));
}

TEST_F(DeepCheckSwap, FindsPositionsThatTheTextDoesNotGive) {
  EXPECT_THAT(
      ProblemsOf({.key = "a", .text = "one two one two"}, {.key = "a", .text = "one one two two"},
                 {SectionId::kTerms, SectionId::kPostings, SectionId::kPositions}),
      Contains(HasSubstr("term \"one\"")));
}

TEST_F(DeepCheckSwap, FindsRegionsThatTheTextDoesNotGive) {
  EXPECT_THAT(ProblemsOf({.key = "a", .text = "one. Two six"}, {.key = "a", .text = "one two. Six"},
                         {SectionId::kRegions}),
              Contains(HasSubstr("regions: at byte 0: document 0")));
}

TEST_F(DeepCheckSwap, FindsStemsThatTheWordsDoNotHave) {
  EXPECT_THAT(ProblemsOf({.key = "a", .text = "rains rain  x"},
                         {.key = "a", .text = "rains rainy x"}, {SectionId::kStored}),
              Contains(HasSubstr("rain")));
}

TEST_F(DeepCheckSwap, FindsValuesThatTheDocumentDoesNotHave) {
  Document left{.key = "a", .text = "x", .source = "Wire", .fields = {{"pages", {int64_t{3}}}}};
  Document right = left;
  right.source = "Wine";
  EXPECT_THAT(ProblemsOf(left, right, {SectionId::kColumns}),
              Contains(HasSubstr("column source of document 0")));
  right.source = "";
  EXPECT_THAT(ProblemsOf(left, right, {SectionId::kColumns}),
              Contains(HasSubstr("column source of document 0")));
  right = left;
  right.fields = {{"pages", {int64_t{4}}}};
  EXPECT_THAT(ProblemsOf(left, right, {SectionId::kColumns}),
              Contains(HasSubstr("column pages of document 0")));
}

}  // namespace
}  // namespace ibid
