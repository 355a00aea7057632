#include "indexer/stem_groups.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "common/text/analyzer.h"

namespace ibid {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

// Stems by a table; a term that it lacks is its own stem.
class TableStemmer : public Analyzer {
 public:
  explicit TableStemmer(std::map<std::string, std::string> stems) : stems_(std::move(stems)) {}
  void Analyze(std::string_view, AnalyzedText* out) override { out->Clear(); }
  std::string_view Stem(std::string_view term) override {
    const auto found = stems_.find(std::string(term));
    return found != stems_.end() ? std::string_view(found->second) : term;
  }
  bool has_stemmer() const override { return true; }

 private:
  std::map<std::string, std::string> stems_;
};

std::vector<std::pair<std::string, std::vector<uint32_t>>> Groups(
    std::map<std::string, std::string> stems, const std::vector<std::string>& terms) {
  TableStemmer stemmer(std::move(stems));
  StemGroups groups(&stemmer);
  for (const std::string& term : terms) groups.Add(term);
  std::vector<std::pair<std::string, std::vector<uint32_t>>> found;
  EXPECT_TRUE(groups
                  .ForEach([&](std::string_view stem, std::span<const uint32_t> forms) {
                    found.emplace_back(stem, std::vector<uint32_t>(forms.begin(), forms.end()));
                    return absl::OkStatus();
                  })
                  .ok());
  return found;
}

TEST(StemGroups, AStemWithOnlyItselfAsFormIsNoGroup) {
  EXPECT_TRUE(Groups({}, {"advance", "rebel"}).empty());
}

TEST(StemGroups, AFormThatDiffersMakesAGroupWithTheStemItselfIfItOccurs) {
  EXPECT_THAT(Groups({{"rebels", "rebel"}, {"advanced", "advanc"}},
                     {"advanced", "rebel", "rebellion", "rebels"}),
              ElementsAre(Pair("advanc", ElementsAre(0)), Pair("rebel", ElementsAre(1, 3))));
}

TEST(StemGroups, ATermSpeltLikeAStemThatHasAnotherStemIsNoForm) {
  EXPECT_THAT(Groups({{"abc", "ab"}, {"abcs", "abc"}}, {"abc", "abcs"}),
              ElementsAre(Pair("ab", ElementsAre(0)), Pair("abc", ElementsAre(1))));
}

TEST(StemGroups, FormsMaySortBeforeTheirStem) {
  EXPECT_THAT(Groups({{"a", "z"}, {"b", "y"}, {"zz", "z"}}, {"a", "b", "y", "z", "zz"}),
              ElementsAre(Pair("y", ElementsAre(1, 2)), Pair("z", ElementsAre(0, 3, 4))));
}

TEST(TermList, GivesBackItsTerms) {
  TermList list;
  const std::vector<std::string> terms = {"a", "aa", "ab", std::string(255, 'b'), "c"};
  for (const std::string& term : terms) list.Append(term);
  uint32_t i = 0;
  for (TermList::Walker walker(&list); !walker.at_end(); walker.Next(), ++i) {
    EXPECT_EQ(walker.ordinal(), i);
    EXPECT_EQ(walker.term(), terms[i]);
  }
  EXPECT_EQ(i, terms.size());
}

}  // namespace
}  // namespace ibid
