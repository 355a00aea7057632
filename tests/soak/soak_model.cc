#include "tests/soak/soak_model.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include "common/base/strings.h"
#include "tests/oracle/random_stories.h"

namespace ibid {
namespace {

constexpr std::string_view kKeyPrefix = "story";
constexpr size_t kStoryWords = 100;  // more than there are: all

uint64_t SeedOf(size_t number, uint32_t version) { return uint64_t{number} << 32 | version; }

}  // namespace

size_t NumLive(const Versions& versions) {
  return versions.size() -
         static_cast<size_t>(std::count(versions.begin(), versions.end(), uint32_t{0}));
}

std::string SoakKey(size_t number) { return StrCat(kKeyPrefix, number); }

std::optional<size_t> NumberOfKey(const std::string& key) {
  if (!key.starts_with(kKeyPrefix)) return std::nullopt;
  size_t number = 0;
  for (const char c : key.substr(kKeyPrefix.size())) {
    if (c < '0' || c > '9' || number > 100000000) return std::nullopt;
    number = number * 10 + static_cast<size_t>(c - '0');
  }
  return SoakKey(number) == key ? std::optional(number) : std::nullopt;
}

std::string RareWord(uint32_t word) { return StrCat("rare", word); }

std::vector<uint32_t> RareWordsOf(size_t number, uint32_t version) {
  std::vector<uint32_t> words;
  uint64_t state = SeedOf(number, version);
  for (size_t i = 0; i < kRareWordsOfDocument; ++i) {
    // Steele et al., "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014.
    uint64_t mixed = state += 0x9e3779b97f4a7c15;
    mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111eb;
    mixed ^= mixed >> 31;
    // The smaller of two: the first words are in more documents.
    const auto one = static_cast<uint32_t>(mixed % kNumRareWords);
    const auto other = static_cast<uint32_t>((mixed >> 32) % kNumRareWords);
    words.push_back(std::min(one, other));
  }
  return words;
}

Document SoakDocument(size_t number, uint32_t version) {
  RandomStories random(SeedOf(number, version), kStoryWords);
  Document document = random.Story(SoakKey(number));
  document.text += "\n\nAt the end";
  for (const uint32_t word : RareWordsOf(number, version)) document.text += " " + RareWord(word);
  document.text += ".";
  document.fields.push_back({"version", {int64_t{version}}});
  return document;
}

std::vector<size_t> WithRareWord(const Versions& versions, uint32_t word) {
  std::vector<size_t> numbers;
  for (size_t number = 0; number < versions.size(); ++number) {
    if (versions[number] == 0) continue;
    const std::vector<uint32_t> words = RareWordsOf(number, versions[number]);
    if (std::find(words.begin(), words.end(), word) != words.end()) numbers.push_back(number);
  }
  return numbers;
}

std::string Generations::PathOf(Generation generation) const {
  return StrCat(directory_, "/", generation);
}

bool Generations::Save(Generation generation, const Versions& versions) const {
  const std::string path = PathOf(generation), temporary = path + ".tmp";
  std::ofstream out(temporary, std::ios::binary);
  out.write(reinterpret_cast<const char*>(versions.data()),
            static_cast<std::streamsize>(versions.size() * sizeof(uint32_t)));
  out.close();
  return out && std::rename(temporary.c_str(), path.c_str()) == 0;
}

std::optional<Versions> Generations::Load(Generation generation) const {
  std::ifstream in(PathOf(generation), std::ios::binary);
  if (!in) return std::nullopt;
  const std::string bytes(std::istreambuf_iterator<char>(in), {});
  Versions versions(bytes.size() / sizeof(uint32_t));
  std::copy_n(bytes.data(), versions.size() * sizeof(uint32_t),
              reinterpret_cast<char*>(versions.data()));
  return versions;
}

void Generations::Forget(Generation generation) const {
  std::error_code ignored;
  std::filesystem::remove(PathOf(generation), ignored);
}

const Document& DocumentCache::Get(size_t number, uint32_t version) {
  Entry& entry = entries_[number];
  if (entry.version != version) entry = {version, SoakDocument(number, version)};
  return entry.document;
}

}  // namespace ibid
