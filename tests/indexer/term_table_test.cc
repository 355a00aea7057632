#include "indexer/term_table.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>
#include <vector>

namespace ibid {
namespace {

AnalyzedText Words(const std::vector<std::string>& terms) {
  AnalyzedText words;
  for (const std::string& term : terms) {
    words.terms += term;
    words.term_ends.push_back(static_cast<uint32_t>(words.terms.size()));
  }
  return words;
}

TEST(TermTable, NumbersTermsInOrderOfFirstAppearance) {
  TermTable table;
  std::vector<uint32_t> ids;
  table.Intern(Words({"to", "be", "or", "not", "to", "be"}), 0, &ids);
  EXPECT_EQ(ids, (std::vector<uint32_t>{1, 2, 3, 4, 1, 2}));
  EXPECT_EQ(table.term(3), "or");
  EXPECT_EQ(table.end_id(), 5u);
}

TEST(TermTable, TellsApartTermsThatDifferOnlyInTheirLengthOrTheirEnd) {
  TermTable table;
  std::vector<uint32_t> ids;
  const std::string nul("a\0", 2);
  table.Intern(Words({"a", nul, "12345678", "123456789", "1234567890abcdefg", "1234567890abcdefh",
                      std::string(255, 'x'), std::string(254, 'x')}),
               0, &ids);
  EXPECT_EQ(ids, (std::vector<uint32_t>{1, 2, 3, 4, 5, 6, 7, 8}));
  EXPECT_EQ(table.term(2), nul);
  EXPECT_EQ(table.term(7), std::string(255, 'x'));
}

// A word is the same at the end of its text, where fewer bytes can be read behind it.
TEST(TermTable, AWordOfAnyLengthHasOneNumberWhereverItStands) {
  for (size_t length = 1; length <= 40; ++length) {
    TermTable table;
    std::vector<uint32_t> ids;
    const std::string word = std::string(length - 1, 'w') + 'd';
    const std::string other = std::string(length - 1, 'w') + 'e';
    table.Intern(Words({word, other, word, word + "x", word}), 0, &ids);
    EXPECT_EQ(ids, (std::vector<uint32_t>{1, 2, 1, 3, 1})) << length;
  }
}

// Words of eight letters whose hash without a secret begins with ten zero bits.
std::vector<std::string> WordsThatMeet(size_t count, HashSecret secret) {
  std::mt19937_64 random(7);
  std::vector<std::string> words;
  while (words.size() < count) {
    std::string word(8, 'a');
    uint64_t digits = random() >> 8;
    for (char& c : word) {
      c = static_cast<char>('a' + digits % 26);
      digits /= 26;
    }
    const uint64_t hash =
        MixHash(hash_internal::Load8(word.data()) ^ secret.first, 8 ^ secret.second);
    if (hash >> 54 == 0) words.push_back(word);
  }
  return words;
}

TEST(TermTable, WordsChosenToMeetInOnePlaceDoNotWhereTheSecretIsAnother) {
  const std::vector<std::string> words = WordsThatMeet(10000, HashSecret());
  std::vector<uint32_t> ids;
  TermTable known{HashSecret()};
  known.Intern(Words(words), 0, &ids);
  EXPECT_GT(known.LongestProbe(), words.size() / 2);
  TermTable table;
  std::vector<uint32_t> again;
  table.Intern(Words(words), 0, &again);
  EXPECT_LT(table.LongestProbe(), 500u);
  EXPECT_EQ(again, ids);  // the numbers do not follow from the secret
}

TEST(TermTable, WordsThatMetWithAFixedHashDoNotAnyMore) {
  // SlotHash was MixHash(word ^ length, 2^64 / golden ratio), whatever the process.
  const std::vector<std::string> words =
      WordsThatMeet(10000, {.first = 8, .second = 8 ^ hash_internal::kOdd1});
  std::vector<uint32_t> ids;
  TermTable table;
  table.Intern(Words(words), 0, &ids);
  EXPECT_LT(table.LongestProbe(), 500u);
}

TEST(TermTable, AgreesWithAMapOnRandomTermsOfAllLengths) {
  const uint32_t seed = 20240317;
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  TermTable table;
  std::map<std::string, uint32_t> expected;
  for (int round = 0; round < 200; ++round) {
    std::vector<std::string> terms(random() % 700);
    for (std::string& term : terms) {
      term = std::string(1 + random() % 12, 'a');
      for (char& c : term) c = static_cast<char>('a' + random() % 4);
    }
    std::vector<uint32_t> ids;
    table.Intern(Words(terms), 0, &ids);
    ASSERT_EQ(ids.size(), terms.size());
    for (size_t i = 0; i < terms.size(); ++i) {
      const auto next = static_cast<uint32_t>(expected.size() + 1);
      ASSERT_EQ(ids[i], expected.emplace(terms[i], next).first->second);
      ASSERT_EQ(table.term(ids[i]), terms[i]);
    }
  }
  EXPECT_GT(expected.size(), 30000u);
}

TEST(TermTable, ForgetsEverythingOnClear) {
  TermTable table;
  std::vector<uint32_t> ids;
  table.Intern(Words({"a", "b"}), 0, &ids);
  table.Clear();
  EXPECT_EQ(table.end_id(), TermTable::kFirstId);
  ids.clear();
  table.Intern(Words({"b"}), 0, &ids);
  EXPECT_EQ(ids, (std::vector<uint32_t>{1}));
}

}  // namespace
}  // namespace ibid
