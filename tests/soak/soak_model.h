// What the index of a soak holds in each generation: a version for each key, from which the
// document follows. Written beside the index before each commit, so that whoever opens any
// generation, also one that was under way when its writer was killed, knows what it must find.
#ifndef IBID_TESTS_SOAK_SOAK_MODEL_H_
#define IBID_TESTS_SOAK_SOAK_MODEL_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ibid/document.h"
#include "ibid/types.h"

namespace ibid {

// By number of the key; 0: there is no such document.
using Versions = std::vector<uint32_t>;

size_t NumLive(const Versions& versions);

std::string SoakKey(size_t number);
// The number in a key; none for any other text.
std::optional<size_t> NumberOfKey(const std::string& key);

// The same for the same arguments, on every machine: a random story, behind it a sentence of rare
// words, and a column "version".
Document SoakDocument(size_t number, uint32_t version);

inline constexpr uint32_t kNumRareWords = 300;
inline constexpr size_t kRareWordsOfDocument = 4;
// "rare17".
std::string RareWord(uint32_t word);
// Those of a document, in the order of its last sentence.
std::vector<uint32_t> RareWordsOf(size_t number, uint32_t version);
// The numbers of the documents that hold `word`.
std::vector<size_t> WithRareWord(const Versions& versions, uint32_t word);

// The generations' versions, each in a file of its own. Replaces a file whole. Two threads or
// processes may use one directory.
class Generations {
 public:
  explicit Generations(std::string directory) : directory_(std::move(directory)) {}

  bool Save(Generation generation, const Versions& versions) const;
  std::optional<Versions> Load(Generation generation) const;
  void Forget(Generation generation) const;

 private:
  std::string PathOf(Generation generation) const;

  std::string directory_;
};

// Documents by number and version; keeps the last version that was asked for of each.
class DocumentCache {
 public:
  const Document& Get(size_t number, uint32_t version);

 private:
  struct Entry {
    uint32_t version = 0;
    Document document;
  };
  std::map<size_t, Entry> entries_;
};

}  // namespace ibid

#endif  // IBID_TESTS_SOAK_SOAK_MODEL_H_
