// ibid-scale: how latency, memory and size grow with the number of documents.
//
// The documents are generated; those of a smaller index are the first of a larger one, and the
// queries, drawn from the smallest, are the same for all.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "bench/engines/build_child.h"
#include "bench/engines/engine.h"
#include "bench/engines/measure.h"
#include "bench/engines/query_sampler.h"
#include "bench/engines/word_corpus.h"
#include "bench/support/json_writer.h"
#include "bench/support/latency.h"
#include "bench/support/process.h"
#include "bench/support/svg_chart.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "corpus/generator/json_line.h"
#include "corpus/generator/model.h"
#include "corpus/generator/text_generator.h"
#include "ibid/index_reader.h"

namespace ibid::bench {
namespace {

constexpr const char* kUsage = R"(usage: ibid-scale [options] WORKDIR

  --from N        documents of the smallest index (default 10000)
  --to N          of the largest (default 1000000; 10000000 takes about 20 GB of WORKDIR)
  --mean-words N  of a document (default 160)
  --sample N      queries a class (default 50)
  --passes N      the fastest counts (default 5)
  --seed N        of text and queries (default 1)
  --json FILE, --svg FILE
)";

struct Options {
  std::map<std::string, uint64_t> numbers = {{"--from", 10000}, {"--to", 1000000},
                                             {"--sample", 50},  {"--passes", 5},
                                             {"--seed", 1},     {"--mean-words", 160}};
  std::map<std::string, std::string> texts = {{"--json", ""}, {"--svg", ""}};
  std::string program, work;
  uint64_t number(const char* name) const { return numbers.at(name); }
};

struct ClassResult {
  std::string query_class, command;
  LatencySummary us;
  double mean_postings = 0;  // of the words of a query
};

struct Step {
  CorpusInfo corpus;
  ChildCost build;
  uint64_t index_bytes = 0;
  uint64_t resident_bytes = 0;  // what opening and asking added
  std::vector<ClassResult> classes;
};

absl::StatusOr<Options> ParseOptions(const std::vector<std::string>& args) {
  Options options;
  options.program = args[0];
  for (size_t i = 1; i < args.size(); ++i) {
    const auto number = options.numbers.find(args[i]);
    const auto text = options.texts.find(args[i]);
    if (number == options.numbers.end() && text == options.texts.end()) {
      if (!options.work.empty() || args[i].starts_with("--")) {
        return absl::InvalidArgumentError(StrCat(args[i], "?\n", kUsage));
      }
      options.work = args[i];
      continue;
    }
    if (++i == args.size())
      return absl::InvalidArgumentError(StrCat(args[i - 1], " needs a value"));
    if (text != options.texts.end()) {
      text->second = args[i];
      continue;
    }
    const char* end = args[i].data() + args[i].size();
    const auto [stop, error] = std::from_chars(args[i].data(), end, number->second);
    if (error != std::errc() || stop != end || number->second == 0) {
      return absl::InvalidArgumentError(StrCat(args[i - 1], " needs a number above 0"));
    }
  }
  if (options.work.empty()) return absl::InvalidArgumentError(kUsage);
  return options;
}

// From the smallest to the largest in half powers of ten.
std::vector<uint64_t> Sizes(const Options& options) {
  std::vector<uint64_t> sizes;
  double size = static_cast<double>(options.number("--from"));
  for (; size < static_cast<double>(options.number("--to")) * 0.99; size *= std::sqrt(10.0)) {
    sizes.push_back(static_cast<uint64_t>(std::llround(size)));
  }
  sizes.push_back(options.number("--to"));
  return sizes;
}

absl::Status GenerateWords(const Options& options, uint64_t num_docs, const std::string& path) {
  std::ifstream file(IBID_DEFAULT_CORPUS_MODEL, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  ASSIGN_OR_RETURN(const corpus::Model model, corpus::ParseModel(bytes));
  corpus::TextGenerator generator(
      model, {.seed = options.number("--seed"),
              .mean_words = static_cast<uint32_t>(options.number("--mean-words"))});
  std::ofstream out(path, std::ios::binary);
  std::string line;
  for (uint64_t doc = 0; doc < num_docs; ++doc) {
    line.clear();
    generator.AppendDocument(line);
    out << WordsOf(corpus::StringField(line, "text").value_or("")) << '\n';
  }
  out.flush();
  if (!out) return absl::UnavailableError(StrCat(path, ": cannot be written"));
  return absl::OkStatus();
}

absl::StatusOr<uint64_t> DocFreq(const IndexReader& reader, const std::string& word) {
  uint64_t doc_freq = 0;
  RETURN_IF_ERROR(reader.ForEachTerm(word, [&](const TermStats& stats) {
    if (stats.term == word) doc_freq = stats.doc_freq;
    return false;  // the word itself comes before those that it begins
  }));
  return doc_freq;
}

absl::StatusOr<std::vector<uint64_t>> Postings(const std::string& directory,
                                               const std::vector<BenchQuery>& queries) {
  ASSIGN_OR_RETURN(const std::shared_ptr<const IndexReader> reader, IndexReader::Open(directory));
  std::vector<uint64_t> postings;
  for (const BenchQuery& query : queries) {
    uint64_t sum = 0;
    for (const Clause& clause : query.clauses) {
      for (const std::string& word : clause.words) {
        ASSIGN_OR_RETURN(const uint64_t doc_freq, DocFreq(*reader, word));
        sum += doc_freq;
      }
    }
    postings.push_back(sum);
  }
  return postings;
}

absl::StatusOr<Step> MeasureStep(const Options& options, uint64_t num_docs,
                                 const std::vector<BenchQuery>& queries) {
  std::fprintf(stderr, "%s documents\n", WithCommas(num_docs).c_str());
  const std::string words = options.work + "/words.txt", index = options.work + "/ibid";
  RETURN_IF_ERROR(GenerateWords(options, num_docs, words));
  Step step;
  ASSIGN_OR_RETURN(step.corpus, DescribeWordCorpus(words));
  ASSIGN_OR_RETURN(step.build, BuildInChild(options.program, "ibid", words, index));
  step.index_bytes = DirectoryBytes(index);
  std::filesystem::remove(words);
  const uint64_t resident = ResidentBytes();
  std::vector<std::unique_ptr<Engine>> engines;
  engines.push_back(MakeIbidEngine());
  RETURN_IF_ERROR(engines[0]->Open(index));
  const std::vector<Command> commands = {{"COUNT"}, {"TOP_10", 10}, {"TOP_1000", 1000}};
  const MeasureOptions measure{.passes = static_cast<int>(options.number("--passes")),
                               .compare_documents = false};
  ASSIGN_OR_RETURN(const Measurements measured, Measure(engines, queries, commands, measure));
  step.resident_bytes = ResidentBytes() - std::min(resident, ResidentBytes());
  ASSIGN_OR_RETURN(const std::vector<uint64_t> postings, Postings(index, queries));
  for (size_t c = 0; c < commands.size(); ++c) {
    for (size_t begin = 0; begin < queries.size();) {
      std::vector<double> times;
      double sum = 0;
      size_t q = begin;
      for (; q < queries.size() && queries[q].query_class == queries[begin].query_class; ++q) {
        times.push_back(measured.best_seconds[c][0][q] * 1e6);
        sum += static_cast<double>(postings[q]);
      }
      step.classes.push_back({queries[begin].query_class, commands[c].name, Summarise(times),
                              sum / static_cast<double>(q - begin)});
      begin = q;
    }
  }
  std::filesystem::remove_all(index);
  return step;
}

// The exponent e of a growth like documents^e from the first step to the last.
double Exponent(double first, double last, const std::vector<Step>& steps) {
  const double docs = static_cast<double>(steps.back().corpus.num_docs) /
                      static_cast<double>(steps.front().corpus.num_docs);
  return first > 0 && last > 0 && docs > 1 ? std::log(last / first) / std::log(docs) : 0;
}

void PrintTable(const std::vector<Step>& steps) {
  std::printf("%12s %14s %9s %9s %9s %9s\n", "documents", "words", "CPU s", "peak MB", "index MB",
              "asking MB");
  for (const Step& step : steps) {
    std::printf("%12s %14s %9.2f %9.1f %9.1f %9.1f\n", WithCommas(step.corpus.num_docs).c_str(),
                WithCommas(step.corpus.num_words).c_str(), step.build.cpu_seconds,
                static_cast<double>(step.build.peak_bytes) * 1e-6,
                static_cast<double>(step.index_bytes) * 1e-6,
                static_cast<double>(step.resident_bytes) * 1e-6);
  }
  std::printf("\nmean microseconds; growth as documents^e, beside that of the queries' postings\n");
  std::printf("%-10s %-14s", "command", "class");
  for (const Step& step : steps) {
    std::printf(" %10s", ShortNumber(static_cast<double>(step.corpus.num_docs)).c_str());
  }
  std::printf(" %8s %9s\n", "e", "postings");
  for (size_t i = 0; i < steps[0].classes.size(); ++i) {
    const ClassResult& first = steps.front().classes[i];
    const ClassResult& last = steps.back().classes[i];
    std::printf("%-10s %-14s", first.command.c_str(), first.query_class.c_str());
    for (const Step& step : steps) std::printf(" %10.1f", step.classes[i].us.mean);
    std::printf(" %8.2f %9.2f\n", Exponent(first.us.mean, last.us.mean, steps),
                Exponent(first.mean_postings, last.mean_postings, steps));
  }
}

std::string FormatJson(const std::vector<Step>& steps, const std::string& command_line) {
  JsonWriter json;
  json.BeginObject();
  json.Key("command_line").String(command_line);
  json.Key("machine").String(MachineDescription());
  json.Key("load_average").Number(LoadAverage());
  json.Key("steps").BeginArray();
  for (const Step& step : steps) {
    json.BeginObject();
    json.Key("documents").Integer(step.corpus.num_docs);
    json.Key("words").Integer(step.corpus.num_words);
    json.Key("index_cpu_seconds").Number(step.build.cpu_seconds);
    json.Key("index_peak_bytes").Integer(step.build.peak_bytes);
    json.Key("index_bytes").Integer(step.index_bytes);
    json.Key("resident_bytes").Integer(step.resident_bytes);
    json.Key("classes").BeginArray();
    for (const ClassResult& result : step.classes) {
      json.BeginObject();
      json.Key("class").String(result.query_class);
      json.Key("command").String(result.command);
      json.Key("queries").Integer(result.us.count);
      json.Key("mean_us").Number(result.us.mean);
      json.Key("p50_us").Number(result.us.p50);
      json.Key("p99_us").Number(result.us.p99);
      json.Key("mean_postings").Number(result.mean_postings);
      json.EndObject();
    }
    json.EndArray();
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
  return json.Take();
}

Panel ClassPanel(const std::vector<Step>& steps, const std::string& command, const char* what,
                 double (*value)(const ClassResult&)) {
  Panel panel{.title = StrCat(command, ", ", what),
              .x_label = "documents",
              .y_label = what,
              .log_x = true,
              .log_y = true};
  for (size_t i = 0; i < steps[0].classes.size(); ++i) {
    if (steps[0].classes[i].command != command) continue;
    Series series{.name = steps[0].classes[i].query_class};
    for (const Step& step : steps) {
      series.points.emplace_back(static_cast<double>(step.corpus.num_docs), value(step.classes[i]));
    }
    panel.series.push_back(std::move(series));
  }
  return panel;
}

Panel MemoryPanel(const std::vector<Step>& steps) {
  Panel panel{.title = "Memory and size",
              .x_label = "documents",
              .y_label = "MB",
              .log_x = true,
              .log_y = true};
  Series peak{.name = "indexing, peak"}, asking{.name = "asking"}, index{.name = "index"};
  for (const Step& step : steps) {
    const auto docs = static_cast<double>(step.corpus.num_docs);
    peak.points.emplace_back(docs, static_cast<double>(step.build.peak_bytes) * 1e-6);
    asking.points.emplace_back(docs, static_cast<double>(step.resident_bytes) * 1e-6);
    index.points.emplace_back(docs, static_cast<double>(step.index_bytes) * 1e-6);
  }
  panel.series = {std::move(peak), std::move(asking), std::move(index)};
  return panel;
}

std::string Draw(const std::vector<Step>& steps) {
  std::vector<Panel> panels;
  for (const char* command : {"TOP_10", "TOP_1000", "COUNT"}) {
    panels.push_back(ClassPanel(steps, command, "mean us",
                                [](const ClassResult& result) { return result.us.mean; }));
    panels.push_back(ClassPanel(steps, command, "p99 us",
                                [](const ClassResult& result) { return result.us.p99; }));
  }
  panels.push_back(ClassPanel(steps, "TOP_10", "postings of a query",
                              [](const ClassResult& result) { return result.mean_postings; }));
  panels.push_back(MemoryPanel(steps));
  return RenderSvg({.title = "Growth with the number of documents",
                    .subtitle = "generated text, the same queries at every size; both axes "
                                "logarithmic: parallel lines grow alike",
                    .columns = 2},
                   panels);
}

absl::Status Run(const std::vector<std::string>& args) {
  ASSIGN_OR_RETURN(const Options options, ParseOptions(args));
  std::filesystem::create_directories(options.work);
  const std::vector<uint64_t> sizes = Sizes(options);
  const std::string words = options.work + "/words.txt";
  RETURN_IF_ERROR(GenerateWords(options, sizes[0], words));
  ASSIGN_OR_RETURN(const std::vector<BenchQuery> queries,
                   SampleQueries(words, {.per_class = options.number("--sample"),
                                         .seed = options.number("--seed")}));
  std::vector<Step> steps;
  for (const uint64_t size : sizes) {
    ASSIGN_OR_RETURN(Step step, MeasureStep(options, size, queries));
    steps.push_back(std::move(step));
  }
  PrintTable(steps);
  const std::string command_line = CommandLine("ibid-scale", {args.begin() + 1, args.end()});
  if (const std::string& path = options.texts.at("--json"); !path.empty()) {
    RETURN_IF_ERROR(WriteTextFile(path, FormatJson(steps, command_line)));
  }
  if (const std::string& path = options.texts.at("--svg"); !path.empty()) {
    RETURN_IF_ERROR(WriteTextFile(path, Draw(steps)));
  }
  return absl::OkStatus();
}

}  // namespace
}  // namespace ibid::bench

int main(int argc, char** argv) {
  if (ibid::bench::IsBuildChild(argc, argv)) return ibid::bench::RunBuildChild(argv);
  const absl::Status status = ibid::bench::Run({argv, argv + argc});
  if (status.ok()) return 0;
  std::fprintf(stderr, "ibid-scale: %s\n", std::string(ibid::MessageOf(status)).c_str());
  return absl::IsInvalidArgument(status) ? 2 : 5;
}
