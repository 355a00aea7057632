#include "bench/engines/bench_query.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <optional>

#include "bench/engines/word_corpus.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "corpus/generator/json_line.h"

namespace ibid::bench {
namespace {

constexpr std::string_view kNear = "NEAR/";

// Takes one clause off the front of `text`.
std::string_view TakePiece(std::string_view* text) {
  const size_t sign = text->starts_with('+') || text->starts_with('-') ? 1 : 0;
  size_t end;
  if (text->substr(sign).starts_with('"')) {
    end = text->find('"', sign + 1);
    end = end == std::string_view::npos ? text->size() : end + 1;
  } else {
    end = std::min(text->find_first_of(" \t"), text->size());
  }
  const std::string_view piece = text->substr(0, end);
  text->remove_prefix(end);
  return piece;
}

absl::Status CheckNear(const BenchQuery& query) {
  if (query.near == 0) return absl::OkStatus();
  bool sound = query.clauses.size() == 2;
  for (const Clause& clause : query.clauses) {
    sound = sound && clause.occur == Occur::kShould && clause.words.size() == 1;
  }
  if (sound) return absl::OkStatus();
  return absl::InvalidArgumentError("NEAR wants one word on each side");
}

}  // namespace

bool BenchQuery::Has(Occur occur) const {
  return std::any_of(clauses.begin(), clauses.end(),
                     [&](const Clause& clause) { return clause.occur == occur; });
}

absl::StatusOr<BenchQuery> ParseBenchQuery(std::string_view text) {
  BenchQuery query;
  while (!text.empty()) {
    if (text.front() == ' ' || text.front() == '\t') {
      text.remove_prefix(1);
      continue;
    }
    const std::string_view piece = TakePiece(&text);
    if (piece.starts_with(kNear)) {
      const std::string_view digits = piece.substr(kNear.size());
      const auto [end, error] =
          std::from_chars(digits.data(), digits.data() + digits.size(), query.near);
      if (error != std::errc() || end != digits.data() + digits.size() || query.near == 0) {
        return absl::InvalidArgumentError(StrCat(piece, ": no distance"));
      }
      continue;
    }
    Clause clause;
    if (piece.front() == '+') clause.occur = Occur::kMust;
    if (piece.front() == '-') clause.occur = Occur::kMustNot;
    clause.words = SplitWords(WordsOf(piece));
    if (!clause.words.empty()) query.clauses.push_back(std::move(clause));
  }
  RETURN_IF_ERROR(CheckNear(query));
  if (!query.Has(Occur::kMust) && !query.Has(Occur::kShould)) {
    return absl::InvalidArgumentError("nothing to look for");
  }
  query.query_class = ClassOf(query);
  return query;
}

std::string FormatBenchQuery(const BenchQuery& query) {
  std::string text;
  for (const Clause& clause : query.clauses) {
    if (!text.empty()) text += ' ';
    if (!text.empty() && query.near > 0) text += StrCat(kNear, query.near, " ");
    if (clause.occur == Occur::kMust) text += '+';
    if (clause.occur == Occur::kMustNot) text += '-';
    if (clause.words.size() == 1) {
      text += clause.words[0];
      continue;
    }
    for (size_t i = 0; i < clause.words.size(); ++i) {
      text += i == 0 ? '"' : ' ';
      text += clause.words[i];
    }
    text += '"';
  }
  return text;
}

std::string ClassOf(const BenchQuery& query) {
  if (query.near > 0) return "near";
  if (query.clauses.size() == 1) {
    const size_t words = query.clauses[0].words.size();
    if (words == 1) return "term";
    return words >= 4 ? "phrase 4+" : StrCat("phrase ", words);
  }
  if (query.Has(Occur::kMustNot)) return "negated";
  const bool words = std::all_of(query.clauses.begin(), query.clauses.end(),
                                 [](const Clause& clause) { return clause.words.size() == 1; });
  if (words && !query.Has(Occur::kMust)) return "union";
  if (words && !query.Has(Occur::kShould)) return "intersection";
  return "mixed";
}

absl::StatusOr<std::vector<BenchQuery>> ReadBenchQueries(const std::string& path,
                                                         std::string_view prefix) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return absl::NotFoundError(StrCat(path, ": cannot be read"));
  std::vector<BenchQuery> queries;
  size_t number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    if (line.empty()) continue;
    const std::optional<std::string> member =
        line.starts_with('{') ? corpus::StringField(line, "query") : line;
    absl::StatusOr<BenchQuery> query = ParseBenchQuery(member.value_or(""));
    if (!query.ok()) {
      return absl::InvalidArgumentError(StrCat(path, ":", number, ": ", MessageOf(query.status())));
    }
    query->query_class = StrCat(prefix, query->query_class);
    queries.push_back(*std::move(query));
  }
  return queries;
}

}  // namespace ibid::bench
