// ibid-first-query: opens a finished index of any engine and asks it one query, once.
//
// For bench/cold_pages.py, which looks at what of the index was read: nothing but opening and that
// one query reads it.
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "bench/engines/bench_query.h"
#include "bench/engines/engine.h"
#include "bench/engines/measure.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"

namespace ibid::bench {
namespace {

constexpr const char* kUsage = R"(usage: ibid-first-query ENGINE DIRECTORY COMMAND QUERY

  ENGINE is one of ibid, xapian, fts5, lucene; DIRECTORY its finished index; COMMAND as COUNT or
  TOP_10; QUERY as `ibid-bench --queries` takes it. Prints the number of hits and the total.
)";

absl::StatusOr<std::string> AskOnce(const std::vector<std::string>& args) {
  if (args.size() != 4) return absl::InvalidArgumentError(kUsage);
  ASSIGN_OR_RETURN(const std::unique_ptr<Engine> engine, MakeEngine(args[0]));
  ASSIGN_OR_RETURN(const Command command, ParseCommand(args[2]));
  ASSIGN_OR_RETURN(const BenchQuery query, ParseBenchQuery(args[3]));
  if (!engine->Supports(query)) {
    return absl::UnimplementedError(StrCat(args[0], " has no such query: ", args[3]));
  }
  RETURN_IF_ERROR(engine->Open(args[1]));
  ASSIGN_OR_RETURN(const Answer answer, command.k == 0
                                            ? engine->Count(query)
                                            : engine->TopK(query, command.k, command.with_total));
  return StrCat(answer.scores.size(), " hits of ", answer.total);
}

}  // namespace
}  // namespace ibid::bench

int main(int argc, char** argv) {
  const absl::StatusOr<std::string> said = ibid::bench::AskOnce({argv + 1, argv + argc});
  if (said.ok()) {
    std::printf("%s\n", said->c_str());
    return 0;
  }
  std::fprintf(stderr, "ibid-first-query: %s\n",
               std::string(ibid::MessageOf(said.status())).c_str());
  if (absl::IsUnimplemented(said.status())) return 4;
  return absl::IsInvalidArgument(said.status()) ? 2 : 5;
}
