#include "corpus/generator/rare_words.h"

#include <array>
#include <string_view>

namespace ibid::corpus {
namespace {

// A word is onset + vowel, repeated, and a coda. Onsets and codas hold only consonants, vowels only
// vowels, so a spelling can be taken apart in one way only.
constexpr std::array<std::string_view, 32> kOnsets = {
    "b", "br", "c",  "ch", "cl", "d", "dr", "f",  "fl", "g", "gr", "h",  "j", "k", "l", "m",
    "n", "p",  "pl", "pr", "r",  "s", "sh", "sl", "st", "t", "th", "tr", "v", "w", "y", "z"};
constexpr std::array<std::string_view, 8> kVowels = {"a", "e", "i", "o", "u", "ai", "ea", "oo"};
constexpr std::array<std::string_view, 8> kCodas = {"", "n", "r", "s", "l", "nt", "m", "x"};

constexpr uint64_t kSyllables = kOnsets.size() * kVowels.size();

// Odd, so multiplying by it modulo a power of two is a permutation.
constexpr uint64_t kScatter = 0x9e3779b97f4a7c15u;

}  // namespace

RareWords::RareWords(uint64_t theta, uint32_t discount_permille,
                     std::function<bool(const std::string&)> taken)
    : theta_(theta), discount_permille_(discount_permille), taken_(std::move(taken)) {}

std::string RareWords::Spell(uint32_t word) {
  // Words of s syllables: kSyllables^s * codas of them, a power of two.
  uint64_t number = word;
  uint64_t band = kSyllables * kSyllables * kCodas.size();
  int syllables = 2;
  while (number >= band) {
    number -= band;
    band *= kSyllables;
    ++syllables;
  }
  number = (number * kScatter) & (band - 1);
  std::string form;
  const std::string_view coda = kCodas[number % kCodas.size()];
  number /= kCodas.size();
  for (int i = 0; i < syllables; ++i) {
    form += kOnsets[number % kOnsets.size()];
    number /= kOnsets.size();
    form += kVowels[number % kVowels.size()];
    number /= kVowels.size();
  }
  form += coda;
  return form;
}

uint32_t RareWords::Draw(Random& random) {
  uint32_t word = 0;
  const uint64_t n = num_tokens_;
  const bool by_theta = n == 0 || random.Next() % (theta_ + n) < theta_;
  if (by_theta) {
    word = Invent();
  } else {
    word = history_[random.Below(static_cast<uint32_t>(history_.size()))];
    const bool discounted = random.Next() % (uint64_t{counts_[word]} * 1000) < discount_permille_;
    if (discounted) word = Invent();
  }
  ++counts_[word];
  ++num_tokens_;
  Remember(word, random);
  return word;
}

uint32_t RareWords::Invent() {
  while (taken_(Spell(static_cast<uint32_t>(counts_.size())))) counts_.push_back(0);
  counts_.push_back(0);
  ++num_words_;
  return static_cast<uint32_t>(counts_.size() - 1);
}

void RareWords::Remember(uint32_t word, Random& random) {
  if (history_.size() < kMaxHistory) {
    history_.push_back(word);
  } else {
    history_[random.Below(static_cast<uint32_t>(kMaxHistory))] = word;
  }
}

}  // namespace ibid::corpus
