#include "indexer/pair_choice.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "common/codec/bit_packing.h"

namespace ibid {
namespace {

// Bits of a number that is geometrically distributed about `mean` >= 0: its entropy.
double GeometricBits(double mean) {
  if (mean <= 0) return 0;
  return (1 + mean) * std::log2(1 + mean) - mean * std::log2(mean);
}

// Bytes of a pair in the dictionary beside the second word.
constexpr double kRecordBytes = 9;
// Bits that a posting takes beyond the entropy of geometric gaps and frequencies: measured on
// descriptions and on generated and real prose, 0.9 to 2.5 in lists with whole blocks, whatever
// their density, and up to 0.9 in shorter ones.
constexpr double kBitsAbove = 2.2;
constexpr double kTailBitsAbove = 1.0;
// Of the room, so that an estimate that is a little too low stays within it.
constexpr double kUsedRoom = 0.97;
// Candidates by how much more room their lists would take than there is.
constexpr double kMostRoom = 1.6;

}  // namespace

void PairCandidates::Add(std::string_view term, uint32_t doc_freq, uint64_t total_freq) {
  if (doc_freq < least_) return;
  words_.push_back({.term = std::string(term), .doc_freq = doc_freq, .total_freq = total_freq});
  if (words_.size() >= 4 * kPairCandidates) Shrink();
}

// Keeps one word more than may be taken: words as rare as that one are out.
void PairCandidates::Shrink() {
  if (words_.size() <= kPairCandidates + 1) return;
  const auto nth = words_.begin() + kPairCandidates;
  std::nth_element(words_.begin(), nth, words_.end(),
                   [](const PairWord& a, const PairWord& b) { return a.doc_freq > b.doc_freq; });
  least_ = nth->doc_freq;
  words_.resize(kPairCandidates + 1);
}

std::vector<PairWord> PairCandidates::Take(uint64_t num_tokens, uint64_t max_bytes) {
  Shrink();
  if (words_.size() > kPairCandidates) {
    const uint32_t out = words_.back().doc_freq;
    std::erase_if(words_, [out](const PairWord& word) { return word.doc_freq <= out; });
  }
  std::sort(words_.begin(), words_.end(), [](const PairWord& a, const PairWord& b) {
    return a.doc_freq != b.doc_freq ? a.doc_freq > b.doc_freq : a.term < b.term;
  });
  // So many tokens of the words would, scattered at random, give lists that are too long: n^2 /
  // tokens pairs, of about a byte each.
  const double enough =
      std::sqrt(kMostRoom * static_cast<double>(max_bytes) * static_cast<double>(num_tokens));
  double tokens = 0;
  size_t taken = 0;
  while (taken < words_.size() &&
         (tokens < enough || words_[taken].doc_freq == words_[taken - 1].doc_freq)) {
    tokens += static_cast<double>(words_[taken++].total_freq);
  }
  words_.resize(taken);
  return std::exchange(words_, {});
}

PairCounts::PairCounts(std::vector<PairWord> candidates, uint32_t num_docs)
    : words_(std::move(candidates)), num_docs_(num_docs), counts_(words_.size() * words_.size()) {}

void PairCounts::Add(std::span<const WordPair> pairs) {
  const size_t size = words_.size();
  for (const WordPair& pair : pairs) {
    Count& count = counts_[pair.first * size + pair.second];
    count.docs += count.last_doc != pair.doc + 1 ? 1 : 0;
    count.last_doc = pair.doc + 1;
    ++count.occurrences;
  }
}

// What a list takes, from its counts alone.
double PairCounts::ListBytes(size_t first, size_t second) const {
  const Count& pair = count(first, second);
  if (pair.docs == 0) return 0;
  const double docs = pair.docs;
  const double mean_freq = static_cast<double>(pair.occurrences) / docs;
  const double above = pair.docs < kBlockLength ? kTailBitsAbove : kBitsAbove;
  double bits = docs * (above + GeometricBits(num_docs_ / docs - 1) + GeometricBits(mean_freq - 1));
  return kRecordBytes + static_cast<double>(words_[second].term.size()) + bits / 8;
}

// Of the lists of a word with itself and with all more frequent ones.
double PairCounts::BytesOfWord(size_t word) const {
  double bytes = ListBytes(word, word);
  for (size_t other = 0; other < word; ++other) {
    bytes += ListBytes(word, other) + ListBytes(other, word);
  }
  return bytes;
}

PairCoverage PairCounts::Choose(uint64_t max_bytes) const {
  PairCoverage coverage;
  double bytes = 0;
  for (size_t begin = 0; begin < words_.size();) {
    size_t end = begin;  // of the words of one frequency
    while (end < words_.size() && words_[end].doc_freq == words_[begin].doc_freq) ++end;
    for (size_t word = begin; word < end; ++word) bytes += BytesOfWord(word);
    if (bytes > kUsedRoom * static_cast<double>(max_bytes)) break;
    coverage.min_doc_freq = words_[begin].doc_freq;
    coverage.num_words = static_cast<uint32_t>(end);
    begin = end;
  }
  return coverage;
}

}  // namespace ibid
