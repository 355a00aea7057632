#include "bench/compare_xapian/workload.h"

#include <random>
#include <utility>

#include "common/base/status_macros.h"
#include "common/text/analyzer.h"
#include "indexer/source/source.h"

namespace ibid::bench {
namespace {

constexpr uint64_t kSeed = 20261121;
constexpr size_t kFewestWords = 12;

std::string JoinTerms(const AnalyzedText& words) {
  std::string joined;
  for (size_t i = 0; i < words.num_tokens(); ++i) {
    if (i > 0) joined += ' ';
    joined += words.term(i);
  }
  return joined;
}

BenchQuery DrawQuery(const AnalyzedText& words, QueryKind kind, std::mt19937_64* random) {
  BenchQuery query;
  query.kind = kind;
  const size_t begin = (*random)() % (words.num_tokens() - kFewestWords + 1);
  if (kind == QueryKind::kPhrase) {
    const size_t length = 2 + (*random)() % 3;
    for (size_t i = 0; i < length; ++i) query.words.emplace_back(words.term(begin + i));
    return query;
  }
  query.distance = static_cast<uint32_t>(1 + (*random)() % 8);
  const size_t other = begin + 1 + (*random)() % query.distance;
  query.words.emplace_back(words.term(other));
  query.words.emplace_back(words.term(begin));
  return query;
}

}  // namespace

absl::StatusOr<Workload> MakeWorkload(const std::string& path, size_t queries_of_a_kind) {
  Workload workload;
  IndexOptions options;
  options.analyzer = AnalyzerKind::kAlnum;
  options.language = "none";
  ASSIGN_OR_RETURN(const std::unique_ptr<Analyzer> analyzer, Analyzer::Create(options));
  AnalyzedText words;
  SourceCallbacks callbacks;
  callbacks.on_document = [&](Document document) {
    BenchDocument bench;
    analyzer->Analyze(document.title, &words);
    bench.title_words = JoinTerms(words);
    analyzer->Analyze(document.text, &words);
    bench.text_words = JoinTerms(words);
    workload.text_bytes += document.title.size() + document.text.size();
    bench.document = {.key = document.key, .title = document.title, .text = document.text};
    workload.documents.push_back(std::move(bench));
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(ReadSource(path, {}, callbacks));
  if (workload.documents.empty()) return absl::NotFoundError(path + ": no documents");
  std::mt19937_64 random(kSeed);
  size_t tries = 0;
  while (workload.queries.size() < 2 * queries_of_a_kind && ++tries < 1000 * queries_of_a_kind) {
    const auto& drawn = workload.documents[random() % workload.documents.size()];
    analyzer->Analyze(drawn.text_words, &words);
    if (words.num_tokens() < kFewestWords) continue;
    const QueryKind kind =
        workload.queries.size() < queries_of_a_kind ? QueryKind::kPhrase : QueryKind::kNear;
    BenchQuery query = DrawQuery(words, kind, &random);
    if (kind == QueryKind::kNear && query.words[0] == query.words[1]) continue;
    workload.queries.push_back(std::move(query));
  }
  return workload;
}

}  // namespace ibid::bench
