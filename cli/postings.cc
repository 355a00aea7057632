// ibid postings TERM
#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "cli/json_writer.h"
#include "cli/opened_index.h"
#include "cli/text_escape.h"
#include "cli/verbs.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/text/analyzer.h"

namespace ibid::cli {
namespace {

// The surface form that the index would hold for what was typed.
absl::StatusOr<std::string> SurfaceForm(const IndexOptions& options, const std::string& typed) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Analyzer> analyzer, Analyzer::Create(options));
  AnalyzedText words;
  analyzer->Analyze(typed, &words);
  if (words.num_tokens() != 1) {
    return absl::InvalidArgumentError(
        StrCat(VisibleKey(typed), " is ", words.num_tokens(), " words, not one"));
  }
  return std::string(words.term(0));
}

std::string PostingLine(const TermPosting& posting, bool as_json) {
  if (as_json) {
    JsonWriter json;
    json.BeginObject().Key("key").String(posting.key).Key("occurrences").Number(posting.freq);
    json.Key("positions").BeginArray();
    for (const Position position : posting.positions) json.Number(position);
    json.EndArray().EndObject();
    return json.TakeLine();
  }
  std::string positions;
  for (const Position position : posting.positions) {
    positions += StrCat(positions.empty() ? "" : ",", position);
  }
  return StrCat(ColumnKey(posting.key), "\t", posting.freq, "\t", positions, "\n");
}

}  // namespace

ExitCode RunPostings(const Command& command, Console& console) {
  const OpenedIndex index = OpenIndex(command);
  if (!index.status.ok()) return FailOn(index.directory, index.status, console);
  const absl::StatusOr<std::string> term =
      SurfaceForm(index.reader->options(), command.arguments[0]);
  if (!term.ok()) return FailOn(index.directory, term.status(), console);
  uint64_t num_postings = 0;
  const auto print = [&](const TermPosting& posting) {
    console.out().Write(PostingLine(posting, command.json));
    return ++num_postings != command.list.limit && console.out().ok();
  };
  const absl::Status status = index.reader->ForEachPosting(*term, print);
  if (!status.ok()) return FailOn(index.directory, status, console);
  if (num_postings == 0) console.Say(StrCat("no document holds ", VisibleKey(*term)));
  return num_postings > 0 ? kFound : kNothingFound;
}

}  // namespace ibid::cli
