// ibid check
#include <algorithm>
#include <chrono>
#include <string>

#include "cli/index_place.h"
#include "cli/json_writer.h"
#include "cli/opened_index.h"
#include "cli/progress.h"
#include "cli/text_escape.h"
#include "cli/verbs.h"
#include "common/base/strings.h"
#include "ibid/check_index.h"

namespace ibid::cli {
namespace {

std::string Plural(uint64_t count, std::string_view one, std::string_view many) {
  return StrCat(WithCommas(count), " ", count == 1 ? one : many);
}

std::string AsJson(const CheckReport& report) {
  JsonWriter json;
  json.BeginObject().Key("sound").Bool(report.problems.empty());
  json.Key("segments").Number(report.num_segments);
  json.Key("sound_segments").Number(report.num_sound_segments);
  json.Key("documents").Number(report.num_docs);
  json.Key("blocks").Number(report.num_blocks);
  json.Key("bytes").Number(report.num_bytes);
  json.Key("analyzed_documents").Number(report.num_analyzed_docs);
  json.Key("problems").BeginArray();
  for (const std::string& problem : report.problems) json.String(problem);
  json.EndArray().Key("findings").BeginArray();
  for (const std::string& warning : report.warnings) json.String(warning);
  json.EndArray().EndObject();
  return json.TakeLine();
}

std::string Analyzed(const CheckReport& report) {
  return report.num_analyzed_docs == 0
             ? ""
             : StrCat(WithCommas(report.num_analyzed_docs), " analysed again, ");
}

void PrintReport(const CheckReport& report, const std::string& directory, double seconds,
                 bool quiet, Output& out) {
  std::string todo = SalvageHint(directory);
  for (const std::string& warning : report.warnings) {
    out.Write(StrCat("finding: ", OneLine(warning), "\n"));
  }
  for (const std::string& problem : report.problems) {
    // The library puts what helps into a line of its own behind the message.
    constexpr std::string_view kDo = "\ndo: ";
    const size_t end = std::min(problem.find(kDo), problem.size());
    if (end < problem.size()) todo = OneLine(problem.substr(end + kDo.size()));
    out.Write(StrCat("problem: ", OneLine(problem.substr(0, end)), "\n"));
  }
  if (!report.problems.empty()) {
    out.Write(StrCat("damaged: ", WithCommas(report.num_sound_segments), " of ",
                     Plural(report.num_segments, "segment is", "segments are"), " whole\n",
                     "  do: ", todo, "\n"));
  } else if (!quiet) {
    out.Write(StrCat("sound: ", Plural(report.num_segments, "segment", "segments"), ", ",
                     Plural(report.num_docs, "document", "documents"), ", ",
                     Plural(report.num_blocks, "block", "blocks"), ", every byte read, ",
                     Analyzed(report), FixedNumber(seconds, 1), " s\n"));
  }
}

}  // namespace

ExitCode RunCheck(const Command& command, Console& console) {
  const absl::StatusOr<std::string> place = PlaceOfExisting(command.index);
  if (!place.ok()) return FailOn("", place.status(), console);
  const auto start = std::chrono::steady_clock::now();
  Progress progress(command.check.quiet || command.json ? "never" : "auto");
  const auto show = [&progress](uint64_t done, uint64_t all) {
    progress.Update([=] { return StrCat(HumanBytes(done), " of ", HumanBytes(all), " read"); });
  };
  const absl::StatusOr<CheckReport> report =
      CheckIndex(*place, Env::Posix(), show, {.deep = command.check.deep});
  progress.Clear();
  if (!report.ok()) return FailOn(*place, report.status(), console);
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
  if (command.json) {
    console.out().Write(AsJson(*report));
  } else {
    PrintReport(*report, *place, elapsed.count(), command.check.quiet, console.out());
  }
  return report->problems.empty() ? kFound : kCorrupt;
}

}  // namespace ibid::cli
