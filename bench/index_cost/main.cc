// ibid-index-cost: what indexing the same words costs in several engines, and what the index is
// made of.
#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "bench/engines/build_child.h"
#include "bench/engines/engine.h"
#include "bench/engines/word_corpus.h"
#include "bench/support/json_writer.h"
#include "bench/support/process.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"

namespace ibid::bench {
namespace {

constexpr const char* kUsage =
    R"(usage: ibid-index-cost [--engines LIST] [--json FILE] [--runs N] WORKDIR [CORPUS...]

  Builds an index of the same words in each engine that is at hand, in one thread, with positions and
  without stored text, each in a process of its own; the fastest of N runs (default 1) counts.
  LIST is of ibid,xapian,fts5,lucene (default: all); the last column compares with its first.
  CORPUS is anything that `ibid index` reads, needed once: WORKDIR keeps it as words.
)";

// Which structures hold documents and frequencies, and which positions, where they lie apart.
struct Parts {
  const char* engine;
  const char* postings;
  const char* positions;
};
constexpr Parts kParts[] = {{"ibid", "postings", "positions"},
                            {"xapian", "postlist", "position"},
                            {"lucene", "doc", "pos"}};

struct EngineCost {
  std::string name, version;
  ChildCost cost;
  std::vector<std::pair<std::string, uint64_t>> structures;
  uint64_t total_bytes = 0;
};

struct Counts {
  CorpusInfo info;
  uint64_t num_postings = 0;  // a word in a document
};

absl::StatusOr<Counts> CountPostings(const std::string& words_path) {
  Counts counts;
  ASSIGN_OR_RETURN(WordCorpusReader reader, WordCorpusReader::Open(words_path));
  std::unordered_set<std::string_view> different;
  while (const std::string* line = reader.Next()) {
    const std::string_view text = *line;
    different.clear();
    counts.info.num_docs += 1;
    for (size_t at = 0; at < text.size();) {
      const size_t end = std::min(text.find(' ', at), text.size());
      different.insert(text.substr(at, end - at));
      counts.info.num_words += 1;
      at = end + 1;
    }
    counts.num_postings += different.size();
  }
  counts.info.num_bytes = reader.offset();
  return counts;
}

absl::StatusOr<EngineCost> MeasureEngine(const std::string& program, const std::string& name,
                                         const std::string& words_path,
                                         const std::string& directory, int runs) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Engine> engine, MakeEngine(name));
  EngineCost result{.name = name};
  for (int run = 0; run < runs; ++run) {
    std::fprintf(stderr, "building with %s\n", name.c_str());
    ASSIGN_OR_RETURN(const ChildCost cost, BuildInChild(program, name, words_path, directory));
    if (run == 0 || cost.cpu_seconds < result.cost.cpu_seconds) result.cost = cost;
  }
  RETURN_IF_ERROR(engine->Open(directory));
  result.version = engine->version();
  ASSIGN_OR_RETURN(result.structures, engine->StructureBytes());
  result.total_bytes = DirectoryBytes(directory);
  return result;
}

double BitsEach(const EngineCost& engine, const char* structure, uint64_t count) {
  for (const auto& [name, bytes] : engine.structures) {
    if (name == structure) return static_cast<double>(bytes) * 8 / static_cast<double>(count);
  }
  return 0;
}

double BitsAPosting(const EngineCost& engine, const Counts& counts) {
  for (const Parts& parts : kParts) {
    if (engine.name == parts.engine) return BitsEach(engine, parts.postings, counts.num_postings);
  }
  return 0;
}

double BitsAPosition(const EngineCost& engine, const Counts& counts) {
  for (const Parts& parts : kParts) {
    if (engine.name == parts.engine)
      return BitsEach(engine, parts.positions, counts.info.num_words);
  }
  return 0;
}

double BitsAWord(const EngineCost& engine, const Counts& counts) {
  return static_cast<double>(engine.total_bytes) * 8 / static_cast<double>(counts.info.num_words);
}

void PrintTable(const std::vector<EngineCost>& engines, const Counts& counts) {
  const double megabytes = static_cast<double>(counts.info.num_bytes) * 1e-6;
  std::printf("%s documents, %s words, %s postings, %.1f MB of words\n\n",
              WithCommas(counts.info.num_docs).c_str(), WithCommas(counts.info.num_words).c_str(),
              WithCommas(counts.num_postings).c_str(), megabytes);
  std::printf("%-8s %-8s %9s %9s %9s %9s %9s %9s %10s %10s %8s %8s\n", "engine", "version", "CPU s",
              "MB/CPU s", "wall s", "MB/wall s", "peak MB", "index MB", "bits/post.", "bits/pos.",
              "b/word", "CPU x");
  for (const EngineCost& engine : engines) {
    std::printf("%-8s %-8s %9.2f %9.1f %9.2f %9.1f %9.1f %9.1f %10.2f %10.2f %8.2f %7.2fx\n",
                engine.name.c_str(), engine.version.c_str(), engine.cost.cpu_seconds,
                megabytes / engine.cost.cpu_seconds, engine.cost.wall_seconds,
                megabytes / engine.cost.wall_seconds,
                static_cast<double>(engine.cost.peak_bytes) * 1e-6,
                static_cast<double>(engine.total_bytes) * 1e-6, BitsAPosting(engine, counts),
                BitsAPosition(engine, counts), BitsAWord(engine, counts),
                engine.cost.cpu_seconds / engines[0].cost.cpu_seconds);
  }
  for (const EngineCost& engine : engines) {
    std::printf("\n%s\n", engine.name.c_str());
    for (const auto& [structure, bytes] : engine.structures) {
      std::printf("  %-24s %14s bytes %6.1f %%\n", structure.c_str(), WithCommas(bytes).c_str(),
                  100.0 * static_cast<double>(bytes) / static_cast<double>(engine.total_bytes));
    }
  }
}

std::string FormatJson(const std::vector<EngineCost>& engines, const Counts& counts,
                       const std::string& command_line) {
  JsonWriter json;
  json.BeginObject();
  json.Key("command_line").String(command_line);
  json.Key("machine").String(MachineDescription());
  json.Key("load_average").Number(LoadAverage());
  json.Key("documents").Integer(counts.info.num_docs);
  json.Key("words").Integer(counts.info.num_words);
  json.Key("postings").Integer(counts.num_postings);
  json.Key("bytes").Integer(counts.info.num_bytes);
  json.Key("engines").BeginArray();
  for (const EngineCost& engine : engines) {
    json.BeginObject();
    json.Key("name").String(engine.name);
    json.Key("version").String(engine.version);
    json.Key("cpu_seconds").Number(engine.cost.cpu_seconds);
    json.Key("wall_seconds").Number(engine.cost.wall_seconds);
    json.Key("peak_bytes").Integer(engine.cost.peak_bytes);
    json.Key("index_bytes").Integer(engine.total_bytes);
    json.Key("bits_a_posting").Number(BitsAPosting(engine, counts));
    json.Key("bits_a_position").Number(BitsAPosition(engine, counts));
    json.Key("bits_a_word").Number(BitsAWord(engine, counts));
    json.Key("structures").BeginObject();
    for (const auto& [structure, bytes] : engine.structures) json.Key(structure).Integer(bytes);
    json.EndObject();
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
  return json.Take();
}

struct Options {
  std::string json_path, work;
  int runs = 1;
  std::vector<std::string> engines = {"ibid", "xapian", "fts5", "lucene"};
  std::vector<std::string> sources;
};

absl::StatusOr<Options> ParseOptions(const std::vector<std::string>& args) {
  Options options;
  for (size_t i = 1; i < args.size(); ++i) {
    if (args[i] == "--json" && i + 1 < args.size()) {
      options.json_path = args[++i];
    } else if (args[i] == "--engines" && i + 1 < args.size()) {
      options.engines = SplitList(args[++i]);
    } else if (args[i] == "--runs" && i + 1 < args.size()) {
      options.runs = std::max(1, std::atoi(args[++i].c_str()));
    } else if (args[i].starts_with("--")) {
      return absl::InvalidArgumentError(StrCat(args[i], "?\n", kUsage));
    } else if (options.work.empty()) {
      options.work = args[i];
    } else {
      options.sources.push_back(args[i]);
    }
  }
  if (options.work.empty()) return absl::InvalidArgumentError(kUsage);
  return options;
}

absl::Status Run(const std::vector<std::string>& args) {
  ASSIGN_OR_RETURN(const Options options, ParseOptions(args));
  std::filesystem::create_directories(options.work);
  const std::string words_path = options.work + "/words.txt";
  RETURN_IF_ERROR(MakeWordCorpusOnce(options.sources, words_path));
  ASSIGN_OR_RETURN(const Counts counts, CountPostings(words_path));
  std::vector<EngineCost> engines;
  for (const std::string& name : options.engines) {
    absl::StatusOr<EngineCost> engine = MeasureEngine(
        args[0], name, words_path, StrCat(options.work, "/cost-", name), options.runs);
    if (absl::IsNotFound(engine.status())) {
      std::fprintf(stderr, "%s\n", std::string(MessageOf(engine.status())).c_str());
      continue;
    }
    RETURN_IF_ERROR(engine.status());
    engines.push_back(*std::move(engine));
  }
  if (engines.empty()) return absl::InvalidArgumentError("no engines");
  PrintTable(engines, counts);
  if (options.json_path.empty()) return absl::OkStatus();
  const std::string command_line = CommandLine("ibid-index-cost", {args.begin() + 1, args.end()});
  return WriteTextFile(options.json_path, FormatJson(engines, counts, command_line));
}

}  // namespace
}  // namespace ibid::bench

int main(int argc, char** argv) {
  if (ibid::bench::IsBuildChild(argc, argv)) return ibid::bench::RunBuildChild(argv);
  const absl::Status status = ibid::bench::Run({argv, argv + argc});
  if (status.ok()) return 0;
  std::fprintf(stderr, "ibid-index-cost: %s\n", std::string(ibid::MessageOf(status)).c_str());
  return absl::IsInvalidArgument(status) ? 2 : 5;
}
