#include "bench/engines/report.h"

#include <algorithm>
#include <cstdio>

#include "bench/support/json_writer.h"
#include "bench/support/latency.h"
#include "bench/support/svg_chart.h"
#include "common/base/strings.h"

namespace ibid::bench {
namespace {

std::vector<std::string> Classes(const Report& report) {
  std::vector<std::string> classes;
  for (const BenchQuery& query : report.queries) {
    if (std::find(classes.begin(), classes.end(), query.query_class) == classes.end()) {
      classes.push_back(query.query_class);
    }
  }
  return classes;
}

// Microseconds of the queries of one class that `engine`, and `other` too, were asked.
std::vector<double> Times(const Report& report, size_t command, size_t engine, size_t other,
                          const std::string& query_class) {
  const auto& seconds = report.measurements.best_seconds[command];
  std::vector<double> times;
  for (size_t q = 0; q < report.queries.size(); ++q) {
    if (report.queries[q].query_class != query_class) continue;
    if (seconds[engine][q] == kNotAsked || seconds[other][q] == kNotAsked) continue;
    times.push_back(seconds[engine][q] * 1e6);
  }
  return times;
}

double Ratio(double theirs, double ours) { return ours > 0 ? theirs / ours : 0; }

std::string TableLine(const Report& report, size_t command, size_t engine,
                      const std::string& query_class) {
  const LatencySummary own = Summarise(Times(report, command, engine, engine, query_class));
  const LatencySummary theirs = Summarise(Times(report, command, engine, 0, query_class));
  const LatencySummary ours = Summarise(Times(report, command, 0, engine, query_class));
  char line[256];
  if (own.count == 0) {
    std::snprintf(line, sizeof(line), "%-14s %-22s %-8s %6s  no query of that meaning\n",
                  report.commands[command].name.c_str(), query_class.c_str(),
                  report.engines[engine].name.c_str(), "-");
    return line;
  }
  std::snprintf(line, sizeof(line),
                "%-14s %-22s %-8s %6zu %11.1f %11.1f %11.1f %11.1f %9.2fx %9.2fx\n",
                report.commands[command].name.c_str(), query_class.c_str(),
                report.engines[engine].name.c_str(), own.count, own.mean, own.p50, own.p95, own.p99,
                Ratio(theirs.mean, ours.mean), Ratio(theirs.p50, ours.p50));
  return line;
}

void WriteSummary(const Report& report, size_t command, size_t engine,
                  const std::string& query_class, JsonWriter* json) {
  const LatencySummary own = Summarise(Times(report, command, engine, engine, query_class));
  const LatencySummary theirs = Summarise(Times(report, command, engine, 0, query_class));
  const LatencySummary ours = Summarise(Times(report, command, 0, engine, query_class));
  json->BeginObject();
  json->Key("command").String(report.commands[command].name);
  json->Key("class").String(query_class);
  json->Key("engine").String(report.engines[engine].name);
  json->Key("queries").Integer(own.count);
  json->Key("mean_us").Number(own.mean);
  json->Key("p50_us").Number(own.p50);
  json->Key("p95_us").Number(own.p95);
  json->Key("p99_us").Number(own.p99);
  json->Key("max_us").Number(own.max);
  json->Key("mean_ratio").Number(Ratio(theirs.mean, ours.mean));
  json->Key("p50_ratio").Number(Ratio(theirs.p50, ours.p50));
  json->EndObject();
}

void WriteHead(const Report& report, JsonWriter* json) {
  json->Key("command_line").String(report.command_line);
  json->Key("machine").String(report.machine);
  json->Key("load_average").Number(report.load_average);
  json->Key("corpus").BeginObject();
  json->Key("name").String(report.corpus);
  json->Key("documents").Integer(report.corpus_info.num_docs);
  json->Key("words").Integer(report.corpus_info.num_words);
  json->Key("bytes").Integer(report.corpus_info.num_bytes);
  json->EndObject();
  json->Key("passes").Integer(static_cast<uint64_t>(report.passes));
  json->Key("engines").BeginArray();
  for (const EngineLabel& engine : report.engines) {
    json->BeginObject();
    json->Key("name").String(engine.name);
    json->Key("version").String(engine.version);
    json->Key("index_bytes").Integer(engine.index_bytes);
    json->EndObject();
  }
  json->EndArray();
}

}  // namespace

std::string FormatTable(const Report& report) {
  std::string table = StrCat(report.corpus, ": ", WithCommas(report.corpus_info.num_docs),
                             " documents, ", WithCommas(report.corpus_info.num_words), " words, ",
                             HumanBytes(report.corpus_info.num_bytes), "\n");
  for (const EngineLabel& engine : report.engines) {
    table += StrCat(engine.name, " ", engine.version, ": index of ", HumanBytes(engine.index_bytes),
                    "\n");
  }
  char line[256];
  std::snprintf(line, sizeof(line), "\n%-14s %-22s %-8s %6s %11s %11s %11s %11s %10s %10s\n",
                "command", "class", "engine", "n", "mean us", "p50 us", "p95 us", "p99 us",
                "mean/first", "p50/first");
  table += line;
  for (size_t c = 0; c < report.commands.size(); ++c) {
    for (const std::string& query_class : Classes(report)) {
      for (size_t e = 0; e < report.engines.size(); ++e) {
        table += TableLine(report, c, e, query_class);
      }
    }
  }
  table += StrCat("\n", report.measurements.answers_compared, " answers compared, ",
                  report.measurements.disagreements.size(), " disagree\n");
  for (const std::string& what : report.measurements.disagreements) table += what + "\n";
  return table;
}

std::string FormatJson(const Report& report) {
  JsonWriter json;
  json.BeginObject();
  WriteHead(report, &json);
  json.Key("summary").BeginArray();
  for (size_t c = 0; c < report.commands.size(); ++c) {
    for (const std::string& query_class : Classes(report)) {
      for (size_t e = 0; e < report.engines.size(); ++e) {
        WriteSummary(report, c, e, query_class, &json);
      }
    }
  }
  json.EndArray();
  json.Key("queries").BeginArray();
  for (size_t q = 0; q < report.queries.size(); ++q) {
    json.BeginObject();
    json.Key("query").String(FormatBenchQuery(report.queries[q]));
    json.Key("class").String(report.queries[q].query_class);
    for (size_t c = 0; c < report.commands.size(); ++c) {
      json.Key(report.commands[c].name + "_us").BeginArray();
      for (size_t e = 0; e < report.engines.size(); ++e) {
        const double seconds = report.measurements.best_seconds[c][e][q];
        json.Number(seconds == kNotAsked ? kNotAsked : seconds * 1e6);
      }
      json.EndArray();
    }
    json.EndObject();
  }
  json.EndArray();
  json.Key("answers_compared").Integer(report.measurements.answers_compared);
  json.Key("disagreements").BeginArray();
  for (const std::string& what : report.measurements.disagreements) json.String(what);
  json.EndArray();
  json.EndObject();
  return json.Take();
}

std::string DrawLatencies(const Report& report) {
  std::vector<Panel> panels;
  for (const std::string& query_class : Classes(report)) {
    for (size_t c = 0; c < report.commands.size(); ++c) {
      Panel panel{.title = StrCat(query_class, ", ", report.commands[c].name),
                  .x_label = "microseconds",
                  .y_label = "share of queries",
                  .log_x = true};
      for (size_t e = 0; e < report.engines.size(); ++e) {
        Series series{.name = report.engines[e].name,
                      .points = Distribution(Times(report, c, e, e, query_class)),
                      .steps = true};
        panel.series.push_back(std::move(series));
      }
      panels.push_back(std::move(panel));
    }
  }
  return RenderSvg(
      {.title = "Latency of queries: further left is faster",
       .subtitle = StrCat(report.corpus, ", ", WithCommas(report.corpus_info.num_docs),
                          " documents, ", WithCommas(report.corpus_info.num_words),
                          " words; fastest of ", report.passes, " passes; ", report.machine),
       .columns = report.commands.size()},
      panels);
}

}  // namespace ibid::bench
