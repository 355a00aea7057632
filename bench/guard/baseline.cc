#include "bench/guard/baseline.h"

#include <simdjson.h>

#include <cmath>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <set>

#include "absl/status/status.h"
#include "common/base/strings.h"

namespace ibid::bench {
namespace {

// Names are queries: quotes and backslashes are all that JSON minds in them.
std::string Quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

uint64_t ValueOf(const Counters& counters, const std::string& counter) {
  const auto it = counters.find(counter);
  return it == counters.end() ? 0 : it->second;
}

void CompareCounters(const std::string& name, const Counters& kept, const Counters& now,
                     double tolerance, std::vector<Change>* changes) {
  std::set<std::string> counters;
  for (const auto& [counter, value] : kept) counters.insert(counter);
  for (const auto& [counter, value] : now) counters.insert(counter);
  for (const std::string& counter : counters) {
    Change change{Change::Kind::kRise, name, counter, ValueOf(kept, counter),
                  ValueOf(now, counter)};
    const double before = static_cast<double>(change.kept);
    const double difference = static_cast<double>(change.now) - before;
    if (std::abs(difference) <= tolerance * before) continue;
    if (difference < 0) change.kind = Change::Kind::kFall;
    changes->push_back(std::move(change));
  }
}

}  // namespace

absl::StatusOr<Baseline> ReadBaseline(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return absl::NotFoundError(StrCat(path, ": no baseline is kept"));
  const std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  const absl::Status damaged = absl::DataLossError(StrCat(path, ": not a baseline"));
  simdjson::dom::parser parser;
  simdjson::dom::object entries;
  if (parser.parse(bytes).get(entries) != simdjson::SUCCESS) return damaged;
  Baseline baseline;
  for (const auto& [name, value] : entries) {
    simdjson::dom::object counters;
    if (value.get(counters) != simdjson::SUCCESS) return damaged;
    Counters& entry = baseline[std::string(name)];
    for (const auto& [counter, number] : counters) {
      if (number.get(entry[std::string(counter)]) != simdjson::SUCCESS) return damaged;
    }
  }
  return baseline;
}

std::string FormatBaseline(const Baseline& baseline) {
  std::string text = "{";
  const char* before_entry = "\n";
  for (const auto& [name, counters] : baseline) {
    text += StrCat(before_entry, Quoted(name), ": {");
    const char* before_counter = "";
    for (const auto& [counter, value] : counters) {
      if (value == 0) continue;
      text += StrCat(before_counter, Quoted(counter), ": ", value);
      before_counter = ", ";
    }
    text += "}";
    before_entry = ",\n";
  }
  return text + "\n}\n";
}

std::vector<Change> Compare(const Baseline& kept, const Baseline& measured, double tolerance) {
  std::vector<Change> changes;
  for (const auto& [name, counters] : kept) {
    const auto now = measured.find(name);
    if (now == measured.end()) {
      changes.push_back({Change::Kind::kGone, name, "", 0, 0});
    } else {
      CompareCounters(name, counters, now->second, tolerance, &changes);
    }
  }
  for (const auto& [name, counters] : measured) {
    if (!kept.contains(name)) changes.push_back({Change::Kind::kNew, name, "", 0, 0});
  }
  return changes;
}

std::string Describe(const Change& change) {
  switch (change.kind) {
    case Change::Kind::kNew:
      return StrCat("new: ", change.name, ": not in the baseline\n");
    case Change::Kind::kGone:
      return StrCat("gone: ", change.name, ": in the baseline, but not measured\n");
    case Change::Kind::kRise:
    case Change::Kind::kFall:
      break;
  }
  std::string percent = "from nothing";
  if (change.kept != 0) {
    char text[32];
    std::snprintf(
        text, sizeof(text), "%+.1f %%",
        100.0 * (static_cast<double>(change.now) / static_cast<double>(change.kept) - 1.0));
    percent = text;
  }
  return StrCat(change.kind == Change::Kind::kRise ? "rise: " : "fall: ", change.name, ": ",
                change.counter, " ", change.kept, " -> ", change.now, " (", percent, ")\n");
}

}  // namespace ibid::bench
