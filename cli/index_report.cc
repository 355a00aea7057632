#include "cli/index_report.h"

#include "cli/json_writer.h"
#include "cli/opened_index.h"
#include "common/base/strings.h"

namespace ibid::cli {

std::string SummaryLine(const IndexCounts& counts) {
  const CommitInfo& commit = counts.commit;
  std::string line = StrCat("added ", WithCommas(commit.added), ", replaced ",
                            WithCommas(commit.replaced), ", unchanged ",
                            WithCommas(commit.unchanged), ", skipped ", WithCommas(counts.skipped));
  const auto also = [&line](std::string_view what, uint64_t count) {
    if (count > 0) line += StrCat(", ", what, " ", WithCommas(count));
  };
  also("removed", counts.removed);
  also("warnings", counts.warnings);
  also("keys given twice", commit.repeated);
  also("column values left out", commit.bad_column_values);
  also("words cut", commit.cut_terms);
  also("malformed bytes replaced", commit.replaced_bytes);
  return StrCat(line, " (commit ", commit.generation, ": ", WithCommas(commit.num_docs),
                commit.num_docs == 1 ? " document)\n" : " documents)\n");
}

std::string SummaryJson(std::string_view type, const IndexCounts& counts, int64_t elapsed_us) {
  const CommitInfo& commit = counts.commit;
  JsonWriter json;
  json.BeginObject().Key("type").String(type);
  json.Key("added").Number(commit.added).Key("replaced").Number(commit.replaced);
  json.Key("unchanged").Number(commit.unchanged).Key("skipped").Number(counts.skipped);
  json.Key("removed").Number(counts.removed).Key("warnings").Number(counts.warnings);
  json.Key("repeated").Number(commit.repeated);
  json.Key("bad_column_values").Number(commit.bad_column_values);
  json.Key("cut_terms").Number(commit.cut_terms);
  json.Key("replaced_bytes").Number(commit.replaced_bytes);
  json.Key("commit").Number(commit.generation).Key("documents").Number(commit.num_docs);
  json.Key("elapsed_us").Number(elapsed_us).EndObject();
  return json.TakeLine();
}

ExitCode Stopped(const std::string& directory, const IndexCounts& counts,
                 const absl::Status& status, Console& console) {
  const std::string kept = KeptIn(directory);
  const std::string pending = WithCommas(counts.pending);
  if (absl::IsCancelled(status)) {
    const std::string commit = kept.empty() ? "nothing" : kept.substr(0, kept.find(','));
    return console.Fail(absl::CancelledError(StrCat("stopped: ", commit, " kept, ", pending,
                                                    " documents since then dropped")),
                        {.path = directory});
  }
  ErrorDetails details{.path = directory};
  if (absl::IsUnknown(status)) return console.Fail(status, details);  // it says all that is known
  details.kept = kept.empty() ? "nothing, there was no commit yet"
                              : StrCat(kept, "; the ", pending, " since then are not saved");
  if (absl::IsInvalidArgument(status)) details.todo = "index them in two runs, or --key-prefix";
  return console.Fail(status, details);
}

}  // namespace ibid::cli
