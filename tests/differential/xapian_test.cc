// ibid and Xapian on the same words at the same positions: equal sets for AND, OR, NOT, phrases,
// NEAR, ADJ and prefixes, and BM25 scores that agree where the formulas do.
//
// Always run on corpus/wire.jsonl and generated text. With IBID_PACKAGES_JSONL naming a file made
// by corpus/make_debian_packages.py, also on that: some 64,000 real documents.
//
// The formulas. Xapian::BM25Weight(k1, 0, 0, b, 0) gives a term (Xapian 1.4, bm25weight.cc)
//   w(t) * (k1 + 1) * wdf / (wdf + k1 * (1 - b + b * length / average length)),
//   w(t) = ln(x) with x = (N - df + 0.5) / (df + 0.5), or ln(1 + x / 2) where x < 2;
// ibid has ln(1 + x) for w(t), no factor (k1 + 1), and a length that is exact to 40 words. So for
// documents of at most 40 words Xapian's score of a sum of terms is the sum of ibid's single
// scores, each times (k1 + 1) * w(t) / ln(1 + x).
#include <gtest/gtest.h>
#include <simdjson.h>
#include <xapian.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "corpus/generator/model.h"
#include "corpus/generator/text_generator.h"
#include "ibid/searcher.h"
#include "searcher/rank/bm25.h"
#include "tests/oracle/test_index.h"
#include "tests/oracle/token_list.h"
#include "tests/support/temp_directory.h"

namespace ibid {
namespace {

constexpr size_t kLongestXapianTerm = 200;
constexpr uint32_t kExactLength = 40;

void AppendJsonLine(simdjson::dom::parser* parser, const std::string& line,
                    std::vector<Document>* documents) {
  simdjson::dom::element object;
  ASSERT_EQ(parser->parse(line).get(object), simdjson::SUCCESS) << line.substr(0, 100);
  std::string_view title, text;
  if (object["title"].get(title) != simdjson::SUCCESS) title = "";
  if (object["text"].get(text) != simdjson::SUCCESS) text = "";
  // One field, so that nothing stands between title and text.
  documents->push_back({.key = "doc" + std::to_string(documents->size()),
                        .text = std::string(title) + "\n\n" + std::string(text)});
}

void AppendJsonLines(const std::string& path, std::vector<Document>* documents) {
  std::ifstream file(path);
  ASSERT_TRUE(file.is_open()) << path;
  simdjson::dom::parser parser;
  for (std::string line; std::getline(file, line);) AppendJsonLine(&parser, line, documents);
}

void AppendGenerated(size_t count, std::vector<Document>* documents) {
  const std::string path = std::string(IBID_SOURCE_DIR) + "/corpus/generator/default.model";
  std::ifstream file(path, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const auto model = corpus::ParseModel(bytes);
  ASSERT_TRUE(model.ok()) << model.status();
  corpus::TextGenerator generator(*model, {.seed = 5, .mean_words = 40});
  simdjson::dom::parser parser;
  for (size_t i = 0; i < count; ++i) {
    std::string line;
    generator.AppendDocument(line);
    AppendJsonLine(&parser, line, documents);
  }
}

// The same words in both engines.
class BothEngines {
 public:
  explicit BothEngines(const std::vector<Document>& documents)
      : index_({.analyzer = AnalyzerKind::kAlnum}) {
    const std::unique_ptr<Analyzer> analyzer =
        *Analyzer::Create({.analyzer = AnalyzerKind::kAlnum});
    xapian_ = Xapian::WritableDatabase(directory_.Path("xapian"),
                                       Xapian::DB_CREATE | Xapian::DB_BACKEND_GLASS);
    for (const Document& document : documents) {
      TokenList tokens = MakeTokenList(document, analyzer.get());
      if (std::any_of(tokens.words.begin(), tokens.words.end(),
                      [](const std::string& word) { return word.size() > kLongestXapianTerm; })) {
        continue;
      }
      Xapian::Document posted;
      for (Position p = 0; p < tokens.words.size(); ++p) posted.add_posting(tokens.words[p], p + 1);
      xapian_.add_document(posted);
      numbers_[document.key] = keys_.size();
      keys_.push_back(document.key);
      tokens_.push_back(std::move(tokens.words));
      index_.Add(document);
    }
    xapian_.commit();
    index_.Commit();
    searcher_ = std::make_unique<Searcher>(index_.Reader());
  }

  size_t size() const { return keys_.size(); }
  const std::vector<std::string>& tokens(size_t doc) const { return tokens_[doc]; }

  std::set<std::string> IbidKeys(const std::string& text) const {
    std::set<std::string> keys;
    for (const auto& [key, score] : IbidScores(text)) keys.insert(key);
    return keys;
  }

  std::set<std::string> XapianKeys(const Xapian::Query& query) const {
    std::set<std::string> keys;
    for (const auto& [key, score] : XapianScores(query)) keys.insert(key);
    return keys;
  }

  std::map<std::string, double> IbidScores(const std::string& text) const {
    SearchOptions options;
    options.query_limits.max_expansions = 1000000;
    options.limits.max_query_expansions = 1000000;
    options.limits.memory_bytes = size_t{8} << 30;
    std::map<std::string, double> scores;
    for (const Hit& hit : SearchAll(*searcher_, text, options).hits) scores[hit.key] = hit.score;
    return scores;
  }

  std::map<std::string, double> XapianScores(const Xapian::Query& query) const {
    Xapian::Enquire enquire(xapian_);
    enquire.set_query(query);
    enquire.set_weighting_scheme(Xapian::BM25Weight(1.2f, 0, 0, 0.75f, 0));
    std::map<std::string, double> scores;
    const Xapian::MSet found = enquire.get_mset(0, xapian_.get_doccount());
    for (auto it = found.begin(); it != found.end(); ++it) {
      scores[keys_[*it - 1]] = it.get_weight();
    }
    return scores;
  }

  // What ibid's score of one term is to be multiplied by.
  double XapianOverIbid(const std::string& term) const {
    const double n = xapian_.get_doccount();
    const double df = xapian_.get_termfreq(term);
    const double x = (n - df + 0.5) / (df + 0.5);
    const double weight = std::log(x < 2 ? 1 + x / 2 : x);
    return (1.2f + 1.0) * weight / std::log(1 + x);
  }

  uint32_t LengthOf(const std::string& key) const {
    return static_cast<uint32_t>(tokens_[numbers_.at(key)].size());
  }

 private:
  TempDirectory directory_;
  TestIndex index_;
  Xapian::WritableDatabase xapian_;
  std::vector<std::string> keys_;  // by Xapian's document number, less one
  std::unordered_map<std::string, size_t> numbers_;
  std::vector<std::vector<std::string>> tokens_;
  std::unique_ptr<Searcher> searcher_;
};

class RandomComparison {
 public:
  RandomComparison(const BothEngines& engines, uint64_t seed) : engines_(engines), random_(seed) {}

  // One query of a random kind over words that stand close together in some document.
  void CompareSets() {
    const std::vector<std::string> words = Words(2 + Below(3), 8);
    if (words.empty()) return;
    const std::string distance = std::to_string(1 + Below(12));
    const auto window = static_cast<Xapian::termcount>(std::stoul(distance) - 1 + words.size());
    switch (Below(7)) {
      case 0:
        return Expect(Join(words, " AND "), Xapian::Query::OP_AND, words, 0);
      case 1:
        return Expect(Join(words, " OR "), Xapian::Query::OP_OR, words, 0);
      case 2:
        return Expect(words[0] + " AND NOT " + words[1], Xapian::Query::OP_AND_NOT,
                      {words[0], words[1]}, 0);
      case 3: {
        const std::vector<std::string> run = Words(2 + Below(3), 0);
        if (run.empty()) return;
        return Expect("\"" + Join(run, " ") + "\"", Xapian::Query::OP_PHRASE, run,
                      static_cast<Xapian::termcount>(run.size()));
      }
      case 4:
        return Expect(Join(words, " NEAR/" + distance + " "), Xapian::Query::OP_NEAR, words,
                      window);
      case 5:
        return Expect(Join(words, " ADJ/" + distance + " "), Xapian::Query::OP_PHRASE, words,
                      window);
      default: {
        const std::string prefix = words[0].substr(0, 1 + Below(words[0].size()));
        ++num_compared_;
        ASSERT_EQ(engines_.IbidKeys(prefix + "*"),
                  engines_.XapianKeys(Xapian::Query(Xapian::Query::OP_WILDCARD, prefix)))
            << prefix;
      }
    }
  }

  void CompareScores() {
    std::vector<std::string> words = Words(1 + Below(3), 8);
    std::sort(words.begin(), words.end());
    words.erase(std::unique(words.begin(), words.end()), words.end());
    if (words.empty()) return;
    std::map<std::string, double> expected;
    for (const std::string& word : words) {
      const double factor = engines_.XapianOverIbid(word);
      for (const auto& [key, score] : engines_.IbidScores(word)) expected[key] += factor * score;
    }
    const Xapian::Query query(Xapian::Query::OP_OR, words.begin(), words.end());
    const std::map<std::string, double> scores = engines_.XapianScores(query);
    ASSERT_EQ(scores.size(), expected.size()) << Join(words, " ");
    for (const auto& [key, score] : scores) {
      if (engines_.LengthOf(key) > kExactLength) continue;
      ASSERT_NEAR(expected[key], score, 1e-5 * score) << Join(words, " ") << " in " << key;
      ++num_compared_;
    }
  }

  size_t num_compared() const { return num_compared_; }
  size_t num_found() const { return num_found_; }

 private:
  size_t Below(size_t bound) { return random_() % bound; }

  static std::string Join(const std::vector<std::string>& words, const std::string& separator) {
    std::string joined;
    for (size_t i = 0; i < words.size(); ++i) joined += (i > 0 ? separator : "") + words[i];
    return joined;
  }

  // `count` words of a document, with up to `most_between` left out each time. None where the
  // document is too short.
  std::vector<std::string> Words(size_t count, size_t most_between) {
    const std::vector<std::string>& tokens = engines_.tokens(Below(engines_.size()));
    std::vector<std::string> words;
    if (tokens.empty()) return words;
    for (size_t at = Below(tokens.size()); at < tokens.size() && words.size() < count;
         at += 1 + Below(most_between + 1)) {
      words.push_back(tokens[at]);
    }
    if (words.size() < count) words.clear();
    if (most_between > 0) std::shuffle(words.begin(), words.end(), random_);
    return words;
  }

  void Expect(const std::string& text, Xapian::Query::op op, const std::vector<std::string>& words,
              Xapian::termcount window) {
    const std::set<std::string> found = engines_.IbidKeys(text);
    ASSERT_EQ(found, engines_.XapianKeys(Xapian::Query(op, words.begin(), words.end(), window)))
        << text;
    ++num_compared_;
    num_found_ += found.empty() ? 0 : 1;
  }

  const BothEngines& engines_;
  std::mt19937_64 random_;
  size_t num_compared_ = 0;
  size_t num_found_ = 0;
};

void Compare(const std::vector<Document>& documents, size_t num_queries) {
  constexpr uint64_t kSeed = 20261121;
  SCOPED_TRACE("seed " + std::to_string(kSeed));
  const BothEngines engines(documents);
  RandomComparison sets(engines, kSeed);
  for (size_t i = 0; i < num_queries && !testing::Test::HasFatalFailure(); ++i) sets.CompareSets();
  EXPECT_GT(sets.num_compared(), num_queries * 3 / 4);
  EXPECT_GT(sets.num_found(), num_queries / 2);
  RandomComparison scores(engines, kSeed + 1);
  for (size_t i = 0; i < num_queries / 4 && !testing::Test::HasFatalFailure(); ++i) {
    scores.CompareScores();
  }
  EXPECT_GT(scores.num_compared(), num_queries);
}

TEST(Xapian, AgreesOnTheWireStoriesAndGeneratedText) {
  std::vector<Document> documents;
  AppendJsonLines(std::string(IBID_SOURCE_DIR) + "/corpus/wire.jsonl", &documents);
  AppendGenerated(400, &documents);
  if (HasFatalFailure()) return;
  Compare(documents, 1200);
}

TEST(Xapian, AgreesOnTheDescriptionsOfAllDebianPackages) {
  const char* path = std::getenv("IBID_PACKAGES_JSONL");
  if (path == nullptr || *path == '\0') {
    GTEST_SKIP() << "IBID_PACKAGES_JSONL names no file; make one with "
                    "corpus/make_debian_packages.py (needs a network) to compare on 64,000 "
                    "documents";
  }
  std::vector<Document> documents;
  AppendJsonLines(path, &documents);
  if (HasFatalFailure()) return;
  EXPECT_GT(documents.size(), 10000u);
  Compare(documents, 1000);
}

}  // namespace
}  // namespace ibid
