#include "indexer/stem_groups.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "common/text/analyzer.h"
#include "ibid/env.h"

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

using GroupList = std::vector<std::pair<std::string, std::vector<uint32_t>>>;

GroupList Groups(std::map<std::string, std::string> stems, const std::vector<std::string>& terms,
                 size_t memory_bytes = size_t{1} << 20) {
  const auto env = NewMemoryEnv();
  TableStemmer stemmer(std::move(stems));
  StemGroups groups(&stemmer, {.env = env.get(), .path = "seg", .memory_bytes = memory_bytes});
  for (const std::string& term : terms) EXPECT_TRUE(groups.Add(term).ok());
  GroupList found;
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

// Terms of up to 255 bytes, of which each third is its own stem; the others have one of a few.
TEST(StemGroups, AreTheSameThroughFilesAsInMemory) {
  std::mt19937 random(7);
  std::set<std::string> terms;
  std::map<std::string, std::string> stems;
  while (terms.size() < 3000) {
    const size_t length = random() % 40 == 0 ? 255 : 1 + random() % 6;
    std::string term(length, 'a');
    for (char& c : term) c = static_cast<char>('a' + random() % 4);
    terms.insert(term);
    if (random() % 3 != 0) stems[term] = term.substr(0, 1 + random() % 2);
  }
  const std::vector<std::string> sorted(terms.begin(), terms.end());
  const GroupList in_memory = Groups(stems, sorted);
  EXPECT_GT(in_memory.size(), 15u);
  EXPECT_EQ(Groups(stems, sorted, /*memory_bytes=*/1000), in_memory);
  EXPECT_EQ(Groups(stems, sorted, /*memory_bytes=*/1), in_memory);
}

}  // namespace
}  // namespace ibid
