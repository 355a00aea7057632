#include "corpus/generator/fitter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace ibid::corpus {
namespace {

uint32_t IdOf(const Model& model, const std::string& form) {
  for (uint32_t i = 0; i < model.words.size(); ++i) {
    if (model.words[i].form == form) return i;
  }
  ADD_FAILURE() << "no word " << form;
  return 0;
}

uint64_t PairCount(const Model& model, uint32_t first, uint32_t second) {
  for (const ModelPair& pair : model.pairs[first]) {
    if (pair.second == second) return pair.count;
  }
  return 0;
}

Model FitTo(const std::string& text, const FitOptions& options = {}) {
  Fitter fitter;
  fitter.AddDocument(text);
  absl::StatusOr<Model> model = fitter.Fit(options);
  EXPECT_TRUE(model.ok()) << model.status();
  return *std::move(model);
}

TEST(Fitter, CountsWordsWhateverTheirCase) {
  const Model model = FitTo("The cat saw the dog. The end.");
  EXPECT_EQ(model.tokens, 7u);
  EXPECT_EQ(model.words[IdOf(model, "the")].count, 3u);
  EXPECT_EQ(model.words[IdOf(model, "the")].capital_permille, 0u);
  EXPECT_EQ(model.words[IdOf(model, "end")].last_count, 1u);
}

TEST(Fitter, CountsNeighboursInsideSentencesOnly) {
  const Model model = FitTo("The cat sat. Cat food is the cat food.");
  const uint32_t cat = IdOf(model, "cat");
  EXPECT_EQ(PairCount(model, IdOf(model, "the"), cat), 2u);
  EXPECT_EQ(PairCount(model, cat, IdOf(model, "food")), 2u);
  EXPECT_EQ(PairCount(model, IdOf(model, "sat"), cat), 0u);
  EXPECT_EQ(PairCount(model, kStart, cat), 1u);
}

TEST(Fitter, EndsNoSentenceBehindTitlesAndInsideNumbers) {
  const Model model = FitTo("Mr. Smith of the U. S. paid 3.5 percent on 20,000 shares. He left.");
  EXPECT_EQ(model.words[kStart].count, 2u);
  EXPECT_EQ(model.words[kNumber].count, 2u);
}

TEST(Fitter, KeepsApostrophesInsideWordsAndLettersOutsideAscii) {
  const Model model = FitTo("Zoë’s café isn't “open” — yet.");
  for (const char* form : {"zoë's", "café", "isn't", "open", "yet"}) IdOf(model, form);
  EXPECT_EQ(model.tokens, 5u);
}

TEST(Fitter, MeasuresParagraphsByBlankLines) {
  const Model model = FitTo("One two. Three four.\n\nFive six\nseven.");
  EXPECT_EQ(model.paragraph_lengths[1], 1u);
  EXPECT_EQ(model.paragraph_lengths[2], 1u);
  EXPECT_EQ(model.document_lengths[7], 1u);
}

TEST(Fitter, TakesWhatIsNotFrequentForRareWords) {
  const Model model = FitTo("a a a b b c d", {.max_words = 2, .max_pairs = 100, .from = ""});
  EXPECT_EQ(model.words.size(), kNumSpecialWords + 2);
  EXPECT_EQ(model.words[kRare].count, 2u);
  EXPECT_EQ(PairCount(model, IdOf(model, "b"), kRare), 1u);
  EXPECT_EQ(PairCount(model, kRare, kRare), 1u);
}

TEST(Fitter, KeepsTheMostFrequentPairs) {
  const Model model = FitTo("a b a b a c", {.max_words = 10, .max_pairs = 1, .from = ""});
  EXPECT_EQ(PairCount(model, IdOf(model, "a"), IdOf(model, "b")), 2u);
  EXPECT_TRUE(model.pairs[IdOf(model, "b")].empty());
}

TEST(Fitter, MakesAModelThatCanBeReadAgain) {
  const Model model = FitTo("He said: \"Stop! Why?\" She, 40, left; he stayed.");
  const absl::StatusOr<Model> read = ParseModel(FormatModel(model));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(FormatModel(*read), FormatModel(model));
}

TEST(Fitter, RefusesATextWithoutWords) {
  Fitter fitter;
  fitter.AddDocument(" ... \n\n !");
  EXPECT_EQ(fitter.Fit({}).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(Fitter, RefusesLimitsBeyondTheModels) {
  Fitter fitter;
  fitter.AddDocument("a b");
  EXPECT_FALSE(fitter.Fit({.max_words = kMaxModelWords, .max_pairs = 1, .from = ""}).ok());
}

}  // namespace
}  // namespace ibid::corpus
