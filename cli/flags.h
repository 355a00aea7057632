// The command line, parsed: one struct a verb, filled from one table of flags (flags.cc).
//
//   const ParsedCommandLine parsed = ParseCommandLine({"search", "-n", "5", "paris"});
//   if (parsed.exit_code) ... print parsed.text ...
//   else Run(parsed.command);
//
// Everything is a plain value.
#ifndef IBID_CLI_FLAGS_H_
#define IBID_CLI_FLAGS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/exit_codes.h"
#include "ibid/searcher.h"

namespace ibid::cli {

struct IndexFlags {
  std::string format = "auto";
  std::vector<std::string> globs;
  std::optional<std::string> files_from;
  std::string key_prefix;
  bool create = false;
  bool prune = false;
  uint64_t buffer_bytes = uint64_t{256} << 20;
  int threads = 0;
  std::optional<std::string> language;
  std::optional<std::string> analyzer;
  bool no_store = false;
  int pairs = -1;  // per cent; -1: not given
  bool strict = false;
  bool quiet = false;
  std::string progress = "auto";
  bool dry_run = false;
  bool watch = false;
  std::optional<double> every_seconds;  // between commits
};

struct SearchFlags {
  SearchOptions options;  // sort and proximity_score are set from the names below
  std::string sort = "score";
  std::string prox_score = "distance";
  bool all_words = false;
  bool count = false;
  bool keys_only = false;
  bool quiet = false;
  size_t context_words = 12;
  bool show_query = false;
  bool strict = false;
  std::optional<std::string> queries_file;
  bool stats = false;
  std::string color = "auto";
  std::optional<std::string> format;  // text, tsv, json, trec
  std::optional<std::string> synonyms_file;
  bool raw = false;
  bool allow_partial = false;
  bool prove = false;
};

struct DeleteFlags {
  std::optional<std::string> query;
  bool dry_run = false;
};

struct InfoFlags {
  bool segments = false;
};

struct GetFlags {
  bool raw = false;
};

struct ListFlags {     // terms, postings
  uint64_t limit = 0;  // 0: all
};

struct AnalyzeFlags {
  std::optional<std::string> language;
  std::optional<std::string> analyzer;
};

struct MergeFlags {
  bool reorder = false;
  uint64_t buffer_bytes = uint64_t{256} << 20;
  int threads = 0;
  std::string progress = "auto";
};

struct CheckFlags {
  bool quiet = false;
  bool deep = false;
};

struct SalvageFlags {
  std::optional<std::string> language;
  std::optional<std::string> analyzer;
  bool keys = false;
};

// What was asked for. `arguments` are those without a dash, and all that stood behind `--`.
struct Command {
  std::string verb;
  std::optional<std::string> index;  // -i
  bool json = false;
  double wait_seconds = 0;  // for the lock: index, delete, merge
  std::vector<std::string> arguments;
  IndexFlags index_flags;
  SearchFlags search;
  DeleteFlags remove;
  GetFlags get;
  ListFlags list;
  AnalyzeFlags analyze;
  InfoFlags info;
  MergeFlags merge;
  CheckFlags check;
  SalvageFlags salvage;
};

struct ParsedCommandLine {
  Command command;
  // Set where nothing is to be run: after --help and --version (with `text` for standard output),
  // and for wrong usage (with `text` as the message).
  std::optional<ExitCode> exit_code;
  std::string text;
};

// `arguments` without the program's name.
ParsedCommandLine ParseCommandLine(std::vector<std::string> arguments);

// "256M", "1G", "65536": bytes, with K, M, G or T for powers of 1,024. None where malformed.
std::optional<uint64_t> ParseByteSize(std::string_view text);

}  // namespace ibid::cli

#endif  // IBID_CLI_FLAGS_H_
