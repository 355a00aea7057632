#include "indexer/pair_choice.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "common/base/strings.h"

namespace ibid {
namespace {

std::vector<std::string> Terms(const std::vector<PairWord>& words) {
  std::vector<std::string> terms;
  for (const PairWord& word : words) terms.push_back(word.term);
  return terms;
}

TEST(PairCandidates, AreTheWordsOfMostDocumentsWithoutTheRare) {
  PairCandidates candidates;
  candidates.Add("a", 900, 2000);
  candidates.Add("of", 1000, 5000);
  candidates.Add("rebels", kMinPairDocFreq - 1, 900);
  candidates.Add("said", kMinPairDocFreq, 300);
  candidates.Add("the", 1000, 9000);
  EXPECT_EQ(Terms(candidates.Take()), (std::vector<std::string>{"of", "the", "a", "said"}));
}

TEST(PairCandidates, OfMoreWordsThanAreLookedAtTheRarestGoAndTiesGoTogether) {
  std::mt19937 random(5);
  PairCandidates candidates;
  std::vector<uint32_t> frequencies;
  for (uint32_t i = 0; i < 20 * kPairCandidates; ++i) {
    frequencies.push_back(kMinPairDocFreq + static_cast<uint32_t>(random() % 3000));
    candidates.Add(StrCat("w", i), frequencies.back(), 5000);
  }
  std::sort(frequencies.rbegin(), frequencies.rend());
  const uint32_t first_out = frequencies[kPairCandidates];
  size_t expected = 0;
  while (frequencies[expected] > first_out) ++expected;
  const std::vector<PairWord> words = candidates.Take();
  EXPECT_EQ(words.size(), expected);
  EXPECT_GT(words.back().doc_freq, first_out);
}

std::vector<PairWord> Words(std::initializer_list<uint32_t> doc_freqs) {
  std::vector<PairWord> words;
  for (const uint32_t doc_freq : doc_freqs) {
    words.push_back({StrCat("w", words.size()), doc_freq, 2 * uint64_t{doc_freq}});
  }
  return words;
}

TEST(PairCounts, OnlyPairsThatTheRoomMayBearAreCounted) {
  const std::vector<PairWord> words = Words({1000, 900, 800, 700, 600, 500, 400, 300});
  const PairCounts all(words, 1000, 100000, 1 << 20);
  EXPECT_EQ(all.words().size(), 8u);
  // 2,000 by 2,000 tokens of 100,000 are 40 places by chance. 1.6 times 300 bytes of places are
  // there with the pairs that are counted, and not yet without the lightest.
  const PairCounts some(words, 1000, 100000, 300);
  std::vector<std::pair<double, double>> counted;  // weight, places
  for (const PhraseWords& phrase : some.Phrases()) {
    if (phrase.third != PhraseWords::kNone) continue;
    const uint32_t first = words[phrase.first].doc_freq, second = words[phrase.second].doc_freq;
    counted.emplace_back(PairWeight(first, second), 4e-5 * first * second);
  }
  const double least = std::min_element(counted.begin(), counted.end())->first;
  double places = 0, heavier = 0;
  for (const auto& [weight, chance] : counted) {
    places += chance;
    heavier += weight > 1.13 * least ? chance : 0;  // two steps of a sixteenth of an octave
  }
  EXPECT_GE(places, 480);
  EXPECT_LT(heavier, 480);
  EXPECT_LT(some.words().size(), 8u);
  EXPECT_GE(PairWeight(some.words().back().doc_freq, 1000), least);
}

TEST(PairCounts, PhrasesAreNumberedInTheOrderOfTheirKeys) {
  // "in" begins "into"; the key of "in the" has a zero byte where "into" has a letter.
  const std::vector<PairWord> words = {
      {"the", 900, 900}, {"into", 800, 800}, {"in", 800, 800}, {"of", 700, 700}};
  const PairCounts counts(words, 1000, 5000, 1 << 20);
  std::vector<std::string> keys;
  for (const PhraseWords& phrase : counts.Phrases()) {
    const std::string pair = PairKey(words[phrase.first].term, words[phrase.second].term);
    keys.push_back(phrase.third == PhraseWords::kNone ? pair
                                                      : PairKey(pair, words[phrase.third].term));
  }
  EXPECT_EQ(keys.size(), 4u * 4 * 5);
  EXPECT_TRUE(std::is_sorted(keys.begin(), keys.end()));
  EXPECT_EQ(std::adjacent_find(keys.begin(), keys.end()), keys.end());
}

TEST(PairCandidates, OneWordMoreThanAreLookedAtCostsTheRarestAlone) {
  for (const size_t count :
       {kPairCandidates - 1, kPairCandidates, kPairCandidates + 1, kPairCandidates + 2}) {
    PairCandidates candidates;
    // By bytes, as a dictionary gives them, the most frequent last.
    for (uint32_t i = 0; i < count; ++i) {
      candidates.Add(StrCat("w", 10000 + i), kMinPairDocFreq + i, 9000);
    }
    const std::vector<PairWord> words = candidates.Take();
    EXPECT_EQ(words.size(), std::min(count, kPairCandidates));
    EXPECT_EQ(words.front().doc_freq, kMinPairDocFreq + count - 1);
  }
}

// Counts documents of the same words, given by their numbers in runs that neighbour each other.
PairCounts CountsOf(const std::vector<PairWord>& words, uint32_t num_docs,
                    const std::vector<std::vector<uint16_t>>& runs, uint64_t max_bytes) {
  PairCounts counts(words, num_docs, 100000 * uint64_t{num_docs}, max_bytes);
  for (DocId doc = 0; doc < num_docs; ++doc) {
    Position position = 0;
    for (const auto& run : runs) {
      for (size_t i = 1; i < run.size(); ++i) {
        const WordPair pair = {doc, run[i - 1], run[i], position++};
        const auto place = [](uint32_t, DocId) { return absl::OkStatus(); };
        EXPECT_TRUE(counts.Add({&pair, 1}, place).ok());
      }
      position += 5;
    }
  }
  return counts;
}

std::vector<std::string> Chosen(const PairCounts& counts, const PairChoice& choice) {
  std::vector<std::string> chosen;
  const std::vector<PhraseWords> phrases = counts.Phrases();
  for (size_t list = 0; list < phrases.size(); ++list) {
    if (!choice.lists[list]) continue;
    chosen.push_back(StrCat(counts.words()[phrases[list].first].term, " ",
                            counts.words()[phrases[list].second].term));
    if (phrases[list].third == PhraseWords::kNone) continue;
    chosen.back() += " " + counts.words()[phrases[list].third].term;
  }
  return chosen;
}

const std::vector<PairWord>& AbcdWords() {
  static const std::vector<PairWord> words = {
      {"a", 1000, 2000}, {"b", 1000, 2000}, {"c", 1000, 1000}, {"d", 300, 300}};
  return words;
}

TEST(PairCounts, PairsOfOneWeightAreChosenTogetherAndSmallerOnesWhereThereIsRoom) {
  const std::vector<std::vector<uint16_t>> runs = {{0, 1}, {1, 0}, {0, 2}, {3, 3}};
  const PairCounts poor = CountsOf(AbcdWords(), 1000, runs, 1);
  EXPECT_EQ(poor.Choose().coverage, PairCoverage());
  EXPECT_EQ(Chosen(poor, poor.Choose()), std::vector<std::string>());
  const PairCounts rich = CountsOf(AbcdWords(), 1000, runs, 1 << 20);
  const PairChoice all = rich.Choose();
  EXPECT_EQ(all.coverage.min_doc_freq, 300u);
  EXPECT_EQ(all.coverage.min_weight, 300.0 * 300 * 300);
  EXPECT_EQ(all.coverage.num_words, 4u);
  EXPECT_EQ(all.coverage.triple_min_doc_freq, 0u);
  EXPECT_EQ(Chosen(rich, all).size(), 16u);
  // Lists of 1,000 documents of 1,000 take some 100 bytes each: those of a, b and c fit, not d's.
  const PairCounts middle = CountsOf(AbcdWords(), 1000, runs, 400);
  const PairCoverage some = middle.Choose().coverage;
  EXPECT_EQ(some.min_doc_freq, 300u) << "with a word of 1,000";
  EXPECT_EQ(some.min_weight, 1000.0 * 300 * 300);
  EXPECT_FALSE(some.Covers(300, 300));
}

TEST(PairCounts, PhrasesOfThreeGetListsWhereManyDocumentsAreLookedAt) {
  const std::vector<std::vector<uint16_t>> runs = {{0, 1, 2}, {2, 1}, {1, 0}};
  const PairCounts counts = CountsOf(AbcdWords(), 1000, runs, 1 << 20);
  const PairChoice choice = counts.Choose();
  std::vector<std::string> triples;
  for (const std::string& phrase : Chosen(counts, choice)) {
    if (std::count(phrase.begin(), phrase.end(), ' ') == 2) triples.push_back(phrase);
  }
  EXPECT_EQ(triples, std::vector<std::string>{"a b c"}) << "the other pairs do not overlap";
  EXPECT_EQ(choice.coverage.triple_min_doc_freq, 1000u);
}

TEST(PairCounts, OfThreeRareWordsNoneIsCounted) {
  const std::vector<PairWord> words = {{"a", 450, 900}, {"b", 450, 900}, {"c", 450, 900}};
  const PairCounts counts = CountsOf(words, 1000, {{0, 1, 2}}, 1 << 20);
  EXPECT_EQ(Chosen(counts, counts.Choose()).size(), 9u) << "all pairs, also those without places";
  EXPECT_EQ(counts.num_lists(), 9u) << "no number for a phrase that is never counted";
}

TEST(PairCoverage, CoversPairsOfWordsThatAreFrequentTogether) {
  const PairCoverage coverage = {.min_doc_freq = 300, .min_weight = 400000.0 * 400, .num_words = 4};
  EXPECT_TRUE(coverage.Covers(400, 1000));
  EXPECT_TRUE(coverage.Covers(1000, 400));
  EXPECT_FALSE(coverage.Covers(1000, 399));
  EXPECT_TRUE(coverage.Covers(543, 543));
  EXPECT_FALSE(coverage.Covers(542, 542));
  EXPECT_FALSE(coverage.Covers(299, 9000));
  EXPECT_TRUE(coverage.Covers(UINT32_MAX, UINT32_MAX));
  EXPECT_FALSE(PairCoverage().Covers(1000, 1000));
}

TEST(PairCoverage, TriplesAreLookedForAmongFrequentWordsAlone) {
  const PairCoverage coverage = {.min_doc_freq = 300, .triple_min_doc_freq = 500, .num_words = 4};
  const TermInfo often = {.doc_freq = 500}, seldom = {.doc_freq = 499};
  EXPECT_TRUE(coverage.MayHaveTriple(often, often, often));
  EXPECT_FALSE(coverage.MayHaveTriple(often, seldom, often));
  EXPECT_FALSE(PairCoverage().MayHaveTriple(often, often, often));
}

}  // namespace
}  // namespace ibid
