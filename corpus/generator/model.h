// What the generator knows of a real text: word frequencies, word adjacency, the lengths of
// documents, paragraphs and sentences, punctuation, and how its vocabulary grows.
//
//   ASSIGN_OR_RETURN(Model model, ParseModel(bytes));
//   std::string bytes = FormatModel(model);
//
// A model file is text, one item a line:
//
//   ibid-corpus-model 1
//   from <what it was fitted to>
//   documents <n>            in the fitted text
//   tokens <n>
//   rare <theta> <discount> growth of the rare words (see rare_words.h); discount in permille
//   marks <comma> <semicolon> <colon> <question> <exclamation> <quotation>
//                            permille; the first three of words, the others of sentences
//   document <k>:<n> ...     n documents with a length in words of bucket k (LengthBucket)
//   paragraph <k>:<n> ...    the same for paragraphs, in sentences
//   sentence <k>:<n> ...     the same for sentences, in words
//   words <n>                then n lines, id 0, 1, ...:
//   <form> <count> <last> <capital>   occurrences, those that end a sentence, and permille of
//                            those inside a sentence that have a capital letter
//   pairs <n>                then one line a first word, in increasing order, n pairs in all:
//   <first> <second>:<count> ...   in increasing order of <second>
//   end
//
// The first three words are not words: kStart (before a sentence), kRare (a word that is not in the
// list) and kNumber (a token that begins with a digit).
#ifndef IBID_CORPUS_GENERATOR_MODEL_H_
#define IBID_CORPUS_GENERATOR_MODEL_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace ibid::corpus {

inline constexpr uint32_t kStart = 0;
inline constexpr uint32_t kRare = 1;
inline constexpr uint32_t kNumber = 2;
inline constexpr uint32_t kNumSpecialWords = 3;

inline constexpr uint32_t kMaxModelWords = 1u << 21;
inline constexpr uint32_t kMaxModelPairs = 1u << 25;
inline constexpr uint32_t kMaxLength = 1u << 24;
inline constexpr uint64_t kMaxCount = uint64_t{1} << 40;

// Lengths are counted in buckets: exact below 16, then eight to an octave.
uint32_t LengthBucket(uint32_t length);
// The least length of a bucket; the greatest is the next one's least, less one.
uint32_t BucketBegin(uint32_t bucket);
inline constexpr uint32_t kNumLengthBuckets = 16 + 8 * 20;

struct ModelWord {
  std::string form;
  uint64_t count = 0;
  uint64_t last_count = 0;  // at the end of a sentence, so without a word behind it
  uint32_t capital_permille = 0;
};

struct ModelPair {
  uint32_t second = 0;
  uint64_t count = 0;
};

struct Punctuation {
  uint32_t comma = 0;  // permille of words that are followed by one
  uint32_t semicolon = 0;
  uint32_t colon = 0;
  uint32_t question = 0;  // permille of sentences that end so
  uint32_t exclamation = 0;
  uint32_t quotation = 0;  // permille of sentences inside quotation marks
};

using LengthCounts = std::vector<uint64_t>;  // kNumLengthBuckets of them

struct Model {
  std::string from;
  uint64_t documents = 0;
  uint64_t tokens = 0;
  uint64_t rare_theta = 1;
  uint32_t rare_discount = 500;
  Punctuation marks;
  LengthCounts document_lengths;
  LengthCounts paragraph_lengths;
  LengthCounts sentence_lengths;
  std::vector<ModelWord> words;               // kNumSpecialWords or more
  std::vector<std::vector<ModelPair>> pairs;  // as many as words; empty rows fall back to words
};

// InvalidArgument names the line and what was expected there.
absl::StatusOr<Model> ParseModel(std::string_view bytes);

std::string FormatModel(const Model& model);

}  // namespace ibid::corpus

#endif  // IBID_CORPUS_GENERATOR_MODEL_H_
