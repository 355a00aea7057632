#include "indexer/pair_choice.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "common/codec/bit_packing.h"
#include "common/format/term_dictionary.h"

namespace ibid {
namespace {

// Bits that the best Rice code takes for a number that is geometrically distributed about `mean`.
double RiceBits(double mean) {
  if (mean <= 0) return 0;
  double at_least = mean / (1 + mean);  // the share of numbers of 2^k and more
  double bits = 1 + mean;
  for (int k = 1; k <= 31; ++k) {
    at_least *= at_least;
    const double more = 1 + k + at_least / (1 - at_least);
    if (more >= bits) break;
    bits = more;
  }
  return bits;
}

// Bits of a number in PFOR at width 0: two bytes where it is not 0.
double ExceptionBits(double mean) { return 16 * mean / (1 + mean); }

// Bytes of a list in the dictionary beside its last words.
constexpr double kRecordBytes = 9;
// Bits that a posting takes beside those of its gap and frequency, in skip data and headers; the
// first in lists with whole blocks. So lists take 9.0 to 9.7 of 10 hundredths of generated and of
// real text, fewer where documents are reordered.
constexpr double kBitsAbove = 0.8;
constexpr double kTailBitsAbove = 0.2;
// Of the room, so that an estimate that is a little too low stays within it.
constexpr double kUsedRoom = 0.98;
// Pairs that are counted, by how much more room their lists would take than there is.
constexpr double kMostRoom = 1.6;
// Of the room, that lists of three words may take.
constexpr double kTripleRoom = 1.0 / 16;
// Of the documents, in which a phrase of three is looked for before it is worth a list.
constexpr double kTripleLooks = 1.0 / 128;

// The weight down to which the pairs of `words` are too many for the room, if tokens are scattered
// at random: then words of a and b tokens are neighbours a * b / tokens times, and each time takes
// about a byte. Rounded down.
double LeastWeight(std::span<const PairWord> words, uint64_t num_tokens, uint64_t max_bytes) {
  // Weights in steps, sixteen to an octave; three factors below 2^31.
  constexpr int kSteps = 16;
  std::vector<double> places(3 * 31 * kSteps + 1);
  const auto step_of = [](double weight) {
    int octave = 0;
    const double mantissa = 2 * std::frexp(weight, &octave);  // from 1 up to 2
    return static_cast<size_t>((octave - 1) * kSteps) +
           static_cast<size_t>((mantissa - 1) * kSteps);
  };
  for (const PairWord& a : words) {
    for (const PairWord& b : words) {
      places[step_of(PairWeight(a.doc_freq, b.doc_freq))] +=
          static_cast<double>(a.total_freq) * static_cast<double>(b.total_freq);
    }
  }
  const double enough =
      kMostRoom * static_cast<double>(max_bytes) * static_cast<double>(num_tokens);
  double sum = 0;
  for (size_t step = places.size(); step-- > 0;) {
    sum += places[step];
    if (sum < enough) continue;
    const double mantissa = 1 + static_cast<double>(step % kSteps) / kSteps;
    return std::ldexp(mantissa, static_cast<int>(step / kSteps));
  }
  return 0;
}

}  // namespace

void PairCandidates::Add(std::string_view term, uint32_t doc_freq, uint64_t total_freq) {
  if (doc_freq < least_) return;
  words_.push_back({.term = std::string(term), .doc_freq = doc_freq, .total_freq = total_freq});
  if (words_.size() >= 4 * kPairCandidates) Shrink();
}

// Where there are more words than may be taken, keeps one of them, last: words as rare are out.
void PairCandidates::Shrink() {
  if (words_.size() <= kPairCandidates) return;
  const auto nth = words_.begin() + kPairCandidates;
  std::nth_element(words_.begin(), nth, words_.end(),
                   [](const PairWord& a, const PairWord& b) { return a.doc_freq > b.doc_freq; });
  least_ = nth->doc_freq;
  words_.resize(kPairCandidates + 1);
}

std::vector<PairWord> PairCandidates::Take() {
  Shrink();
  if (words_.size() > kPairCandidates) {
    const uint32_t out = words_.back().doc_freq;
    std::erase_if(words_, [out](const PairWord& word) { return word.doc_freq <= out; });
  }
  std::sort(words_.begin(), words_.end(), [](const PairWord& a, const PairWord& b) {
    return a.doc_freq != b.doc_freq ? a.doc_freq > b.doc_freq : a.term < b.term;
  });
  return std::exchange(words_, {});
}

PairCounts::PairCounts(std::vector<PairWord> candidates, uint32_t num_docs, uint64_t num_tokens,
                       uint64_t max_bytes)
    : words_(std::move(candidates)), num_docs_(num_docs), max_bytes_(max_bytes) {
  const double min_weight = LeastWeight(words_, num_tokens, max_bytes);
  TrimWords(min_weight);
  for (const PairWord& word : words_) {
    if (shares_.size() == kTripleWords) break;
    const double share = word.doc_freq / num_docs_;
    const double most = shares_.empty() ? share : shares_[0];
    if (most * most * share < kLeastTripleShare) break;  // in no phrase that is counted
    shares_.push_back(share);
  }
  num_triple_words_ = shares_.size();
  NumberLists(min_weight);
}

// Leaves out the words that make no pair of so much weight.
void PairCounts::TrimWords(double min_weight) {
  if (words_.empty()) return;
  const uint32_t most = words_[0].doc_freq;
  std::erase_if(words_, [most, min_weight](const PairWord& word) {
    return PairWeight(word.doc_freq, most) < min_weight;
  });
}

void PairCounts::NumberLists(double min_weight) {
  std::vector<uint32_t> by_bytes(words_.size());
  std::iota(by_bytes.begin(), by_bytes.end(), uint32_t{0});
  std::sort(by_bytes.begin(), by_bytes.end(),
            [this](uint32_t a, uint32_t b) { return words_[a].term < words_[b].term; });
  key_ranks_.resize(num_triple_words_);
  uint32_t rank = 0;
  for (const uint32_t word : by_bytes) {
    if (word < num_triple_words_) key_ranks_[word] = rank++;
  }
  // A term has no zero byte, so that the lists of "of the ..." follow that of "of the".
  list_of_pair_.assign(words_.size() * words_.size(), kNoList);
  uint32_t next = 0;
  for (const uint32_t first : by_bytes) {
    for (const uint32_t second : by_bytes) {
      if (WeightOf(first, second) < min_weight) continue;
      list_of_pair_[first * words_.size() + second] = next++;
      if (std::max(first, second) < num_triple_words_) {
        next += static_cast<uint32_t>(num_triple_words_);
      }
    }
  }
  counts_.resize(next);
}

std::vector<PhraseWords> PairCounts::Phrases() const {
  std::vector<PhraseWords> phrases(num_lists());
  for (size_t first = 0; first < words_.size(); ++first) {
    for (size_t second = 0; second < words_.size(); ++second) {
      const uint32_t list = list_of_pair_[first * words_.size() + second];
      if (list == kNoList) continue;
      const PhraseWords pair = {static_cast<uint16_t>(first), static_cast<uint16_t>(second)};
      phrases[list] = pair;
      if (std::max(first, second) >= num_triple_words_) continue;
      for (size_t third = 0; third < num_triple_words_; ++third) {
        PhraseWords& triple = phrases[ListOfTriple(first, second, third)] = pair;
        triple.third = static_cast<uint16_t>(third);
      }
    }
  }
  return phrases;
}

// What a list takes, from its counts alone.
double PairCounts::ListBytes(uint32_t list, const PhraseWords& words) const {
  const ListCount& count = counts_[list];
  if (count.docs == 0) return 0;
  const double docs = count.docs;
  const double mean_freq = static_cast<double>(count.occurrences) / docs;
  const double above = count.docs < kBlockLength ? kTailBitsAbove : kBitsAbove;
  const double freq_bits = std::min(RiceBits(mean_freq - 1), ExceptionBits(mean_freq - 1));
  const double bits = docs * (above + RiceBits(num_docs_ / docs - 1) + freq_bits);
  // The words before the last are those of the record before, but for the first of a block.
  size_t before = words_[words.first].term.size(), last = words_[words.second].term.size();
  if (words.third != PhraseWords::kNone) {
    before += last;
    last = words_[words.third].term.size();
  }
  return kRecordBytes + static_cast<double>(last) +
         static_cast<double>(before) / kDictionaryBlockTerms + bits / 8;
}

// Of the phrases of three words whose pairs are chosen, those for which most documents are looked
// at.
void PairCounts::ChooseTriples(std::span<const PhraseWords> phrases, PairChoice* choice) const {
  std::vector<std::pair<double, uint32_t>> by_looks;  // documents looked at, list
  for (uint32_t list = 0; list < phrases.size(); ++list) {
    const auto& [first, second, third] = phrases[list];
    if (third == PhraseWords::kNone || counts_[list].docs == 0) continue;
    const uint32_t pair = list_of_pair_[first * words_.size() + second];
    const uint32_t next = list_of_pair_[second * words_.size() + third];
    if (next == kNoList || !choice->lists[pair] || !choice->lists[next]) continue;
    const double by_chance = double{1} * counts_[pair].docs * counts_[next].docs / num_docs_;
    const double looks = std::max(by_chance, double{1} * counts_[list].docs);
    if (looks >= kTripleLooks * num_docs_) by_looks.emplace_back(looks, list);
  }
  std::sort(by_looks.begin(), by_looks.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  });
  double bytes = 0;
  for (const auto& [looks, list] : by_looks) {
    const double more = ListBytes(list, phrases[list]);
    if (bytes + more > kTripleRoom * kUsedRoom * static_cast<double>(max_bytes_)) break;
    bytes += more;
    choice->lists[list] = true;
    for (const uint16_t word : {phrases[list].first, phrases[list].second, phrases[list].third}) {
      uint32_t& least = choice->coverage.triple_min_doc_freq;
      least = least == 0 ? words_[word].doc_freq : std::min(least, words_[word].doc_freq);
    }
  }
}

// Pairs of one weight are all in or all out.
void PairCounts::ChoosePairs(std::span<const PhraseWords> phrases, PairChoice* choice) const {
  const double room = (1 - kTripleRoom) * kUsedRoom * static_cast<double>(max_bytes_);
  std::vector<std::pair<double, uint32_t>> by_weight;
  for (uint32_t list = 0; list < phrases.size(); ++list) {
    if (phrases[list].third != PhraseWords::kNone) continue;
    by_weight.emplace_back(WeightOf(phrases[list].first, phrases[list].second), list);
  }
  std::sort(by_weight.begin(), by_weight.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  });
  double bytes = 0;
  std::vector<bool> is_counted(words_.size());  // as the first word of keys, in `bytes`
  for (size_t begin = 0, end = 0; begin < by_weight.size(); begin = end) {
    for (; end < by_weight.size() && by_weight[end].first == by_weight[begin].first; ++end) {
      const uint32_t list = by_weight[end].second;
      const uint16_t first = phrases[list].first;
      bytes += ListBytes(list, phrases[list]);
      if (!is_counted[first]) bytes += static_cast<double>(words_[first].term.size());
      is_counted[first] = true;
    }
    if (bytes > room) break;
    choice->coverage.min_weight = by_weight[begin].first;
    for (size_t i = begin; i < end; ++i) choice->lists[by_weight[i].second] = true;
  }
  if (choice->coverage.min_weight == 0) return;
  for (const PairWord& word : words_) {
    if (PairWeight(word.doc_freq, words_[0].doc_freq) < choice->coverage.min_weight) break;
    choice->coverage.min_doc_freq = word.doc_freq;
    ++choice->coverage.num_words;
  }
}

PairChoice PairCounts::Choose() const {
  PairChoice choice;
  choice.lists.resize(num_lists());
  const std::vector<PhraseWords> phrases = Phrases();
  ChoosePairs(phrases, &choice);
  ChooseTriples(phrases, &choice);
  return choice;
}

}  // namespace ibid
