#include "bench/engines/measure.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "common/base/status_macros.h"
#include "common/base/strings.h"

namespace ibid::bench {
namespace {

constexpr size_t kMaxK = 1000000;
// Engines that score alike sum in single precision in orders of their own.
constexpr float kScoreTolerance = 2e-5f;

absl::StatusOr<Answer> Ask(Engine* engine, const BenchQuery& query, const Command& command) {
  absl::StatusOr<Answer> answer =
      command.k == 0 ? engine->Count(query) : engine->TopK(query, command.k, command.with_total);
  if (answer.ok()) return answer;
  return absl::Status(answer.status().code(), StrCat(engine->name(), ": ", FormatBenchQuery(query),
                                                     ": ", MessageOf(answer.status())));
}

bool SameScores(const std::vector<float>& a, const std::vector<float>& b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (std::abs(a[i] - b[i]) > kScoreTolerance * std::max(1.0f, std::abs(a[i]))) return false;
  }
  return true;
}

class Measurer {
 public:
  Measurer(const std::vector<std::unique_ptr<Engine>>& engines,
           const std::vector<BenchQuery>& queries, const MeasureOptions& options)
      : engines_(engines), queries_(queries), options_(options) {}

  absl::Status CompareDocuments();
  absl::Status RunCommand(const Command& command);
  Measurements Take() { return std::move(result_); }

 private:
  using Answers = std::vector<std::vector<Answer>>;  // [engine][query]

  absl::Status RunPass(const Command& command, size_t engine, bool timed, Answers* answers);
  void CompareAnswers(const Command& command, const Answers& answers);
  void Disagree(const BenchQuery& query, const Command& command, size_t engine,
                const std::string& what);
  void Report(const std::string& what) const {
    if (options_.on_progress) options_.on_progress(what);
  }

  const std::vector<std::unique_ptr<Engine>>& engines_;
  const std::vector<BenchQuery>& queries_;
  const MeasureOptions& options_;
  std::vector<std::vector<double>> spent_;  // [engine][query], of the present command
  Measurements result_;
};

void Measurer::Disagree(const BenchQuery& query, const Command& command, size_t engine,
                        const std::string& what) {
  result_.disagreements.push_back(StrCat(command.name, " ", FormatBenchQuery(query), ": ",
                                         engines_[engine]->name(), " ", what));
}

absl::Status Measurer::CompareDocuments() {
  Report("comparing sets of documents");
  for (const BenchQuery& query : queries_) {
    if (!engines_[0]->Supports(query)) continue;
    ASSIGN_OR_RETURN(const DocumentSet expected, engines_[0]->Documents(query));
    for (size_t e = 1; e < engines_.size(); ++e) {
      if (!engines_[e]->Supports(query)) continue;
      ASSIGN_OR_RETURN(const DocumentSet found, engines_[e]->Documents(query));
      ++result_.answers_compared;
      if (found == expected) continue;
      Disagree(query, {.name = "documents"}, e,
               StrCat("finds ", found.size, ", ", engines_[0]->name(), " ", expected.size,
                      found.size == expected.size ? " others" : ""));
    }
  }
  return absl::OkStatus();
}

absl::Status Measurer::RunPass(const Command& command, size_t engine, bool timed,
                               Answers* answers) {
  std::vector<double>& best = result_.best_seconds.back()[engine];
  for (size_t q = 0; q < queries_.size(); ++q) {
    if (!engines_[engine]->Supports(queries_[q])) continue;
    if (spent_[engine][q] > options_.seconds_per_query && best[q] != kNotAsked) continue;
    ASSIGN_OR_RETURN(Answer answer, Ask(engines_[engine].get(), queries_[q], command));
    spent_[engine][q] += answer.seconds;
    // A warm-up pass counts only for a query that gets no further one.
    const bool last = spent_[engine][q] > options_.seconds_per_query;
    if (timed || last) {
      best[q] = best[q] == kNotAsked ? answer.seconds : std::min(best[q], answer.seconds);
    }
    if (answers != nullptr) (*answers)[engine][q] = std::move(answer);
  }
  return absl::OkStatus();
}

void Measurer::CompareAnswers(const Command& command, const Answers& answers) {
  for (size_t q = 0; q < queries_.size(); ++q) {
    if (!engines_[0]->Supports(queries_[q])) continue;
    const Answer& expected = answers[0][q];
    for (size_t e = 1; e < engines_.size(); ++e) {
      if (!engines_[e]->Supports(queries_[q])) continue;
      const Answer& found = answers[e][q];
      ++result_.answers_compared;
      if ((command.k == 0 || command.with_total) && found.total != expected.total) {
        Disagree(queries_[q], command, e,
                 StrCat("counts ", found.total, ", ", engines_[0]->name(), " ", expected.total));
      } else if (found.scores.size() != expected.scores.size()) {
        Disagree(queries_[q], command, e,
                 StrCat("returns ", found.scores.size(), " hits, ", engines_[0]->name(), " ",
                        expected.scores.size()));
      } else if (engines_[0]->ScoresAsIbid() && engines_[e]->ScoresAsIbid() &&
                 queries_[q].near == 0 && !SameScores(found.scores, expected.scores)) {
        Disagree(queries_[q], command, e, "scores its hits otherwise");
      }
    }
  }
}

absl::Status Measurer::RunCommand(const Command& command) {
  result_.best_seconds.emplace_back(engines_.size(),
                                    std::vector<double>(queries_.size(), kNotAsked));
  spent_.assign(engines_.size(), std::vector<double>(queries_.size(), 0));
  Answers answers(engines_.size(), std::vector<Answer>(queries_.size()));
  for (size_t e = 0; e < engines_.size(); ++e) {
    Report(StrCat(command.name, ": warming ", engines_[e]->name()));
    const size_t passes = std::max<size_t>(1, engines_[e]->warm_up_answers() / queries_.size());
    for (size_t pass = 0; pass < passes; ++pass) {
      RETURN_IF_ERROR(RunPass(command, e, /*timed=*/false, pass == 0 ? &answers : nullptr));
    }
  }
  CompareAnswers(command, answers);
  for (size_t e = 0; e < engines_.size(); ++e) {
    for (size_t q = 0; q < queries_.size(); ++q) {
      if (result_.best_seconds.back()[e][q] == kNotAsked) spent_[e][q] = 0;
    }
  }
  for (int pass = 0; pass < options_.passes; ++pass) {
    Report(StrCat(command.name, ": pass ", pass + 1));
    for (size_t e = 0; e < engines_.size(); ++e) {
      RETURN_IF_ERROR(RunPass(command, e, /*timed=*/true, nullptr));
    }
  }
  return absl::OkStatus();
}

}  // namespace

std::vector<Command> DefaultCommands() {
  return {{"COUNT"},
          {"TOP_10", 10},
          {"TOP_100", 100},
          {"TOP_1000", 1000},
          {"TOP_100_COUNT", 100, true}};
}

absl::StatusOr<Command> ParseCommand(std::string_view name) {
  Command command{.name = std::string(name)};
  if (name == "COUNT") return command;
  std::string_view digits = name;
  if (digits.starts_with("TOP_")) digits.remove_prefix(4);
  if (digits.ends_with("_COUNT")) {
    digits.remove_suffix(6);
    command.with_total = true;
  }
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), command.k);
  if (!name.starts_with("TOP_") || error != std::errc() || end != digits.data() + digits.size() ||
      command.k == 0 || command.k > kMaxK) {
    return absl::InvalidArgumentError(
        StrCat("'", name, "' is no command; there are COUNT, TOP_k and TOP_k_COUNT"));
  }
  return command;
}

absl::StatusOr<Measurements> Measure(const std::vector<std::unique_ptr<Engine>>& engines,
                                     const std::vector<BenchQuery>& queries,
                                     const std::vector<Command>& commands,
                                     const MeasureOptions& options) {
  if (queries.empty()) return absl::InvalidArgumentError("no queries");
  Measurer measurer(engines, queries, options);
  if (options.compare_documents) RETURN_IF_ERROR(measurer.CompareDocuments());
  for (const Command& command : commands) RETURN_IF_ERROR(measurer.RunCommand(command));
  return measurer.Take();
}

}  // namespace ibid::bench
