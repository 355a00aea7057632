#include "corpus/generator/rare_words.h"

#include <gtest/gtest.h>

#include <string>
#include <unordered_set>

namespace ibid::corpus {
namespace {

size_t WordsAfter(uint64_t theta, uint32_t discount, int tokens) {
  RareWords rare(theta, discount, [](const std::string&) { return false; });
  Random random(5);
  for (int i = 0; i < tokens; ++i) rare.Draw(random);
  return rare.num_words();
}

TEST(RareWords, SpellEveryNumberInAnotherWay) {
  std::unordered_set<std::string> seen;
  constexpr uint32_t kWords = 700000;  // past the words of two syllables
  for (uint32_t i = 0; i < kWords; ++i) seen.insert(RareWords::Spell(i));
  EXPECT_EQ(seen.size(), kWords);
}

TEST(RareWords, GrowAsAPowerOfTheTextThatTheDiscountNames) {
  // Heaps' law: with theta small, words ~ tokens^discount, so four times the text has 4^0.5 = 2
  // times the words.
  const auto quarter = static_cast<double>(WordsAfter(10, 500, 250000));
  const auto whole = static_cast<double>(WordsAfter(10, 500, 1000000));
  EXPECT_NEAR(whole / quarter, 2.0, 0.15);
}

TEST(RareWords, GrowFasterWithAGreaterTheta) {
  EXPECT_GT(WordsAfter(5000, 500, 100000), 2 * WordsAfter(50, 500, 100000));
}

TEST(RareWords, NeverTakeASpellingThatIsTaken) {
  const std::string taken = RareWords::Spell(0);
  RareWords rare(1000, 900, [&taken](const std::string& form) { return form == taken; });
  Random random(5);
  for (int i = 0; i < 1000; ++i) EXPECT_NE(RareWords::Spell(rare.Draw(random)), taken);
}

}  // namespace
}  // namespace ibid::corpus
