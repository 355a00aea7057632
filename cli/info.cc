// ibid info
#include <algorithm>
#include <string>
#include <string_view>

#include "cli/column_types.h"
#include "cli/json_writer.h"
#include "cli/opened_index.h"
#include "cli/text_escape.h"
#include "cli/verbs.h"
#include "common/base/strings.h"

namespace ibid::cli {
namespace {

std::string_view AnalyzerName(const IndexOptions& options) {
  return options.analyzer == AnalyzerKind::kAlnum ? "alnum" : "standard";
}

double Ratio(double part, uint64_t whole) {
  return whole == 0 ? 0 : part / static_cast<double>(whole);
}

std::string Percent(uint64_t part, uint64_t whole) {
  return FixedNumber(100 * Ratio(static_cast<double>(part), whole), 1) + " %";
}

std::string Left(std::string_view text, size_t width) {
  return std::string(text) + std::string(width - std::min(width, text.size()), ' ');
}

std::string Right(std::string_view text, size_t width) {
  return std::string(width - std::min(width, text.size()), ' ') + std::string(text);
}

// "7.1 bits a position": the measure that a structure is judged by, where it has one.
std::string BitsOf(const IndexInfo& info, std::string_view structure, uint64_t bytes) {
  const double bits = 8 * static_cast<double>(bytes);
  const auto per = [&](uint64_t count, std::string_view what) {
    return count == 0 ? "" : StrCat(FixedNumber(Ratio(bits, count), 2), " bits a ", what);
  };
  if (structure == "postings") return per(info.num_postings, "posting");
  if (structure == "positions") return per(info.num_positions, "position");
  if (structure == "terms") return per(info.num_terms, "term");
  return "";
}

std::string Heading(const std::string& directory, const IndexInfo& info) {
  std::string text;
  const auto line = [&text](std::string_view name, std::string_view value) {
    text += StrCat(Left(name, 14), value, "\n");
  };
  line("index", VisibleKey(directory));
  line("format", StrCat(info.format_version));
  line("commit", StrCat(info.generation));
  line("documents", StrCat(WithCommas(info.num_docs),
                           info.num_deleted == 0 ? ""
                                                 : StrCat(" (and ", WithCommas(info.num_deleted),
                                                          " deleted, until a merge)")));
  line("words", WithCommas(info.num_tokens));
  line("terms", WithCommas(info.num_terms));
  line("postings", WithCommas(info.num_postings));
  line("positions", WithCommas(info.num_positions));
  line("text", StrCat(WithCommas(info.text_bytes), " bytes"));
  line("language", info.options.language);
  line("analyzer", AnalyzerName(info.options));
  line("stored text", info.options.store_text ? "yes" : "no");
  line("written with", OneLine(info.library_versions));
  if (info.analysis_differs) line("", "which differ from this program's: index the files anew");
  std::string columns;
  for (const auto& [name, type] : info.columns) {
    columns +=
        StrCat(columns.empty() ? "" : ", ", VisibleKey(name), " (", ColumnTypeName(type), ")");
  }
  line("columns", columns.empty() ? "none" : columns);
  return text;
}

std::string StructureTable(const IndexInfo& info) {
  std::string text = StrCat("\n", Left("structure", 14), Right("bytes", 16), Right("share", 10),
                            Right("of text", 10), "\n");
  const auto row = [&](std::string_view name, uint64_t bytes) {
    const std::string bits = BitsOf(info, name, bytes);
    text += StrCat(
        Left(name, 14), Right(WithCommas(bytes), 16), Right(Percent(bytes, info.total_bytes), 10),
        Right(Percent(bytes, info.text_bytes), 10), bits.empty() ? "" : "  ", bits, "\n");
  };
  for (const auto& [name, bytes] : info.structure_bytes) row(name, bytes);
  row("total", info.total_bytes);
  return text;
}

// What the lists of pairs of frequent words cost and cover.
std::string PairLine(const IndexInfo& info) {
  if (info.num_pairs == 0) return StrCat("\n", Left("pairs", 14), "none\n");
  return StrCat("\n", Left("pairs", 14), WithCommas(info.num_pairs), " of ",
                WithCommas(info.pair_words), " words, each in ",
                FixedNumber(100 * info.pair_doc_share, 1), " % of the documents or more\n",
                Left("", 14), WithCommas(info.pair_bytes), " bytes beside ",
                WithCommas(info.unpaired_bytes), " of words, postings, positions, norms: ",
                Percent(info.pair_bytes, info.unpaired_bytes), "\n");
}

std::string SegmentTable(const IndexInfo& info) {
  std::string text = StrCat("\n", Left("segment", 22), Right("documents", 14), Right("deleted", 12),
                            Right("bytes", 16), "\n");
  for (const IndexInfo::Segment& segment : info.segments) {
    text += StrCat(Left(segment.file, 22), Right(WithCommas(segment.num_docs), 14),
                   Right(WithCommas(segment.num_deleted), 12), Right(WithCommas(segment.bytes), 16),
                   "\n");
  }
  return text;
}

std::string SegmentLines(const IndexInfo& info) {
  std::string text =
      StrCat(Right("id", 10), Right("documents", 14), Right("deleted", 12), Right("deleted in", 12),
             Right("words", 18), Right("text bytes", 18), Right("bytes", 18), "\n");
  for (const IndexInfo::Segment& segment : info.segments) {
    const std::string commit = segment.deleted_in == 0 ? "-" : StrCat(segment.deleted_in);
    text +=
        StrCat(Right(StrCat(segment.id), 10), Right(WithCommas(segment.num_docs), 14),
               Right(WithCommas(segment.num_deleted), 12), Right(commit, 12),
               Right(WithCommas(segment.num_tokens), 18), Right(WithCommas(segment.text_bytes), 18),
               Right(WithCommas(segment.bytes), 18), "\n");
  }
  return text;
}

void WriteSegment(const IndexInfo::Segment& segment, JsonWriter& json) {
  json.Key("id").Number(segment.id).Key("file").String(segment.file);
  json.Key("documents").Number(segment.num_docs).Key("deleted").Number(segment.num_deleted);
  json.Key("deleted_in_commit").Number(segment.deleted_in);
  json.Key("words").Number(segment.num_tokens).Key("text_bytes").Number(segment.text_bytes);
  json.Key("bytes").Number(segment.bytes);
}

// One object a segment, then one for all.
std::string SegmentsAsJson(const IndexInfo& info) {
  std::string lines;
  for (const IndexInfo::Segment& segment : info.segments) {
    JsonWriter json;
    json.BeginObject().Key("type").String("segment");
    WriteSegment(segment, json);
    json.EndObject();
    lines += json.TakeLine();
  }
  JsonWriter json;
  json.BeginObject().Key("type").String("summary").Key("commit").Number(info.generation);
  json.Key("segments").Number(info.segments.size()).Key("documents").Number(info.num_docs);
  json.Key("deleted").Number(info.num_deleted);
  json.Key("bytes").Number(info.total_bytes).EndObject();
  return lines + json.TakeLine();
}

void WriteCounts(const IndexInfo& info, JsonWriter& json) {
  json.Key("format_version").Number(info.format_version);
  json.Key("commit").Number(info.generation);
  json.Key("documents").Number(info.num_docs);
  json.Key("deleted").Number(info.num_deleted);
  json.Key("words").Number(info.num_tokens);
  json.Key("terms").Number(info.num_terms);
  json.Key("postings").Number(info.num_postings);
  json.Key("positions").Number(info.num_positions);
  json.Key("text_bytes").Number(info.text_bytes);
  json.Key("total_bytes").Number(info.total_bytes);
  json.Key("language").String(info.options.language);
  json.Key("analyzer").String(AnalyzerName(info.options));
  json.Key("store_text").Bool(info.options.store_text);
  json.Key("library_versions").String(info.library_versions);
  json.Key("analysis_differs").Bool(info.analysis_differs);
}

std::string AsJson(const std::string& directory, const IndexInfo& info) {
  JsonWriter json;
  json.BeginObject().Key("index").String(directory);
  WriteCounts(info, json);
  json.Key("columns").BeginObject();
  for (const auto& [name, type] : info.columns) json.Key(name).String(ColumnTypeName(type));
  json.EndObject().Key("structure_bytes").BeginObject();
  for (const auto& [name, bytes] : info.structure_bytes) json.Key(name).Number(bytes);
  json.EndObject().Key("pairs").BeginObject();
  json.Key("lists").Number(info.num_pairs).Key("words").Number(info.pair_words);
  json.Key("document_share").Number(info.pair_doc_share);
  json.Key("bytes").Number(info.pair_bytes).Key("beside_bytes").Number(info.unpaired_bytes);
  json.Key("percent_allowed").Number(static_cast<uint64_t>(info.options.pairs_percent));
  json.EndObject().Key("segments").BeginArray();
  for (const IndexInfo::Segment& segment : info.segments) {
    json.BeginObject();
    WriteSegment(segment, json);
    json.EndObject();
  }
  json.EndArray().EndObject();
  return json.TakeLine();
}

}  // namespace

ExitCode RunInfo(const Command& command, Console& console) {
  const OpenedIndex index = OpenIndex(command);
  if (!index.status.ok()) return FailOn(index.directory, index.status, console);
  const IndexInfo info = index.reader->Info();
  if (command.info.segments) {
    console.out().Write(command.json ? SegmentsAsJson(info) : SegmentLines(info));
  } else if (command.json) {
    console.out().Write(AsJson(index.directory, info));
  } else {
    console.out().Write(Heading(index.directory, info));
    console.out().Write(StructureTable(info));
    console.out().Write(PairLine(info));
    console.out().Write(SegmentTable(info));
  }
  return kFound;
}

}  // namespace ibid::cli
