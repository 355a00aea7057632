// What a run of `ibid index` knows of its files, asked without files: first reads, then changes.
#include "cli/source_ledger.h"

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ibid::cli {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

constexpr std::string_view kPrefix = "news/";

struct ReadFile {
  std::string path;
  std::vector<std::string> keys;  // without the prefix
  std::optional<ProblemKind> problem = std::nullopt;
};

class SourceLedgerTest : public testing::Test {
 protected:
  // The keys that another root had.
  std::vector<std::string> Read(size_t root, const std::vector<ReadFile>& files) {
    std::vector<std::string> left_out;
    ledger_.BeginRoot(root);
    for (const ReadFile& file : files) {
      ledger_.BeginFile(file.path);
      for (const std::string& key : file.keys) {
        if (ledger_.Add(std::string(kPrefix) + key).has_value()) left_out.push_back(key);
      }
      if (file.problem) ledger_.Note({.path = file.path, .kind = *file.problem});
    }
    ledger_.EndRoot();
    return left_out;
  }
  bool IsNameless(size_t root, const std::string& path) {
    return ledger_.IsNameless(root, std::string(kPrefix) + path);
  }

  SourceLedger ledger_{3, std::string(kPrefix)};
};

TEST_F(SourceLedgerTest, KeysBelongToTheRootThatGaveThemFirst) {
  EXPECT_THAT(Read(0, {{"a", {"a"}}, {"b", {"b"}}}), IsEmpty());
  EXPECT_THAT(Read(1, {{"b", {"b"}}, {"c", {"c"}}}), ElementsAre("b"));
  EXPECT_THAT(Read(0, {{"a", {"a"}}}), IsEmpty());
  ledger_.BeginRoot(1);
  EXPECT_EQ(ledger_.Add("news/a"), std::optional<size_t>(0));
  EXPECT_EQ(ledger_.Add("news/c"), std::nullopt);
  EXPECT_TRUE(ledger_.Has("news/c"));
  EXPECT_FALSE(ledger_.Has("c"));
}

TEST_F(SourceLedgerTest, ADocumentWaitsUntilItsKeyIsFree) {
  Read(0, {{"a", {"a"}}});
  Read(1, {{"a", {"a"}}, {"d/all", {"a", "x"}}});
  Read(2, {{"a", {"a"}}});
  ledger_.Remove("news/x");
  EXPECT_THAT(ledger_.TakeFreed(), IsEmpty());
  ledger_.Remove("news/a");
  EXPECT_THAT(ledger_.TakeFreed(),
              ElementsAre(Pair(1, ElementsAre("a", "d/all")), Pair(2, ElementsAre("a"))));
  EXPECT_THAT(ledger_.TakeFreed(), IsEmpty());
  EXPECT_THAT(Read(2, {{"a", {"a"}}}), IsEmpty()) << "free";
  ledger_.Remove("news/a");
  EXPECT_THAT(ledger_.TakeFreed(), IsEmpty()) << "nothing waits any more";
}

TEST_F(SourceLedgerTest, WhatIsFreedByHandIsGivenToo) {
  ledger_.Free(2, "");
  ledger_.Free(2, "a");
  EXPECT_THAT(ledger_.TakeFreed(), ElementsAre(Pair(2, ElementsAre("", "a"))));
}

TEST_F(SourceLedgerTest, AFileThatGaveNothingOfItsNameIsNameless) {
  Read(0, {{"itself", {"itself"}},
           {"lines", {"1", "2"}},
           {"both", {"both", "3"}},
           {"nothing", {}},
           {"empty", {}, ProblemKind::kEmptyFile},
           {"warned", {}, ProblemKind::kWarning},
           {"refused", {}, ProblemKind::kSkipped},
           {"unread", {}, ProblemKind::kUnread},
           {"cut", {"4"}, ProblemKind::kUnread},
           {"lines with a bad one", {"5"}, ProblemKind::kSkipped}});
  for (const char* path : {"lines", "nothing", "empty", "warned", "lines with a bad one"}) {
    EXPECT_TRUE(IsNameless(0, path)) << path;
    EXPECT_FALSE(IsNameless(1, path)) << path;
  }
  for (const char* path : {"itself", "both", "refused", "unread", "cut", "never seen"}) {
    EXPECT_FALSE(IsNameless(0, path)) << path;
  }
  Read(0, {{"lines", {"lines"}}, {"itself", {"1"}}});
  EXPECT_FALSE(IsNameless(0, "lines"));
  EXPECT_TRUE(IsNameless(0, "itself"));
}

TEST_F(SourceLedgerTest, AProblemOfAnEntryIsNotTheFilesBefore) {
  ledger_.BeginRoot(0);
  ledger_.BeginFile("a");
  ledger_.Note({.path = "a-folder", .kind = ProblemKind::kUnread});
  ledger_.Note({.path = "b-link", .kind = ProblemKind::kSkipped});
  ledger_.BeginFile("c");
  ledger_.EndRoot();
  EXPECT_TRUE(IsNameless(0, "a"));
  EXPECT_TRUE(ledger_.IsUnread(0));
}

TEST_F(SourceLedgerTest, AFileWhoseReadingIsBrokenOffIsNotNameless) {
  ledger_.BeginRoot(0);
  ledger_.BeginFile("a");
  ledger_.BeginRoot(0);
  ledger_.EndRoot();
  EXPECT_FALSE(IsNameless(0, "a"));
}

TEST_F(SourceLedgerTest, OfAFileThatIsARootNoNameIsKnown) {
  ledger_.BeginRoot(0);
  EXPECT_EQ(ledger_.Add("news/dir/a"), std::nullopt);
  ledger_.EndRoot();
  EXPECT_TRUE(ledger_.IsOwnKey("news/dir/a"));
  EXPECT_FALSE(IsNameless(0, ""));
  EXPECT_FALSE(ledger_.NeedsAll(0, {"dir"}));
  EXPECT_TRUE(ledger_.NeedsAll(0, {""}));
}

TEST_F(SourceLedgerTest, WhatCouldNotBeReadIsKnownUntilItIsReadAgain) {
  Read(1, {{"d", {}, ProblemKind::kUnread},
           {"d/a", {}, ProblemKind::kUnread},
           {"d-e", {}, ProblemKind::kUnread},
           {"f", {}, ProblemKind::kSkipped}});
  EXPECT_FALSE(ledger_.IsUnread(0));
  EXPECT_TRUE(ledger_.IsUnread(1));
  ledger_.ForgetUnread(1, "d");
  EXPECT_TRUE(ledger_.IsUnread(1));
  ledger_.ForgetUnread(1, "d-");
  EXPECT_TRUE(ledger_.IsUnread(1));
  ledger_.ForgetUnread(1, "d-e");
  EXPECT_FALSE(ledger_.IsUnread(1));
  Read(1, {{"x/y", {}, ProblemKind::kUnread}});
  ledger_.ForgetUnread(1, "");
  EXPECT_FALSE(ledger_.IsUnread(1));
}

TEST_F(SourceLedgerTest, AChangeOfAFileWithOtherKeysWantsAllOfTheRoot) {
  Read(0, {{"d/lines", {"1"}}, {"d/a", {"d/a"}}});
  EXPECT_TRUE(ledger_.NeedsAll(0, {"d/lines"}));
  EXPECT_TRUE(ledger_.NeedsAll(0, {"c", "d"}));
  EXPECT_TRUE(ledger_.NeedsAll(0, {""}));
  EXPECT_FALSE(ledger_.NeedsAll(0, {"d/a", "d/line", "d/lines-2", "e"}));
  EXPECT_FALSE(ledger_.NeedsAll(1, {"d/lines"}));
}

TEST_F(SourceLedgerTest, AChangeInARootThatCouldNotBeListedWantsAllOfIt) {
  ledger_.BeginRoot(0);
  ledger_.Note({.path = ".", .kind = ProblemKind::kUnread});
  ledger_.EndRoot();
  EXPECT_TRUE(ledger_.NeedsAll(0, {"a"}));
  ledger_.Forget(0);
  EXPECT_FALSE(ledger_.NeedsAll(0, {"a"}));
}

TEST_F(SourceLedgerTest, TwoFilesThatGiveOneKeyForTheFirstTimeMeet) {
  Read(0, {{"lines", {"1"}}, {"a", {"a"}}});
  EXPECT_FALSE(ledger_.TakeKeysMet());
  Read(0, {{"a", {"a"}}});
  EXPECT_FALSE(ledger_.TakeKeysMet()) << "the same file again";
  Read(0, {{"lines", {"1"}}});
  EXPECT_FALSE(ledger_.TakeKeysMet()) << "a file that is known for keys of its own";
  Read(0, {{"more", {"1"}}});
  EXPECT_TRUE(ledger_.TakeKeysMet());
  EXPECT_FALSE(ledger_.TakeKeysMet());
  Read(0, {{"1", {"1"}}});
  EXPECT_TRUE(ledger_.TakeKeysMet()) << "a file of the name that is a key in another";
  EXPECT_FALSE(ledger_.IsOwnKey("news/1"));
  EXPECT_TRUE(ledger_.IsShared("news/1"));
  EXPECT_FALSE(ledger_.IsShared("news/a"));
}

TEST_F(SourceLedgerTest, ARootIsForgottenAlone) {
  Read(0, {{"lines", {"1"}}, {"bad", {}, ProblemKind::kUnread}});
  Read(1, {{"lines", {"2"}}, {"bad", {}, ProblemKind::kUnread}});
  ledger_.Forget(0);
  EXPECT_FALSE(ledger_.Has("news/1"));
  EXPECT_FALSE(ledger_.NeedsAll(0, {"lines"}));
  EXPECT_FALSE(IsNameless(0, "lines"));
  EXPECT_FALSE(ledger_.IsUnread(0));
  EXPECT_TRUE(ledger_.Has("news/2"));
  EXPECT_TRUE(ledger_.NeedsAll(1, {"lines"}));
  EXPECT_TRUE(IsNameless(1, "lines"));
  EXPECT_TRUE(ledger_.IsUnread(1));
}

TEST(IsBelowAnother, TellsFoldersFromNamesThatBeginAlike) {
  const std::set<std::string> paths = {"a/b", "c"};
  for (const char* path : {"a/b/d", "a/b/d/e", "c/d"}) {
    EXPECT_TRUE(IsBelowAnother(paths, path)) << path;
  }
  for (const char* path : {"a", "a/b", "c", "a/bc", "a/bc/d", "cd/e", ""}) {
    EXPECT_FALSE(IsBelowAnother(paths, path)) << path;
  }
}

}  // namespace
}  // namespace ibid::cli
