// ibid terms [PREFIX]
#include <string>

#include "cli/json_writer.h"
#include "cli/opened_index.h"
#include "cli/text_escape.h"
#include "cli/verbs.h"
#include "common/base/strings.h"
#include "common/text/analyzer.h"

namespace ibid::cli {
namespace {

std::string TermLine(const TermStats& stats, bool as_json) {
  if (!as_json) {
    return StrCat(ColumnKey(stats.term), "\t", stats.doc_freq, "\t", stats.total_freq, "\n");
  }
  JsonWriter json;
  json.BeginObject().Key("term").String(stats.term);
  json.Key("documents").Number(stats.doc_freq);
  json.Key("occurrences").Number(stats.total_freq).EndObject();
  return json.TakeLine();
}

}  // namespace

ExitCode RunTerms(const Command& command, Console& console) {
  const OpenedIndex index = OpenIndex(command);
  if (!index.status.ok()) return FailOn(index.directory, index.status, console);
  // Terms are stored folded: `ibid terms Élys` lists what starts with "elys".
  const std::string prefix = command.arguments.empty() ? "" : FoldText(command.arguments[0]);
  uint64_t num_terms = 0;
  const auto print = [&](const TermStats& stats) {
    console.out().Write(TermLine(stats, command.json));
    return ++num_terms != command.list.limit && console.out().ok();
  };
  const absl::Status status = index.reader->ForEachTerm(prefix, print);
  if (!status.ok()) return FailOn(index.directory, status, console);
  return num_terms > 0 ? kFound : kNothingFound;
}

}  // namespace ibid::cli
