// ibid-bench: the same queries on the same corpus in several engines, in one run.
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bench/engines/measure.h"
#include "bench/engines/query_sampler.h"
#include "bench/engines/report.h"
#include "bench/engines/word_corpus.h"
#include "bench/support/process.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"

namespace ibid::bench {
namespace {

constexpr const char* kUsage = R"(usage: ibid-bench [options] WORKDIR [CORPUS...]

  CORPUS is anything that `ibid index` reads. What WORKDIR holds already (the corpus as words, the
  engines' indexes) is used again, so CORPUS is needed once.

  --engines LIST     of ibid,xapian,fts5,lucene (default: all); ratios are to the first
  --commands LIST    default: COUNT,TOP_10,TOP_100,TOP_1000,TOP_100_COUNT
  --queries FILE     further queries: one a line, or JSON Lines with `query`
  --classes LIST     only these classes
  --sample N         queries a class drawn from the corpus (default 100; 0: none)
  --seed N           of the drawing (default 1)
  --passes N         measured passes; the fastest counts (default 5)
  --budget SECONDS   of one query, engine and command (default 1)
  --no-compare       sets of documents are not compared (counts and hits are)
  --json FILE        the run, every query's times included
  --svg FILE         the distributions of latencies, drawn

  Exit code 1 where engines disagree. Pin it to a core: taskset -c 1 ibid-bench ...
)";

struct Options {
  std::vector<std::string> engines = {"ibid", "xapian", "fts5", "lucene"};
  bool engines_chosen = false;
  std::vector<Command> commands = DefaultCommands();
  std::vector<std::string> classes;
  std::string queries_path, json_path, svg_path, work;
  SampleOptions sample;
  MeasureOptions measure;
  std::vector<std::string> sources;
};

template <typename Number>
absl::Status SetNumber(const std::string& name, std::string_view text, Number* number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *number);
  if (error == std::errc() && end == text.data() + text.size()) return absl::OkStatus();
  return absl::InvalidArgumentError(StrCat(name, " needs a number"));
}

absl::Status SetOption(const std::string& name, const std::string& value, Options* options) {
  if (name == "--engines") {
    options->engines = SplitList(value);
    options->engines_chosen = true;
  } else if (name == "--commands") {
    options->commands.clear();
    for (const std::string& item : SplitList(value)) {
      ASSIGN_OR_RETURN(Command command, ParseCommand(item));
      options->commands.push_back(std::move(command));
    }
  } else if (name == "--queries") {
    options->queries_path = value;
  } else if (name == "--classes") {
    options->classes = SplitList(value);
  } else if (name == "--sample") {
    return SetNumber(name, value, &options->sample.per_class);
  } else if (name == "--seed") {
    return SetNumber(name, value, &options->sample.seed);
  } else if (name == "--passes") {
    return SetNumber(name, value, &options->measure.passes);
  } else if (name == "--budget") {
    return SetNumber(name, value, &options->measure.seconds_per_query);
  } else if (name == "--json") {
    options->json_path = value;
  } else if (name == "--svg") {
    options->svg_path = value;
  } else {
    return absl::InvalidArgumentError(StrCat("unknown option ", name));
  }
  return absl::OkStatus();
}

absl::StatusOr<Options> ParseOptions(const std::vector<std::string>& args) {
  Options options;
  for (size_t i = 0; i < args.size(); ++i) {
    if (args[i] == "--no-compare") {
      options.measure.compare_documents = false;
    } else if (args[i].starts_with("--")) {
      if (i + 1 == args.size()) {
        return absl::InvalidArgumentError(StrCat(args[i], " needs a value"));
      }
      RETURN_IF_ERROR(SetOption(args[i], args[i + 1], &options));
      ++i;
    } else if (options.work.empty()) {
      options.work = args[i];
    } else {
      options.sources.push_back(args[i]);
    }
  }
  if (options.work.empty()) return absl::InvalidArgumentError("WORKDIR is missing");
  if (options.measure.passes < 1) return absl::InvalidArgumentError("--passes: at least 1");
  return options;
}

void Say(const std::string& what) { std::fprintf(stderr, "%s\n", what.c_str()); }

absl::StatusOr<std::vector<BenchQuery>> GatherQueries(const Options& options,
                                                      const std::string& words_path) {
  std::vector<BenchQuery> queries;
  if (options.sample.per_class > 0) {
    ASSIGN_OR_RETURN(queries, SampleQueries(words_path, options.sample));
  }
  if (!options.queries_path.empty()) {
    ASSIGN_OR_RETURN(std::vector<BenchQuery> more,
                     ReadBenchQueries(options.queries_path, "file: "));
    queries.insert(queries.end(), more.begin(), more.end());
  }
  if (!options.classes.empty()) {
    std::erase_if(queries, [&](const BenchQuery& query) {
      return std::find(options.classes.begin(), options.classes.end(), query.query_class) ==
             options.classes.end();
    });
  }
  if (queries.empty()) return absl::InvalidArgumentError("no queries");
  return queries;
}

// Engines that are not at hand are left out with a note, unless they were asked for by name.
absl::StatusOr<std::vector<std::unique_ptr<Engine>>> OpenEngines(const Options& options,
                                                                 const std::string& words_path) {
  std::vector<std::unique_ptr<Engine>> engines;
  for (const std::string& name : options.engines) {
    absl::StatusOr<std::unique_ptr<Engine>> engine = MakeEngine(name);
    if (absl::IsNotFound(engine.status()) && !options.engines_chosen) {
      Say(std::string(MessageOf(engine.status())));
      continue;
    }
    RETURN_IF_ERROR(engine.status());
    Say(StrCat("opening ", name));
    RETURN_IF_ERROR(BuildAndOpen(engine->get(), words_path, StrCat(options.work, "/", name)));
    engines.push_back(*std::move(engine));
  }
  if (engines.empty()) return absl::InvalidArgumentError("no engines");
  return engines;
}

absl::StatusOr<Report> MakeReport(Options options) {
  std::filesystem::create_directories(options.work);
  const std::string words_path = options.work + "/words.txt";
  Report report;
  RETURN_IF_ERROR(MakeWordCorpusOnce(options.sources, words_path));
  report.corpus = WordCorpusName(words_path);
  ASSIGN_OR_RETURN(report.corpus_info, DescribeWordCorpus(words_path));
  ASSIGN_OR_RETURN(report.queries, GatherQueries(options, words_path));
  ASSIGN_OR_RETURN(const auto engines, OpenEngines(options, words_path));
  for (const std::unique_ptr<Engine>& engine : engines) {
    report.engines.push_back({engine->name(), engine->version(),
                              DirectoryBytes(StrCat(options.work, "/", engine->name()))});
  }
  options.measure.on_progress = Say;
  report.machine = MachineDescription();
  report.load_average = LoadAverage();
  report.passes = options.measure.passes;
  ASSIGN_OR_RETURN(report.measurements,
                   Measure(engines, report.queries, options.commands, options.measure));
  report.commands = std::move(options.commands);
  return report;
}

int Main(const std::vector<std::string>& args) {
  if (std::find(args.begin(), args.end(), "--help") != args.end()) {
    std::fputs(kUsage, stdout);
    return 0;
  }
  const absl::StatusOr<Options> options = ParseOptions(args);
  absl::StatusOr<Report> report = options.ok() ? MakeReport(*options) : options.status();
  if (!report.ok()) {
    Say(StrCat("ibid-bench: ", MessageOf(report.status())));
    return absl::IsInvalidArgument(report.status()) ? 2 : 5;
  }
  report->command_line = CommandLine("ibid-bench", args);
  std::fputs(FormatTable(*report).c_str(), stdout);
  for (const auto& [path, text] : {std::pair(options->json_path, FormatJson(*report)),
                                   std::pair(options->svg_path, DrawLatencies(*report))}) {
    if (path.empty()) continue;
    if (const absl::Status wrote = WriteTextFile(path, text); !wrote.ok()) {
      Say(StrCat("ibid-bench: ", MessageOf(wrote)));
      return 5;
    }
  }
  return report->measurements.disagreements.empty() ? 0 : 1;
}

}  // namespace
}  // namespace ibid::bench

int main(int argc, char** argv) {
  return ibid::bench::Main(std::vector<std::string>(argv + 1, argv + argc));
}
