// A small index that uses every feature of the format, for tests that damage each byte of it: two
// segments, deletions in both, lists of pairs, columns of every type and form, regions, stored text
// over several blocks, terms inlined and of several blocks.
#ifndef IBID_TESTS_FAULT_EVERY_FEATURE_INDEX_H_
#define IBID_TESTS_FAULT_EVERY_FEATURE_INDEX_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "ibid/env.h"

namespace ibid {

// File name -> bytes. The same arguments give the same bytes.
using IndexFiles = std::map<std::string, std::string>;

struct EveryFeatureOptions {
  uint32_t first_docs = 360;  // of the first segment; pairs need 256 or more
  uint32_t second_docs = 40;
  uint32_t rare_words = 600;  // of the vocabulary: what makes dictionaries long
  uint32_t max_text_words = 30;
};

// The files of the index, without LOCK; where `older` is not null it gets those of the generation
// before the last.
IndexFiles MakeEveryFeatureIndex(const EveryFeatureOptions& options, IndexFiles* older = nullptr);

// The files of `directory` as they lie in `env`, without LOCK.
IndexFiles ReadIndexFiles(Env* env, const std::string& directory);

// Replaces whatever lies in `directory` of `env`.
void WriteIndexFiles(Env* env, const std::string& directory, const IndexFiles& files);

// Queries of every kind over its words, 30 of them.
const std::vector<std::string>& EveryFeatureQueries();

}  // namespace ibid

#endif  // IBID_TESTS_FAULT_EVERY_FEATURE_INDEX_H_
