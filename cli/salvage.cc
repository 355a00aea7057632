// ibid salvage
#include <string>

#include "cli/index_place.h"
#include "cli/json_writer.h"
#include "cli/text_escape.h"
#include "cli/verbs.h"
#include "common/base/strings.h"
#include "ibid/salvage_index.h"

namespace ibid::cli {
namespace {

SalvageOptions OptionsOf(const SalvageFlags& flags) {
  SalvageOptions options;
  if (flags.analyzer == "alnum") options.index.analyzer = AnalyzerKind::kAlnum;
  if (flags.analyzer == "alnum") options.index.language = "none";
  if (flags.language) options.index.language = *flags.language;
  return options;
}

std::string AsJson(const std::string& source, const std::string& destination,
                   const SalvageReport& report) {
  JsonWriter json;
  json.BeginObject().Key("source").String(source).Key("destination").String(destination);
  json.Key("manifest").Bool(report.has_manifest);
  json.Key("segments").BeginArray();
  for (const SalvagedSegment& segment : report.segments) {
    json.BeginObject().Key("file").String(segment.file).Key("kept").Bool(segment.kept);
    if (segment.is_counted) json.Key("documents").Number(segment.num_docs);
    if (!segment.problem.empty()) json.Key("problem").String(segment.problem);
    json.Key("lost_keys").BeginArray();
    for (const std::string& key : segment.lost_keys) json.String(key);
    json.EndArray().EndObject();
  }
  json.EndArray();
  json.Key("kept_segments").Number(report.num_kept_segments);
  json.Key("documents").Number(report.num_docs);
  json.Key("lost_documents").Number(report.num_lost_docs);
  json.Key("notes").BeginArray();
  for (const std::string& note : report.notes) json.String(note);
  json.EndArray().EndObject();
  return json.TakeLine();
}

std::string Documents(uint64_t count) {
  return StrCat(WithCommas(count), count == 1 ? " document" : " documents");
}

std::string Line(const SalvagedSegment& segment) {
  const std::string documents =
      segment.is_counted ? Documents(segment.num_docs) : "documents not counted";
  std::string line = StrCat(segment.kept ? "kept: " : "lost: ", segment.file, ", ", documents);
  if (!segment.problem.empty()) line += StrCat(": ", segment.problem);
  return OneLine(line) + "\n";
}

void PrintReport(const std::string& destination, const SalvageReport& report, bool with_keys,
                 Output& out) {
  for (const SalvagedSegment& segment : report.segments) {
    out.Write(Line(segment));
    for (const std::string& key : segment.lost_keys) {
      if (with_keys) out.Write(StrCat("lost document: ", OneLine(key), "\n"));
    }
  }
  for (const std::string& note : report.notes) out.Write(StrCat("note: ", OneLine(note), "\n"));
  out.Write(OneLine(StrCat("salvaged: ", WithCommas(report.num_kept_segments), " of ",
                           WithCommas(report.segments.size()),
                           report.segments.size() == 1 ? " segment, " : " segments, ",
                           Documents(report.num_docs), ", now in ", destination)) +
            "\n");
}

}  // namespace

ExitCode RunSalvage(const Command& command, Console& console) {
  if (command.index) {
    return console.Fail(absl::InvalidArgumentError("-i: salvage takes SOURCE and DESTINATION"));
  }
  const std::string& source = command.arguments[0];
  const std::string& destination = command.arguments[1];
  if (destination != source && IsInside(destination, source)) {
    return console.Fail(
        absl::InvalidArgumentError(StrCat(VisibleKey(destination), ": lies inside ",
                                          VisibleKey(source), ", which is not written to")));
  }
  const absl::StatusOr<SalvageReport> report =
      SalvageIndex(source, destination, OptionsOf(command.salvage));
  if (!report.ok()) return console.Fail(report.status(), {.path = source});
  if (command.json) {
    console.out().Write(AsJson(source, destination, *report));
  } else {
    PrintReport(destination, *report, command.salvage.keys, console.out());
  }
  return report->nothing_was_lost() ? kFound : kCorrupt;
}

}  // namespace ibid::cli
