#include "corpus/generator/text_generator.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>

#include "corpus/generator/fitter.h"
#include "corpus/generator/json_line.h"
#include "tests/corpus/generator/test_model.h"

namespace ibid::corpus {
namespace {

Model SmallModel() { return *ParseModel(kTestModel); }

const Model& DefaultModel() {
  static const Model* const model = [] {
    std::ifstream file(IBID_SOURCE_DIR "/corpus/generator/default.model", std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    return new Model(*ParseModel(bytes));
  }();
  return *model;
}

std::string Generate(const Model& model, const GeneratorOptions& options, int documents) {
  TextGenerator generator(model, options);
  std::string out;
  for (int i = 0; i < documents; ++i) generator.AppendDocument(out);
  return out;
}

// FNV-1a, 64 bits.
uint64_t HashOf(std::string_view bytes) {
  uint64_t hash = 0xcbf29ce484222325u;
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return hash;
}

// A model fitted to what a model generates: what came through.
Model Refitted(const std::string& jsonl) {
  Fitter fitter;
  for (size_t at = 0; at < jsonl.size();) {
    const size_t end = jsonl.find('\n', at);
    fitter.AddDocument(*StringField(std::string_view(jsonl).substr(at, end - at), "text"));
    at = end + 1;
  }
  return *fitter.Fit({.max_words = 1000000, .max_pairs = 10000000, .from = "generated"});
}

double ShareOf(const Model& model, const std::string& form) {
  for (const ModelWord& word : model.words) {
    if (word.form == form) {
      return static_cast<double>(word.count) / static_cast<double>(model.tokens);
    }
  }
  return 0;
}

// The share of the tokens that stand behind `first` and are `second`.
double PairShare(const Model& model, uint32_t first, const std::string& second) {
  for (const ModelPair& pair : model.pairs[first]) {
    if (model.words[pair.second].form != second) continue;
    return static_cast<double>(pair.count) / static_cast<double>(model.tokens);
  }
  return 0;
}

TEST(TextGenerator, WritesTheSameBytesForTheSameSeedOnEveryMachine) {
  EXPECT_EQ(HashOf(Generate(SmallModel(), {.seed = 1}, 1000)), 2481307603498258981u);
  EXPECT_EQ(HashOf(Generate(DefaultModel(), {.seed = 1, .mean_words = 200}, 500)),
            11016904553731647966u);
}

TEST(TextGenerator, WritesOtherBytesForAnotherSeed) {
  EXPECT_NE(Generate(SmallModel(), {.seed = 1}, 3), Generate(SmallModel(), {.seed = 2}, 3));
}

TEST(TextGenerator, WritesAPrefixWhenAskedForLess) {
  const std::string more = Generate(SmallModel(), {.seed = 4}, 50);
  EXPECT_TRUE(more.starts_with(Generate(SmallModel(), {.seed = 4}, 20)));
}

TEST(TextGenerator, WritesALineOfJsonForEachDocument) {
  const std::string out = Generate(DefaultModel(), {.seed = 9, .mean_words = 100}, 1);
  EXPECT_EQ(StringField(out, "id"), "doc-000000001");
  EXPECT_EQ(StringField(out, "date")->size(), 10u);
  for (const char* field : {"title", "source", "text"}) EXPECT_NE(StringField(out, field), "");
  EXPECT_EQ(out.find('\n'), out.size() - 1);
}

TEST(TextGenerator, StretchesDocumentsToTheMeanAskedFor) {
  TextGenerator generator(DefaultModel(), {.seed = 3, .mean_words = 50});
  std::string out;
  for (int i = 0; i < 20000; ++i) generator.AppendDocument(out);
  EXPECT_NEAR(static_cast<double>(generator.num_words()) / 20000, 50, 2);
}

TEST(TextGenerator, KeepsTheMeanOfTheModelUnlessAskedOtherwise) {
  TextGenerator generator(DefaultModel(), {.seed = 3});
  std::string out;
  for (int i = 0; i < 1500; ++i) generator.AppendDocument(out);
  const auto mean = static_cast<double>(MeanDocumentWords(DefaultModel()));
  EXPECT_NEAR(static_cast<double>(generator.num_words()) / 1500 / mean, 1, 0.1);
}

class GeneratedText : public testing::Test {
 protected:
  static const Model& Fitted() {
    static const Model* const model =
        new Model(Refitted(Generate(DefaultModel(), {.seed = 11, .mean_words = 300}, 4000)));
    return *model;
  }
};

TEST_F(GeneratedText, HasTheFrequentWordsAsOftenAsTheModel) {
  for (uint32_t i = kNumSpecialWords; i < kNumSpecialWords + 50; ++i) {
    const std::string& form = DefaultModel().words[i].form;
    const double expected = ShareOf(DefaultModel(), form);
    EXPECT_NEAR(ShareOf(Fitted(), form) / expected, 1, 0.1) << form;
  }
}

TEST_F(GeneratedText, HasTheFrequentPairsAsOftenAsTheModel) {
  int compared = 0;
  for (uint32_t first = kNumSpecialWords; first < kNumSpecialWords + 30; ++first) {
    for (const ModelPair& pair : DefaultModel().pairs[first]) {
      const std::string& second = DefaultModel().words[pair.second].form;
      const double expected = PairShare(DefaultModel(), first, second);
      if (pair.second < kNumSpecialWords || expected < 0.0005) continue;
      uint32_t same_first = kNumSpecialWords;
      while (Fitted().words[same_first].form != DefaultModel().words[first].form) ++same_first;
      EXPECT_NEAR(PairShare(Fitted(), same_first, second) / expected, 1, 0.2)
          << DefaultModel().words[first].form << " " << second;
      ++compared;
    }
  }
  EXPECT_GT(compared, 20);
}

TEST_F(GeneratedText, GoesOnInventingWords) {
  TextGenerator generator(DefaultModel(), {.seed = 11, .mean_words = 300});
  std::string out;
  for (int i = 0; i < 1000; ++i) generator.AppendDocument(out);
  const size_t at_quarter = generator.num_rare_words();
  for (int i = 0; i < 3000; ++i) generator.AppendDocument(out);
  EXPECT_GT(generator.num_rare_words(), at_quarter * 3 / 2);
  EXPECT_LT(generator.num_rare_words(), at_quarter * 4);
}

TEST_F(GeneratedText, HasSentencesOfTheModelsLength) {
  const auto mean = [](const Model& model) {
    return static_cast<double>(model.tokens) / static_cast<double>(model.words[kStart].count);
  };
  EXPECT_NEAR(mean(Fitted()) / mean(DefaultModel()), 1, 0.1);
}

}  // namespace
}  // namespace ibid::corpus
