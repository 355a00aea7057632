#include "bench/engines/query_sampler.h"

#include <algorithm>
#include <functional>
#include <random>
#include <set>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "bench/engines/word_corpus.h"
#include "common/base/status_macros.h"

namespace ibid::bench {
namespace {

using Words = std::vector<std::string>;

constexpr size_t kStopWordSample = 2000;  // documents looked at
constexpr size_t kTriesPerQuery = 400;
constexpr size_t kMaxNearDistance = 8;

class Sampler {
 public:
  Sampler(WordCorpusReader reader, std::vector<uint64_t> offsets, const SampleOptions& options)
      : reader_(std::move(reader)),
        offsets_(std::move(offsets)),
        options_(options),
        random_(options.seed) {}

  std::vector<BenchQuery> Sample();

 private:
  // Uniform in [0, bound) without a library's distribution, which differs between libraries.
  size_t Below(size_t bound) { return static_cast<size_t>(random_() % bound); }
  size_t Length() { return 2 + Below(3); }
  void FindStopWords();
  Words DrawDocument() { return SplitWords(*reader_.At(offsets_[Below(offsets_.size())])); }
  // Neighbouring words of a document drawn; none where it is too short.
  Words DrawRun(size_t length);
  Words DrawStopRun(size_t length);
  size_t CountStopWords(std::span<const std::string> words) const;
  BenchQuery DrawWords(size_t length, Occur occur);
  BenchQuery DrawPhrase(size_t length);
  BenchQuery DrawNear();
  BenchQuery DrawNegated();
  BenchQuery DrawMixed();
  void AddClass(const std::string& name, const std::function<BenchQuery()>& draw);

  WordCorpusReader reader_;
  std::vector<uint64_t> offsets_;
  SampleOptions options_;
  std::mt19937_64 random_;
  std::unordered_set<std::string> stop_words_;
  std::vector<BenchQuery> queries_;
};

bool AllDifferent(const Words& words) {
  return std::set<std::string>(words.begin(), words.end()).size() == words.size();
}

BenchQuery Phrase(Words words) {
  BenchQuery query;
  if (!words.empty()) query.clauses.push_back({Occur::kShould, std::move(words)});
  return query;
}

void Sampler::FindStopWords() {
  std::unordered_map<std::string, size_t> doc_freqs;
  const size_t step = std::max<size_t>(1, offsets_.size() / kStopWordSample);
  for (size_t doc = 0; doc < offsets_.size(); doc += step) {
    const Words words = SplitWords(*reader_.At(offsets_[doc]));
    for (const std::string& word : std::set<std::string>(words.begin(), words.end())) {
      ++doc_freqs[word];
    }
  }
  std::vector<std::pair<size_t, std::string>> ranked;
  for (const auto& [word, doc_freq] : doc_freqs) ranked.emplace_back(doc_freq, word);
  std::sort(ranked.rbegin(), ranked.rend());
  ranked.resize(std::min(ranked.size(), options_.num_stop_words));
  for (const auto& [doc_freq, word] : ranked) stop_words_.insert(word);
}

Words Sampler::DrawRun(size_t length) {
  const Words words = DrawDocument();
  if (words.size() < length) return {};
  const auto begin = words.begin() + static_cast<ptrdiff_t>(Below(words.size() - length + 1));
  return {begin, begin + static_cast<ptrdiff_t>(length)};
}

size_t Sampler::CountStopWords(std::span<const std::string> words) const {
  return static_cast<size_t>(std::count_if(
      words.begin(), words.end(), [&](const auto& word) { return stop_words_.contains(word); }));
}

Words Sampler::DrawStopRun(size_t length) {
  const Words words = DrawDocument();
  if (words.size() < length) return {};
  const size_t first = Below(words.size() - length + 1);
  // From a place drawn to the document's end, so that rare long runs are found.
  for (size_t begin = first; begin + length <= words.size(); ++begin) {
    const std::span<const std::string> run(words.data() + begin, length);
    if (CountStopWords(run) == length) return {run.begin(), run.end()};
  }
  return {};
}

BenchQuery Sampler::DrawWords(size_t length, Occur occur) {
  BenchQuery query;
  const Words words = DrawRun(length);
  if (!AllDifferent(words)) return query;
  for (const std::string& word : words) query.clauses.push_back({occur, {word}});
  return query;
}

BenchQuery Sampler::DrawPhrase(size_t length) {
  const Words words = DrawRun(length);
  return CountStopWords(words) == words.size() ? BenchQuery() : Phrase(words);
}

BenchQuery Sampler::DrawNear() {
  const size_t distance = 1 + Below(kMaxNearDistance);
  const size_t apart = 1 + Below(distance);
  const Words run = DrawRun(apart + 1);
  BenchQuery query;
  if (run.empty() || run.front() == run.back()) return query;
  query.near = static_cast<uint32_t>(distance);
  query.clauses = {{Occur::kShould, {run.back()}}, {Occur::kShould, {run.front()}}};
  return query;
}

BenchQuery Sampler::DrawNegated() {
  const size_t length = Length();
  BenchQuery query = DrawWords(length, Occur::kMust);
  if (query.clauses.empty()) return query;
  query.clauses.back().occur = Occur::kMustNot;
  if (length == 4) query.clauses[2].occur = Occur::kMustNot;
  return query;
}

BenchQuery Sampler::DrawMixed() {
  const size_t length = Length();
  BenchQuery query = DrawWords(length, Occur::kShould);
  if (query.clauses.empty()) return query;
  query.clauses[0].occur = Occur::kMust;
  if (length == 4) query.clauses[1].occur = Occur::kMust;
  if (length == 3 && Below(2) == 0) {  // +"a b" +c
    query.clauses[0].words.push_back(query.clauses[1].words[0]);
    query.clauses.erase(query.clauses.begin() + 1);
    query.clauses[1].occur = Occur::kMust;
  }
  return query;
}

void Sampler::AddClass(const std::string& name, const std::function<BenchQuery()>& draw) {
  std::set<std::string> taken;
  for (size_t tries = options_.per_class * kTriesPerQuery;
       tries > 0 && taken.size() < options_.per_class; --tries) {
    BenchQuery query = draw();
    if (query.clauses.empty() || !taken.insert(FormatBenchQuery(query)).second) continue;
    query.query_class = name;
    queries_.push_back(std::move(query));
  }
}

std::vector<BenchQuery> Sampler::Sample() {
  FindStopWords();
  AddClass("term", [&] { return DrawWords(1, Occur::kShould); });
  AddClass("union", [&] { return DrawWords(Length(), Occur::kShould); });
  AddClass("intersection", [&] { return DrawWords(Length(), Occur::kMust); });
  AddClass("phrase 2", [&] { return DrawPhrase(2); });
  AddClass("phrase 3", [&] { return DrawPhrase(3); });
  AddClass("phrase 4+", [&] { return DrawPhrase(4); });
  AddClass("stop phrase", [&] { return Phrase(DrawStopRun(Length())); });
  AddClass("near", [&] { return DrawNear(); });
  AddClass("negated", [&] { return DrawNegated(); });
  AddClass("mixed", [&] { return DrawMixed(); });
  return std::move(queries_);
}

}  // namespace

absl::StatusOr<std::vector<BenchQuery>> SampleQueries(const std::string& words_path,
                                                      const SampleOptions& options) {
  ASSIGN_OR_RETURN(WordCorpusReader reader, WordCorpusReader::Open(words_path));
  std::vector<uint64_t> offsets;
  while (offsets.size() < options.max_docs) {
    const uint64_t offset = reader.offset();
    if (reader.Next() == nullptr) break;
    offsets.push_back(offset);
  }
  if (offsets.empty()) return absl::NotFoundError(words_path + ": no documents");
  return Sampler(std::move(reader), std::move(offsets), options).Sample();
}

}  // namespace ibid::bench
