// The loops that indexing spends its time in: text to terms.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "bench/micro/benches.h"
#include "bench/micro/machine_limits.h"
#include "common/base/strings.h"
#include "common/text/analyzer.h"
#include "corpus/generator/json_line.h"
#include "corpus/generator/model.h"
#include "corpus/generator/text_generator.h"

namespace ibid::bench {
namespace {

constexpr size_t kTextBytes = size_t{1} << 20;

// Generated text: plain words with the punctuation of prose.
std::string GenerateText() {
  std::ifstream file(IBID_DEFAULT_CORPUS_MODEL, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  const absl::StatusOr<corpus::Model> model = corpus::ParseModel(bytes);
  if (!model.ok()) {
    std::fprintf(stderr, "%s\n", std::string(MessageOf(model.status())).c_str());
    std::abort();
  }
  corpus::TextGenerator generator(*model, {.seed = 1});
  std::string text, line;
  while (text.size() < kTextBytes) {
    line.clear();
    generator.AppendDocument(line);
    text += corpus::StringField(line, "text").value_or("") + "\n\n";
  }
  return text;
}

const std::string& SharedText() {
  static const std::string text = GenerateText();
  return text;
}

void Analyze(benchmark::State& state, const IndexOptions& options, bool stem) {
  auto analyzer = Analyzer::Create(options);
  if (!analyzer.ok()) return state.SkipWithError("no analyzer");
  AnalyzedText words;
  Meter meter(state);
  for (auto _ : state) {
    (*analyzer)->Analyze(SharedText(), &words);
    if (!stem) continue;
    for (size_t i = 0; i < words.num_tokens(); ++i) {
      benchmark::DoNotOptimize((*analyzer)->Stem(words.term(i)).size());
    }
  }
  meter.CountItems("tokens", static_cast<double>(words.num_tokens()));
  meter.CountBytes(static_cast<double>(SharedText().size()));
}

}  // namespace

void RegisterTextBenches() {
  benchmark::RegisterBenchmark("tokenize/alnum", Analyze,
                               IndexOptions{AnalyzerKind::kAlnum, "none", false}, false);
  benchmark::RegisterBenchmark("tokenize/standard", Analyze,
                               IndexOptions{AnalyzerKind::kStandard, "none", false}, false);
  benchmark::RegisterBenchmark("tokenize_and_stem/english", Analyze,
                               IndexOptions{AnalyzerKind::kStandard, "english", false}, true);
}

}  // namespace ibid::bench
